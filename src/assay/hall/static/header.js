// The one bar above the exam: what it is, who sits where, what is saved, the time with the hand-in beside it. Where there is no
// room the display tools (and on the smallest windows title and name) stand behind a button; a screen reader always has title and name.
import { el } from "./hall_api.js";

export const VERIFIED = "✓ 身份已核验";

// `tools`: what may fold away; `badge`, `bell`, `clock`, `handIn` stay; `strip`: the notices, below the bar.
export function examHeader({ title, profile, tools, badge, bell, clock, handIn, strip }) {
  const checked = el("span", { class: "verified", hidden: !profile.verified }, VERIFIED);
  const about = el("div", { class: "about" }, el("h1", { title }, title),
    el("p", { class: "who" }, `${profile.name}　${profile.seat} 号`, checked));
  const panel = el("div", { class: "panel", id: "display-panel" }, about, el("div", { class: "folding" }, tools));
  const menu = el("button", { type: "button", class: "menu", "aria-controls": "display-panel", "aria-label": "本人信息与显示设置" }, "☰");
  const view = el("header", { class: "bar exam-bar" }, menu, panel, badge, bell, el("div", { class: "end" }, clock, handIn), strip);
  const open = (on) => { view.classList.toggle("open", on); menu.setAttribute("aria-expanded", String(on)); };
  open(false);
  menu.addEventListener("click", () => open(!view.classList.contains("open")));
  // Whoever makes the letters larger keeps the tools before him when they fold away.
  panel.addEventListener("click", (event) => { if (event.target.closest(".folding")) open(true); });
  document.addEventListener("click", (event) => { if (!view.contains(event.target)) open(false); });
  view.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && view.classList.contains("open")) { open(false); menu.focus(); }
  });
  return { view, verified: (yes) => { checked.hidden = !yes; } };
}
