// The end of a room on one page: who sat, who came and answered nothing, who was absent, what was noted, with times to the second and
// the receipts as they changed. To be read on the screen, printed on A4 and signed.
import { timeText } from "./hall_api.js";
import { h } from "./live.js";
import { inTheWay, onRoom } from "./console_deeds.js";
import { api, drawAgain } from "./console_line.js";
import { countText, known, mayAct, seatsText, sinceText, wordsFor } from "./console_state.js";

const MINUTE_MS = 60000;
const REFRESH_MS = 5000;
const CLOSINGS = { hand_in: "本人交卷", forced: "强制交卷", timed: "到时收卷", "": "未交卷" };
const ORDINARY = ["sign_in", "admit", "opened", "missing", "hand_in", "forced", "timed"];
const HEAD = ["座位", "姓名", "证件号码", "到场", "交卷", "方式", "已答", "延长", "回执", "身份"];
const end = { room: "", told: null, asked: 0, closedAt: 0, trouble: "" };

// As the hall tells it; asked for again while the page is open, since it grows.
function endOf(room) {
  if (end.room !== room.id) Object.assign(end, { room: room.id, told: null, asked: 0, trouble: "" });
  if (known.online && (Date.now() - end.asked > REFRESH_MS || end.closedAt !== room.closed_at)) {
    end.asked = Date.now(); end.closedAt = room.closed_at;
    api.get(`/room/${room.id}/closing`).then((told) => { if (told.room === end.room) Object.assign(end, { told, trouble: "" }); }, (error) => { end.trouble = error.message; }).then(drawAgain);
  }
  return end.told;
}

const moment = (ms) => (ms ? timeText(ms) : "");
const who = (one) => `${one.seat} 号 ${one.name}`;

// The newest receipt, and with each of those before it since when it held.
function receiptText(one) {
  const old = one.receipts.filter((receipt) => receipt.code !== one.receipt).map((receipt) => `${receipt.code}（${moment(receipt.at)}）`);
  return `${one.receipt}${old.length ? `，原 ${old.join("、")}` : ""}`;
}

function row(one) {
  const cells = [String(one.seat), one.name, one.id_masked, moment(one.arrived_at), moment(one.handed_in_at), `${CLOSINGS[one.closing]}${one.missing ? `，${sinceText(one.missing)}离线` : ""}`,
    `${one.answered}/${one.items}`, one.extra ? `${one.extra} 分` : "", receiptText(one), one.verified ? "已核验" : "未核验"];
  return h("tr", { key: one.sitting }, cells.map((text, n) => h(n ? "td" : "th", n ? {} : { scope: "row" }, text)));
}

const heading = (text, list) => h("h3", { key: `h-${text}` }, `${text}（${list.length}）`);
const listed = (title, lines) => [heading(title, lines), lines.length ? h("ul", { key: `l-${title}` }, lines.map((line) => h("li", { key: line }, line))) : h("p", { key: `l-${title}` }, "无")];

// Lines that say the same of several seats within a minute are one: a cut cable is not a page of its own.
function together(lines, people) {
  const names = new Map(people.map((one) => [one.sitting, one])), groups = new Map();
  for (const line of lines) {
    const one = names.get(line.sitting), said = one && line.text.startsWith(who(one)) ? line.text.slice(who(one).length) : null;
    const key = said === null ? `${groups.size}` : [line.kind, line.by, said, Math.floor(line.at / MINUTE_MS)].join("|");
    const group = groups.get(key) || groups.set(key, { ...line, said, seats: [] }).get(key);
    group.seats.push(one);
  }
  return [...groups.values()].map((group) => (group.seats.length > 1 ? { ...group, text: seatsText(group.seats.sort((a, b) => a.seat - b.seat)) + group.said } : group));
}

function whole(told) {
  const noted = together(told.record.filter((line) => !ORDINARY.includes(line.kind)), [...told.sat, ...told.came, ...told.absent]);
  const day = new Date(told.starts).toLocaleDateString("zh-CN", { timeZone: "Asia/Shanghai", year: "numeric", month: "long", day: "numeric" });
  const words = wordsFor(told);
  const state = told.closed_at ? `${moment(told.closed_at)} ${told.rescheduled ? "终止，另行安排" : "结束"}，${told.closed_by} 确认` : `尚未结束，${moment(told.at)} 的情况`;
  return [h("h2", { key: "title" }, `${told.centre} 考场情况表`),
    h("p", { key: "what" }, `${told.batch} ${told.session}　${told.name}　${day} ${moment(told.starts)} 开考；${state}。${told.rehearsal ? "（演练）" : ""}`),
    h("p", { key: "counts" }, h("b", {}, `${countText(told.counts, words)}。`)),
    ...listed(words.came, told.came.map((one) => `${who(one)}：${one.why_text || "未开始作答"}`)),
    ...listed(words.absent, told.absent.map(who)),
    ...listed("违纪和强制交卷", told.misconduct.map((line) => `${moment(line.at)} ${line.text}（${line.by}）`)),
    heading("实考", told.sat),
    h("table", { key: "sat" }, h("thead", {}, h("tr", {}, HEAD.map((text) => h("th", { scope: "col", key: text }, text)))), h("tbody", {}, told.sat.map(row))),
    heading("考场记录", noted),
    h("ul", { key: "notes", class: "record" }, noted.map((line, n) => h("li", { key: String(n) }, h("time", {}, moment(line.at)), line.text, h("small", {}, `（${line.by}）`)))),
    h("div", { class: "signed", key: "signed" }, ["监考员签名：", "监考员签名：", "考务签名：", "日期："].map((text, n) => h("p", { key: String(n) }, text)))];
}

export function openSheet(room) { known.sheet = room.id; drawAgain(); }

export function sheet(room) {
  const told = endOf(room);
  const button = (key, text, onclick, more = {}) => h("button", { type: "button", key, onclick, ...more }, text);
  return h("section", { class: "sheet", key: "sheet", "aria-label": `${room.name} 考场情况`, tabindex: "0" },
    h("div", { class: "row no-print", key: "deeds" }, button("back", "← 座位图", () => { known.sheet = ""; drawAgain(); }), told ? button("print", "打印", () => window.print()) : null,
      mayAct() && !room.closed_at ? button("close", "结束考场并确认记录", () => onRoom(room, "close"), { class: inTheWay(room).length ? null : "primary" }) : null,
      end.trouble ? h("p", { class: "error", role: "alert", key: "trouble" }, `考场情况没有取到：${end.trouble}`) : null),
    told ? whole(told) : null);
}
