// What the console shows and takes in: a candidate's facts, the room's record, a carried answer file.
import { timeText } from "./hall_api.js";
import { h } from "./live.js";
import { show } from "./console_dialogs.js";
import { api, drawAgain, photoOf, toast, withToken } from "./console_line.js";
import { givenText, isOver, known, left, mismatchText, named, now, roomOf, seatNow, sinceText, sittingNow, spanText, stateText, wrongFrom } from "./console_state.js";

const REFRESH_MS = 5000;

// What became of a carried file's answers, in one sentence.
function loaded(body) {
  const parts = [body.known ? `${body.known} 题考试端都已收到` : "", body.in_time + body.after ? `${body.in_time + body.after} 题请作出决定` : "",
    body.waiting ? `${body.waiting} 题已在等待决定` : "", body.refused ? `${body.refused} 题不接收，已写入考场记录` : ""].filter(Boolean);
  return `${body.name} 的答案文件：${parts.join("，")}${body.known && parts.length === 1 ? "，不用再决定" : ""}`;
}

export async function loadFile(input) {
  const [file] = input.files;
  input.value = "";
  if (!file) return;
  try {
    const response = await fetch("/room/file", { method: "POST", body: file, ...withToken });
    const body = await response.json();
    toast(response.ok ? loaded(body) : body.message);
  } catch { toast("考试服务器连接不上，答案文件没有装入，请稍后再试"); }
}

// It grows while it is read: asked for again while it is open, and it says of when it is. Lines keep their nodes, so that what is being
// read stays where it is.
export async function showRecord(room) {
  const told = { lines: [], at: 0, asked: 0, trouble: "" };
  const ask = () => {
    told.asked = Date.now();
    return api.get(`/room/${room.id}/record`).then((lines) => Object.assign(told, { lines, at: now(), trouble: "" }), (error) => { told.trouble = error.message; });
  };
  await ask();
  if (told.trouble) { toast(told.trouble); return; }
  show(`${room.name}：考场记录`, () => {
    if (known.online && Date.now() - told.asked > REFRESH_MS) ask().then(drawAgain);
    return [h("p", { class: "hint", key: "at" }, `${timeText(told.at)} 的情况，新的在前。`),
      told.trouble ? h("p", { class: "error", role: "alert", key: "trouble" }, `考场记录没有取到：${told.trouble}`) : null,
      h("ul", { class: "record", tabindex: "0", key: "lines" }, told.lines.map((line, n) => h("li", { key: String(told.lines.length - n) },
        h("time", {}, spanText(line)), line.text, h("small", {}, `（${line.by}）`))))];
  });
}

function awayText(s) {
  if (s.state === "offline") return `现在离线${s.away ? `，此前 ${s.away} 分钟` : ""}`;
  if (s.state === "missing") return `${sinceText(s.missing)}离线，可能有未送达的答案`;
  return s.away ? `曾离线 ${s.away} 分钟` : "无";
}

function computerText({ browser, storage, clock_ms: clock, net_ms: net }) {
  return `${browser}，${storage ? "本机存储可用" : "本机存储不可用"}，时钟差 ${(Math.abs(clock) / 1000).toFixed(1)} 秒，网络 ${net} 毫秒`;
}

// What the hall knows of a candidate, in pairs.
export function factsOf(sitting) {
  const s = seatNow(sitting), { remarks } = known.picture;
  return [["姓名", sitting.name], ["证件号码", sitting.id_masked], ["准考证号", sitting.ticket], ["座位", `${sitting.seat} 号`], ["状态", stateText(sitting)],
    ["已答", `${s.answered}/${sitting.items} 题`],
    ["考试时长", s.minutes_now > sitting.minutes ? `原 ${sitting.minutes} 分钟，延长至 ${s.minutes_now} 分钟` : `${sitting.minutes} 分钟`],
    ["剩余时间", isOver(sitting) ? "已交卷" : left(roomOf(sitting), s).replace("剩 ", "") || "未开始"],
    ["离线", awayText(s)], ["延长", givenText(s.given, roomOf(sitting).extra) || "无"],
    ...(s.misconduct ? [["违纪", `已记录，${timeText(s.misconduct)}`]] : []),
    ["身份", s.mismatch ? `${s.mismatch_by ? "" : "考生"}${mismatchText(sitting)}` : s.admitted ? "已核验" : "未核验"],
    ["输错证件号码", wrongFrom(sitting) || "无"],
    ...(s.receipt ? [["回执", s.receipt]] : []),
    ...(s.ready ? [["计算机", computerText(s.ready)]] : []),
    ...(s.other_at ? [["不用专用浏览器", `已允许，${s.other_at}`]] : []),
    ["注意到的情况", Object.entries(s.remarks).map(([kind, times]) => `${remarks[kind] || kind} ${times} 次`).join("；") || "无"]];
}

export const pairs = (facts) => h("dl", {}, facts.flatMap(([name, value]) => [h("dt", { key: `t-${name}` }, name), h("dd", { key: `d-${name}` }, String(value))]));
export function photo(sitting) {
  const source = photoOf(sitting);
  return h("div", { class: "photo" }, source ? h("img", { src: source, key: sitting.id, alt: `${sitting.name} 的照片` }) : sitting.photo ? "照片" : "没有照片");
}

export function showPerson(sitting) {
  return show("考生信息", () => {
    const one = sittingNow(sitting);
    return [h("div", { class: "person", "aria-label": named(one), role: "group" }, photo(one), pairs(factsOf(one)))];
  });
}

// Which computers have reported themselves, and what is missing where.
export function notReady(sitting) {
  const { ready } = seatNow(sitting);
  if (!ready) return "还没有报告";
  const wrong = [ready.storage ? "" : "本机存储不可用", Math.abs(ready.clock_ms) > 60000 ? `时钟差 ${Math.round(Math.abs(ready.clock_ms) / 1000)} 秒` : "", ready.net_ms > 1000 ? `网络慢（${ready.net_ms} 毫秒）` : ""];
  return wrong.filter(Boolean).join("、");
}

export function showReady(room) {
  return show(`${room.name}：考生机就绪情况`, () => {
    const missing = room.sittings.map(sittingNow).filter(notReady), count = room.sittings.length;
    return [h("p", {}, `${count} 台中 ${count - missing.length} 台就绪。`),
      h("ul", { class: "names", tabindex: "0", "aria-label": "没有就绪的" }, missing.map((s) => h("li", { key: s.id }, `${s.seat} 号机：${notReady(s)}`)))];
  });
}
