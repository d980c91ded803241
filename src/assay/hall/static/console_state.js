// What the console knows: the picture of the rooms as last heard, who is chosen, and what follows from both.
import { clockText, timeText } from "./hall_api.js";

export const known = { picture: null, ahead: 0, heardAt: 0, opened: null, online: false, sheet: "", pane: "needs", sought: "" };
export const chosen = new Set();
// The hall's clock. While nothing is heard it stands still: what is shown is as old as the last thing heard.
export const now = () => (known.online ? Date.now() + known.ahead : known.heardAt);

// What changes of a seat, in the hall's order. A hall of an earlier version says less: what it does not say is undefined.
const FIELDS = ["state", "answered", "end", "minutes_now", "admitted", "may_move", "receipt", "away", "heard", "remarks", "late", "forced",
  "due", "given", "missing", "mismatch", "by_time", "started", "wrong", "other_from", "other_at",
  "paused_at", "old_computer_since", "ready", "reopen_until", "came_without", "late_refused_at", "sits_at", "no_show_at", "misconduct", "elsewhere_from", "elsewhere_at", "mismatch_by",
  "stays_at", "arrived", "other_computer",
  "kept_out_at", "misconduct_for", "grace"];
export const seatNow = (sitting) => Object.fromEntries(FIELDS.map((name, n) => [name, sitting.now[n]]));
// Whether the hall knows the deeds for one candidate (message, pause, late entry…).
export const knowsOne = (sitting) => seatNow(sitting).paused_at !== undefined;

const FEW = 4;
const NOT_THERE = ["expected", "absent"];
const OVER = ["handed_in", "missing", "came", "absent", "rescheduled"];
export const stateOf = (sitting) => sitting.now[0];
export const came = (sitting) => !NOT_THERE.includes(stateOf(sitting));
// As the hall counts, and would write it into the record if the room ended now: who came and answered nothing, with the reason; who is
// absent. Whoever stood at the door, were it too late, is not.
export const cameOnly = (sitting) => Boolean(seatNow(sitting).came_without);
export const reasonOf = (sitting) => known.picture.reasons[seatNow(sitting).came_without];
// Who came and has not signed in (at the door, or found to be somebody else by the roll call) is not "未到".
const OUTSIDE = "到场，没有登录";
export const isOutside = (sitting) => stateOf(sitting) === "expected" && cameOnly(sitting);
export const stateText = (sitting) => (isOutside(sitting) ? OUTSIDE : known.picture.states[stateOf(sitting)]);
// By state, in the hall's order; none is empty.
export function byState(room) {
  const all = Object.entries(known.picture.states).map(([state, text]) => [state, text, room.sittings.filter((s) => stateOf(s) === state && !isOutside(s))]);
  return [["outside", OUTSIDE, room.sittings.filter(isOutside)], ...all].filter(([, , list]) => list.length);
}
export const isAway = (sitting) => !seatNow(sitting).started && !cameOnly(sitting);
export const isOver = (sitting) => OVER.includes(stateOf(sitting));
export const atWork = (sitting) => came(sitting) && !isOver(sitting);

export const named = (sitting) => `${sitting.seat} 号 ${sitting.name}`;
export const namesOf = (list, most = 12) => list.slice(0, most).map(named).join("、") + (list.length > most ? ` 等 ${list.length} 人` : "");

// Many seats in few words: "5–8、12 号".
export function seatsText(list) {
  const spans = [];
  for (const { seat } of list) {
    const last = spans[spans.length - 1];
    if (last && last[1] === seat - 1) last[1] = seat;
    else spans.push([seat, seat]);
  }
  return `${spans.map(([from, to]) => (from === to ? from : `${from}${to - from > 1 ? "–" : "、"}${to}`)).join("、")} 号`;
}
// Each with his minutes; when they are many, those with the same minutes together.
export function minutesText(list, minutesOf) {
  const said = (minutes) => (minutes ? `（${minutes} 分）` : "");
  if (list.length <= FEW) return list.map((s) => named(s) + said(minutesOf(s))).join("、");
  const groups = new Map();
  for (const s of list) groups.set(minutesOf(s), [...(groups.get(minutesOf(s)) || []), s]);
  return [...groups].map(([minutes, some]) => seatsText(some) + said(minutes)).join("；");
}

// The minutes that somebody was given beside those of the paper: his own (planned ones among them), and the room's.
export const givenText = (own, all, planned = 0) => [planned ? `计划 ${planned} 分` : "", own ? `单独 ${own} 分` : "", all ? `全场 ${all} 分` : ""].filter(Boolean).join("，");

// Who says that the identity is wrong: the invigilator who called the roll, or the candidate.
export function mismatchText(sitting) {
  const { mismatch_by: by } = seatNow(sitting);
  return by ? `点名不符（${by}登记）` : "报告信息不符";
}

export const due = (sitting) => seatNow(sitting).due;
export const owedIn = (room) => room.sittings.filter((s) => due(s) && atWork(s) && stateOf(s) !== "offline");
export const offlineIn = (room) => room.sittings.filter((s) => stateOf(s) === "offline" && !timeIsOver(room, s));
// Whose time is over, while what the pages still hold is waited for: the hall closes them when that is over, too.
export const collectedNow = (room) => room.sittings.filter((s) => atWork(s) && seatNow(s).started && timeIsOver(room, s));
export const collectedInS = (room, sitting) => Math.max(Math.ceil((restOf(room, seatNow(sitting)) + (seatNow(sitting).grace || 0)) / 1000), 0);
export function collectingText(room, list) {
  const seconds = Math.max(...list.map((s) => collectedInS(room, s)));
  return seconds ? `正在收卷，还有 ${seconds} 秒` : "正在收卷";
}
export const missingIn = (room) => room.sittings.filter((s) => stateOf(s) === "missing");
// Whom nobody has verified of those who were let in, as the hall counts; who only stood at the door is none of them.
export const isUnverified = (sitting) => { const { arrived, admitted } = seatNow(sitting); return !admitted && (arrived === undefined ? came(sitting) : arrived); };
export const unverified = (room) => room.sittings.filter(isUnverified);
// Of whom it is in doubt who or where he is, is looked at by himself: he is not among those who are verified together.
export const inDoubt = (room) => unverified(room).filter((s) => seatNow(s).mismatch || sitsWrong(s));
export const verifiable = (room) => { const out = inDoubt(room); return unverified(room).filter((s) => !out.includes(s)); };
// Wrong tries to sign in with the ticket: how many in all, and from where. A few are anybody's slips.
export const MANY_WRONG = 3;
export const wrongTries = (sitting) => Object.values(seatNow(sitting).wrong).reduce((a, b) => a + b, 0);
export const wrongFrom = (sitting) => Object.entries(seatNow(sitting).wrong).map(([computer, times]) => `${computer} ${times} 次`).join("、");
// A computer is said by its seat where the hall knows it ("本机（6 号机位）"), else by its address.
const spaced = (text) => (/^\d/.test(text) ? ` ${text}` : text);
export const fromText = (computer) => `来自${spaced(computer)}`;
export const isAddress = (computer) => !computer.includes("机位");
// At which other seat's computer somebody is without the invigilator's word; 0 where that is not so.
export const sitsWrong = (sitting) => { const s = seatNow(sitting); return s.sits_at && s.sits_at !== s.stays_at && !isOver(sitting) ? s.sits_at : 0; };
// Who came without the locked browser that the room asks for, from a computer where nobody has allowed it.
export const otherBrowser = (sitting) => { const s = seatNow(sitting); return s.other_from !== s.other_at && !isOver(sitting) ? s.other_from : ""; };
export const otherComputer = (sitting) => seatNow(sitting).other_computer || otherBrowser(sitting);
export const undecided = (sitting) => seatNow(sitting).late.find((one) => one.accepted === null);

// Who only looks on may not do anything: nothing is chosen, no deed is shown.
export const mayAct = () => known.picture.may_act;
// In a room that is closed nobody can do anything any more either.
export const mayChoose = (room) => mayAct() && !room.closed_at;

export const people = () => known.picture.rooms.flatMap((room) => room.sittings).filter((s) => chosen.has(s.id));
export const roomOf = (sitting) => known.picture.rooms.find((room) => room.sittings.includes(sitting));
export const roomInView = () => (known.picture.rooms.length === 1 ? known.picture.rooms[0] : known.picture.rooms.find((room) => room.id === known.opened));
// The same room or seat in the picture as it is now: the whole picture may have been sent anew meanwhile.
export const roomNow = (room) => known.picture.rooms.find((one) => one.id === room.id) || room;
export const sittingNow = (sitting) => known.picture.rooms.flatMap((room) => room.sittings).find((one) => one.id === sitting.id) || sitting;
export function choose(list) { chosen.clear(); for (const sitting of list) chosen.add(sitting.id); }

export const begun = () => known.picture.starts <= now();

// A pause that still lasts, the room's or one's own: it comes on top of the end.
function pausedNow(room, s) {
  const since = [room.paused_at, s ? s.paused_at : 0].filter(Boolean);
  return since.length ? now() - Math.min(...since) : 0;
}

const restOf = (room, s) => s.end + pausedNow(room, s) - now();
export const timeIsOver = (room, sitting) => { const s = seatNow(sitting); return Boolean(s.end) && restOf(room, s) <= 0; };

export function left(room, s) {
  if (!s.end || !begun()) return "";
  return restOf(room, s) > 0 ? `剩 ${clockText(restOf(room, s))}` : "时间到，稍后自动收卷";
}

// A moment that nobody knows: the hall was started anew and has not heard the computer since.
export const sinceText = (ms) => (ms > 1 ? `${timeText(ms)} 起` : "考试端重新启动前起");

// When a line of the record was; what happened to several seats may have taken a moment.
export const spanText = ({ at, until }) => (until && timeText(until) !== timeText(at) ? `${timeText(at)} 至 ${timeText(until)}` : timeText(at));

// Who sat the exam, who came and answered nothing, who is absent: as the hall counts, where it says it.
// How long a room had been paused until a moment. Late limits are in minutes of the exam, the room's pauses left out.
function pausedUntil(room, at) {
  const stretches = [...(room.pauses || []), ...(room.paused_at ? [[room.paused_at, at]] : [])];
  return stretches.reduce((sum, [began, ended]) => sum + Math.max(Math.min(ended, at) - began, 0), 0);
}
export const examMinutes = (room, at) => Math.max(Math.floor((at - known.picture.starts - pausedUntil(room, at)) / 60000), 0);
export const withoutPauses = (room) => (room.paused_at || (room.pauses || []).length ? "（不计暂停）" : "");
export const doorsOf = (room) => known.picture.doors + pausedUntil(room, now());

// While the doors are open nobody is absent yet.
const ATTENDANCE = { came: "到场未作答", absent: "缺考" }, SO_FAR = { came: "到场，尚未作答", absent: "尚未到场" };
export const wordsFor = (room) => (room.closed_at || now() >= doorsOf(room) ? ATTENDANCE : SO_FAR);
export function countText({ expected, sat, came: only, absent }, words = ATTENDANCE) { return `应考 ${expected}，实考 ${sat}，${only ? `${words.came} ${only}，` : ""}${words.absent} ${absent}`; }
export function counted(room, words = ATTENDANCE) {
  const sat = room.sittings.filter((s) => seatNow(s).started).length, absent = room.sittings.filter(isAway).length, expected = room.sittings.length;
  return countText(room.counts || { expected, sat, absent, came: expected - sat - absent }, words);
}

// Time to the start; then to the end for those who answer: to the first and to the last one where these differ. Whose time is over is
// being collected.
export function clockLine(room) {
  const toStart = known.picture.starts - now();
  if (toStart > 0) return `距开考 ${clockText(toStart)}`;
  if (!room) return known.picture.rooms.every((one) => one.closed_at) ? "已结束" : "考试中";
  if (room.closed_at) return "已结束";
  const there = room.sittings.filter(came);
  const missing = room.sittings.filter(isAway).length;
  if (!there.length) return "考试中，还没有人到场";
  if (there.every(isOver)) return missing ? `到场的全部已交卷，${missing} 人未到` : "全部已交卷";
  const collected = collectedNow(room), rests = there.filter((s) => atWork(s) && seatNow(s).end && !timeIsOver(room, s)).map((s) => restOf(room, seatNow(s)));
  if (!rests.length) return collected.length ? collectingText(room, collected) : "考试中";
  const [first, last] = [Math.min(...rests), Math.max(...rests)].map(clockText);
  const said = first === last ? `剩余 ${last}` : `最早 ${first}，最晚 ${last}`;
  return `${room.paused_at ? "暂停中 · " : ""}${collected.length ? `${collected.length} 人正在收卷，` : ""}${said}`;
}
