// A double click acts in one layer of the page: the dialog, or the page below, in which it began. Where its first click closes a dialog
// (or opens one), the second does nothing to what lies there now. Keys are no matter of this.
const A_MOMENT_MS = 400; // fingers: not every browser counts their second tap as such
const NEAR_PX = 12;

export function keepToTheirLayer() {
  let layer = null, before = null;
  const follows = (event) => event.detail > 1
    || (before && event.timeStamp - before.timeStamp < A_MOMENT_MS && Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY) < NEAR_PX);
  addEventListener("click", (event) => {
    if (!event.isTrusted || event.detail === 0) return; // by the program, or by a key
    const here = event.target.closest("dialog"), again = follows(event);
    before = event;
    if (!again) layer = here;
    else if (here !== layer) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);
}
