// The page after the exam: the receipt that counts, what became of answers that came late, and a door for the next candidate.
import { Api, door, el } from "./hall_api.js";

const CLOSED = { timed: "考试时间到，系统已自动为您交卷。", forced: "监考员已为您交卷。" };
// Nobody's receipt waits for the next candidate: after a while without a hand at the computer the page is at its door again.
const LEFT_ALONE_MS = 180000;
// For two minutes the invigilator may take a hand-in by mistake back.
const TAKEN_BACK_MS = 150000;
// How often the page asks until so long after the end: a decision may take as long as the room is open.
const ASKS = [[150000, 4000], [900000, 15000], [10800000, 60000]];
const UNKNOWN = "请向监考员查询";

const CAME = { network: "结束后送达", file: "由答案文件送达", old: "由原计算机补来" };
const BECAME = {
  open: ({ in_time: inTime }) => `，其中时限内作答 ${inTime} 题，由监考员决定是否接收。`,
  accepted: ({ in_time: inTime }) => `：监考员已接收时限内作答的 ${inTime} 题，同一题以最后的答案为准。`,
  known: () => "：考试端已有，不用决定。",
  refused: () => "：没有接收，已写入考场记录，有疑问请向监考员提出。",
};
const told = (late) => `${CAME[late.source]} ${late.in_time + late.after} 题${BECAME[late.became](late)}`;
const isOpen = ({ late }) => late.some(({ became }) => became === "open");

// What the hall has not been asked yet.
export const NOTHING_KNOWN = { handed_in: true, receipt: "", closing: "", replaced: [], late: [], unasked: true };

// `outcome` as the hall says it; `brought`: what else is to be said of answers that this computer brought late.
// `show` puts the page up, `leave` is for the next candidate, `takenBack` goes on with the exam.
export function showReceipt({ api, profile, outcome, brought = "", show, leave, takenBack }) {
  const code = el("p", { class: "receipt" }), replaced = el("p", { class: "replaced", role: "status" });
  const closedBy = el("p", { class: "closed-by" }), decisions = el("div", { class: "notice decisions", role: "status" });
  let asking = true;
  const draw = () => {
    code.textContent = outcome.receipt || UNKNOWN;
    say(closedBy, [CLOSED[outcome.closing]].filter(Boolean));
    say(replaced, outcome.replaced.length && outcome.receipt ? [`原回执 ${outcome.replaced.join("、")} 已作废，请以现在的回执为准。`] : []);
    say(decisions, [brought, ...outcome.late.map(told), isOpen(outcome) ? openStill(asking) : ""].filter(Boolean));
  };
  draw();
  show(el("section", { class: "card narrow center" }, el("h1", {}, "已交卷"), el("p", {}, `${profile.name}　${profile.seat} 号`),
    closedBy, el("p", {}, "您的答卷已保存。回执："), code, replaced, decisions,
    el("p", {}, "可抄下回执备查。请安静离场。"),
    door ? null : el("p", { class: "hint" }, `${LEFT_ALONE_MS / 60000} 分钟没有人操作，本页自动回到登录页；再次登录还可以看到回执。`),
    el("button", { type: "button", onclick: leave }, door ? "关闭考试专用浏览器" : "退出，下一位考生登录")));
  const standing = () => code.isConnected;
  const touched = door ? () => {} : whenLeftAlone(standing, leave);
  // With the token of who handed in: whoever signs in here later has another one.
  return askAgain(new Api(api.token), standing, {
    worth: (since) => isOpen(outcome) || outcome.unasked || (outcome.closing === "hand_in" && since < TAKEN_BACK_MS),
    heard: (now) => {
      if (!now.handed_in && outcome.closing === "hand_in") { takenBack(); return false; }
      if (!now.handed_in) return true; // the hall closes a sitting a moment after its time is over
      if (now.receipt !== outcome.receipt) touched(); // it has to be read first
      outcome = now; draw();
      return true;
    },
    over: () => { asking = false; draw(); },
  });
}

function openStill(asking) {
  return asking ? "决定后回执可能改变，本页会显示新的回执。" : "监考员决定后回执可能改变；本页不再更新，请向监考员查询。";
}

// Lines of their own, told again only when they differ.
function say(node, lines) {
  node.hidden = !lines.length;
  if (node.textContent !== lines.join("")) node.replaceChildren(...lines.map((line) => el("span", { class: "line" }, line)));
}

// Calmly, and less often the longer it takes; for as long as the page stands and asking is worth it.
async function askAgain(api, standing, { worth, heard, over }) {
  const began = performance.now(), since = () => performance.now() - began;
  while (worth(since())) {
    const rhythm = ASKS.find(([until]) => since() < until);
    if (!rhythm) break;
    await new Promise((resolve) => setTimeout(resolve, rhythm[1] * (0.75 + Math.random() / 2)));
    if (!standing()) return;
    const now = await api.get("/api/outcome").catch((error) => error);
    if (!standing()) return;
    if (now instanceof Error) { if ([401, 403, 409].includes(now.status)) break; } // nobody here is told any more
    else if (!heard(now)) return;
  }
  over();
}

// Returns what says that somebody is there, or that something new has to be read.
function whenLeftAlone(standing, then) {
  let timer = 0;
  const again = () => { clearTimeout(timer); timer = setTimeout(() => { stop(); if (standing()) then(); }, LEFT_ALONE_MS); };
  const hands = ["pointerdown", "pointermove", "keydown"];
  const stop = () => hands.forEach((hand) => { document.removeEventListener(hand, again); });
  hands.forEach((hand) => { document.addEventListener(hand, again); });
  again();
  return again;
}
