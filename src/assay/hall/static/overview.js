// Before the hand-in: what is open, what is marked, all items, and the way to each of them.
import { counted, itemButton, showState } from "./answer_card.js";
import { raise } from "./dialogs.js";
import { el } from "./hall_api.js";

// `stateOf(n)` as the answer card asks for it; `go` leads to an item, `handIn` is what the candidate confirms.
export function overview({ count, stateOf, go, handIn }) {
  const states = Array.from({ length: count }, (_, n) => stateOf(n));
  const { answered, marked } = counted(states);
  const open = count - answered;
  const jump = (n) => { dialog.close(); go(n); };
  const group = (title, wanted) => {
    const buttons = states.flatMap((state, n) => (wanted(state) ? [shown(n, state, jump)] : []));
    return buttons.length ? el("section", {}, el("h3", {}, `${title} ${buttons.length} 题`), el("div", { class: "grid" }, buttons)) : null;
  };
  const dialog = el("dialog", { class: "overview", "aria-label": "确认交卷" },
    el("h2", { tabindex: "-1" }, "确认交卷？"),
    el("p", {}, `共 ${count} 题，已答 ${answered} 题，`, el("b", {}, open ? `还有 ${open} 题未答` : "全部题目已作答"), marked ? `，标记 ${marked} 题。` : "。", "点题号可以回到该题。"),
    el("div", { class: "overview-items" },
      group("未答", (state) => !state.answered), group("标记", (state) => state.marked),
      el("details", { open: !open && !marked }, el("summary", {}, "全部题目"), el("div", { class: "grid" }, states.map((state, n) => shown(n, state, jump))))),
    el("p", {}, "交卷后不能再作答。"),
    el("div", { class: "row" }, el("button", { type: "button", onclick: () => dialog.close() }, "继续作答"),
      el("button", { type: "button", class: "primary", onclick: () => { dialog.close(); handIn(); } }, "确认交卷")));
  raise(dialog);
  dialog.querySelector("h2").focus(); // in a low window it begins at its beginning
}

function shown(n, state, jump) {
  const button = itemButton(n, jump);
  showState(button, n, state, false);
  return button;
}
