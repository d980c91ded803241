// The end of a room on one page: who sat, who came and answered nothing, who was absent, what was noted, with times to the second and
// the receipts as they changed. To be read on the screen, printed on A4 and signed.
import { timeText } from "./hall_api.js";
import { h } from "./live.js";
import { inTheWay, onRoom } from "./console_deeds.js";
import { api, drawAgain } from "./console_line.js";
import { countText, givenText, known, mayAct, seatsText, sinceText, spanText, wordsFor } from "./console_state.js";

const REFRESH_MS = 5000;
const CLOSINGS = { hand_in: "本人交卷", forced: "强制交卷", timed: "到时收卷", "": "未交卷" };
const ORDINARY = ["sign_in", "admit", "opened", "missing", "hand_in", "forced", "timed"], MISCONDUCT = ["misconduct", "misconduct_withdrawn"];
const HEAD = ["座位", "姓名", "证件号码", "到场", "交卷", "方式", "已答", "考试时长", "回执", "身份"];
const ONE_DEED_MS = 5000, FEW = 4;
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

// The receipt that holds, and with each of those that it has replaced since when that held.
function receiptText(one) {
  const old = one.receipts.filter((receipt) => receipt.code !== one.receipt).map((receipt) => `${receipt.code}（${moment(receipt.at)}）`);
  return `${one.receipt}${old.length ? `，替换 ${old.join("、")}` : ""}`;
}

// All of the minutes, as the candidate's page says them, and which of them were given to this one; the room's stand above.
function minutesText(one) {
  const own = givenText(one.extra, 0, one.planned);
  return `${one.minutes} 分${own ? `（${own}）` : ""}`;
}

// Who was made to hand in, by deed, each as the sheet is now: late answers may have been taken into it since. Of many the table below
// says it, and here only whose receipt was replaced.
function forced(people) {
  const deeds = [];
  for (const one of [...people].sort((a, b) => a.handed_in_at - b.handed_in_at)) {
    const last = deeds[deeds.length - 1];
    if (last && last[0].forced_by === one.forced_by && last[0].forced_why === one.forced_why && one.handed_in_at - last[0].handed_in_at < ONE_DEED_MS) last.push(one);
    else deeds.push([one]);
  }
  return deeds.map((deed) => {
    const [{ handed_in_at: at, forced_by: by, forced_why: why }] = deed;
    const inOrder = [...deed].sort((a, b) => a.seat - b.seat), few = deed.length <= FEW;
    const apart = inOrder.filter((one) => few || one.receipts.length > 1), others = inOrder.filter((one) => !apart.includes(one));
    const each = apart.map((one) => `${who(one)}（答 ${one.answered}/${one.items}，回执 ${receiptText(one)}）`);
    return `${moment(at)} ${why ? `${why}：` : ""}${[...(others.length ? [`${seatsText(others)}（已答和回执见下表）`] : []), ...each].join("、")}${by ? `（${by}）` : ""}`;
  });
}

function row(one) {
  const cells = [String(one.seat), one.name, one.id_masked, moment(one.arrived_at), moment(one.handed_in_at), `${CLOSINGS[one.closing]}${one.missing ? `，${sinceText(one.missing)}离线` : ""}`,
    `${one.answered}/${one.items}`, minutesText(one), receiptText(one), one.verified ? "已核验" : "未核验"];
  return h("tr", { key: one.sitting }, cells.map((text, n) => h(n ? "td" : "th", n ? { class: text.includes("，") ? "several" : null } : { scope: "row" }, text)));
}

const heading = (text, count) => h("h3", { key: `h-${text}` }, `${text}（${count}）`);
// What is one line stands beside its heading, so that the whole is as few pages as can be.
const listed = (title, count, lines) => (lines.length > 1
  ? [heading(title, count), h("ul", { key: `l-${title}` }, lines.map((line) => h("li", { key: line }, line)))]
  : [h("div", { class: "beside", key: `l-${title}` }, heading(title, count), h("p", {}, lines.length ? lines[0] : "无"))]);

// What stands at the head of every page of paper (console.css): of which room and session it is, whichever page the signatures are on.
function headPages(text) {
  document.documentElement.style.setProperty("--running", `"${text.replace(/["\\\n]/g, "\\$&")}"`);
}

function whole(told) {
  const noted = told.record.filter((line) => ![...ORDINARY, ...MISCONDUCT].includes(line.kind)), made = [...told.sat, ...told.came].filter(({ closing }) => closing === "forced");
  const day = new Date(told.starts).toLocaleDateString("zh-CN", { timeZone: "Asia/Shanghai", year: "numeric", month: "long", day: "numeric" });
  const words = wordsFor(told);
  headPages(`${told.centre} 考场情况表　${told.batch} ${told.session}　${told.name}　${day} ${moment(told.starts)} 开考${told.rehearsal ? "（演练）" : ""}`);
  const state = told.closed_at ? `${moment(told.closed_at)} ${told.rescheduled ? "终止，另行安排" : "结束"}，${told.closed_by} 确认` : `尚未结束，${moment(told.at)} 的情况`;
  return [h("h2", { key: "title" }, `${told.centre} 考场情况表`),
    h("p", { key: "what" }, `${told.batch} ${told.session}　${told.name}　${day} ${moment(told.starts)} 开考；${state}。${told.rehearsal ? "（演练）" : ""}`),
    h("p", { key: "counts" }, h("b", {}, `${countText(told.counts, words)}。`), told.extra ? `全场延长 ${told.extra} 分，已算在各人时长内。` : null),
    ...listed(words.came, told.came.length, told.came.map((one) => `${who(one)}：${one.why_text}`)),
    ...listed(words.absent, told.absent.length, told.absent.length ? [told.absent.map(who).join("、")] : []),
    ...listed("违纪", [...told.sat, ...told.came, ...told.absent].filter((one) => one.misconduct).length, told.misconduct.map((line) => `${moment(line.at)} ${line.text.replace(/^违纪：/, "")}（${line.by}）`)),
    ...listed("强制交卷", made.length, forced(made)),
    heading("实考", told.sat.length),
    h("table", { key: "sat" }, h("thead", {}, h("tr", {}, HEAD.map((text) => h("th", { scope: "col", key: text }, text)))), h("tbody", {}, told.sat.map(row))),
    heading("考场记录", noted.length),
    h("ul", { key: "notes", class: "record" }, noted.map((line, n) => h("li", { key: String(n) }, h("time", {}, spanText(line)), line.text, h("small", {}, `（${line.by}）`)))),
    h("div", { class: "signing", key: "signing" }, h("p", { key: "what" }, `以上是 ${told.batch} ${told.session} ${told.name} 的考场情况和考场记录（${noted.length} 条）。`),
      h("div", { class: "signed", key: "signed" }, ["监考员签名：", "监考员签名：", "考务签名：", "日期："].map((text, n) => h("p", { key: String(n) }, text))))];
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
