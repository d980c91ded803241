// The map of a room: small tiles as the seats stand, and on each only what is not as it is with most.
import { h } from "./live.js";
import {
  MANY_WRONG, known, begun, came, cameOnly, chosen, isOutside, isOver, isUnverified, mayChoose, named, now, otherBrowser, seatNow, sitsWrong, stateText, timeIsOver, undecided,
  unverified, wrongTries,
} from "./console_state.js";

const ROOMY = 6;
const SEAT_NUMBER = /^\d{1,3}$/; // a short number is a seat, never the end of a ticket
function away(since) {
  const minutes = since ? Math.floor((now() - since) / 60000) : 0;
  return minutes > 0 ? ` ${minutes} 分` : "";
}

function handedIn(s) { return s.by_time ? "到时交卷" : s.forced ? "强制交卷" : "已交卷"; }

const ALARMS = ["bad", "warn"];

// What deviates, the gravest first: kind (for colour), sign (for who sees none), words. Where nobody can do anything any more nothing
// alarms.
function deviations(room, sitting, common) {
  const s = seatNow(sitting), found = [], say = (kind, sign, text) => found.push([room.closed_at && ALARMS.includes(kind) ? "" : kind, sign, text]);
  if (s.mismatch && !isOver(sitting)) say("bad", "≠", s.mismatch_by ? "点名不符" : "报告信息不符");
  if (s.misconduct) say(isOver(sitting) ? "" : "warn", "!", "违纪");
  if (s.state === "missing") say("bad", "✕", "交卷时离线");
  if (s.state === "offline" && (s.started || !timeIsOver(room, sitting))) say("bad", "✕", `离线${away(s.heard)}`);
  if (undecided(sitting)) say("warn", "!", undecided(sitting).source === "old" ? "旧机答案待决定" : "迟到答案待决定");
  const isLate = s.late_refused_at && s.state === "expected";
  if (isLate && !s.kept_out_at) say("warn", "!", "迟到待准许");
  if (sitsWrong(sitting)) say("warn", "⇄", `坐在 ${s.sits_at} 号机`);
  if (otherBrowser(sitting)) say("warn", "!", "未用专用浏览器");
  if (s.old_computer_since) say("warn", "!", "旧机可能有答案");
  if (s.state === "expected" && wrongTries(sitting)) say(wrongTries(sitting) >= MANY_WRONG ? "warn" : "", "!", `登录输错 ${wrongTries(sitting)} 次`);
  if (s.state === "idle") say("warn", "…", "长时间未答");
  if (timeIsOver(room, sitting) && !isOver(sitting) && came(sitting)) say("calm", "■", "时间到，正在收卷");
  if (s.state === "paused") say("calm", "‖", "暂停");
  if (s.state === "handed_in") say("done", "✓", handedIn(s));
  if (isLate && s.kept_out_at) say("away", "○", "迟到，不准入场");
  if (s.state === "expected" && !cameOnly(sitting) && (begun() || s.no_show_at)) say("away", "○", s.no_show_at ? "点名未到" : "未到");
  if (isOutside(sitting) && !s.mismatch && !s.late_refused_at) say("away", "○", "没有登录");
  if (["came", "absent", "rescheduled"].includes(s.state)) say("away", "○", known.picture.states[s.state]);
  if (["identified", "waiting"].includes(s.state) && begun()) say("calm", "○", "未开始");
  if (isUnverified(sitting) && !common.unverified && s.state !== "came") say("", "?", "未核验");
  const over = isOver(sitting); // what was given matters while there is time
  if (s.minutes_now - (room.extra || 0) > sitting.minutes && !over) say("", "＋", `${sitting.minutes}→${s.minutes_now} 分`);
  if (s.due && s.state !== "offline" && !over) say("", "", `曾离线 ${s.due} 分`);
  if (s.given && s.away && !over) say("", "", `单独已补 ${s.given} 分`);
  if (s.sits_at && s.sits_at === s.stays_at && !over) say("", "", `准坐 ${s.sits_at} 号机`);
  if (s.may_move && !over && !room.closed_at) say("", "", "可换机");
  if (s.other_at) say("", "", "普通浏览器");
  const remarks = Object.values(s.remarks).reduce((a, b) => a + b, 0);
  if (remarks) say("", "", `情况 ${remarks}`);
  return found;
}

function matches(sitting) {
  const sought = known.sought.trim();
  if (SEAT_NUMBER.test(sought)) return String(sitting.seat) === String(Number(sought));
  return !sought || sitting.name.includes(sought) || sitting.ticket.endsWith(sought);
}
export const soughtIn = (room) => (known.sought.trim() ? room.sittings.filter(matches) : []);

function seat(room, sitting, common, pressed, placed) {
  const s = seatNow(sitting), found = deviations(room, sitting, common);
  const words = found.map(([, sign, text]) => `${sign}${sign ? " " : ""}${text}`).join(" · ");
  const label = `${named(sitting)}，${stateText(sitting)}，已答 ${s.answered}/${sitting.items} 题${found.map(([, , text]) => `，${text}`).join("")}`;
  return h("button", { ...placed, type: "button", key: sitting.id, class: `seat ${found.map(([kind]) => kind).find(Boolean) || ""} ${came(sitting) ? "" : "empty"} ${matches(sitting) ? "" : "dim"}`, title: label, "aria-label": label,
    "aria-pressed": mayChoose(room) ? String(chosen.has(sitting.id)) : null, "data-sitting": sitting.id, "data-state": s.state, onclick: () => pressed(sitting) },
    h("span", { class: "who", key: "who" }, h("b", {}, String(sitting.seat)), h("span", {}, sitting.name)),
    h("span", { class: "more", key: "more" }, words),
    h("span", { class: "done", key: "done", "--done": String(sitting.items ? Math.min(s.answered / sitting.items, 1) : 0) }));
}

// As the room stands, where the office has said it; else wider than high, like a screen.
const columnsOf = (room) => (room.plan && room.plan.columns) || Math.max(1, Math.ceil(Math.sqrt(room.sittings.length * 1.3)));

// Tracks of the map for so many seats side by side: after some of them one walks.
const SEAT = { across: "minmax(0, 1fr)", down: "minmax(2.3rem, 6.5rem)" }, AISLE = ".9rem";
const tracks = (count, seat, aisles) => Array.from({ length: count }, (_, n) => (aisles.includes(n + 1) ? `${seat} ${AISLE}` : seat)).join(" ");

// Where a seat lies, seen from above: row by row from the desk, by its number, so that a seat left empty leaves its place empty.
function placeOf(room, sitting) {
  const { columns, rows, front, aisles } = room.plan, inRow = (sitting.seat - 1) % columns, back = Math.floor((sitting.seat - 1) / columns);
  const across = inRow + aisles.filter((after) => after <= inRow).length;
  const far = Math.max(rows - 1 - back, 0);
  const [row, column] = { top: [back, across], bottom: [far, across], left: [across, back], right: [across, far] }[front || "top"];
  return { "--row": String(row + 1), "--column": String(column + 1) };
}

const SIDES = ["top", "bottom", "left", "right"];
const mark = (side, text) => (SIDES.includes(side) ? [h("span", { class: `at at-${side}`, key: text }, text)] : []);

export function seatMap(room, pressed) {
  const strangers = unverified(room).length, there = room.sittings.filter(came).length;
  const common = { unverified: strangers * 2 > there }, { plan } = room, sideways = plan && ["left", "right"].includes(plan.front);
  const aisles = plan ? plan.aisles : [];
  const columns = sideways ? plan.rows : columnsOf(room), rows = plan ? (sideways ? plan.columns : plan.rows) : Math.ceil(room.sittings.length / columns);
  const placed = (s) => (plan ? placeOf(room, s) : {});
  return h("div", { class: "room-map", key: "map" }, plan ? [mark(plan.front || "top", "讲台"), mark(plan.door, "门")] : null,
    h("div", { class: `seats ${rows <= ROOMY ? "roomy" : ""} ${plan ? "planned" : ""}`, key: "seats", role: "group", "aria-label": `${room.name} 座位`,
      "--columns": tracks(columns, SEAT.across, sideways ? [] : aisles), "--rows": sideways ? tracks(rows, SEAT.down, aisles) : "none" },
      room.sittings.map((s) => seat(room, s, common, pressed, placed(s)))));
}
