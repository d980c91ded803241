// What an invigilator does: the questions before each deed, and sending it.
import { Api, clockText, el, timeText } from "./hall_api.js";
import { ask, show as tell } from "./console_dialogs.js";
import {
  atWork, begun, came, choose, chosen, due, isOver, known, left, missingIn, named, namesOf, now, offlineIn, otherBrowser, people, roomOf, seatNow, sinceText,
  stateOf, undecided, unverified, verifiable, wrongFrom, wrongTries,
} from "./console_state.js";

const KEY = "assay-room";
export const token = new URLSearchParams(location.hash.slice(1)).get("token") || sessionStorage.getItem(KEY) || "";
sessionStorage.setItem(KEY, token);
history.replaceState(null, "", "/room");
const api = new Api(token, "考试服务器连接不上：这一步没有办理。连接恢复（右上角显示“实时”）后请再办一次");
const withToken = { headers: { Authorization: `Bearer ${token}` } };
let redraw = () => {};
export function whenDone(draw) { redraw = draw; }

function toast(text) {
  const box = document.getElementById("alert");
  box.textContent = text; box.hidden = false;
  clearTimeout(toast.timer); toast.timer = setTimeout(() => { box.hidden = true; }, 6000);
}

async function act(action, said) {
  try { await api.post("/room/act", action); toast(said); return true; } catch (error) { toast(error.message); return false; }
}

const REASON = { name: "text", label: "原因（写入考场记录）" };
const RECORD = { name: "text", label: "情况记录", lines: 3 };
const minutes = (value, more = {}) => ({ name: "minutes", label: "延长分钟数", type: "number", min: 1, max: 240, value, ...more });

// Who was away gets what he lost: all the same (the greatest loss), or each his own.
function extendFields(list) {
  const away = list.filter(due);
  if (!away.length) return [{ note: "选中的考生没有待补的离线时间。" }, minutes(), REASON];
  const greatest = Math.max(...away.map(due));
  const note = { note: `待补的离线时间：${away.map((s) => `${named(s)}（${due(s)} 分）`).join("、")}。全场暂停期间的时间恢复时已自动补上，这里没有算在内。` };
  if (list.length === 1) return [note, minutes(greatest), REASON];
  const others = list.length - away.length;
  return [note,
    { name: "way", label: "怎样补", options: [["each", `各按离线时间补（${away.length} 人${others ? `，其余 ${others} 人没有离线、不补` : ""}）`], ["same", `${list.length} 人都延长同样的时间`]] },
    minutes(greatest, { only: "same" }), REASON];
}

const MOVING = "原计算机已离线 45 秒以上的，不用允许也可以换机；仍在线的须先允许。换机时考生在任一台备用机上用准考证号和证件号码重新登录，即可接着答题：已答内容和剩余时间都保留，原来那台计算机上的页面随即停用。";

export const ON_SITTINGS = {
  admit: { title: "身份核验通过", fit: () => true, fields: () => [] },
  extend: { title: "延长时间", fit: atWork, fields: extendFields },
  move: { title: "允许换机", fit: atWork, fields: () => [{ note: MOVING }, REASON] },
  release: { title: "放行登录", fit: (s) => wrongTries(s) > 0 && !isOver(s), fields: (list) => [
    { note: "清除以下准考证的输错记录，请考生本人马上登录。请先核对：输错的是不是考生本人，号码是否看错。", list: list.map((s) => `${named(s)}　输错 ${wrongFrom(s)}`) }] },
  other_browser: { title: "允许不用专用浏览器", fit: (s) => Boolean(otherBrowser(s)), fields: (list) => [
    { note: "只对以下计算机有效，写入考场记录。请先到座位看清就是这一台、确是考生本人；允许后考生在这一台上用普通浏览器登录，即可作答。", list: list.map((s) => `${named(s)}　来自 ${otherBrowser(s)}`) }, REASON] },
  note: { title: "记录情况", fit: () => true, fields: () => [RECORD] },
  force: { title: "强制交卷", fit: atWork, fields: (list) => [
    { note: `以下 ${list.length} 人立即交卷，之后不能再作答，不能撤回。已保存的答案有效。`,
      list: list.map((s) => `${named(s)}　${stateOf(s) === "offline" ? "离线　" : ""}${left(roomOf(s), seatNow(s))}`) }, REASON] },
};

const counted = (room) => {
  const there = room.sittings.filter((s) => seatNow(s).started).length; // as the record will say: who signed in and began nothing is absent
  return `应考 ${room.sittings.length}，实考 ${there}，缺考 ${room.sittings.length - there}`;
};

// Why a room cannot be closed yet: said beforehand, with the way on.
export function inTheWay(room) {
  const working = room.sittings.filter((s) => atWork(s) && seatNow(s).started);
  const waiting = room.sittings.filter(undecided);
  if (working.length) return [{ warn: true, note: `现在还不能结束：还有 ${working.length} 名考生没有交卷（${namesOf(working)}）。等其交卷或到时自动收卷，或选中后“强制交卷”。`, said: "选中这些人", act: () => { choose(working); redraw(); } }];
  if (waiting.length) return [{ warn: true, note: `现在还不能结束：${namesOf(waiting)} 结束后送达的答案还没有决定。`, said: "选中这些人", act: () => { choose(waiting); redraw(); } }];
  if (!begun()) return [{ warn: true, note: "考试尚未开始，还不能结束考场。" }];
  return [];
}

function closeFields(room) {
  const stopped = inTheWay(room);
  if (stopped.length) return [{ note: `${counted(room)}。` }, ...stopped];
  const missing = missingIn(room), strangers = unverified(room), never = room.sittings.filter(atWork);
  const absent = room.sittings.filter((s) => !came(s)), early = absent.length && now() < known.picture.doors;
  return [{ note: `${counted(room)}，作答的全部已交卷。确认后考场结束，记录不能再改。` },
    ...(early ? [{ warn: true, note: `${absent.length} 人未到，${timeText(known.picture.doors)} 前还可以入场：${namesOf(absent)}。现在结束，他们不能再入场，按缺考处理。` }] : []),
    ...(never.length ? [{ warn: true, note: `${never.length} 人已登录而没有开始作答：${namesOf(never)}。结束后不能再进入。` }] : []),
    ...(missing.length ? [{ warn: true, note: `${missing.length} 人交卷时离线，可能有未送达的答案。结束后送到的答案不再接收，请先取答案文件或等其恢复：`, list: missing.map((s) => `${named(s)}　${sinceText(seatNow(s).missing)}离线`) }] : []),
    ...(strangers.length ? [{ warn: true, note: `${strangers.length} 人身份未核验（写入考场记录）：`, list: strangers.map(named) }] : [])];
}

const seeing = (room) => room.sittings.filter((s) => atWork(s) && stateOf(s) !== "offline").length;
const resumeNote = (room) => `已暂停 ${clockText(now() - room.paused_at)}，恢复后全场自动补上同样的时间。${offlineIn(room).length ? `仍离线：${namesOf(offlineIn(room))}。可先恢复，再给他们换机、延长。` : ""}`;

export const ON_ROOM = {
  admit: { title: "已登录的全部核验通过", fields: (room) => {
    const doubtful = unverified(room).filter((s) => seatNow(s).mismatch);
    return [{ note: `${verifiable(room).length} 人已登录、未核验：${namesOf(verifiable(room)) || "无"}。请确认已逐人核对身份证件和照片。` },
      ...(doubtful.length ? [{ warn: true, note: `报告信息不符的不在其内，请到座位核对后选中办理：${namesOf(doubtful)}。` }] : [])];
  } },
  broadcast: { title: "广播通知", fields: (room) => [{ note: room.sittings ? `现在能看到的 ${seeing(room)} 人；离线的恢复连接后看到。通知可以撤回。` : "显示在各考场考生的页面上。" }, { name: "text", label: "通知内容", lines: 3 }] },
  withdraw: { title: "撤回通知", fields: (room) => [{ note: `考生页面上不再显示：${room.message}` }] },
  extend: { title: "全场延长", fields: () => [minutes(5), REASON] },
  pause: { title: "全场暂停", fields: () => [{ note: "考生页面停止计时并不能作答；恢复时自动补上暂停的时间。" }, REASON] },
  resume: { title: "恢复考试（自动补时）", fields: (room) => [{ note: resumeNote(room) }] },
  exam_keys: { title: "登记浏览器版本", fields: () => [
    { warn: true, note: "登记后立即生效：别的版本不能登录，正在作答的也不能再提交。请先在一台考生机上核对；登错了，填“不限”即可取消。" },
    { note: "用 Safe Exam Browser 的配置工具打开本场次的设置文件，“考试”页上的 Browser Exam Key 就是；每个版本（32 位、64 位不同）一行，64 位十六进制数。每个场次都不同，须逐场登记。" },
    { name: "text", label: "浏览器考试密钥，每行一个；不限定则填“不限”", lines: 4 }] },
  note: { title: "写考场记录", fields: () => [RECORD] },
  reschedule: { title: "终止本场，另行安排", fields: () => [{ note: "未交卷的考生本场作废，由考务办公室在“考试实施”中另定时间重考。" }, REASON] },
  close: { title: "结束考场并确认记录", fields: closeFields },
};

export async function onSittings(deed) {
  const { title, fit, fields } = ON_SITTINGS[deed];
  const list = people().filter(fit);
  if (!list.length) { toast(`选中的考生没有可以${title}的`); return; }
  const each = new Map(list.map((s) => [s, due(s)])), places = new Map(list.map((s) => [s, otherBrowser(s)]));
  const given = await ask(`${title}：${namesOf(list, 6)}`, fields(list));
  if (!given) return;
  const { way, ...action } = given;
  // Who handed in while the question stood there is left alone.
  const still = people().filter((s) => list.includes(s) && fit(s) && (way !== "each" || each.get(s)));
  if (way === "each") action.each = Object.fromEntries(still.map((s) => [s.id, each.get(s)]));
  if (deed === "other_browser") action.places = Object.fromEntries(still.map((s) => [s.id, places.get(s)]));
  if (!still.length) { toast("选中的考生都已交卷，没有办理"); return; }
  const done = await act({ do: deed, sittings: still.map((s) => s.id), ...action }, `已${title}：${namesOf(still, 6)}`);
  if (done && deed !== "note") chosen.clear();
  redraw();
}

export async function onRoom(room, deed) {
  const { title, fields } = ON_ROOM[deed];
  const impossible = deed === "close" && inTheWay(room).length > 0;
  const given = await ask(`${room.name}：${title}`, fields(room), { impossible });
  const said = deed === "close" ? "考场已结束，记录已存；收卷后由考务在“考试实施”打印《考场记录表》" : `${title}，已办理`;
  if (given) act({ do: deed, room: room.id, ...given }, `${room.name}：${said}`);
}

export async function decide(sitting, late) {
  const when = (ms) => (ms ? timeText(ms) : "未注明");
  const given = await ask(`${named(sitting)}：结束后送达的答案`, [
    { note: `${late.source === "file" ? "答案文件" : "网络补传"}，${when(late.at)} 送达。考生页面自记的作答时间 ${when(late.first_said)} 至 ${when(late.last_said)}，按它时限内 ${late.page_in_time} 题。` },
    { note: `考试端所知：${late.known || "没有记录"}。` },
    { note: `两者都相符、可以接受的 ${late.in_time} 题；其余 ${late.after} 题不能接受。` },
    { name: "accept", label: "决定", options: [...(late.in_time ? [["yes", `接受时限内的 ${late.in_time} 题`]] : []), ["no", "全部不接受"]] }, REASON]);
  if (given) act({ do: "late", sittings: [sitting.id], number: late.number, accept: given.accept === "yes", text: given.text }, "决定已记录");
}

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

export async function showRecord(room) {
  try {
    const lines = await api.get(`/room/${room.id}/record`);
    tell(`${room.name}：考场记录`, el("ul", { class: "record", tabindex: "0" }, lines.map((line) => el("li", {},
      el("time", {}, timeText(line.at)), line.text, el("small", {}, `（${line.by}）`)))));
  } catch (error) { toast(error.message); }
}

function awayText(s) {
  if (s.state === "offline") return `现在离线${s.away ? `，此前 ${s.away} 分钟` : ""}`;
  if (s.state === "missing") return `${sinceText(s.missing)}离线，可能有未送达的答案`;
  return s.away ? `曾离线 ${s.away} 分钟` : "无";
}

export async function showPerson(sitting) {
  const photo = el("div", { class: "photo" }, "照片");
  if (sitting.photo) {
    fetch(`/room/photos/${sitting.id}`, withToken).then((r) => (r.ok ? r.blob() : Promise.reject(new Error("none"))))
      .then((blob) => photo.replaceChildren(el("img", { src: URL.createObjectURL(blob), alt: `${sitting.name} 的照片` }))).catch(() => {});
  }
  const s = seatNow(sitting), { states, remarks } = known.picture;
  const facts = [["姓名", sitting.name], ["证件号码", sitting.id_masked], ["准考证号", sitting.ticket], ["座位", `${sitting.seat} 号`], ["状态", states[s.state]],
    ["考试时长", s.minutes_now > sitting.minutes ? `原 ${sitting.minutes} 分钟，延长至 ${s.minutes_now} 分钟` : `${sitting.minutes} 分钟`],
    ["剩余时间", isOver(sitting) ? "已交卷" : left(roomOf(sitting), s).replace("剩 ", "") || "未开始"],
    ["离线", awayText(s)], ["已补时", s.given ? `${s.given} 分钟` : "无"],
    ["身份", s.mismatch ? "考生报告信息不符" : s.admitted ? "已核验" : "未核验"],
    ["输错证件号码", wrongFrom(sitting) || "无"],
    ...(s.other_at ? [["不用专用浏览器", `已允许，${s.other_at}`]] : []),
    ["注意到的情况", Object.entries(s.remarks).map(([kind, times]) => `${remarks[kind] || kind} ${times} 次`).join("；") || "无"]];
  tell("考生信息", el("div", { class: "person" }, photo, el("dl", {}, facts.flatMap(([k, v]) => [el("dt", {}, k), el("dd", {}, v)]))));
}
