// The list of what needs a hand, as it stands on the page. While a hand is on it nothing in it moves: a line that is settled stays,
// as high as it was, and what is new comes at the end. Where that is more pressing than what stands above it, the head of the list says so.
import { h } from "./live.js";
import { drawAgain } from "./console_line.js";
import { URGENT, doOnce, isUnderWay, pressing, wasDone } from "./console_needs.js";
import { hearNews, isSilent, switchSound } from "./console_sound.js";
import { known, mayAct } from "./console_state.js";

const AT_THE_KEYS_MS = 10000;
let lines = [], keyedAt = -AT_THE_KEYS_MS, tall = new Map();

// A hand is on the list: the mouse is over it, or keys were pressed in it just now. That the focus came back to it (a dialog was closed)
// does not say so.
function isHeld(list) {
  if (!list || document.querySelector("dialog[open]")) return false;
  return list.matches(":hover") || (list.contains(document.activeElement) && performance.now() - keyedAt < AT_THE_KEYS_MS);
}
const atTheKeys = () => { keyedAt = performance.now(); };
const letGo = () => { keyedAt = -AT_THE_KEYS_MS; };

// What became of a line that is not among the needs any more.
function became(line, needs) {
  if (wasDone(line.key)) return "已办";
  return needs.some((one) => one.about.some((what) => line.about.includes(what))) ? "已并入另一项" : "不用再办";
}

function linesOf(needs, held) {
  if (!held) { lines = needs; return lines; }
  const byKey = new Map(needs.map((one) => [one.key, one])), shown = new Set(lines.map((one) => one.key));
  const kept = lines.map((one) => byKey.get(one.key) || (one.settled ? one : { ...one, said: null, other: null, settled: became(one, needs) }));
  lines = [...kept, ...needs.filter((one) => !shown.has(one.key))];
  return lines;
}

// How high the lines are on the page, so that none becomes lower under the hand.
function heightsIn(list, held) {
  if (!held) return new Map();
  return new Map([...list.children].map((line) => [line.dataset.need, line.getBoundingClientRect().height]));
}

const isOvertaken = (all) => all.some((one, n) => one.rank === URGENT && !one.settled && all.slice(0, n).some((above) => above.settled || above.rank < URGENT));

const button = (key, text, onclick, more = {}) => h("button", { type: "button", key, onclick, ...more }, text);

function lineShown(one) {
  const busy = isUnderWay(one.key) ? "true" : null;
  const deed = ([key, said, act]) => button(key, said, () => doOnce(one.key, act), { "aria-disabled": busy });
  const deeds = mayAct() && one.said ? [["act", one.said, one.act], ...(one.other ? [["other", ...one.other]] : [])].map(deed) : null;
  return h("li", { key: one.key, "data-need": one.key, class: `need rank-${one.rank} ${one.settled ? "settled" : ""}`, "--tall": `${tall.get(one.key) || 0}px` },
    h("p", { key: "text" }, one.where ? h("b", {}, `${one.where}　`) : null, one.text), one.settled && mayAct() ? h("p", { key: "became", class: "became" }, one.settled) : deeds);
}

export function needsPane(needs) {
  const list = document.querySelector(".needs ul"), held = isHeld(list);
  tall = heightsIn(list, held);
  hearNews(pressing(needs).map((one) => one.key));
  const shown = linesOf(needs, held);
  const toTop = () => { letGo(); drawAgain(); list.scrollTop = 0; };
  return h("section", { class: "needs", key: "needs", "aria-label": "需要处理" },
    h("div", { class: "needs-head", key: "head" }, h("h2", {}, `需要处理 ${pressing(needs).length}`),
      isOvertaken(shown) ? button("urgent", "有更急的 ↑", toTop, { class: "urgent", title: "更急的事项列在下面；按一下，排到最前" }) : null,
      button("sound", isSilent() ? "声音：关" : "声音：开", () => { switchSound(); drawAgain(); }, { "aria-pressed": String(!isSilent()) })),
    needs.length ? null : h("p", { class: "hint", key: "none" }, known.online ? "现在没有需要处理的。" : "连接中断前没有需要处理的。"),
    h("ul", { key: "list", tabindex: "0", "aria-label": "需要处理的事项", "aria-live": "polite", "aria-relevant": "additions", onkeydown: atTheKeys, onkeyup: (event) => { if (event.key === "Tab") atTheKeys(); } },
      shown.map(lineShown)));
}
