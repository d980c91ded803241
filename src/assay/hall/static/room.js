// The invigilator's console: rooms and seats live, and what may be done in them.
import { Api, clockText, el, timeText } from "./hall_api.js";
import { listen } from "./events.js";
import { ask, show as tell } from "./console_dialogs.js";

const KEY = "assay-room";
const token = new URLSearchParams(location.search).get("token") || sessionStorage.getItem(KEY) || "";
sessionStorage.setItem(KEY, token);
history.replaceState(null, "", "/room");
const api = new Api(token);
const app = document.getElementById("app");
const chosen = new Set();
let picture = null, ahead = 0, opened = null, online = false, drawing = false;

// What changes of a seat, in the hall's order.
const FIELDS = ["state", "answered", "end", "minutes_now", "admitted", "may_move", "receipt", "away", "heard", "remarks", "late"];
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

const ON_SITTINGS = {
  admit: ["身份核验通过", () => []],
  extend: ["延长时间", (people) => [minutes(Math.max(...people.map((s) => s.away), 5)), REASON]],
  move: ["允许换机", () => [REASON]],
  note: ["记录情况", () => [{ name: "text", label: "记录内容" }]],
  force: ["强制交卷", () => []],
};
const ON_ROOM = {
  admit: ["已登录的全部核验通过", () => []],
  broadcast: ["广播通知", () => [{ name: "text", label: "通知内容（显示在考生页面）" }]],
  extend: ["全场延长", () => [minutes(5), REASON]],
  pause: ["全场暂停", () => [REASON]],
  resume: ["恢复考试（自动补时）", () => []],
  note: ["写考场记录", () => [{ name: "text", label: "情况记录" }]],
  reschedule: ["终止本场，另行安排", () => [REASON]],
  close: ["结束考场并确认记录", () => []],
};

const people = () => picture.rooms.flatMap((room) => room.sittings).filter((s) => chosen.has(s.id));

async function onSittings(deed) {
  const chosenPeople = people();
  const [title, fields] = ON_SITTINGS[deed];
  const names = chosenPeople.map((s) => `${s.seat} 号 ${s.name}`);
  const given = await ask(`${title}：${names.slice(0, 6).join("、")}${names.length > 6 ? ` 等 ${names.length} 人` : ""}`, fields(chosenPeople));
  if (given && await act({ do: deed, sittings: chosenPeople.map((s) => s.id), ...given }, `已${title} ${names.length} 人`)) { chosen.clear(); draw(); }
}

async function onRoom(room, deed) {
  const [title, fields] = ON_ROOM[deed];
  const given = await ask(`${room.name}：${title}`, fields());
  if (given) act({ do: deed, room: room.id, ...given }, `${room.name}：${title}，已办理`);
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
    ["时间", s.minutes_now > sitting.minutes ? `原 ${sitting.minutes} 分钟，延长至 ${s.minutes_now} 分钟` : `${sitting.minutes} 分钟`],
    ["注意到的情况", Object.entries(s.remarks).map(([kind, times]) => `${picture.remarks[kind] || kind} ${times} 次`).join("；") || "无"]];
  tell("考生信息", el("div", { class: "person" }, photo, el("dl", {}, facts.flatMap(([k, v]) => [el("dt", {}, k), el("dd", {}, v)]))));
}

function left(room, s) {
  if (!s.end) return "";
  const paused = room.paused_at ? now() - room.paused_at : 0;
  return `剩 ${clockText(s.end + paused - now())}`;
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
    el("span", { class: "more" }, `${picture.states[s.state]}${s.state === "handed_in" ? ` ${s.receipt}` : s.admitted ? "" : s.state === "expected" ? "" : "（未核验）"}　${more.join(" · ")}`, late ? el("b", {}, " 迟到答案待决定") : null),
    el("span", { class: "more", "data-left": sitting.id }, ["answering", "idle", "offline"].includes(s.state) ? left(room, s) : ""));
}

const counts = (room) => {
  const found = Object.fromEntries(Object.keys(picture.states).map((state) => [state, 0]));
  for (const sitting of room.sittings) found[sitting.now[0]] += 1;
  return found;
};

function banners(room) {
  const found = [];
  const offline = room.sittings.filter((s) => s.now[0] === "offline");
  if (room.paused_at) {
    const minutesPaused = Math.floor((now() - room.paused_at) / 60000);
    const over = minutesPaused >= picture.reschedule_minutes;
    found.push(el("p", { class: "notice banner", role: "status" }, `全场暂停中，已 ${minutesPaused} 分钟，恢复后自动补时。`,
      over ? `已满 ${picture.reschedule_minutes} 分钟：不能恢复的，可终止本场、另行安排。` : `满 ${picture.reschedule_minutes} 分钟仍不能恢复的，另行安排考试。`));
  } else if (offline.length > 1 && offline.length * 4 >= room.sittings.length) {
    found.push(el("p", { class: "notice banner", role: "status" }, `${offline.length} 台计算机同时离线，可能停电或断网。已答内容都在考试服务器或考生机上。建议：① 全场暂停（恢复后自动补时）；② 不能很快恢复的，选中这些考生“允许换机”到备用机；③ 恢复后对只有部分人受影响的，选中后“延长时间”。`,
      el("span", { class: "row" }, el("button", { type: "button", onclick: () => { offline.forEach((s) => chosen.add(s.id)); draw(); } }, `选中离线的 ${offline.length} 人`),
        el("button", { type: "button", onclick: () => onRoom(room, "pause") }, "全场暂停"))));
  }
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

function deedsBar() {
  const list = people();
  if (!list.length) return null;
  return el("div", { class: "deeds", role: "group", "aria-label": "对选中的考生" }, el("b", {}, list.length === 1 ? `${list[0].seat} 号 ${list[0].name}` : `选中 ${list.length} 人`),
    list.length === 1 ? el("button", { type: "button", onclick: () => showPerson(list[0]) }, "查看信息") : null,
    ...Object.entries(ON_SITTINGS).map(([deed, [title]]) => el("button", { type: "button", onclick: () => onSittings(deed) }, title)),
    el("button", { type: "button", onclick: () => { chosen.clear(); draw(); } }, "取消选择"));
}

function draw() {
  if (!picture) return;
  const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.sitting : null;
  document.getElementById("rehearsal").hidden = !picture.rehearsal;
  const one = picture.rooms.length === 1 ? picture.rooms[0] : picture.rooms.find((room) => room.id === opened);
  const toStart = picture.starts - now();
  app.replaceChildren(...[el("header", { class: "bar" }, el("h1", {}, `${picture.batch} ${picture.session}`), el("span", {}, picture.who),
    el("span", { class: `badge ${online ? "saved" : "waiting"}` }, online ? "实时" : "连接中断，正在重连"),
    picture.rooms.length > 1 && one ? el("button", { type: "button", onclick: () => { opened = null; chosen.clear(); draw(); } }, "← 全部考场") : null,
    picture.rooms.length > 1 && !one ? el("button", { type: "button", onclick: () => onRoom({ id: "*", name: "全部考场" }, "broadcast") }, "向全部考场广播") : null,
    el("span", { class: "clock small", "data-start": "" }, toStart > 0 ? `距开考 ${clockText(toStart)}` : "考试中")),
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
  online = true;
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
  const toStart = picture.starts - now();
  const clock = app.querySelector("[data-start]");
  if (clock) clock.textContent = toStart > 0 ? `距开考 ${clockText(toStart)}` : "考试中";
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
