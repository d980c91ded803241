// The invigilator's console: the seat map, live every two seconds, and what may be done in the room.
import { Api, clockText, el } from "./hall_api.js";

const token = new URLSearchParams(location.search).get("token") || sessionStorage.getItem("assay-room") || "";
sessionStorage.setItem("assay-room", token);
history.replaceState(null, "", "/room");
const api = new Api(token);
const app = document.getElementById("app");
let state = null;

function toast(text) {
  const box = document.getElementById("alert");
  box.textContent = text; box.hidden = false;
  clearTimeout(toast.timer); toast.timer = setTimeout(() => { box.hidden = true; }, 5000);
}

async function act(action) {
  try { await api.post("/room/act", action); toast("已执行"); await refresh(); } catch (error) { toast(error.message); }
}

// A small form in a dialog; resolves to its values or null.
function ask(title, fields) {
  return new Promise((resolve) => {
    const inputs = fields.map((f) => el("input", { id: `ask-${f.name}`, type: f.type || "text", min: f.min, max: f.max, value: f.value || "", required: true }));
    const form = el("form", { method: "dialog" }, el("h2", {}, title),
      ...fields.flatMap((f, n) => [el("label", { for: `ask-${f.name}` }, f.label), inputs[n]]),
      el("div", { class: "row" }, el("button", { class: "primary", value: "ok" }, "确定"), el("button", { value: "", formnovalidate: true }, "取消")));
    const dialog = el("dialog", {}, form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "ok" ? Object.fromEntries(fields.map((f, n) => [f.name, f.type === "number" ? Number(inputs[n].value) : inputs[n].value])) : null);
    });
    document.body.append(dialog); dialog.showModal();
  });
}

const REASON = { name: "text", label: "原因" };
const MINUTES = { name: "minutes", label: "分钟", type: "number", min: 1, max: 240, value: 5 };

async function onSitting(sitting, action) {
  const base = { do: action, sitting: sitting.id };
  if (action === "admit") return act(base);
  const fields = { extend: [MINUTES, REASON], move: [REASON], note: [{ name: "text", label: "记录内容" }], force: [] }[action];
  const titles = { extend: "延长时间", move: "允许换机", note: "记录情况", force: "强制交卷" };
  const given = await ask(`${sitting.seat} 号 ${sitting.name}：${titles[action]}`, fields);
  if (given) act({ ...base, ...given });
}

async function onRoom(room, action) {
  const base = { do: action, room: room.id };
  const fields = { extend: [MINUTES, REASON], pause: [REASON], resume: [], broadcast: [{ name: "text", label: "通知内容" }], note: [{ name: "text", label: "情况记录" }], close: [] }[action];
  const titles = { extend: "全场延长", pause: "全场暂停", resume: "恢复考试", broadcast: "广播通知", note: "考场记录", close: "结束考场并确认记录" };
  const given = await ask(`${room.name}：${titles[action]}`, fields);
  if (given) act({ ...base, ...given });
}

function seat(sitting) {
  const menu = el("details", {}, el("summary", { class: `seat ${sitting.state}`, "aria-label": `${sitting.seat} 号 ${sitting.name} ${state.states[sitting.state]}` },
    el("b", {}, String(sitting.seat)), el("span", {}, sitting.name), el("small", {}, state.states[sitting.state]),
    el("small", {}, `${sitting.answered}/${sitting.items}`), el("small", {}, sitting.extra ? `+${sitting.extra} 分` : "")),
  el("div", { class: "menu" }, el("p", {}, `准考证 ${sitting.ticket}`), el("p", {}, `剩余 ${clockText(sitting.left)}`),
    sitting.receipt ? el("p", {}, `回执 ${sitting.receipt}`) : null,
    sitting.admitted ? null : el("button", { onclick: () => onSitting(sitting, "admit") }, "核验身份通过"),
    el("button", { onclick: () => onSitting(sitting, "extend") }, "延长时间"),
    el("button", { onclick: () => onSitting(sitting, "move") }, "允许换机"),
    el("button", { onclick: () => onSitting(sitting, "note") }, "记录情况"),
    el("button", { onclick: () => onSitting(sitting, "force") }, "强制交卷")));
  menu.dataset.sitting = sitting.id;
  return menu;
}

function roomShown(room) {
  const count = (s) => room.sittings.filter((x) => x.state === s).length;
  const figures = Object.entries(state.states).map(([s, title]) => el("span", { class: `count ${s}` }, `${title} ${count(s)}`));
  return el("section", { class: "card" }, el("h2", {}, room.name, room.closed ? `（已结束，${room.closed_by}）` : room.paused ? "（暂停中）" : ""),
    el("div", { class: "row" }, figures),
    room.closed ? null : el("div", { class: "row" },
      el("button", { onclick: () => onRoom(room, "broadcast") }, "广播通知"), el("button", { onclick: () => onRoom(room, "extend") }, "全场延长"),
      room.paused ? el("button", { onclick: () => onRoom(room, "resume") }, "恢复考试") : el("button", { onclick: () => onRoom(room, "pause") }, "全场暂停"),
      el("button", { onclick: () => onRoom(room, "note") }, "考场记录"), el("button", { class: "primary", onclick: () => onRoom(room, "close") }, "结束考场")),
    el("div", { class: "seats" }, room.sittings.map(seat)));
}

async function refresh() {
  state = await api.get("/room/state");
  document.getElementById("rehearsal").hidden = !state.rehearsal;
  const opened = new Set([...app.querySelectorAll("details[open]")].map((d) => d.dataset.sitting));
  const toStart = state.starts - state.now;
  app.replaceChildren(el("header", { class: "bar" }, el("b", {}, `${state.batch} ${state.session}`), el("span", {}, state.who),
    el("span", { class: "clock small" }, toStart > 0 ? `距开考 ${clockText(toStart)}` : "考试中")), ...state.rooms.map(roomShown));
  for (const details of app.querySelectorAll("details")) details.open = opened.has(details.dataset.sitting);
}

async function loop() {
  try { await refresh(); } catch (error) { toast(error.message); if (error.status === 401) { app.replaceChildren(el("p", { class: "center" }, error.message)); return; } }
  setTimeout(loop, 2000);
}
loop();
