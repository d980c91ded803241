// A practice item while waiting: shows how to answer; nothing of it is kept.
import { el } from "./hall_api.js";
import { byKey, itemView } from "./item_view.js";

const ITEMS = [
  { id: "practice-1", type: "single", stem: "练习：一周有几天？", options: ["五天", "六天", "七天", "八天"], images: [] },
  { id: "practice-2", type: "true_false", stem: "练习：考试中更换答案后不需要再按“保存”。", options: [], images: [] },
  { id: "practice-3", type: "multiple", stem: "练习：下列属于键盘作答方法的有哪些？", options: ["按字母键选择选项", "按左右方向键换题", "按 M 键标记", "用力拍键盘"], images: [] },
  { id: "practice-4", type: "ordering", stem: "练习：把做题的步骤按先后排好。", options: ["读题", "选定答案", "检查一遍"], images: [] },
];

export function practice() {
  let at = 0;
  const chosen = new Map(), marked = new Set();
  const body = el("div", {});
  const draw = () => {
    const item = ITEMS[at];
    body.replaceChildren(itemView({
      item, options: item.options.map((_, n) => n), number: at + 1, chosen: chosen.get(item.id) || "",
      picked: (choice) => chosen.set(item.id, choice), picture: () => Promise.reject(new Error("none")),
    }), el("div", { class: "row" },
      el("button", { type: "button", onclick: () => step(-1) }, "← 上一题"),
      el("button", { type: "button", "aria-pressed": String(marked.has(item.id)), onclick: mark }, "标记 (M)"),
      el("button", { type: "button", onclick: () => step(1) }, "下一题 →")));
  };
  const step = (by) => { at = (at + ITEMS.length + by) % ITEMS.length; draw(); body.querySelector("legend").focus({ preventScroll: true }); };
  const mark = () => { const { id } = ITEMS[at]; marked.has(id) ? marked.delete(id) : marked.add(id); draw(); };
  // The keys of the exam, for as long as the practice is on the page.
  const key = (event) => {
    if (!body.isConnected) { document.removeEventListener("keydown", key); return; }
    byKey(event, { step, mark, fieldset: () => body.querySelector("fieldset.item") });
  };
  document.addEventListener("keydown", key);
  draw();
  return el("section", { class: "card narrow practice", "aria-label": "练习" }, el("h2", {}, "练习题（不计分，不保存）"), body);
}
