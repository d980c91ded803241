// All items at a glance: which are answered, open, marked, and where the candidate is. Said by signs, not by colour alone.
import { HERE, ON_ITS_WAY, REFUSED } from "./answer_model.js";
import { el } from "./hall_api.js";

const HINTS = ["字母键选择　← → 换题　M 标记 ⚑", "✓ 已保存 ◐ 没答完 ↑ 待上传 ✕ 未能保存"];
const WAITS = { sign: "↑", said: "，待上传" };
const NOT_IN_HALL = { [HERE]: WAITS, [ON_ITS_WAY]: WAITS, [REFUSED]: { sign: "✕", said: "，未能保存" } };

// `stateOf(n)` tells of item n: {answered, lacks, marked, where}.
export class AnswerCard {
  constructor(count, stateOf, go) {
    this.stateOf = stateOf;
    this.figures = el("p", { class: "figures" });
    this.buttons = Array.from({ length: count }, (_, n) => itemButton(n, go));
    this.grid = el("div", { class: "grid" }, this.buttons);
    this.view = el("nav", { class: "answer-card", "aria-label": "答题卡" }, this.figures, this.grid, el("p", { class: "hint" }, HINTS.map((text) => el("span", { class: "line" }, text))));
  }

  draw(at) {
    const states = this.buttons.map((_, n) => this.stateOf(n));
    this.buttons.forEach((button, n) => { showState(button, n, states[n], n === at); });
    const { answered, begun, marked } = counted(states);
    this.figures.textContent = `已答 ${answered}　${begun ? `没答完 ${begun}　` : ""}未答 ${states.length - answered - begun}　标记 ${marked}`;
    if (this.at !== at) { this.at = at; this.follow(); }
  }

  // The number of the item that is worked at is in view; the page itself does not move for it.
  follow() {
    const grid = this.grid.getBoundingClientRect(), button = this.buttons[this.at].getBoundingClientRect();
    const above = button.top - grid.top - grid.height / 4, below = button.bottom - grid.top - (grid.height * 3) / 4;
    if (above < 0) this.grid.scrollTop += above; else if (below > 0) this.grid.scrollTop += below;
  }
}

// `answered`: wholly; `begun`: something of it is answered, and something is lacking.
export function counted(states) {
  const how = (wanted) => states.filter(wanted).length;
  return {
    answered: how((one) => one.answered && !one.lacks), begun: how((one) => one.lacks), marked: how((one) => one.marked),
    waiting: how((one) => NOT_IN_HALL[one.where] === WAITS), refused: how((one) => one.where === REFUSED),
  };
}

export function itemButton(n, go) {
  return el("button", { type: "button", class: "number", onclick: () => go(n) }, String(n + 1), el("span", { class: "sign", "aria-hidden": "true" }));
}

// What the hall does not have as it is here is told apart from what it has.
export function showState(button, n, { answered, lacks, marked, where }, current) {
  const elsewhere = NOT_IN_HALL[where];
  const label = `第 ${n + 1} 题，${lacks ? `没答完（${lacks}）` : answered ? "已答" : "未答"}${elsewhere ? elsewhere.said : ""}${marked ? "，已标记" : ""}`;
  if (button.getAttribute("aria-label") === label && button.classList.contains("current") === current) return;
  button.classList.toggle("answered", answered && !lacks);
  button.classList.toggle("begun", Boolean(lacks));
  button.classList.toggle("marked", marked);
  button.classList.toggle("refused", where === REFUSED);
  button.classList.toggle("current", current);
  button.lastChild.textContent = `${marked ? "⚑" : ""}${elsewhere ? elsewhere.sign : lacks ? "◐" : answered ? "✓" : ""}`;
  button.setAttribute("aria-label", label);
  if (current) button.setAttribute("aria-current", "true"); else button.removeAttribute("aria-current");
}
