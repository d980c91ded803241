// How the console looks: rooms at a glance, a room with its banners and seats, the bar of deeds. Everything is described anew
// for each drawing; live.js changes on the page what differs.
import { h } from "./live.js";
import {
  atWork, begun, came, choose, chosen, clockLine, due, isOver, known, left, mayAct, missingIn, named, now, offlineIn, otherBrowser, people, roomInView,
  roomOf, seatNow, sinceText, stateOf, undecided, unverified, wrongFrom, wrongTries,
} from "./console_state.js";
import { ON_ROOM, ON_SITTINGS, decide, inTheWay, loadFile, onRoom, onSittings, showPerson, showRecord, token } from "./console_deeds.js";
import { showBrowser } from "./console_browser.js";

let draw = () => {};
export function drawsBy(how) { draw = how; }

const button = (key, text, onclick, more = {}) => h("button", { type: "button", key, onclick, ...more }, text);
// A button that leads to a deed: there is none for who only looks on.
const deedButton = (...given) => (mayAct() ? button(...given) : null);
const MANY_WRONG = 3;
const pick = (key, list, said) => deedButton(`pick-${key}`, `${said} ${list.length} 人`, () => { choose(list); draw(); });

function statusText(sitting, s) {
  if (s.state === "missing") return `交卷时离线，可能有未送达的答案 ${s.receipt}`;
  if (s.state === "handed_in") return `${known.picture.states[s.state]}${s.by_time ? "（到时）" : s.forced ? "（强制）" : ""} ${s.receipt}`;
  return known.picture.states[s.state];
}

function sideFacts(sitting, s) {
  const facts = [];
  if (s.minutes_now > sitting.minutes) facts.push(`${sitting.minutes}→${s.minutes_now} 分`);
  if (s.state === "missing") facts.push(`${sinceText(s.missing)}离线`);
  else if (s.state === "offline" && s.heard) facts.push(`已 ${Math.max(Math.floor((now() - s.heard) / 60000), 0)} 分钟`);
  else if (s.away) facts.push(`曾离线 ${s.away} 分`);
  if (s.away && s.given) facts.push(`已补 ${s.given} 分`);
  if (s.may_move) facts.push("可换机");
  if (s.other_at) facts.push("普通浏览器");
  if (wrongTries(sitting)) facts.push(`登录输错 ${wrongTries(sitting)} 次`);
  const remarks = Object.values(s.remarks).reduce((a, b) => a + b, 0);
  if (remarks) facts.push(`情况 ${remarks}`);
  return facts.join(" · ");
}

function seat(room, sitting) {
  const s = seatNow(sitting);
  const verified = s.admitted || !came(sitting) ? "" : "（未核验）";
  const label = `${named(sitting)} ${known.picture.states[s.state]}${s.mismatch ? "，报告信息不符" : ""}，已答 ${s.answered} 题`;
  const toggle = () => { chosen.has(sitting.id) ? chosen.delete(sitting.id) : chosen.add(sitting.id); draw(); };
  return h("button", { type: "button", key: sitting.id, class: `seat ${s.state}`, "aria-pressed": mayAct() ? String(chosen.has(sitting.id)) : null, "aria-label": label, "data-sitting": sitting.id,
    onclick: () => (mayAct() ? toggle() : showPerson(sitting)) },
    h("b", {}, String(sitting.seat)), h("span", {}, sitting.name), h("span", {}, `${s.answered}/${sitting.items}`),
    h("span", { class: "more" }, `${statusText(sitting, s)}${verified}　${sideFacts(sitting, s)}`,
      s.mismatch ? h("b", { key: "mismatch" }, " 信息不符") : null, undecided(sitting) ? h("b", { key: "late" }, " 迟到答案待决定") : null),
    h("span", { class: "more", key: "left" }, ["answering", "idle", "paused", "offline"].includes(s.state) ? left(room, s) : ""));
}

function counts(room) {
  const found = Object.fromEntries(Object.keys(known.picture.states).map((state) => [state, 0]));
  for (const sitting of room.sittings) found[stateOf(sitting)] += 1;
  return found;
}

const banner = (key, calm, ...content) => h("p", { key, class: `notice banner${calm ? " calm" : ""}`, role: "status" }, ...content);

function pausedBanner(room) {
  const offline = offlineIn(room), limit = known.picture.reschedule_minutes;
  const passed = Math.floor((now() - room.paused_at) / 60000);
  return banner("paused", false, `全场暂停中，已 ${passed} 分钟，恢复后自动补时。`,
    offline.length ? `还有 ${offline.length} 台离线：等它们恢复，或选中后“允许换机”到备用机；都就绪后按“恢复考试”。` : "全部在线，可以按“恢复考试”。",
    passed >= limit ? `已满 ${limit} 分钟：不能恢复的，按“终止本场，另行安排”，由考务办公室另定时间。` : `满 ${limit} 分钟仍不能恢复的，这里会出现“终止本场，另行安排”。`,
    h("span", { class: "row" }, offline.length ? pick("offline", offline, "选中离线的") : null,
      deedButton("resume", ON_ROOM.resume.title, () => onRoom(room, "resume"), { class: "primary" })));
}

function offlineBanner(room) {
  const offline = offlineIn(room);
  if (room.paused_at || offline.length < 2) return null;
  const many = offline.length * 4 >= room.sittings.length ? "，可能停电或断网" : "";
  return banner("offline", false, `${offline.length} 台计算机离线${many}。已答内容都在考试服务器或考生机上。建议：① 全场暂停（恢复后自动补时）；② 不能很快恢复的，选中这些考生“允许换机”到备用机；③ 恢复后对只有部分人受影响的，选中后“延长时间”。`,
    h("span", { class: "row" }, pick("offline", offline, "选中离线的"), deedButton("pause", "全场暂停", () => onRoom(room, "pause"))));
}

// Who came back and got nothing for it yet; who got something is only named.
function returnedBanner(room) {
  const back = room.sittings.filter((s) => seatNow(s).away && atWork(s) && stateOf(s) !== "offline");
  const owed = back.filter(due), settled = back.filter((s) => !due(s) && seatNow(s).given);
  if (room.paused_at || !owed.length) return null;
  const given = settled.length ? `其余已补：${settled.map((s) => `${s.seat} 号已补 ${seatNow(s).given} 分`).join("、")}。` : "";
  return banner("returned", true, `${owed.length} 人曾离线后恢复：${owed.map((s) => `${named(s)}（${due(s)} 分）`).join("、")}。需要补时的，选中后按“延长时间”。${given}`,
    pick("returned", owed, "选中待补时的"));
}

function missingBanner(room) {
  const missing = missingIn(room);
  if (!missing.length) return null;
  const then = room.closed_at ? "考场已结束，再送到的答案不接收，只写入记录。" : "先取答案文件或等其恢复，再结束考场。";
  return banner("missing", false, `${missing.map((s) => `${named(s)}（${sinceText(seatNow(s).missing)}离线）`).join("、")} 交卷时离线，可能有未送达的答案。${then}`,
    pick("missing", missing, "选中"));
}

function strangersBanner(room) {
  const strangers = unverified(room).filter((s) => atWork(s) && seatNow(s).started);
  if (!begun() || !strangers.length) return null;
  return banner("strangers", true, `${strangers.length} 人已在答题但没有核验身份。请逐人核对后选中，按“身份核验通过”。`, pick("strangers", strangers, "选中未核验的"));
}

function mismatchBanners(room) {
  return room.sittings.filter((s) => seatNow(s).mismatch && !isOver(s)).map((s) => banner(`mismatch-${s.id}`, false,
    `${named(s)} 报告信息不符。请到座位核对身份证件、准考证和座位，处理后按“身份核验通过”或“记录情况”。`,
    deedButton("pick", `选中 ${s.seat} 号`, () => { choose([s]); draw(); })));
}

// Whose ticket fails again and again while he is not there: it may be the candidate himself, or somebody else.
function wrongBanners(room) {
  const failing = room.sittings.filter((s) => ["expected", "offline"].includes(stateOf(s)) && wrongTries(s) >= MANY_WRONG);
  return failing.map((s) => banner(`wrong-${s.id}`, true,
    `${named(s)} 的准考证号登录时输错证件号码 ${wrongTries(s)} 次（来自 ${wrongFrom(s)}）。请到座位查看；考生本人须等候的，选中后按“放行登录”。`,
    deedButton("pick", `选中 ${s.seat} 号`, () => { choose([s]); draw(); })));
}

// A computer that cannot do with the locked browser is let in by hand, each by its address.
function otherBrowserBanner(room) {
  const list = room.sittings.filter(otherBrowser);
  if (!list.length) return null;
  return banner("other-browser", false, `${list.map((s) => `${named(s)}（来自 ${otherBrowser(s)}）`).join("、")} 未用本场的考试专用浏览器，没有放行。请到座位查看：先重开专用浏览器、打开本场次的设置文件；仍不行的，选中后“允许不用专用浏览器”。`,
    pick("other-browser", list, "选中"));
}

function lateBanners(room) {
  return room.sittings.map((s) => [s, undecided(s)]).filter(([, late]) => late).map(([s, late]) => banner(`late-${s.id}`, true,
    `${named(s)} 有结束后送达的答案 ${late.in_time + late.after} 题。`, deedButton("decide", "作出决定", () => decide(s, late))));
}

function messageBanner(room) {
  if (!room.message) return null;
  return banner("message", true, `正在考生页面上显示的通知：${room.message} `, deedButton("withdraw", "撤回通知", () => onRoom(room, "withdraw")));
}

function banners(room) {
  if (room.closed_at) return [missingBanner(room)];
  const sealed = !known.picture.opened && known.picture.starts - now() < 30 * 60000;
  return [room.paused_at ? pausedBanner(room) : null, offlineBanner(room), missingBanner(room), ...mismatchBanners(room), ...wrongBanners(room), otherBrowserBanner(room), returnedBanner(room),
    strangersBanner(room), ...lateBanners(room), messageBanner(room),
    sealed ? banner("sealed", false, "试卷尚未启封：须由试卷保管员与考务（或督导）两人在教务端“考试实施”中启封。") : null];
}

function figures(room) {
  const all = Object.entries(counts(room)).filter(([state, count]) => count || !["paused", "missing"].includes(state));
  const figure = (key, text, choosing, kind) => (mayAct() ? button(key, text, choosing, { class: `count ${kind}`, title: "选中这些考生" })
    : h("span", { key, class: `count ${kind}` }, text));
  const shown = all.map(([state, count]) => figure(`count-${state}`, `${known.picture.states[state]} ${count}`,
    () => { for (const s of room.sittings) if (stateOf(s) === state) chosen.add(s.id); draw(); }, state));
  const strangers = unverified(room);
  if (strangers.length) shown.push(figure("count-strangers", `未核验 ${strangers.length}`, () => { choose(strangers); draw(); }, "expected"));
  return shown;
}

function roomDeeds(room) {
  const over = room.paused_at && now() - room.paused_at >= known.picture.reschedule_minutes * 60000;
  const deeds = ["admit", "broadcast", "extend", room.paused_at ? "resume" : "pause", "note", over ? "reschedule" : null].filter(Boolean);
  const ready = !inTheWay(room).length;
  return h("div", { class: "row", key: "deeds" }, deeds.map((deed) => button(deed, ON_ROOM[deed].title, () => onRoom(room, deed))),
    button("close", ON_ROOM.close.title, () => onRoom(room, "close"), { class: ready ? "primary" : null }));
}

function roomShown(room) {
  const closed = room.closed_at ? `（${room.rescheduled ? "已终止，另行安排" : "已结束"}，${room.closed_by}）` : room.paused_at ? "（暂停中）" : "";
  return h("section", { class: "card", key: room.id, "aria-label": room.name }, h("h2", {}, room.name, closed),
    h("div", { class: "row", key: "figures" }, figures(room)),
    room.closed_at || !mayAct() ? null : roomDeeds(room),
    h("div", { class: "row", key: "papers" }, button("record", "查看考场记录", () => showRecord(room)),
      room.closed_at || !mayAct() ? null : h("label", { class: "file" }, "装入答案文件 ", h("input", { type: "file", accept: ".json", onchange: (event) => loadFile(event.target) }))),
    ...banners(room),
    h("div", { class: "seats", key: "seats" }, room.sittings.map((s) => seat(room, s))));
}

// All rooms at a glance; one of them opens into its seat map.
function overview() {
  return h("div", { class: "rooms", key: "rooms" }, known.picture.rooms.map((room) => {
    const answered = room.sittings.reduce((sum, s) => sum + s.now[1], 0);
    const items = room.sittings.reduce((sum, s) => sum + (came(s) ? s.items : 0), 0);
    const found = Object.entries(counts(room)).filter(([, count]) => count);
    return h("section", { class: "card", key: room.id, "aria-label": room.name }, h("h2", {}, room.name, room.closed_at ? "（已结束）" : room.paused_at ? "（暂停中）" : ""),
      h("div", { class: "row" }, found.map(([state, count]) => h("span", { key: state, class: `count ${state}` }, `${known.picture.states[state]} ${count}`))),
      h("p", { class: "hint" }, `应考 ${room.sittings.length}，答题进度 ${items ? Math.round((100 * answered) / items) : 0}%`),
      h("progress", { value: answered, max: items || 1, "aria-label": "答题进度" }),
      ...banners(room),
      h("div", { class: "row", key: "open" }, button("open", "打开座位图", () => { known.opened = room.id; draw(); })));
  }));
}

// Deeds are offered as long as somebody chosen is there for them.
function deedsBar() {
  const list = people();
  if (!list.length) return null;
  const open = list.filter((s) => !roomOf(s).closed_at);
  const offered = Object.entries(ON_SITTINGS).filter(([, deed]) => open.some(deed.fit));
  return h("div", { class: "deeds", key: "chosen", role: "group", "aria-label": "对选中的考生" }, h("b", {}, list.length === 1 ? named(list[0]) : `选中 ${list.length} 人`),
    list.length === 1 ? button("person", "查看信息", () => showPerson(list[0])) : null,
    offered.map(([deed, { title }]) => button(deed, title, () => onSittings(deed))),
    button("none", "取消选择", () => { chosen.clear(); draw(); }));
}

const locked = (one) => (one ? one.locked && !one.closed_at : known.picture.rooms.some((room) => room.locked && !room.closed_at));

function bar(one) {
  const many = known.picture.rooms.length > 1;
  return h("header", { class: "bar", key: "bar" }, h("h1", {}, `${known.picture.batch} ${known.picture.session}`), h("span", { key: "who" }, known.picture.who),
    mayAct() ? null : h("span", { key: "looking", class: "badge waiting", title: "督导和其他人员只查看，办理由本考场监考员或考务人员进行" }, "只看不办"),
    h("span", { key: "line", class: `badge ${known.online ? "saved" : "waiting"}` }, known.online ? "实时" : "连接中断，正在重连"),
    many && one ? button("back", "← 全部考场", () => { known.opened = null; chosen.clear(); draw(); }) : null,
    many && !one ? deedButton("broadcast", "向全部考场广播", () => onRoom({ id: "*", name: "全部考场" }, "broadcast")) : null,
    locked(one) ? button("browser", "专用浏览器", () => showBrowser(one, token)) : null,
    h("span", { key: "clock", class: "clock small" }, clockLine(one)));
}

export function page() {
  const one = roomInView();
  return [bar(one), one ? roomShown(one) : overview(), deedsBar()].filter(Boolean);
}
