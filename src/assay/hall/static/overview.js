// Before the hand-in: what is open, what is marked, what the hall does not have yet, all items, and the way to each of them.
import { counted, itemButton, showState } from "./answer_card.js";
import { REFUSED } from "./answer_model.js";
import { raise } from "./dialogs.js";
import { el } from "./hall_api.js";

// `stateOf(n)` as the answer card asks for it; `go` leads to an item, `handIn` is what the candidate confirms. Returns how to draw it
// anew: answers arrive in the hall while it is open.
export function overview({ count, stateOf, go, handIn }) {
  const states = Array.from({ length: count }, (_, n) => stateOf(n));
  const { answered, marked } = counted(states), begun = states.flatMap(({ lacks }, n) => (lacks ? [`第 ${n + 1} 题${lacks}`] : []));
  const jump = (n) => { dialog.close(); go(n); };
  const buttons = [];
  const button = (n) => { const one = itemButton(n, jump); buttons.push([one, n]); return one; };
  const group = (title, wanted, why = null) => {
    const found = states.flatMap((state, n) => (wanted(state) ? [button(n)] : []));
    return found.length ? el("section", {}, el("h3", {}, `${title} ${found.length} 题`), why, el("div", { class: "grid" }, found)) : null;
  };
  const figures = el("p"), missing = el("p", { class: "missing", role: "status" });
  const draw = () => {
    const now = states.map((_, n) => stateOf(n));
    figures.replaceChildren(...figuresOf(now));
    if (missing.textContent !== missingOf(now)) missing.textContent = missingOf(now);
    for (const [one, n] of buttons) showState(one, n, now[n], false);
  };
  const dialog = el("dialog", { class: "overview", "aria-label": "确认交卷" },
    el("h2", { tabindex: "-1" }, "确认交卷？"), figures, missing,
    el("div", { class: "overview-items" },
      group("未能保存", (state) => state.where === REFUSED), group("没答完", (state) => state.lacks, el("p", {}, `${begun.join("；")}。`)),
      group("未答", (state) => !state.answered), group("标记", (state) => state.marked),
      el("details", { open: answered === count && !marked }, el("summary", {}, "全部题目"), el("div", { class: "grid" }, states.map((_, n) => button(n))))),
    el("p", {}, "交卷后不能再作答。"),
    el("div", { class: "row" }, el("button", { type: "button", onclick: () => dialog.close() }, "继续作答"),
      el("button", { type: "button", class: "primary", onclick: () => { dialog.close(); handIn(); } }, "确认交卷")));
  draw();
  raise(dialog);
  dialog.querySelector("h2").focus(); // in a low window it begins at its beginning
  return draw;
}

function figuresOf(states) {
  const { answered, begun, marked } = counted(states), open = states.length - answered - begun;
  const lacking = [begun ? `${begun} 题没答完` : "", open ? `还有 ${open} 题未答` : ""].filter(Boolean).join("，");
  return [`共 ${states.length} 题，已答 ${answered} 题，`, el("b", {}, lacking || "全部题目已作答"), marked ? `，标记 ${marked} 题。` : "。", "点题号可以回到该题。"];
}

// What the hall does not have as it is here, in words; "" when it has everything.
function missingOf(states) {
  const { waiting, refused } = counted(states);
  return [waiting ? `${waiting} 题还没有送到考试服务器，交卷前自动上传。` : "", refused ? `${refused} 题未能保存，请先举手告诉监考员。` : ""].join("");
}
