// What needs a hand: one sentence and one button each, the most urgent first. It follows from the picture alone.
import { timeText } from "./hall_api.js";
import { ON_ROOM, ON_SITTINGS, atOnce, decide, inTheWay, lateWords, makeUp, onRoom, onSittings, roomAtOnce } from "./console_deeds.js";
import { notReady } from "./console_papers.js";
import { callRoll } from "./console_roll_call.js";
import {
  MANY_WRONG, atWork, begun, came, choose, collectedNow, collectingText, doorsOf, due, examMinutes, fromText, isAddress, isOver, known, minutesText, mismatchText, missingIn, named, namesOf, now, offlineIn, otherBrowser, otherComputer, owedIn, seatNow, sinceText, sitsWrong, stateOf, undecided,
  unverified, withoutPauses, wrongFrom, wrongTries,
} from "./console_state.js";
import { drawAgain } from "./console_line.js";

const SOON_MS = 30 * 60000, A_WHILE_MS = 10 * 60000;
export const URGENT = 3;
const SOON = 2, CALM = 1, TOLD = 0;

// `rank`: how urgent; `at`: since when, where the hall says it (else see `dated`); `act` with `said`: the button; `other`: a second one, of the same form.
// What leaves nothing to choose is done by that one click. What is only told (TOLD) is not counted. `about`: the matters that it speaks of,
// where another line may come to speak of them instead.
const need = (key, rank, text, said = null, act = null, at = 0, other = null, about = []) => ({ key, rank, text, said, act, at, other, about });
const away = (s) => `away-${s.id}`, place = (s) => `place-${s.id}`;

// Deeds that are on their way, or acknowledged and not yet in the news: a second click on the same line would give the time twice.
const underWay = new Map();
const A_LOOK_MS = 1000, A_WHILE_LATER_MS = 5000;
export const isUnderWay = (key) => underWay.has(key) && known.heardAt <= underWay.get(key) + A_LOOK_MS;
// Whether what is settled now was settled by a deed of this page.
export const wasDone = (key) => underWay.has(key) && known.heardAt <= underWay.get(key) + A_WHILE_LATER_MS;
export async function doOnce(key, act) {
  if (isUnderWay(key)) return;
  underWay.set(key, Infinity); drawAgain();
  if (await act() === true) underWay.set(key, now());
  else underWay.delete(key);
  drawAgain();
}
const minutesSince = (ms) => Math.max(Math.floor((now() - ms) / 60000), 0);
const fetchFile = () => document.getElementById("answer-file").click();
// A name is set off from what is said of it; a bracket and 号 set off by themselves.
const spaced = (names) => (/[）号]$/.test(names) ? names : `${names} `);
const many = (list, text) => (list.length ? [text(list)] : []);

function pausedNeed(room) {
  if (!room.paused_at) return [];
  const passed = minutesSince(room.paused_at), limit = known.picture.reschedule_minutes, offline = offlineIn(room);
  const others = offline.length ? `还有 ${offline.length} 台离线，可先给他们换机` : "全部在线";
  if (passed >= limit) return [need("paused", URGENT, `全场暂停已 ${passed} 分钟，满 ${limit} 分钟；${others}。不能恢复的终止本场，能恢复的按“恢复考试”。`, ON_ROOM.reschedule.title, () => onRoom(room, "reschedule"), room.paused_at)];
  return [need("paused", SOON, `全场暂停中，已 ${passed} 分钟，恢复后自动补时；${others}。`, ON_ROOM.resume.title, () => onRoom(room, "resume"), room.paused_at)];
}

function offlineNeed(room) {
  const offline = offlineIn(room).filter((s) => !seatNow(s).may_move), moving = offlineIn(room).filter((s) => seatNow(s).may_move);
  return [...cutOff(room, offline), ...many(moving, () => need("moving", TOLD, `${spaced(minutesText(moving, awayMinutes))}可以重新登录（换机、释放或撤销误交），还没有登录。`))];
}

const awayMinutes = (s) => (seatNow(s).heard ? minutesSince(seatNow(s).heard) : 0);

function cutOff(room, offline) {
  if (!offline.length) return [];
  if (!room.paused_at && offline.length > 1 && offline.length * 4 >= room.sittings.filter(atWork).length) {
    return [need("cut", URGENT, `${offline.length} 台计算机离线，可能停电或断网；已答内容都在考试服务器或考生机上。先全场暂停，恢复后自动补时。`, "全场暂停", () => roomAtOnce(room, "pause", "已全场暂停；恢复时自动补上暂停的时间", { text: "多台计算机离线" }), 0, null, offline.map(away))];
  }
  return [need("offline", SOON, `${spaced(minutesText(offline, awayMinutes))}离线。原机不能很快恢复的，换到备用机。`, "允许换机", () => atOnce("move", offline, "原计算机离线"),
    Math.max(...offline.map((s) => seatNow(s).heard)), null, offline.map(away))];
}

function owedNeed(room) {
  const owed = room.paused_at ? [] : owedIn(room);
  return many(owed, () => need("owed", SOON, `${owed.length > 1 ? `${owed.length} 人` : ""}曾离线后恢复：${minutesText(owed, due)}。`,
    owed.length > 1 ? `各补离线的时间（${owed.length} 人）` : `补 ${due(owed[0])} 分`, () => makeUp(owed)));
}

function outageNeed(room) {
  if (!room.outage) return [];
  const { from, to, minutes } = room.outage, reason = `考试端 ${timeText(from)} 至 ${timeText(to)} 停止`;
  return [need("outage", URGENT, `考试端停了 ${minutes} 分钟（${timeText(from)} 至 ${timeText(to)}）。`, `给全场 ${minutes} 分`, () => roomAtOnce(room, "outage", `已给全场 ${minutes} 分钟`, { accept: true, text: reason }), to, ["另行办理…", () => onRoom(room, "outage", { text: reason })])];
}

// A seat's own computer may be broken: then it is said that somebody stays where he is.
const stayAsTheySit = (list) => (list.every(ON_SITTINGS.stay.fit) ? [list.length > 1 ? "准许这样坐…" : "准许坐这台…", () => onSittings("stay", list)] : null);

// Who sits at the other's computer, and the other at his.
const partnerOf = (room, sitting) => {
  const at = sitsWrong(sitting), other = at ? room.sittings.find((s) => s.seat === at) : null;
  return other && sitsWrong(other) === sitting.seat ? other : null;
};
function swappedNeed(room) {
  const firsts = room.sittings.filter((s) => { const other = partnerOf(room, s); return other && s.seat < other.seat; });
  return firsts.map((one) => {
    const other = partnerOf(room, one);
    return need(`swapped-pair-${one.id}`, URGENT, `${named(one)} 和 ${named(other)} 坐反了，各用对方的计算机。请到座位核对。`, "两台都释放", () => atOnce("give_back", [one, other], "坐反座位，请各回本座位"),
      0, stayAsTheySit([one, other]), [one, other].map(place));
  });
}

// Who is away when the time is over: the line stays from the end until the file is there.
function missingNeed(room) {
  const missing = missingIn(room), collected = collectedNow(room).filter((s) => stateOf(s) === "offline");
  if (collected.length) {
    const still = `${spaced(minutesText(collected, awayMinutes))}离线，考试时间已到，${collectingText(room, collected)}；可能有未送达的答案，收卷后可取答案文件。`;
    return [need("missing", SOON, missing.length ? `${still}另有 ${missing.length} 人交卷时离线：${namesOf(missing)}。` : still, missing.length ? "装入答案文件" : null, fetchFile, Math.max(...collected.map((s) => seatNow(s).end)), null, collected.map(away))];
  }
  const then = room.closed_at ? "考场已结束，再送到的答案不接收，只写入记录。" : "先取答案文件或等其恢复，再结束考场。";
  return many(missing, () => need("missing", room.closed_at ? TOLD : SOON, `${missing.map((s) => `${named(s)}（${sinceText(seatNow(s).missing)}离线）`).join("、")}交卷时离线，可能有未送达的答案。${then}`,
    room.closed_at ? null : "装入答案文件", fetchFile, Math.max(...missing.map((s) => seatNow(s).missing))));
}

// Computers that were left and have not told that they hold nothing.
function oldNeed(room) {
  const old = room.sittings.filter((s) => seatNow(s).old_computer_since), setAside = old.length > 0 && old.every(ON_SITTINGS.set_aside.fit);
  const moved = old.every((s) => seatNow(s).may_move) ? "已释放或允许换机" : "已换机";
  return many(old, () => need("old", CALM, `${old.map(named).join("、")} ${moved}，旧机可能还有未送达的答案（${old.length > 1 ? "最早" : ""}${sinceText(Math.min(...old.map((s) => seatNow(s).old_computer_since)))}没有联系）。请接通旧机，或取答案文件。`,
    "装入答案文件", fetchFile, Math.max(...old.map((s) => seatNow(s).old_computer_since)), setAside ? ["不再等候…", () => onSittings("set_aside", old)] : null));
}

function strangersNeed(room) {
  const strangers = unverified(room).filter((s) => atWork(s) && seatNow(s).started && !seatNow(s).mismatch);
  return begun() ? many(strangers, () => need("strangers", CALM, `${strangers.length} 人已在答题但没有核验身份。`, "点名核验", () => callRoll(room))) : [];
}

function otherBrowserNeed(room) {
  const list = room.sittings.filter(otherBrowser);
  return many(list, () => need("other-browser", URGENT, `${list.map((s) => `${named(s)}（${fromText(otherComputer(s))}）`).join("、")}未用本场的考试专用浏览器，没有放行。先到座位重开专用浏览器、打开本场次的设置文件；仍不行的再允许。`,
    ON_SITTINGS.other_browser.title, () => onSittings("other_browser", list, { text: "专用浏览器不能使用" })));
}

// Somebody came with the ticket of one who is at work. At the own computer it is mostly the page that was opened anew.
function elsewhereText(who, computer) {
  if (computer.startsWith("本机")) return `${who} 在${computer}上又登录一次，没有放行：先前的页面还在线。请到座位查看，是本人重新打开页面的再允许。`;
  const where = isAddress(computer) ? `另一台计算机（来自 ${computer}）` : ` ${computer}`;
  return `${who} 的准考证在${where}登录，没有放行。请到座位查看，确需换机的再允许。`;
}

// What concerns one seat only.
function ofSeat(room, sitting) {
  const s = seatNow(sitting), who = named(sitting), key = (kind) => `${kind}-${sitting.id}`, found = [];
  if (s.mismatch && !isOver(sitting)) found.push(need(key("mismatch"), URGENT, `${who} ${mismatchText(sitting)}。请到座位核对身份证件、准考证和座位。`, "查看并核验", () => callRoll(room, sitting), s.mismatch));
  if (s.late_refused_at && !s.kept_out_at && stateOf(sitting) === "expected") {
    const late = `迟到 ${examMinutes(room, s.late_refused_at)} 分钟${withoutPauses(room)}`;
    found.push(need(key("late-entry"), URGENT, `${who} ${late}，${timeText(s.late_refused_at)} 请求入场。`, "准许入场…", () => onSittings("late_entry", [sitting], { text: `${late}，经核对准许入场` }), s.late_refused_at,
      ["不准入场", () => atOnce("keep_out", [sitting], `${late}，按规定不得入场`)]));
  }
  if (["expected", "offline"].includes(s.state) && wrongTries(sitting) >= MANY_WRONG) {
    found.push(need(key("wrong"), URGENT, `${who} 的准考证号登录时输错证件号码 ${wrongTries(sitting)} 次（${fromText(wrongFrom(sitting))}）。请到座位查看：是不是本人，号码是否看错。`, "放行登录", () => atOnce("release", [sitting], "")));
  }
  if (s.elsewhere_at && !s.may_move && atWork(sitting) && now() - s.elsewhere_at < A_WHILE_MS) {
    found.push(need(key("elsewhere"), SOON, elsewhereText(who, s.elsewhere_from), "允许换机…", () => onSittings("move", [sitting]), s.elsewhere_at));
  }
  if (sitsWrong(sitting) && !partnerOf(room, sitting)) {
    found.push(need(key("swapped"), URGENT, `${who} 用的是 ${s.sits_at} 号的计算机。请到座位核对。`, "释放计算机", () => atOnce("give_back", [sitting], `坐在 ${s.sits_at} 号机，请回本座位`), 0, stayAsTheySit([sitting]), [place(sitting)]));
  }
  if (s.paused_at && s.state === "paused" && !room.paused_at) found.push(need(key("paused"), SOON, `${who} 单独暂停中，已 ${minutesSince(s.paused_at)} 分钟，恢复后自动补时。`, "恢复作答", () => atOnce("resume", [sitting], ""), s.paused_at));
  const late = undecided(sitting);
  if (late && !room.closed_at) found.push(need(key("decide"), SOON, `${who} 有${lateWords(late)} ${late.in_time + late.after} 题。`, "作出决定", () => decide(sitting, late), late.at));
  if (s.ready && notReady(sitting) && !begun()) found.push(need(key("ready"), CALM, `${sitting.seat} 号机没有就绪：${notReady(sitting)}。请在开考前换一台。`, "选中", () => { choose([sitting]); drawAgain(); }, s.ready.at));
  return found;
}

function told(room) {
  const sealed = !room.closed_at && !known.picture.opened && known.picture.starts - now() < SOON_MS;
  const there = room.sittings.filter(came), unseen = there.length > 0 && there.every(isOver); // nobody has a page on which it stands
  const done = !room.closed_at && room.sittings.some((s) => seatNow(s).started) && !inTheWay(room).length && now() > doorsOf(room);
  return [...(sealed ? [need("sealed", URGENT, "试卷尚未启封：须由试卷保管员与考务（或督导）两人在教务端“考试实施”中启封。")] : []),
    ...(done ? [need("done", TOLD, "作答的全部已交卷，可以结束考场。", "结束考场…", () => onRoom(room, "close"))] : []),
    ...(room.message && !room.closed_at && !unseen ? [need(`message-${room.message_number}`, TOLD, `正在考生页面上显示的通知：${room.message}`, ON_ROOM.withdraw.title, () => roomAtOnce(room, "withdraw", "已撤回通知", { number: room.message_number }))] : [])];
}

function needsOf(room) {
  if (room.closed_at) return missingNeed(room);
  return [pausedNeed, offlineNeed, outageNeed, swappedNeed, missingNeed, oldNeed, owedNeed, strangersNeed, otherBrowserNeed, told].flatMap((of) => of(room)).concat(room.sittings.flatMap((s) => ofSeat(room, s)));
}

// A line whose moment the hall does not say is as old as it stands on the list of its room.
const firstSeen = new Map();
function dated(room, needs) {
  const before = firstSeen.get(room.id) || new Map(), since = new Map(needs.map((one) => [one.key, one.at || before.get(one.key) || now()]));
  firstSeen.set(room.id, since);
  return needs.map((one) => ({ ...one, at: since.get(one.key) }));
}

// Of one room, or of several, then with the name of each. The most urgent first, of those alike the newest.
export function needsIn(rooms) {
  const all = rooms.flatMap((room) => dated(room, needsOf(room)).map((one) => ({ ...one, key: `${room.id}-${one.key}`, where: rooms.length > 1 ? room.name : "" })));
  return all.sort((a, b) => b.rank - a.rank || b.at - a.at);
}
export const pressing = (needs) => needs.filter((one) => one.rank > TOLD);
