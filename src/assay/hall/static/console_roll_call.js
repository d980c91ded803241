// Roll call: one candidate large at a time, photo beside the face; passed and on to the next seat with Enter or a thumb.
import { h } from "./live.js";
import { opened, toFirst } from "./console_dialogs.js";
import { ON_SITTINGS, onRoom, onSittings } from "./console_deeds.js";
import { act, drawAgain, photoOf } from "./console_line.js";
import { photo } from "./console_papers.js";
import { came, inDoubt, isAway, isOver, known, knowsOne, mismatchText, named, namesOf, roomNow, seatNow, sitsWrong, verifiable } from "./console_state.js";

const A_MOMENT_MS = 700;
const isPassed = (sitting) => Boolean(seatNow(sitting).admitted) && !seatNow(sitting).mismatch;
const isOpen = (sitting) => came(sitting) && !isPassed(sitting) && !isOver(sitting);

// The first after a place that is still to be verified, round the room; where there is none, the next seat.
function nextOpen(list, at) {
  const round = list.map((_, n) => (at + 1 + n) % list.length);
  const found = round.find((n) => isOpen(list[n]));
  return found === undefined ? Math.min(at + 1, list.length - 1) : found;
}

function stateWords(sitting) {
  const s = seatNow(sitting);
  if (s.mismatch) return ["bad", `≠ ${mismatchText(sitting)}，请核对`];
  if (isPassed(sitting)) return ["ok", "✓ 已核验"];
  if (came(sitting)) return ["", `? 未核验，${known.picture.states[s.state]}`];
  return ["", s.kept_out_at ? "○ 迟到，不准入场" : s.late_refused_at ? "○ 迟到，等候准许入场" : s.no_show_at ? "○ 点名未到" : "○ 未到"];
}

const computerOf = (sitting) => (sitsWrong(sitting) ? `⇄ 用的是 ${seatNow(sitting).sits_at} 号机，请核对座位` : `${seatNow(sitting).sits_at} 号机，监考员已准许`);

export function callRoll(room, first = null) {
  const list = () => roomNow(room).sittings;
  const started = list().findIndex(isOpen);
  let at = first ? list().findIndex((s) => s.id === first.id) : Math.max(started, 0);
  let busy = false, passedAt = 0;
  const go = (to) => { at = Math.max(0, Math.min(to, list().length - 1)); drawAgain(); };

  async function pass() {
    if (busy) return; // Enter held down passes one, not the row
    const sitting = list()[at];
    if (!isOpen(sitting)) { go(nextOpen(list(), at)); return; }
    busy = true;
    const done = await act({ do: "admit", sittings: [sitting.id] }, `已核验通过：${named(sitting)}`);
    busy = false;
    if (!done) return;
    passedAt = Date.now();
    sitting.now[4] = true; sitting.now[15] = 0; // acknowledged; the picture says the same within a second
    go(nextOpen(list(), at));
  }

  async function notThere() {
    const sitting = list()[at];
    if (await act({ do: "no_show", sittings: [sitting.id] }, `已记点名未到：${named(sitting)}`)) go(at + 1);
  }

  async function notHim() {
    if (await onSittings("mismatch", [list()[at]], { text: "本人与身份证件或照片不符" })) go(at + 1);
  }

  // Nobody is left: Enter ends it, but not the one held down that passed the last.
  function end(dialog, byMouse) { if (byMouse || Date.now() - passedAt > A_MOMENT_MS) dialog.close(); }

  function allNotThere() {
    const missing = list().filter(ON_SITTINGS.no_show.fit);
    return act({ do: "no_show", sittings: missing.map((s) => s.id) }, `已记点名未到：${namesOf(missing, 6)}`);
  }

  const keys = (event) => {
    if (event.target.closest("input, textarea, select")) return;
    if (event.key === "ArrowRight") go(at + 1);
    else if (event.key === "ArrowLeft") go(at - 1);
    else return;
    event.preventDefault();
  };

  return opened((dialog) => {
    const all = list(), sitting = all[at], [kind, words] = stateWords(sitting), open = isOpen(sitting);
    const passed = all.filter(isPassed).length, there = all.filter(came).length;
    const following = all[nextOpen(all, at)], finished = there > 0 && !all.some(isOpen);
    const absent = all.filter(isAway), unmarked = all.filter(ON_SITTINGS.no_show.fit);
    photoOf(following); // so that it is there when its turn comes
    const button = (key, text, onclick, more = {}) => h("button", { type: "button", key, onclick, ...more }, text);
    const rest = verifiable(roomNow(room)).length, apart = inDoubt(roomNow(room)).length;
    const locked = Boolean(roomNow(room).closed_at);
    return { title: `${room.name}：点名`, content: [
      h("div", { key: "roll", class: "roll", onkeydown: keys, onclick: (event) => { if (event.detail > 0) toFirst(dialog); } },
        h("div", { class: "row between", key: "top" }, h("h2", {}, `点名 ${at + 1}/${all.length}`), h("p", { class: "count", role: "status" }, `已核验 ${passed}，到场 ${there}`),
          button("close", "结束点名", () => dialog.close())),
        h("div", { class: "face", key: "face" }, photo(sitting),
          h("dl", { key: "who" }, h("dt", {}, "座位"), h("dd", { class: "huge" }, `${sitting.seat} 号`), h("dt", {}, "姓名"), h("dd", { class: "huge" }, sitting.name),
            h("dt", {}, "证件号码"), h("dd", {}, sitting.id_masked), h("dt", {}, "准考证号"), h("dd", {}, sitting.ticket), h("dt", {}, "状态"), h("dd", { class: kind }, words),
            seatNow(sitting).sits_at ? [h("dt", { key: "at" }, "计算机"), h("dd", { key: "computer", class: sitsWrong(sitting) ? "bad" : null }, computerOf(sitting))] : null)),
        h("div", { class: "row big", key: "row" },
          button("back", "← 上一个", () => go(at - 1), { disabled: at === 0 }),
          finished && !locked ? button("pass", "结束点名", (event) => end(dialog, event.detail > 0), { class: "primary", "data-first": true })
            : button("pass", open && !locked ? "✓ 核验通过" : "下一个 →", locked ? () => go(at + 1) : pass, { class: "primary", "data-first": true }),
          open && !locked && knowsOne(sitting) ? button("wrong", "≠ 不符", notHim) : null,
          !locked && ON_SITTINGS.no_show.fit(sitting) ? button("none", "○ 未到", notThere) : null,
          open ? button("skip", "跳过 →", () => go(at + 1)) : null),
        finished ? h("p", { key: "finished", role: "status" }, `到场的 ${there} 人都已核验。${absent.length ? `未到 ${absent.length} 人：${namesOf(absent)}。` : ""}`) : h("p", { class: "hint", key: "hint" }, `回车：核验通过并到下一个未核验的座位（${following === sitting ? "这是最后一个" : `下一个：${named(following)}`}）。← → 翻看。`),
        rest > 1 && !locked ? h("div", { class: "row", key: "rest" }, button("all", `已登录未核验的 ${rest} 人全部核验通过`, () => onRoom(roomNow(room), "admit")), apart ? h("p", { class: "hint", key: "apart" }, `身份不符和坐错机位的 ${apart} 人不在其内，请逐人核对。`) : null) : null,
        finished && !locked && unmarked.length > 1 ? h("div", { class: "row", key: "missing" }, button("none-of-them", `未到的 ${unmarked.length} 人都记点名未到`, allNotThere)) : null)] };
  }, "full");
}
