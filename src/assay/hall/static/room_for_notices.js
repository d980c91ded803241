// Notices lie over the page, so that nothing moves when one comes or goes. What then lies under them can be scrolled into view: the page
// grows at its top by as much as they are high, and is scrolled by the same in one step.
const GAP = 8;

export function makeRoom(rows, columns) {
  let given = 0;
  new ResizeObserver(() => {
    const height = rows.getBoundingClientRect().height, wanted = height ? Math.ceil(height) + GAP : 0;
    if (wanted === given) return;
    given = wanted;
    const stood = columns.firstElementChild.getBoundingClientRect().top;
    columns.style.setProperty("--notices", `${given}px`);
    scrollBy(0, columns.firstElementChild.getBoundingClientRect().top - stood);
  }).observe(rows);
}
