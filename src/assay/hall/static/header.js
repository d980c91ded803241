// The one bar above the exam: what it is, who sits where, what is saved, the time with the hand-in beside it. Where there is no
// room the display tools (and on the smallest windows title and name) stand behind a button; a screen reader always has title and name.
// What is unfolded takes a row of its own and covers nothing; it folds when the candidate presses the button again or goes to an item.
import { el } from "./hall_api.js";

export const VERIFIED = "✓ 身份已核验";

// Which of two papers it is stands at the end of a title: where there is little room it is shortened before that.
const END_OF_TITLE = 12;

function titleView(title) {
  const letters = [...title];
  return el("h1", { title, "aria-label": title }, el("span", { class: "beginning" }, letters.slice(0, -END_OF_TITLE).join("")), el("span", {}, letters.slice(-END_OF_TITLE).join("")));
}

// `tools`: what may fold away; `badge`, `bell`, `clock`, `handIn` stay.
export function examHeader({ title, profile, tools, badge, bell, clock, handIn }) {
  const checked = el("span", { class: "verified", hidden: !profile.verified }, VERIFIED);
  const about = el("div", { class: "about" }, titleView(title),
    el("p", { class: "who" }, `${profile.name}　${profile.seat} 号`, checked));
  const panel = el("div", { class: "panel", id: "display-panel" }, about, el("div", { class: "folding" }, tools));
  const menu = el("button", { type: "button", class: "menu", "aria-controls": "display-panel", "aria-label": "本人信息与显示设置" }, "☰");
  const view = el("header", { class: "bar exam-bar" }, menu, panel, badge, bell, el("div", { class: "end" }, clock, handIn));
  const open = (on) => { view.classList.toggle("open", on); menu.setAttribute("aria-expanded", String(on)); };
  open(false);
  menu.addEventListener("click", () => open(!view.classList.contains("open")));
  // Whoever makes the letters larger keeps the tools before him when they fold away.
  panel.addEventListener("click", (event) => { if (event.target.closest(".tools")) open(true); });
  view.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && view.classList.contains("open")) { open(false); menu.focus(); }
  });
  return { view, verified: (yes) => { checked.hidden = !yes; }, fold: () => open(false) };
}
