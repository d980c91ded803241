// What stays at the window's edges (the bar above, the steps and the notices below) is measured, and the page keeps clear of it by style.
// Notices come above the steps, where the page grows at its end: nothing moves when one comes, and what is read is not covered. When
// one goes, only so much of the page is taken back as lies outside the window: the rest goes when the candidate scrolls.
const GAP = 8;
const WRITING = "input[type=text], textarea, select";

export function keepEdges({ bar, items, rows, steps }) {
  const banner = document.getElementById("rehearsal"), style = document.documentElement.style;
  const set = (name, px) => style.setProperty(name, `${px}px`);
  let given = 0;
  const fit = () => {
    if (!bar.isConnected) { watch.disconnect(); removeEventListener("scroll", fit); return; }
    set("--banner", height(banner)); set("--bar", height(bar)); set("--foot", height(steps));
    rows.querySelectorAll("p").forEach(reachable);
    const wanted = height(rows) && !items.hidden ? Math.ceil(height(rows)) + GAP : 0, before = given;
    given = scrollY ? Math.max(wanted, given - below()) : wanted;
    set("--notices", given);
    if (given > before) showField(rows);
  };
  const watch = new ResizeObserver(fit);
  for (const one of [banner, bar, rows, steps]) watch.observe(one);
  addEventListener("scroll", fit, { passive: true });
  fit();
}

const height = (node) => node.getBoundingClientRect().height;

// How much of the page is still below the window.
function below() { return Math.max(0, document.documentElement.scrollHeight - innerHeight - scrollY); }

// A long notice scrolls in itself, by keyboard as well; its button stays beside it.
function reachable(text) {
  if (text.scrollHeight > text.clientHeight + 1) text.setAttribute("tabindex", "0"); else text.removeAttribute("tabindex");
}

// Who writes looks at what he writes, and has the hand at the keyboard.
function showField(rows) {
  const field = document.activeElement;
  if (field && field.matches(WRITING) && field.getBoundingClientRect().bottom > rows.getBoundingClientRect().top) field.scrollIntoView({ block: "nearest" });
}
