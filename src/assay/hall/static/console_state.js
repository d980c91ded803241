// What the console knows: the picture of the rooms as last heard, who is chosen, and what follows from both.
import { clockText, timeText } from "./hall_api.js";

export const known = { picture: null, ahead: 0, opened: null, online: false };
export const chosen = new Set();
export const now = () => Date.now() + known.ahead;

// What changes of a seat, in the hall's order.
const FIELDS = ["state", "answered", "end", "minutes_now", "admitted", "may_move", "receipt", "away", "heard", "remarks", "late", "forced",
  "due", "given", "missing", "mismatch", "by_time", "started", "wrong", "other_from", "other_at"];
export const seatNow = (sitting) => Object.fromEntries(FIELDS.map((name, n) => [name, sitting.now[n]]));

const OVER = ["handed_in", "missing"];
export const stateOf = (sitting) => sitting.now[0];
export const came = (sitting) => stateOf(sitting) !== "expected";
export const isOver = (sitting) => OVER.includes(stateOf(sitting));
export const atWork = (sitting) => came(sitting) && !isOver(sitting);

export const named = (sitting) => `${sitting.seat} 号 ${sitting.name}`;
export const namesOf = (list, most = 12) => list.slice(0, most).map(named).join("、") + (list.length > most ? ` 等 ${list.length} 人` : "");

export const due = (sitting) => seatNow(sitting).due;
export const offlineIn = (room) => room.sittings.filter((s) => stateOf(s) === "offline");
export const missingIn = (room) => room.sittings.filter((s) => stateOf(s) === "missing");
export const unverified = (room) => room.sittings.filter((s) => came(s) && !seatNow(s).admitted);
export const verifiable = (room) => unverified(room).filter((s) => !seatNow(s).mismatch);
// Wrong tries to sign in with the ticket: how many in all, and from where.
export const wrongTries = (sitting) => Object.values(seatNow(sitting).wrong).reduce((a, b) => a + b, 0);
export const wrongFrom = (sitting) => Object.entries(seatNow(sitting).wrong).map(([address, times]) => `${address} ${times} 次`).join("、");
// Who came without the locked browser that the room asks for, from a computer where nobody has allowed it.
export const otherBrowser = (sitting) => { const s = seatNow(sitting); return s.other_from !== s.other_at && !isOver(sitting) ? s.other_from : ""; };
export const undecided = (sitting) => seatNow(sitting).late.find((one) => one.accepted === null);

// Who only looks on may not do anything: nothing is chosen, no deed is shown.
export const mayAct = () => known.picture.may_act;

export const people = () => known.picture.rooms.flatMap((room) => room.sittings).filter((s) => chosen.has(s.id));
export const roomOf = (sitting) => known.picture.rooms.find((room) => room.sittings.includes(sitting));
export const roomInView = () => (known.picture.rooms.length === 1 ? known.picture.rooms[0] : known.picture.rooms.find((room) => room.id === known.opened));
export function choose(list) { chosen.clear(); for (const sitting of list) chosen.add(sitting.id); }

export const begun = () => known.picture.starts <= now();
const pausedNow = (room) => (room.paused_at ? now() - room.paused_at : 0);

export function left(room, s) {
  if (!s.end) return "";
  const rest = s.end + pausedNow(room) - now();
  return rest > 0 ? `剩 ${clockText(rest)}` : "时间到，稍后自动收卷";
}

// A moment that nobody knows: the hall was started anew and has not heard the computer since.
export const sinceText = (ms) => (ms > 1 ? `${timeText(ms)} 起` : "考试端重新启动前起");

// Time to the start; then to the end for most of those who answer, and for the last one where that is another time.
export function clockLine(room) {
  const toStart = known.picture.starts - now();
  if (toStart > 0) return `距开考 ${clockText(toStart)}`;
  if (!room) return "考试中";
  if (room.closed_at) return "已结束";
  const there = room.sittings.filter(came);
  const absent = room.sittings.length - there.length;
  if (!there.length) return "考试中，还没有人到场";
  if (there.every(isOver)) return absent ? `到场的全部已交卷，${absent} 人未到` : "全部已交卷";
  const ends = there.filter(atWork).map((s) => seatNow(s).end).filter(Boolean);
  if (!ends.length) return "考试中";
  const rest = (end) => clockText(end + pausedNow(room) - now());
  const times = new Map();
  for (const end of ends) times.set(end, (times.get(end) || 0) + 1);
  const [most] = [...times].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0];
  const last = Math.max(...ends);
  const said = most === last ? `剩余 ${rest(last)}` : `多数 ${rest(most)}，最晚 ${rest(last)}`;
  return `${room.paused_at ? "暂停中 · " : ""}${said}`;
}
