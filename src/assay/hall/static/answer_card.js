// All items at a glance: which are answered, open, marked, and where the candidate is. Said by signs, not by colour alone.
import { el } from "./hall_api.js";

const HINT = "字母键选择，← → 换题，M 标记。答案选定即自动保存。";

// `stateOf(n)` tells of item n: {answered, marked}.
export class AnswerCard {
  constructor(count, stateOf, go) {
    this.stateOf = stateOf;
    this.figures = el("p", { class: "figures" });
    this.buttons = Array.from({ length: count }, (_, n) => itemButton(n, go));
    this.view = el("nav", { class: "answer-card", "aria-label": "答题卡" }, this.figures, el("div", { class: "grid" }, this.buttons), el("p", { class: "hint" }, HINT));
  }

  draw(at) {
    const states = this.buttons.map((_, n) => this.stateOf(n));
    this.buttons.forEach((button, n) => showState(button, n, states[n], n === at));
    const { answered, marked } = counted(states);
    this.figures.textContent = `已答 ${answered}　未答 ${states.length - answered}　标记 ${marked}`;
    if (this.at !== at) { this.at = at; this.follow(); }
  }

  // The number of the item that is worked at is in view; the page itself does not move for it.
  follow() {
    const card = this.view.getBoundingClientRect(), button = this.buttons[this.at].getBoundingClientRect();
    const above = button.top - card.top - card.height / 4, below = button.bottom - card.top - (card.height * 3) / 4;
    if (above < 0) this.view.scrollTop += above; else if (below > 0) this.view.scrollTop += below;
  }
}

export function counted(states) {
  return { answered: states.filter((one) => one.answered).length, marked: states.filter((one) => one.marked).length };
}

export function itemButton(n, go) {
  return el("button", { type: "button", class: "number", onclick: () => go(n) }, String(n + 1), el("span", { class: "sign", "aria-hidden": "true" }));
}

export function showState(button, n, { answered, marked }, current) {
  button.classList.toggle("answered", answered);
  button.classList.toggle("marked", marked);
  button.classList.toggle("current", current);
  button.lastChild.textContent = `${marked ? "⚑" : ""}${answered ? "✓" : ""}`;
  button.setAttribute("aria-label", `第 ${n + 1} 题，${answered ? "已答" : "未答"}${marked ? "，已标记" : ""}`);
  if (current) button.setAttribute("aria-current", "true"); else button.removeAttribute("aria-current");
}
