// What an invigilator does: the questions before each deed, and sending it.
import { clockText, timeText } from "./hall_api.js";
import { ask } from "./console_dialogs.js";
import { act, drawAgain, toast } from "./console_line.js";
import {
  atWork, begun, cameOnly, choose, chosen, counted, doorsOf, due, fromText, inDoubt, isAway, isOver, known, knowsOne, left, minutesText, missingIn, named, namesOf, now, otherBrowser,
  otherComputer, people, reasonOf, roomNow, roomOf, seatNow, sinceText, sittingNow, sitsWrong, stateOf, stateText, undecided, unverified, verifiable, withoutPauses, wrongFrom,
  wrongTries,
} from "./console_state.js";

const REASON = { name: "text", label: "原因（写入考场记录）" };
const RECORD = { name: "text", label: "情况记录", lines: 3 };
const KIND = { name: "kind", label: "性质", options: [["ordinary", "一般情况"], ["misconduct", "违纪（标在座位上，列入考场情况表的违纪）"]] };
const minutes = (value, more = {}) => ({ name: "minutes", label: "延长分钟数", type: "number", min: 1, max: 240, value, ...more });

// Who was away gets what he lost: all the same (the greatest loss), or each his own.
function extendFields(list) {
  const away = list.filter(due);
  if (!away.length) return [{ note: "选中的考生没有待补的离线时间。" }, minutes(), REASON];
  const greatest = Math.max(...away.map(due));
  const note = { note: `待补的离线时间：${minutesText(away, due)}。全场暂停期间的时间恢复时已自动补上，这里没有算在内。` };
  if (list.length === 1) return [note, minutes(greatest), REASON];
  const others = list.length - away.length;
  return [note,
    { name: "way", label: "怎样补", options: [["each", `各按离线时间补（${away.length} 人${others ? `，其余 ${others} 人没有离线、不补` : ""}）`], ["same", `${list.length} 人都延长同样的时间`]] },
    minutes(greatest, { only: "same" }), REASON];
}

const MOVING = "原计算机已离线 45 秒以上的，不用允许也可以换机；仍在线的须先允许。换机时考生在任一台备用机上用准考证号和证件号码重新登录，即可接着答题：已答内容和剩余时间都保留，原来那台计算机上的页面随即停用。";
const BACK = "这台计算机上的页面退出登录，考生可到自己的座位重新登录，已答内容和剩余时间都保留。";
const running = (s) => knowsOne(s) && atWork(s) && begun() && seatNow(s).started;
const tooLate = (s) => knowsOne(s) && stateOf(s) === "expected" && seatNow(s).late_refused_at > 0;
const leastGiven = (list) => Math.min(...list.map((s) => seatNow(s).given));

// Whose misconduct was just noted is made to hand in for that, as a rule: its words stand there already.
function asNoted(list) {
  const { misconduct_for: text } = seatNow(list[0]);
  return list.length === 1 && text ? { kind: "misconduct", text } : {};
}

// `done`: what the confirmation calls it, where that is not its title; `after`: what is to be done next, said with it. `atOnce`: it leaves
// nothing to choose, and is done without a question wherever its button stands. `proposed`: what stands in its fields at first.
export const ON_SITTINGS = {
  admit: { title: "身份核验通过", fit: (s) => !tooLate(s) && (!seatNow(s).admitted || seatNow(s).mismatch), fields: () => [] },
  late_entry: { title: "准许迟到入场", fit: tooLate, after: "请考生登录作答，结束时间不变", fields: () => [{ note: "考生可以登录作答，考试结束时间不变。" }, REASON] },
  keep_out: { title: "不准迟到入场", done: "登记不准入场", fit: (s) => tooLate(s) && !seatNow(s).kept_out_at, fields: () => [{ note: "写入考场记录。以后仍可以准许入场。" }, REASON] },
  message: { title: "单独通知", fit: (s) => knowsOne(s) && atWork(s), fields: () => [{ note: "只显示在选中考生的页面上。" }, { name: "text", label: "通知内容", lines: 3 }] },
  pause: { title: "暂停作答", fit: (s) => running(s) && !seatNow(s).paused_at && !roomOf(s).paused_at, fields: () => [{ note: "只暂停选中的考生：页面停止计时、不能作答，恢复时自动补上。" }, REASON] },
  resume: { title: "恢复作答", fit: (s) => running(s) && seatNow(s).paused_at > 0, after: "暂停的时间已自动补上", atOnce: true },
  extend: { title: "延长时间", fit: atWork, fields: extendFields },
  take_back: { title: "收回延长", fit: (s) => knowsOne(s) && atWork(s) && seatNow(s).given > 0, fields: (list) => [
    { note: `已单独延长：${list.map((s) => `${named(s)} ${seatNow(s).given} 分`).join("、")}。` }, minutes(leastGiven(list), { label: "收回分钟数", max: leastGiven(list) }), REASON] },
  move: { title: "允许换机", fit: atWork, after: "请考生在备用机上重新登录", fields: () => [{ note: MOVING }, REASON] },
  give_back: { title: "释放计算机", fit: (s) => knowsOne(s) && atWork(s), after: "请考生到自己的座位重新登录", fields: () => [{ note: BACK }, REASON] },
  stay: { title: "准许就坐此机", fit: (s) => seatNow(s).stays_at !== undefined && atWork(s) && sitsWrong(s) > 0, fields: (list) => [
    { note: `不必回本座位，就在现在的计算机上作答：${list.map((s) => `${named(s)} 用 ${sitsWrong(s)} 号机`).join("、")}。以后从这台登录也不再提醒；释放计算机后准许即失效。` }, REASON] },
  set_aside: { title: "不再等候旧机", fit: (s) => seatNow(s).arrived !== undefined && seatNow(s).old_computer_since > 0, fields: () => [
    { note: "先看原来的计算机能否接通、答案文件能否取到：其中可能还有没有送达的答案。办理后不再提醒；它以后若自己送来答案，仍由监考员决定。" }, { ...REASON, value: "原计算机已关机，无法开机" }] },
  release: { title: "放行登录", fit: (s) => wrongTries(s) > 0 && !isOver(s), after: "请考生本人马上登录", fields: (list) => [
    { note: "清除以下准考证的输错记录，请考生本人马上登录。请先核对：输错的是不是考生本人，号码是否看错。", list: list.map((s) => `${named(s)}　输错 ${wrongFrom(s)}`) }] },
  other_browser: { title: "允许不用专用浏览器", fit: (s) => Boolean(otherBrowser(s)), fields: (list) => [
    { note: "只对以下计算机有效，写入考场记录。请先到座位看清就是这一台、确是考生本人；允许后考生在这一台上用普通浏览器登录，即可作答。", list: list.map((s) => `${named(s)}　${fromText(otherComputer(s))}`) }, REASON] },
  reopen: { title: "撤销误交", fit: (s) => knowsOne(s) && seatNow(s).reopen_until > now(), after: "考生页面几秒内自动恢复作答；已退出的，请重新登录接着答题", fields: (list) => [
    { note: `考生页面几秒内自动恢复作答；已退出的，请重新登录接着答题。考试结束时间不变，回执以重新交卷的为准。${list.map((s) => `${named(s)} 还可撤销 ${clockText(seatNow(s).reopen_until - now())}`).join("、")}。` }, REASON] },
  note: { title: "记录情况或违纪", done: "记录情况", fit: () => true, fields: () => [RECORD, KIND] },
  withdraw_misconduct: { title: "撤销违纪记录", fit: (s) => seatNow(s).misconduct > 0, fields: () => [{ note: "座位上不再标违纪；原记录和撤销都留在考场记录中。" }, REASON] },
  mismatch: { title: "身份不符", done: "记录身份不符", fit: knowsOne, fields: () => [{ warn: true, note: "写入考场记录。还没有开始作答的，核验通过以前不能开始。" }, REASON] },
  no_show: { title: "点名未到", fit: (s) => knowsOne(s) && stateOf(s) === "expected" && !seatNow(s).no_show_at, fields: () => [] },
  force: { title: "强制交卷", fit: atWork, proposed: asNoted, fields: (list) => [
    { note: `以下 ${list.length} 人立即交卷，之后不能再作答，不能撤回。已保存的答案有效。`,
      list: list.map((s) => `${named(s)}　已答 ${seatNow(s).answered}/${s.items}　${stateOf(s) === "offline" ? "离线　" : ""}${left(roomOf(s), seatNow(s))}`) }, REASON, KIND] },
};

// Whoever is chosen is seen on the map with what may be done: the page of the end has neither.
function chooseOnMap(list) { choose(list); known.sheet = ""; known.pane = "seats"; drawAgain(); }

// Why a room cannot be closed yet: said beforehand, with the way on.
export function inTheWay(room) {
  const working = room.sittings.filter((s) => atWork(s) && seatNow(s).started);
  const waiting = room.sittings.filter(undecided);
  if (working.length) return [{ warn: true, note: `现在还不能结束：还有 ${working.length} 名考生没有交卷（${namesOf(working)}）。等其交卷或到时自动收卷，或选中后“强制交卷”。`, said: "选中这些人", act: () => chooseOnMap(working) }];
  if (waiting.length) return [{ warn: true, note: `现在还不能结束：${waiting.map((s) => `${named(s)} ${lateWords(undecided(s))}`).join("、")}还没有决定。`, said: "选中这些人", act: () => chooseOnMap(waiting) }];
  if (!begun()) return [{ warn: true, note: "考试尚未开始，还不能结束考场。" }];
  return [];
}

function closeFields(room) {
  const stopped = inTheWay(room);
  if (stopped.length) return [{ note: `${counted(room)}。` }, ...stopped];
  const old = room.sittings.filter((s) => seatNow(s).old_computer_since);
  const missing = missingIn(room), strangers = unverified(room), never = room.sittings.filter(cameOnly), could = never.some(atWork);
  const away = room.sittings.filter(isAway), early = away.length && now() < doorsOf(room);
  return [{ note: `${counted(room)}，作答的全部已交卷。确认后考场结束，记录不能再改。` },
    ...(early ? [{ warn: true, note: `${away.length} 人未到，${timeText(doorsOf(room))} 前还可以入场${withoutPauses(room) ? "（已按暂停顺延）" : ""}：${namesOf(away, away.length)}。现在结束，他们不能再入场，按缺考处理。` }] : []),
    ...(away.length && !early ? [{ note: `缺考 ${away.length} 人：${namesOf(away, away.length)}。` }] : []),
    ...(never.length ? [{ warn: could, note: `到场未作答 ${never.length} 人${could ? "，结束后不能再进入" : ""}：`, list: never.map((s) => `${named(s)}：${reasonOf(s)}`) }] : []),
    ...(missing.length ? [{ warn: true, note: `${missing.length} 人交卷时离线，可能有未送达的答案。结束后送到的答案不再接收，请先取答案文件或等其恢复：`, list: missing.map((s) => `${named(s)}　${sinceText(seatNow(s).missing)}离线`) }] : []),
    ...(old.length ? [{ warn: true, note: `${old.length} 人原来的计算机还没有联系上，可能有未送达的答案。结束后送到的答案不再接收，请先接通那台计算机，或取答案文件：`, list: old.map(named) }] : []),
    ...(strangers.length ? [{ warn: true, note: `${strangers.length} 人身份未核验（写入考场记录）：`, list: strangers.map(named) }] : [])];
}

const seeing = (room) => room.sittings.filter((s) => atWork(s) && stateOf(s) !== "offline").length;

// `open`: whether the deed can be done in the room as it is now; `meant`: what of the room the question spoke of, sent with the deed.
export const ON_ROOM = {
  admit: { title: "已登录的全部核验通过", open: (room) => verifiable(room).length > 0, fields: (room) => {
    const doubtful = inDoubt(room);
    return [{ note: `${verifiable(room).length} 人已登录、未核验。请确认已逐人核对身份证件和照片：`, list: verifiable(room).map(named) },
      ...(doubtful.length ? [{ warn: true, note: `身份不符和坐错机位的不在其内，请到座位核对后逐人办理：${namesOf(doubtful)}。` }] : [])];
  } },
  broadcast: { title: "广播通知", fields: (room) => [{ note: room.sittings ? `现在能看到的 ${seeing(room)} 人；离线的恢复连接后看到。通知可以撤回。` : "显示在各考场考生的页面上。" }, { name: "text", label: "通知内容", lines: 3 }] },
  withdraw: { title: "撤回通知", meant: (room) => ({ number: room.message_number }), open: (room) => Boolean(room.message), fields: (room) => [{ note: room.message ? `考生页面上不再显示：${room.message}` : "没有正在显示的通知。" }] },
  extend: { title: "全场延长", fields: () => [minutes(5), REASON] },
  take_back: { title: "收回全场延长", open: (room) => room.extra > 0, fields: (room) => [
    { note: `已全场延长 ${room.extra} 分。` }, minutes(room.extra, { label: "收回分钟数", max: room.extra }), REASON] },
  pause: { title: "全场暂停", open: (room) => !room.paused_at, fields: () => [{ note: "考生页面停止计时并不能作答；恢复时自动补上暂停的时间。" }, REASON] },
  resume: { title: "恢复考试", atOnce: "已恢复考试，全场自动补上暂停的时间" },
  outage: { title: "考试端停止的时间", open: (room) => Boolean(room.outage), fields: (room) => (room.outage ? [
    { note: `考试端在 ${timeText(room.outage.from)} 至 ${timeText(room.outage.to)} 停止，考生页面不能保存。` },
    { name: "accept", label: "怎样办理", options: [["yes", `给全场 ${room.outage.minutes} 分钟`], ["no", "不补时"]] }, REASON] : [{ note: "已经办理。" }]) },
  exam_keys: { title: "登记浏览器版本", fields: () => [
    { warn: true, note: "登记后立即生效：别的版本不能登录，正在作答的也不能再提交。请先在一台考生机上核对；登错了，填“不限”即可取消。" },
    { note: "用 Safe Exam Browser 的配置工具打开本场次的设置文件，“考试”页上的 Browser Exam Key 就是；每个版本（32 位、64 位不同）一行，64 位十六进制数。每个场次都不同，须逐场登记。" },
    { name: "text", label: "浏览器考试密钥，每行一个；不限定则填“不限”", lines: 4 }] },
  note: { title: "写考场记录", fields: () => [RECORD] },
  reschedule: { title: "终止本场，另行安排", fields: () => [{ note: "未交卷的考生本场作废，由考务办公室在“考试实施”中另定时间重考。" }, REASON] },
  close: { title: "结束考场并确认记录", open: (room) => !inTheWay(room).length, fields: closeFields },
};

const filledIn = (fields, given) => fields.map((field) => (field.name && given[field.name] !== undefined ? { ...field, value: given[field.name] } : field));

// A deed for some candidates, as far as it still fits them when it is confirmed: who handed in while the question stood there is left
// alone. `given`: what stands in the fields at first. Resolves to whether it was done.
export async function onSittings(deed, chosenNow = people(), given = null) {
  const { title, fit, fields, proposed = () => ({}) } = ON_SITTINGS[deed];
  const first = chosenNow.filter(fit);
  if (!first.length) { toast(`选中的考生没有可以${title}的`); return false; }
  if (ON_SITTINGS[deed].atOnce) return settled(await atOnce(deed, first, ""), deed);
  const atFirst = given || proposed(first);
  // Where it lies is what the invigilator was shown, not what it is by the time he confirms.
  const places = Object.fromEntries(first.map((s) => [s.id, otherBrowser(s)]));
  const fitting = () => first.map(sittingNow).filter((s) => !roomOf(s).closed_at && fit(s) && (deed !== "other_browser" || otherBrowser(s) === places[s.id]));
  const asked = await ask(() => {
    const list = fitting(), gone = first.map(sittingNow).filter((s) => !list.includes(s));
    const dropped = gone.length ? [{ warn: true, note: `情况已变，不能再办理：${gone.map((s) => `${named(s)}（${stateText(s)}）`).join("、")}。` }] : [];
    return { title: `${title}：${namesOf(list.length ? list : first, 6)}`, impossible: !list.length, fields: list.length ? [...dropped, ...filledIn(fields(list), atFirst)] : dropped };
  });
  if (!asked) return false;
  const { way, kind, ...action } = asked;
  const list = fitting().filter((s) => way !== "each" || due(s));
  if (way === "each") action.each = Object.fromEntries(list.map((s) => [s.id, due(s)]));
  if (deed === "other_browser") action.places = Object.fromEntries(list.map((s) => [s.id, places[s.id]]));
  if (kind) action.misconduct = kind === "misconduct";
  if (!list.length) { toast("情况已变，没有办理"); return false; }
  return settled(await act({ do: deed, sittings: list.map((s) => s.id), ...action }, doneText(deed, list, kind)), deed);
}

// After most deeds nobody is chosen any more; who was noted or told something may be about to be dealt with.
function settled(done, deed) {
  if (done && !["note", "message"].includes(deed)) chosen.clear();
  drawAgain();
  return done;
}

function doneText(deed, list, kind = "") {
  const { title, done = title, after } = ON_SITTINGS[deed];
  return `已${kind === "misconduct" && deed === "note" ? "记录违纪" : done}：${namesOf(list, 6)}${after ? `。${after}` : ""}`;
}

// What was proposed and leaves nothing to choose is done at once, for whom it still fits; the record says the proposed reason.
export async function atOnce(deed, proposed, text) {
  const list = proposed.map(sittingNow).filter(ON_SITTINGS[deed].fit);
  if (list.length) return act({ do: deed, sittings: list.map((s) => s.id), text }, doneText(deed, list));
  toast("情况已变，没有办理");
  return false;
}
export const roomAtOnce = (room, deed, done, more = {}) => act({ do: deed, room: room.id, ...more }, `${room.name}：${done}`);

// What was proposed, done at once: each gets the minutes that he was away, and the record says why.
export function makeUp(list) {
  const each = Object.fromEntries(list.map((s) => [s.id, due(s)]));
  return act({ do: "extend", sittings: list.map((s) => s.id), each, text: "计算机离线，补时" }, `已补时：${minutesText(list, due)}`);
}

export async function onRoom(room, deed, given = {}) {
  const { title, open = () => true, fields, atOnce: done, meant } = ON_ROOM[deed];
  if (done) return roomAtOnce(room, deed, done);
  const asked = await ask(() => {
    const now = roomNow(room), over = now.closed_at ? [{ warn: true, note: "考场已经结束。" }] : null;
    return { title: `${room.name}：${title}`, impossible: Boolean(over) || !open(now), fields: over || filledIn(fields(now), given) };
  });
  if (!asked) return false;
  const action = { ...asked, ...(asked.accept ? { accept: asked.accept === "yes" } : {}), ...(meant ? meant(roomNow(room)) : {}) };
  const isDone = await roomAtOnce(room, deed, doneInRoom(deed, room, asked), action);
  if (isDone && deed === "close") { chosen.clear(); known.sheet = room.id; drawAgain(); } // to be printed and signed
  return isDone;
}

function doneInRoom(deed, room, { accept }) {
  if (deed === "close") return "考场已结束，记录已存。请打印本页签名；收卷后由考务在“考试实施”打印《考场记录表》";
  if (deed === "outage") return accept === "yes" ? `已给全场 ${room.outage.minutes} 分钟` : "考试端停止的时间不补，已记录";
  if (deed === "broadcast") return room.sittings ? `通知已发，现在能看到的 ${seeing(roomNow(room))} 人` : "通知已发，显示在考生的页面上";
  return `${ON_ROOM[deed].title}，已办理`;
}

const CAME = { file: "答案文件", network: "网络补传", old: "旧机补来" };
// Answers that wait for a decision, in words: after the end, or from a computer that was left.
export const lateWords = (late) => `${late.source === "old" ? "旧机补来" : "结束后送达"}的答案`;

export async function decide(sitting, late) {
  const when = (ms) => (ms ? timeText(ms) : "未注明");
  const still = () => (undecided(sittingNow(sitting)) || {}).number === late.number;
  const given = await ask(() => ({ title: `${named(sitting)}：${lateWords(late)}`, impossible: !still(), fields: still() ? [
    { note: `${CAME[late.source]}，${when(late.at)} 送达。考生页面自记的作答时间 ${when(late.first_said)} 至 ${when(late.last_said)}，按它时限内 ${late.page_in_time} 题。` },
    { note: `考试端所知：${late.known || "没有记录"}。` },
    { note: `两者都相符、可以接受的 ${late.in_time} 题；其余 ${late.after} 题不能接受。` },
    { name: "accept", label: "决定", options: [...(late.in_time ? [["yes", `接受时限内的 ${late.in_time} 题`]] : []), ["no", "全部不接受"]] }, REASON]
    : [{ note: "已经决定。" }] }));
  if (given) act({ do: "late", sittings: [sitting.id], number: late.number, accept: given.accept === "yes", text: given.text },
    `${named(sitting)} ${lateWords(late)}：${given.accept === "yes" ? `接受时限内的 ${late.in_time} 题` : "全部不接受"}，已记录`);
}
