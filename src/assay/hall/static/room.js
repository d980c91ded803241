// The invigilator's console: rooms and seats live, and what may be done in them.
import { Api, clockText, el, timeText } from "./hall_api.js";
import { listen } from "./events.js";
import { ask, show as tell } from "./console_dialogs.js";

const KEY = "assay-room";
const token = new URLSearchParams(location.search).get("token") || sessionStorage.getItem(KEY) || "";
sessionStorage.setItem(KEY, token);
history.replaceState(null, "", "/room");
const api = new Api(token, "考试服务器连接不上：这一步没有办理。连接恢复（右上角显示“实时”）后请再办一次");
const app = document.getElementById("app");
const chosen = new Set();
let picture = null, lastHeard = Date.now(), ahead = 0, opened = null, online = false, drawing = false;

// What changes of a seat, in the hall's order.
const FIELDS = ["state", "answered", "end", "minutes_now", "admitted", "may_move", "receipt", "away", "heard", "remarks", "late", "forced"];
const seatNow = (values) => Object.fromEntries(FIELDS.map((name, n) => [name, values[n]]));
const now = () => Date.now() + ahead;

function toast(text) {
  const box = document.getElementById("alert");
  box.textContent = text; box.hidden = false;
  clearTimeout(toast.timer); toast.timer = setTimeout(() => { box.hidden = true; }, 6000);
}

async function act(action, said) {
  try { await api.post("/room/act", action); toast(said); return true; } catch (error) { toast(error.message); return false; }
}

const REASON = { name: "text", label: "原因（写入考场记录）" };
const minutes = (value) => ({ name: "minutes", label: "延长分钟数", type: "number", min: 1, max: 240, value });

const RECORD = { name: "text", label: "情况记录", lines: 3 };
const away = (sitting) => seatNow(sitting.now).away;
const namesOf = (list) => list.slice(0, 12).map((s) => `${s.seat} 号 ${s.name}`).join("、") + (list.length > 12 ? ` 等 ${list.length} 人` : "");
const unverified = (room) => room.sittings.filter((s) => { const one = seatNow(s.now); return !one.admitted && !["expected", "handed_in"].includes(one.state); });

const ON_SITTINGS = {
  admit: ["身份核验通过", () => []],
  extend: ["延长时间", (people) => [{ note: `建议按停机时间补：${people.filter(away).map((s) => `${s.seat} 号曾离线 ${away(s)} 分`).join("、") || "选中的考生没有离线记录"}。全场暂停期间的时间恢复时已自动补上，不要重复计算。` }, minutes(Math.max(...people.map(away), 5)), REASON]],
  move: ["允许换机", () => [{ note: "原计算机已离线 45 秒以上的，不用允许也可以换机；仍在线的须先允许。换机时考生在任一台备用机上用准考证号和证件号码重新登录，即可接着答题：已答内容和剩余时间都保留，原来那台计算机上的页面随即停用。" }, REASON]],
  note: ["记录情况", () => [RECORD]],
  force: ["强制交卷", (people) => [{ note: `${people.length} 人立即交卷，之后不能再作答，不能撤回。已保存的答案有效。` }, REASON]],
};
const ON_ROOM = {
  admit: ["已登录的全部核验通过", (room) => [{ note: `${unverified(room).length} 人已登录、未核验：${namesOf(unverified(room)) || "无"}。请确认已逐人核对身份证件和照片。` }]],
  broadcast: ["广播通知", (room) => [{ note: room.sittings ? `现在能看到的 ${room.sittings.filter((s) => !["expected", "offline", "handed_in"].includes(s.now[0])).length} 人；离线的恢复连接后看到。` : "显示在各考场考生的页面上。" }, { name: "text", label: "通知内容", lines: 3 }]],
  extend: ["全场延长", () => [minutes(5), REASON]],
  pause: ["全场暂停", () => [{ note: "考生页面停止计时并不能作答；恢复时自动补上暂停的时间。" }, REASON]],
  resume: ["恢复考试（自动补时）", (room) => [{ note: `已暂停 ${clockText(now() - room.paused_at)}，恢复后全场自动补上同样的时间。${offlineIn(room).length ? `仍离线：${namesOf(offlineIn(room))}。可先恢复，再给他们换机、延长。` : ""}` }]],
  note: ["写考场记录", () => [RECORD]],
  reschedule: ["终止本场，另行安排", () => [{ note: "未交卷的考生本场作废，由考务办公室在“考试实施”中另定时间重考。" }, REASON]],
  close: ["结束考场并确认记录", (room) => [{ note: `应考 ${room.sittings.length}，实考 ${room.sittings.filter((s) => s.now[0] !== "expected").length}，缺考 ${room.sittings.filter((s) => s.now[0] === "expected").length}；还没有交卷的 ${room.sittings.filter((s) => !["expected", "handed_in"].includes(s.now[0])).length} 人。确认后考场结束，记录不能再改。` }]],
};

const offlineIn = (room) => room.sittings.filter((s) => s.now[0] === "offline");
const people = () => picture.rooms.flatMap((room) => room.sittings).filter((s) => chosen.has(s.id));

async function onSittings(deed) {
  const atWork = (s) => !["expected", "handed_in"].includes(s.now[0]);
  const chosenPeople = deed === "force" ? people().filter(atWork) : people();
  if (!chosenPeople.length) { toast("选中的考生没有在考的，不用交卷"); return; }
  const [title, fields] = ON_SITTINGS[deed];
  const names = chosenPeople.map((s) => `${s.seat} 号 ${s.name}`);
  const given = await ask(`${title}：${names.slice(0, 6).join("、")}${names.length > 6 ? ` 等 ${names.length} 人` : ""}`, fields(chosenPeople));
  if (given && await act({ do: deed, sittings: chosenPeople.map((s) => s.id), ...given }, `已${title} ${names.length} 人`)) { if (deed !== "note") chosen.clear(); draw(); }
}

async function onRoom(room, deed) {
  const [title, fields] = ON_ROOM[deed];
  const given = await ask(`${room.name}：${title}`, fields(room));
  const said = deed === "close" ? "考场已结束，记录已存；收卷后由考务在“考试实施”打印《考场记录表》" : `${title}，已办理`;
  if (given) act({ do: deed, room: room.id, ...given }, `${room.name}：${said}`);
}

async function decide(sitting, late) {
  const when = (ms) => (ms ? timeText(ms) : "未注明");
  const given = await ask(`${sitting.seat} 号 ${sitting.name}：结束后送达的答案`, [
    { note: `${late.source === "file" ? "答案文件" : "网络补传"}，${when(late.at)} 送达。考生页面记录的作答时间 ${when(late.first_said)} 至 ${when(late.last_said)}；时限内 ${late.in_time} 题，超时 ${late.after} 题（超时的不予接受）。` },
    { name: "accept", label: "决定", options: [["yes", `接受时限内的 ${late.in_time} 题`], ["no", "全部不接受"]] }, REASON]);
  if (given) act({ do: "late", sittings: [sitting.id], number: late.number, accept: given.accept === "yes", text: given.text }, "决定已记录");
}

async function loadFile(input) {
  const [file] = input.files;
  input.value = "";
  if (!file) return;
  try {
    const response = await fetch("/room/file", { method: "POST", body: file, headers: { Authorization: `Bearer ${token}` } });
    const body = await response.json();
    toast(response.ok ? `已装入 ${body.name} 的答案文件，请作出决定` : body.message);
  } catch { toast("考试服务器连接不上，答案文件没有装入，请稍后再试"); }
}

async function showRecord(room) {
  try {
    const lines = await api.get(`/room/${room.id}/record`);
    tell(`${room.name}：考场记录`, el("ul", { class: "record" }, lines.map((line) => el("li", {},
      el("time", {}, timeText(line.at)), line.text, el("small", {}, `（${line.by}）`)))));
  } catch (error) { toast(error.message); }
}

async function showPerson(sitting) {
  const photo = el("div", { class: "photo" }, "照片");
  if (sitting.photo) {
    fetch(`/room/photos/${sitting.id}`, { headers: { Authorization: `Bearer ${token}` } }).then((r) => (r.ok ? r.blob() : Promise.reject(new Error("none"))))
      .then((blob) => photo.replaceChildren(el("img", { src: URL.createObjectURL(blob), alt: `${sitting.name} 的照片` }))).catch(() => {});
  }
  const s = seatNow(sitting.now);
  const facts = [["姓名", sitting.name], ["证件号码", sitting.id_masked], ["准考证号", sitting.ticket], ["座位", `${sitting.seat} 号`], ["状态", picture.states[s.state]],
    ["考试时长", s.minutes_now > sitting.minutes ? `原 ${sitting.minutes} 分钟，延长至 ${s.minutes_now} 分钟` : `${sitting.minutes} 分钟`],
    ["剩余时间", left(picture.rooms.find((room) => room.sittings.includes(sitting)), s).replace("剩 ", "") || "未开始"],
    ["离线", s.state === "offline" ? `现在离线${s.away ? `，此前 ${s.away} 分钟` : ""}` : s.away ? `曾离线 ${s.away} 分钟` : "无"],
    ["注意到的情况", Object.entries(s.remarks).map(([kind, times]) => `${picture.remarks[kind] || kind} ${times} 次`).join("；") || "无"]];
  tell("考生信息", el("div", { class: "person" }, photo, el("dl", {}, facts.flatMap(([k, v]) => [el("dt", {}, k), el("dd", {}, v)]))));
}

function left(room, s) {
  if (!s.end) return "";
  const paused = room.paused_at ? now() - room.paused_at : 0;
  const rest = s.end + paused - now();
  return rest > 0 ? `剩 ${clockText(rest)}` : "时间到，稍后自动交卷";
}

function seat(room, sitting) {
  const s = seatNow(sitting.now);
  const more = [];
  if (s.minutes_now > sitting.minutes) more.push(`${sitting.minutes}→${s.minutes_now} 分`);
  if (s.state === "offline" && s.heard) more.push(`已 ${Math.max(Math.floor((now() - s.heard) / 60000), 0)} 分钟`);
  else if (s.away) more.push(`曾离线 ${s.away} 分`);
  if (s.may_move) more.push("可换机");
  const remarks = Object.values(s.remarks).reduce((a, b) => a + b, 0);
  if (remarks) more.push(`情况 ${remarks}`);
  const late = s.late.find((one) => one.accepted === null);
  const label = `${sitting.seat} 号 ${sitting.name} ${picture.states[s.state]}，已答 ${s.answered} 题`;
  return el("button", { type: "button", class: `seat ${s.state}`, "aria-pressed": String(chosen.has(sitting.id)), "aria-label": label, "data-sitting": sitting.id,
    onclick: () => { chosen.has(sitting.id) ? chosen.delete(sitting.id) : chosen.add(sitting.id); draw(); } },
    el("b", {}, String(sitting.seat)), el("span", {}, sitting.name), el("span", {}, `${s.answered}/${sitting.items}`),
    el("span", { class: "more" }, `${room.paused_at && ["answering", "idle"].includes(s.state) ? "暂停中" : picture.states[s.state]}${s.state === "handed_in" ? `${s.forced ? "（强制）" : ""} ${s.receipt}` : s.admitted ? "" : s.state === "expected" ? "" : "（未核验）"}　${more.join(" · ")}`, late ? el("b", {}, " 迟到答案待决定") : null),
    el("span", { class: "more", "data-left": sitting.id }, ["answering", "idle", "offline"].includes(s.state) ? left(room, s) : ""));
}

const counts = (room) => {
  const found = Object.fromEntries(Object.keys(picture.states).map((state) => [state, 0]));
  for (const sitting of room.sittings) found[sitting.now[0]] += 1;
  return found;
};

function banners(room) {
  const found = [];
  const offline = offlineIn(room);
  const pick = (list, said) => el("button", { type: "button", onclick: () => { chosen.clear(); list.forEach((s) => chosen.add(s.id)); draw(); } }, `${said} ${list.length} 人`);
  if (room.paused_at) {
    const minutesPaused = Math.floor((now() - room.paused_at) / 60000);
    const over = minutesPaused >= picture.reschedule_minutes;
    found.push(el("p", { class: "notice banner", role: "status" }, `全场暂停中，已 ${minutesPaused} 分钟，恢复后自动补时。`,
      offline.length ? `还有 ${offline.length} 台离线：等它们恢复，或选中后“允许换机”到备用机；都就绪后按“恢复考试”。` : "全部在线，可以按“恢复考试”。",
      over ? `已满 ${picture.reschedule_minutes} 分钟：不能恢复的，按“终止本场，另行安排”，由考务办公室另定时间。` : `满 ${picture.reschedule_minutes} 分钟仍不能恢复的，这里会出现“终止本场，另行安排”。`,
      el("span", { class: "row" }, offline.length ? pick(offline, "选中离线的") : null, el("button", { type: "button", class: "primary", onclick: () => onRoom(room, "resume") }, ON_ROOM.resume[0]))));
  } else if (offline.length > 1) {
    found.push(el("p", { class: "notice banner", role: "status" }, `${offline.length} 台计算机离线${offline.length * 4 >= room.sittings.length ? "，可能停电或断网" : ""}。已答内容都在考试服务器或考生机上。建议：① 全场暂停（恢复后自动补时）；② 不能很快恢复的，选中这些考生“允许换机”到备用机；③ 恢复后对只有部分人受影响的，选中后“延长时间”。`,
      el("span", { class: "row" }, pick(offline, "选中离线的"),
        el("button", { type: "button", onclick: () => onRoom(room, "pause") }, "全场暂停"))));
  }
  const returned = room.sittings.filter((s) => away(s) && !["offline", "handed_in", "expected"].includes(s.now[0]));
  if (!room.paused_at && returned.length) found.push(el("p", { class: "notice banner calm", role: "status" }, `${returned.length} 人曾离线后恢复。需要补时的，选中后按“延长时间”。`, pick(returned, "选中曾离线的")));
  if (picture.starts <= now() && unverified(room).length) found.push(el("p", { class: "notice banner calm", role: "status" }, `${unverified(room).length} 人已在答题但没有核验身份。请逐人核对后选中，按“身份核验通过”。`, pick(unverified(room), "选中未核验的")));
  for (const sitting of room.sittings) {
    const late = seatNow(sitting.now).late.find((one) => one.accepted === null);
    if (late) found.push(el("p", { class: "notice banner calm", role: "status" }, `${sitting.seat} 号 ${sitting.name} 有结束后送达的答案 ${late.in_time + late.after} 题。`, el("button", { type: "button", onclick: () => decide(sitting, late) }, "作出决定")));
  }
  if (!picture.opened && picture.starts - now() < 30 * 60000) found.push(el("p", { class: "notice banner", role: "status" }, "试卷尚未启封：须由试卷保管员与考务（或督导）两人在教务端“考试实施”中启封。"));
  return found;
}

function roomShown(room) {
  const found = counts(room);
  const figures = Object.entries(found).map(([state, count]) => el("button", { type: "button", class: `count ${state}`, title: "选中这些考生",
    onclick: () => { for (const s of room.sittings) if (s.now[0] === state) chosen.add(s.id); draw(); } }, `${picture.states[state]} ${count}`));
  const fresh = unverified(room);
  if (fresh.length) figures.push(el("button", { type: "button", class: "count expected", title: "选中这些考生", onclick: () => { chosen.clear(); fresh.forEach((s) => chosen.add(s.id)); draw(); } }, `未核验 ${fresh.length}`));
  const deeds = ["admit", "broadcast", "extend", room.paused_at ? "resume" : "pause", "note", ...(room.paused_at && now() - room.paused_at >= picture.reschedule_minutes * 60000 ? ["reschedule"] : [])];
  const closed = room.closed_at ? `（${room.rescheduled ? "已终止，另行安排" : "已结束"}，${room.closed_by}）` : room.paused_at ? "（暂停中）" : "";
  return el("section", { class: "card", "aria-label": room.name }, el("h2", {}, room.name, closed),
    el("div", { class: "row" }, figures),
    room.closed_at ? null : el("div", { class: "row" }, ...deeds.map((deed) => el("button", { type: "button", onclick: () => onRoom(room, deed) }, ON_ROOM[deed][0])),
      el("button", { type: "button", class: "primary", onclick: () => onRoom(room, "close") }, ON_ROOM.close[0])),
    el("div", { class: "row" }, el("button", { type: "button", onclick: () => showRecord(room) }, "查看考场记录"),
      room.closed_at ? null : el("label", { class: "file" }, "装入答案文件 ", el("input", { type: "file", accept: ".json", onchange: (event) => loadFile(event.target) }))),
    ...banners(room),
    el("div", { class: "seats" }, room.sittings.map((s) => seat(room, s))));
}

// All rooms at a glance; one of them opens into its seat map.
function overview() {
  return el("div", { class: "rooms" }, picture.rooms.map((room) => {
    const found = counts(room);
    const expected = room.sittings.length;
    const answered = room.sittings.reduce((sum, s) => sum + s.now[1], 0);
    const items = room.sittings.reduce((sum, s) => sum + (s.now[0] === "expected" ? 0 : s.items), 0);
    return el("section", { class: "card", "aria-label": room.name }, el("h2", {}, room.name, room.closed_at ? "（已结束）" : room.paused_at ? "（暂停中）" : ""),
      el("div", { class: "row" }, Object.entries(found).filter(([, count]) => count).map(([state, count]) => el("span", { class: `count ${state}` }, `${picture.states[state]} ${count}`))),
      el("p", { class: "hint" }, `应考 ${expected}，答题进度 ${items ? Math.round((100 * answered) / items) : 0}%`),
      el("progress", { value: answered, max: items || 1, "aria-label": "答题进度" }),
      ...banners(room),
      el("div", { class: "row" }, el("button", { type: "button", onclick: () => { opened = room.id; draw(); } }, "打开座位图")));
  }));
}

const roomInView = () => (picture.rooms.length === 1 ? picture.rooms[0] : picture.rooms.find((room) => room.id === opened));

// Time to the start, then to the end of the last who answers (a pause that lasts comes on top).
function clockLine(room, toStart) {
  if (toStart > 0) return `距开考 ${clockText(toStart)}`;
  if (!room) return "考试中";
  if (room.closed_at) return "已结束";
  const ends = room.sittings.filter((s) => s.now[0] !== "handed_in").map((s) => s.now[2]).filter(Boolean);
  if (!ends.length) return "考试中";
  const end = Math.max(...ends) + (room.paused_at ? now() - room.paused_at : 0);
  return `${room.paused_at ? "暂停中 · " : ""}剩余 ${clockText(end - now())}`;
}

function deedsBar() {
  const list = people();
  const over = list.length && picture.rooms.every((room) => room.closed_at || !room.sittings.some((s) => chosen.has(s.id)));
  if (!list.length) return null;
  return el("div", { class: "deeds", role: "group", "aria-label": "对选中的考生" }, el("b", {}, list.length === 1 ? `${list[0].seat} 号 ${list[0].name}` : `选中 ${list.length} 人`),
    list.length === 1 ? el("button", { type: "button", onclick: () => showPerson(list[0]) }, "查看信息") : null,
    ...(over ? [] : Object.entries(ON_SITTINGS)).map(([deed, [title]]) => el("button", { type: "button", onclick: () => onSittings(deed) }, title)),
    el("button", { type: "button", onclick: () => { chosen.clear(); draw(); } }, "取消选择"));
}

function draw() {
  if (!picture) return;
  const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.sitting : null;
  document.getElementById("rehearsal").hidden = !picture.rehearsal;
  const one = roomInView();
  app.classList.toggle("choosing", chosen.size > 0);
  const toStart = picture.starts - now();
  app.replaceChildren(...[el("header", { class: "bar" }, el("h1", {}, `${picture.batch} ${picture.session}`), el("span", {}, picture.who),
    el("span", { class: `badge ${online ? "saved" : "waiting"}` }, online ? "实时" : "连接中断，正在重连"),
    picture.rooms.length > 1 && one ? el("button", { type: "button", onclick: () => { opened = null; chosen.clear(); draw(); } }, "← 全部考场") : null,
    picture.rooms.length > 1 && !one ? el("button", { type: "button", onclick: () => onRoom({ id: "*", name: "全部考场" }, "broadcast") }, "向全部考场广播") : null,
    el("span", { class: "clock small", "data-start": "" }, clockLine(one, toStart))),
    one ? roomShown(one) : overview(), deedsBar()].filter(Boolean));
  if (focused) { const again = app.querySelector(`[data-sitting="${focused}"]`); if (again) again.focus({ preventScroll: true }); }
}

// Many changes at once are drawn once.
function drawSoon() {
  if (drawing) return;
  drawing = true;
  setTimeout(() => { drawing = false; if (!document.querySelector("dialog[open]")) draw(); }, 150);
}

function heard(name, data) {
  ahead = data.at - Date.now();
  online = true; lastHeard = Date.now();
  if (name === "whole") picture = data;
  if (name === "seats") {
    const room = picture.rooms.find((r) => r.id === data.news.room.id);
    Object.assign(room, data.news.room);
    for (const sitting of room.sittings) if (data.news.seats[sitting.id]) sitting.now = data.news.seats[sitting.id];
  }
  drawSoon();
}

// Clocks run on between the news.
setInterval(() => {
  if (!picture) return;
  if (online && Date.now() - lastHeard > 15000) { online = false; drawSoon(); } // the hall says something every ten seconds
  const clock = app.querySelector("[data-start]");
  if (clock) clock.textContent = clockLine(roomInView(), picture.starts - now());
  for (const room of picture.rooms) {
    for (const sitting of room.sittings) {
      const place = app.querySelector(`[data-left="${sitting.id}"]`);
      const s = seatNow(sitting.now);
      if (place && ["answering", "idle", "offline"].includes(s.state)) place.textContent = left(room, s);
    }
  }
}, 1000);
setInterval(drawSoon, 30000);

async function loop() {
  try { await listen("/room/events", token, heard); }
  catch (error) {
    if (error.status === 401) { app.replaceChildren(el("p", { class: "center" }, error.message)); return; }
  }
  online = false; drawSoon();
  setTimeout(loop, 1500);
}
loop();
