// How the console looks: the bar, a room's map with what needs a hand beside it, the bar of deeds. Everything keeps its place whatever
// the news: it is described anew for each drawing, and live.js changes on the page what differs.
import { timeText } from "./hall_api.js";
import { h } from "./live.js";
import { ON_ROOM, ON_SITTINGS, inTheWay, onRoom, onSittings } from "./console_deeds.js";
import { asking } from "./console_dialogs.js";
import { drawAgain, said } from "./console_line.js";
import { showBrowser } from "./console_browser.js";
import { openSheet, sheet } from "./console_closing.js";
import { needsPane } from "./console_list.js";
import { doOnce, needsIn, pressing } from "./console_needs.js";
import { loadFile, notReady, showPerson, showReady, showRecord } from "./console_papers.js";
import { placesIn } from "./console_places.js";
import { callRoll } from "./console_roll_call.js";
import { seatMap, soughtIn } from "./console_seats.js";
import {
  atWork, begun, byState, came, choose, chosen, clockLine, counted, known, left, mayAct, mayChoose, named, now, owedIn, people, roomInView, roomOf, seatNow, stateText, unverified, wordsFor,
} from "./console_state.js";

const button = (key, text, onclick, more = {}) => h("button", { type: "button", key, onclick, ...more }, text);

function pressed(sitting) {
  if (!mayChoose(roomOf(sitting))) { showPerson(sitting); return; }
  if (chosen.has(sitting.id)) chosen.delete(sitting.id);
  else chosen.add(sitting.id);
  drawAgain();
  uncover(sitting);
}

// On a phone the deeds lie over the lower end of the map: who is chosen there is brought out from under them.
function uncover(sitting) {
  const tile = document.querySelector(`[data-sitting="${sitting.id}"]`), deeds = document.querySelector(".deeds:not(.idle)");
  if (tile && deeds && tile.getBoundingClientRect().bottom > deeds.getBoundingClientRect().top) tile.scrollIntoView({ block: "nearest" });
}

// How many are in each state; a press chooses them.
function figures(room) {
  return [...byState(room), ["strangers", "未核验", unverified(room)], ["owed", "待补时", owedIn(room)]].filter(([, , list]) => list.length).map(([key, text, list]) => {
    const words = `${text} ${list.length}`;
    return mayChoose(room) ? button(`count-${key}`, words, () => { choose(list); drawAgain(); }, { class: `count ${key}`, title: "选中这些考生" }) : h("span", { key: `count-${key}`, class: `count ${key}` }, words);
  });
}

function readiness(room) {
  if (begun() || !room.sittings.some((s) => seatNow(s).ready !== undefined)) return null;
  const ready = room.sittings.filter((s) => !notReady(s)).length;
  return button("ready", `${ready} / ${room.sittings.length} 台就绪`, () => showReady(room), { class: "count", title: "哪些还没有就绪" });
}

function seek(room) {
  const first = () => soughtIn(room)[0];
  return h("input", { type: "search", key: "seek", class: "seek", placeholder: "找座位或姓名", "aria-label": "找座位、姓名或准考证号", autocomplete: "off",
    oninput: (event) => { known.sought = event.target.value; known.pane = "seats"; drawAgain(); },
    onkeydown: (event) => {
      if (event.key !== "Enter" || !first()) return;
      if (mayChoose(room)) { choose([first()]); drawAgain(); uncover(first()); } else showPerson(first());
    } });
}

// One line of fixed height: what is so of most, said once. When the line to the hall is cut it says only that.
function summary(room) {
  if (!known.online) return h("p", { class: "summary cut", key: "summary", role: "alert" }, `连接中断：下面是 ${timeText(known.heardAt)} 的情况，时钟已停。正在重连…`);
  return h("div", { ...aRow("summary"), key: "summary" }, seek(room), readiness(room), figures(room));
}

// A row that goes on to the right fades there.
const goesOn = (row) => Boolean(row) && row.scrollWidth - row.clientWidth - row.scrollLeft > 4;
const aRow = (name) => ({ class: goesOn(document.querySelector(`.${name}`)) ? `${name} goes-on` : name, onscroll: ({ currentTarget: row }) => row.classList.toggle("goes-on", goesOn(row)) });

// What is there for the whole exam has its place; what comes with an extension or a long pause stands behind it.
function roomDeeds(room) {
  const open = mayAct() && !room.closed_at, over = room.paused_at && now() - room.paused_at >= known.picture.reschedule_minutes * 60000;
  const ask = (deed, more = {}) => button(deed, ON_ROOM[deed].title, () => onRoom(room, deed), more);
  const later = open ? placesIn("room", room.id, [room.extra > 0 ? "take_back" : "", over ? "reschedule" : ""].filter(Boolean)) : [];
  return h("div", { ...aRow("tools-row"), key: "deeds", role: "group", "aria-label": "对全场" },
    open ? [button("roll", "点名", () => callRoll(room)), ask("broadcast"), ask("extend"), ask("pause", { disabled: Boolean(room.paused_at) }),
      button("resume", ON_ROOM.resume.title, () => doOnce(`${room.id}-paused`, () => onRoom(room, "resume")), { disabled: !room.paused_at }), ask("note")] : null,
    button("record", "查看考场记录", () => showRecord(room)),
    open ? h("label", { class: "file", key: "file" }, "装入答案文件", h("input", { type: "file", id: "answer-file", accept: ".json", onchange: (event) => loadFile(event.target) })) : null,
    button("sheet", "考场情况页", () => openSheet(room)),
    open ? ask("close", { class: inTheWay(room).length ? null : "primary" }) : null,
    later.map(({ deed, gone }) => ask(deed, { disabled: gone })));
}

// Deeds are offered as long as somebody chosen is there for them. The bar has its place also while nobody is chosen, as long as the room
// is open.
function deedsBar(one) {
  const list = people().filter((s) => !roomOf(s).closed_at), ids = list.map((s) => s.id).join();
  if (!list.length) placesIn("seats", ids, []);
  if (!mayAct() || (one && one.closed_at) || (known.picture.rooms.length > 1 && !list.length)) return null;
  if (!list.length) return h("div", { class: "deeds idle", key: "chosen" }, h("p", { class: "hint", key: "hint" }, "点座位，可对一人或几人办理；点上面的数字，选中同类的考生。"));
  const single = list.length === 1 ? list[0] : null;
  const offered = Object.keys(ON_SITTINGS).filter((deed) => !["mismatch", "no_show"].includes(deed) && list.some(ON_SITTINGS[deed].fit));
  const about = single ? `${stateText(single)} ${seatNow(single).answered}/${single.items} ${atWork(single) ? left(roomOf(single), seatNow(single)) : ""}` : "";
  return h("div", { class: "deeds", key: "chosen", role: "group", "aria-label": "对选中的考生" },
    h("p", { class: "whom", key: "whom" }, h("b", {}, single ? named(single) : `选中 ${list.length} 人`), about ? h("span", { key: "about" }, about) : null),
    button("none", "取消选择", () => { chosen.clear(); drawAgain(); }),
    single ? button("person", "查看信息", () => showPerson(single)) : null,
    placesIn("seats", ids, offered).map(({ deed, gone }) => button(deed, ON_SITTINGS[deed].title, () => onSittings(deed), { disabled: gone })));
}

// All rooms at a glance; one of them opens into its seat map.
function overview() {
  return h("div", { class: "rooms", key: "rooms" }, known.picture.rooms.map((room) => {
    const answered = room.sittings.reduce((sum, s) => sum + seatNow(s).answered, 0);
    const items = room.sittings.reduce((sum, s) => sum + (came(s) ? s.items : 0), 0);
    const waiting = pressing(needsIn([room])).length;
    return h("section", { class: "card", key: room.id, "aria-label": room.name }, h("h2", {}, room.name, room.closed_at ? "（已结束）" : room.paused_at ? "（暂停中）" : ""),
      h("p", { class: `hint waiting-${waiting > 0}`, key: "waiting" }, waiting ? `！需要处理 ${waiting}` : "没有需要处理的"),
      h("div", { class: "row", key: "states" }, byState(room).map(([state, text, list]) => h("span", { key: state, class: `count ${state}` }, `${text} ${list.length}`))),
      h("p", { class: "hint", key: "progress" }, begun() ? `${counted(room, wordsFor(room))}，答题进度 ${items ? Math.round((100 * answered) / items) : 0}%` : `应考 ${room.sittings.length}`),
      h("div", { class: "row", key: "open" }, button("open", "打开座位图", () => { known.opened = room.id; drawAgain(); })));
  }));
}

const locked = (one) => (one ? one.locked && !one.closed_at : known.picture.rooms.some((room) => room.locked && !room.closed_at));

function bar(one) {
  const several = known.picture.rooms.length > 1, title = `${known.picture.batch} ${known.picture.session}`;
  const end = one && one.closed_at ? `（${one.rescheduled ? "已终止，另行安排" : "已结束"}，${one.closed_by}）` : "";
  const words = said() && !asking() ? said() : "";
  return h("header", { class: words ? "bar says" : "bar", key: "bar" },
    several && one ? button("back", "← 全部考场", () => { known.opened = null; known.sheet = ""; chosen.clear(); drawAgain(); }) : null,
    h("h1", { title: `${title} ${one ? one.name : ""}` }, one ? h("b", {}, `${one.name}${end}`) : null, one ? ` ${title}` : title),
    words ? h("p", { key: "said", class: "said", role: "alert", title: words }, words) : null,
    h("span", { key: "who", class: "looks" }, known.picture.who),
    mayAct() ? null : h("span", { key: "looking", class: "badge waiting", title: "督导和其他人员只查看，办理由本考场监考员或考务人员进行" }, "只看不办"),
    h("span", { key: "line", class: `badge ${known.online ? "saved" : "waiting"}` }, known.online ? "实时" : "连接中断"),
    several && !one && mayAct() && known.picture.rooms.some((room) => !room.closed_at) ? button("broadcast", "向全部考场广播", () => onRoom({ id: "*", name: "全部考场" }, "broadcast")) : null,
    locked(one) ? button("browser", "专用浏览器", () => showBrowser(one)) : null,
    h("span", { key: "clock", class: "clock small" }, clockLine(one)));
}

// On a phone one of the two is in view; elsewhere both are, and this is not shown.
function panes(count) {
  const pane = (name, text) => button(name, text, () => { known.pane = name; drawAgain(); }, { "aria-pressed": String(known.pane === name) });
  return h("nav", { class: "panes", key: "panes", "aria-label": "显示" }, pane("needs", `需要处理 ${count}`), pane("seats", "座位"));
}

export function page() {
  const one = roomInView(), needs = needsIn(one ? [one] : known.picture.rooms), count = pressing(needs).length;
  document.title = `${count ? `(${count}) ` : ""}${one ? one.name : known.picture.session} · 考场控制台`;
  if (one && known.sheet === one.id) return [bar(one), sheet(one)];
  return [bar(one), one ? roomDeeds(one) : null, one ? summary(one) : known.online ? null : summary(null), panes(count),
    h("div", { class: `work pane-${known.pane}`, key: "work" }, one ? seatMap(one, pressed) : overview(), needsPane(needs)), deedsBar(one)].filter(Boolean);
}
