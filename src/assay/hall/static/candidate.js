// The candidate's page: sign in, confirm, wait, answer, hand in. It never navigates; what is saved is said by the hall.
import { Api, HallError, clockText, door, el } from "./hall_api.js";
import { Answering } from "./answering.js";
import { storageTrouble } from "./browser_storage.js";
import { raise } from "./dialogs.js";
import { displayTools } from "./display.js";
import { keepToTheirLayer } from "./double_clicks.js";
import { Journal, browserName, hasConfirmed, keepConfirmed, keepFileKey, keepToken, keptFileKey, keptToken, sittingOf } from "./journal.js";
import { bringLate, bringLeftBehind } from "./late_answers.js";
import { LeftBehind } from "./left_behind.js";
import { practice } from "./practice.js";
import { Readiness } from "./readiness.js";
import { NOTHING_KNOWN, showReceipt } from "./receipt.js";
import { noticing } from "./remarks.js";
import { VERIFIED } from "./header.js";
import { openPaper } from "./sealing.js";

const app = document.getElementById("app");
const api = new Api();
let answering = null;
const note = noticing(api, () => Boolean(answering && !answering.over), toast);
const readiness = new Readiness(api), leftBehind = new LeftBehind();
let allowed = false; // the invigilator lets this computer be used although it keeps nothing

const UNREACHED = {
  door: "暂时连接不上考试服务器。本机没有人登录，请稍候再试；一直这样请举手",
  waiting: "暂时连接不上考试服务器，正在重试",
  answering: "暂时连接不上考试服务器，已作答内容保存在本机，恢复后自动上传",
};

function toast(text) {
  const box = document.getElementById("alert");
  box.textContent = text; box.hidden = false;
  clearTimeout(toast.timer); toast.timer = setTimeout(() => { box.hidden = true; }, 6000);
}

function show(...nodes) { app.dataset.begun = "yes"; app.replaceChildren(...nodes.flat()); app.focus({ preventScroll: true }); scrollTo(0, 0); }

function page(...nodes) { show(el("header", { class: "bar plain" }, displayTools()), ...nodes); }

async function remember(token) { api.token = token; await keepToken(token); }

function forget() { return Promise.all([remember(""), keepFileKey(null)]); }

function signIn(message = "") {
  answering = null;
  api.unreached = UNREACHED.door;
  readiness.begin();
  const trouble = allowed ? "" : storageTrouble();
  if (trouble) return unfit(trouble);
  const ticket = el("input", { id: "ticket", autocomplete: "off", inputmode: "numeric", required: true });
  const number = el("input", { id: "id_number", autocomplete: "off", required: true });
  const button = el("button", { class: "primary" }, "登录");
  const said = el("p", { class: "error", role: "alert" }, message);
  const form = el("form", { class: "card narrow" },
    el("h1", {}, "理论知识考试"),
    said,
    el("label", { for: "ticket" }, "准考证号"), ticket,
    el("label", { for: "id_number" }, "证件号码"), number, button, readiness.view);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true; said.textContent = "";
    try {
      const profile = await api.post("/api/sign-in", { ticket: ticket.value, id_number: number.value, browser: await browserName() });
      await remember(profile.token); confirm(profile);
    } catch (error) { said.textContent = error.message; button.disabled = false; number.select(); } // what was typed stays, to be corrected
  });
  page(form, leftBehind.view); leftBehind.look(); ticket.focus();
}

// A browser that keeps nothing would lose what has not been sent when the page is loaded anew.
function unfit(trouble) {
  page(el("section", { class: "card narrow" }, el("h1", {}, "此浏览器不能用于考试"),
    el("p", { class: "error", role: "alert" }, `此浏览器不能用于考试：${trouble}，请举手。`),
    el("p", { class: "hint" }, "监考员：请在浏览器设置中允许本站保存数据（不用无痕窗口）并清出空间后重新打开本页，或换一台计算机。没有别的计算机时可以继续：答案照常上传，但断网时重新打开本页会丢失未上传的答案。"),
    el("div", { class: "row" }, el("button", { type: "button", class: "primary", onclick: () => location.reload() }, "重新检查"),
      el("button", { type: "button", onclick: () => { allowed = true; signIn(); } }, "监考员同意，继续登录")), readiness.view));
}

// Who was answering when the page was loaded anew goes on at once; everybody else confirms who it is.
async function confirm(profile, resumed = false) {
  profile.ahead = profile.now - performance.now();
  document.getElementById("rehearsal").hidden = !profile.rehearsal;
  const journal = new Journal(profile.sitting);
  if (profile.handed_in) return closed(journal, profile);
  if (resumed && profile.started) { await enter(profile); note("reload"); return; }
  api.unreached = UNREACHED.waiting;
  readiness.begin(profile.seat);
  if (resumed && await hasConfirmed(profile.sitting)) return wait(profile);
  const photo = el("div", { class: "photo" }, "照片"), announcements = announced(profile);
  const untilThen = untilStart(profile), bar = barredBy(untilThen);
  bar.hear(profile.barred);
  keepHearing(announcements.view, (now) => { announcements.hear(now); bar.hear(now.barred); });
  if (profile.photo) api.blob(profile.photo).then((url) => photo.replaceChildren(el("img", { src: url, alt: "本人照片" }))).catch(() => {});
  page(el("section", { class: "card narrow" },
    el("h1", {}, "请核对本人信息"),
    el("div", { class: "identity" }, photo, el("dl", {},
      ...[["姓名", profile.name], ["证件号码", profile.id_masked], ["准考证号", profile.ticket], ["考场", profile.room], ["座位", `${profile.seat} 号`], ["试卷", profile.paper]]
        .flatMap(([k, v]) => [el("dt", {}, k), el("dd", {}, v)]))),
    bar.view, untilThen, announcements.view,
    el("div", { class: "row" },
      el("button", { class: "primary", onclick: () => { fullScreen(); keepConfirmed(profile.sitting); wait(profile); } }, "信息无误"),
      el("button", { onclick: () => { reportMismatch(); forget(); signIn("信息不符请举手联系监考员；也可重新登录。"); } }, "信息不符")),
    profile.verified ? el("p", { class: "verified" }, VERIFIED) : null, readiness.view));
}

// Who still looks at his own name is told how long that may take.
function untilStart(profile) {
  const left = el("p", { class: "until-start", role: "timer", "aria-live": "off" });
  const draw = () => {
    const ms = profile.starts - profile.ahead - performance.now();
    left.textContent = ms > 0 ? `距开考：${clockText(ms)}` : "考试已经开始，核对后即可作答。";
  };
  const timer = setInterval(() => { if (left.isConnected) draw(); else clearInterval(timer); }, 500);
  draw();
  return left;
}

// What the invigilator says while the exam has not begun, the newest first; once the paper is open it stands among the notices.
function announced(profile) {
  const view = el("div", { class: "notice", role: "status" });
  const hear = ({ notices }) => {
    const said = notices.filter((one) => !one.withdrawn).reverse().map((one) => `考场通知：${one.text}`);
    if (said.join("\n") !== view.dataset.said) view.replaceChildren(...said.map((text) => el("p", {}, text)));
    view.dataset.said = said.join("\n"); view.hidden = !said.length;
  };
  hear(profile);
  return { view, hear };
}

// Why this candidate cannot begin stands large, in the place of `countdown`, which would promise what does not come.
function barredBy(countdown) {
  const view = el("p", { class: "barred", role: "alert", hidden: true });
  const hear = (reason) => {
    if (view.textContent !== reason) view.textContent = reason;
    view.hidden = !reason; countdown.hidden = Boolean(reason);
  };
  return { view, hear };
}

const HEARD_EVERY_MS = 10000;

// The hall hears from who reads his own name, too, and has something to tell.
function keepHearing(view, hear) {
  const timer = setInterval(() => {
    if (view.isConnected) api.get("/api/profile").then(hear).catch(() => {}); else clearInterval(timer);
  }, HEARD_EVERY_MS);
}

// The invigilator sees it too; whether or not that gets through, the candidate is told to raise a hand.
function reportMismatch() { new Api(api.token).post("/api/remarks", { kind: "mismatch" }).catch(() => {}); }

// Somebody else sits before an exam that goes on: that is said, nothing is handed in.
function notMe() {
  const dialog = el("dialog", { "aria-label": "不是我" }, el("h2", {}, "正在考试的不是您？"),
    el("p", {}, "请不要作答，举手告诉监考员。已作答的内容不变，也不会交卷。"),
    el("div", { class: "row" }, el("button", { type: "button", autofocus: true, onclick: () => dialog.close() }, "返回"),
      el("button", { type: "button", class: "primary", onclick: () => { dialog.close(); reportMismatch(); toast("已告诉监考员，请举手等候。"); } }, "不是我，告诉监考员")));
  raise(dialog);
}

function fullScreen() {
  const root = document.documentElement;
  if (root.requestFullscreen && !document.fullscreenElement) root.requestFullscreen().catch(() => {});
}

const WAITS_FOR_SOMEBODY = [403, 425]; // refusals that end by what the invigilator does, not by trying again
const DELIVERED = "试卷已下发（加密），到时自动开卷。";
const RULES = [
  "只准携带规定的用具，手机等通讯设备应关闭并放到指定位置。", "独立作答，保持安静，不交头接耳，不抄录试题。",
  "答案选定即自动保存；右上方显示“已保存”表示服务器已收到。", "机器或网络出现问题请举手，已答内容不会丢失，耽误的时间由监考员补回。",
  "到时自动交卷；交卷后请抄下回执并安静离场。",
];

async function wait(profile) {
  let { ahead } = profile;
  const announcements = announced(profile), left = el("p", { class: "clock", role: "timer", "aria-live": "off" });
  const state = el("p", { class: "hint", role: "status" });
  const toStart = el("span", {}, "距开考："), countdown = el("div", {}, toStart, left), bar = barredBy(countdown);
  bar.hear(profile.barred);
  const checked = el("p", { class: "verified", hidden: !profile.verified }, VERIFIED);
  page(el("section", { class: "card narrow" }, el("h1", {}, `${profile.batch} ${profile.session}`),
    el("p", {}, `${profile.name}，${profile.paper}，${profile.paper_minutes} 分钟${profile.minutes > profile.paper_minutes ? `（延长至 ${profile.minutes} 分钟）` : ""}。`),
    announcements.view,
    el("h2", {}, "考场规则"), el("ol", { class: "rules" }, RULES.map((rule) => el("li", {}, rule))),
    el("p", {}, `${profile.rehearsal ? "演练中随时可以交卷" : `开考 ${profile.earliest_leave_minutes} 分钟后可以交卷（不计全场暂停）`}。`), bar.view, countdown, state, checked,
    el("button", { type: "button", onclick: () => { clearInterval(timer); forget(); signIn(); } }, "不是我"), readiness.view), practice());
  let sealed = null, busy = false, looked = performance.now();
  const standing = () => left.isConnected; // somebody else may have come to the computer meanwhile
  // What the hall has to tell, before the start and while somebody waits for it longer.
  const look = async () => {
    const now = await api.get("/api/profile");
    looked = performance.now();
    ahead = now.now - looked; checked.hidden = !now.verified; announcements.hear(now);
    if (ahead + looked < profile.starts) bar.hear(now.barred);
    if (state.textContent !== DELIVERED) state.textContent = DELIVERED;
  };
  const tick = async () => {
    if (busy) return;
    const ms = profile.starts - (performance.now() + ahead);
    left.textContent = ms > 0 ? clockText(ms) : "正在开卷…"; toStart.hidden = ms <= 0;
    busy = true;
    try {
      if (!sealed) { sealed = await api.get("/api/paper"); state.textContent = DELIVERED; }
      if (performance.now() - looked >= HEARD_EVERY_MS) await look();
      if (ms <= 0) { await openAndAnswer(profile, sealed, standing); clearInterval(timer); return; }
    } catch (error) {
      if (!standing()) return;
      if (error.status === 409) { clearInterval(timer); moved(new Journal(profile.sitting), error.message); return; }
      if ([401, 410].includes(error.status)) { clearInterval(timer); signIn(error.message); return; }
      const waits = ms <= 0 && WAITS_FOR_SOMEBODY.includes(error.status);
      if (waits) bar.hear(error.message); else looked = error.status ? performance.now() : -HEARD_EVERY_MS; // a hall that has too much to do is not asked more
      state.textContent = waits ? "" : error.message;
      if (ms <= 0) left.textContent = "正在等待开卷…";
      await new Promise((resolve) => setTimeout(resolve, 800 + Math.random() * 700));
    }
    busy = false;
  };
  const timer = setInterval(tick, 500);
  tick();
}

// Back to answering after a reload, without the waiting room.
async function enter(profile) {
  try { await openAndAnswer(profile, await api.get("/api/paper")); }
  catch (error) {
    if (error.status === 401) return signIn(error.message);
    if (error.status === 409) return moved(new Journal(profile.sitting), error.message);
    if (error.status === 410) return closed(new Journal(profile.sitting), profile);
    page(el("p", { class: "center", role: "status" }, error.message));
    setTimeout(() => enter(profile), 2000);
  }
}

async function openAndAnswer(profile, paper, standing = () => true) {
  const opened = await api.post("/api/key");
  if (!standing()) return;
  if (opened.handed_in) return closed(new Journal(profile.sitting), profile);
  api.unreached = UNREACHED.answering;
  keepFileKey({ pack: profile.pack, sitting: profile.sitting, ticket: profile.ticket, key: opened.file_key });
  answering = new Answering({
    api, notMe, profile, paper, items: openPaper(paper, opened.key), opened, note, show, toast, lost: signIn, moved,
    done: (receipt, closing) => done(profile, { ...NOTHING_KNOWN, receipt, closing }), closed: (journal) => closed(journal, profile),
  });
  await answering.start();
}

// The sitting is closed. What this computer still holds is brought as late answers: the invigilator decides. That it holds
// none is told as well: nobody need wait for it then.
async function closed(journal, profile) {
  const brought = await bringLate(api, journal, saying);
  done(profile, await outcomeNow() || { ...NOTHING_KNOWN, receipt: profile.receipt }, brought);
}

// The candidate goes on at another computer: what this one still holds is brought before anybody can sign in here. Where the hall does
// not take it, that stands beside the door.
async function moved(journal, message) {
  const { brought, text } = await bringLeftBehind(api, journal, (going) => saying(`您已在另一台计算机上登录。${going}`));
  if (!brought) await leftBehind.keep(api.token, journal, await keptFileKey(journal.sitting), text);
  await forget();
  signIn(`${message}。${brought ? text : ""}`);
}

function saying(text) { page(el("p", { class: "center", role: "status" }, text)); }

// The hall closes a sitting a moment after its time is over: the receipt may take a few seconds.
async function outcomeNow() {
  for (let tries = 0; tries < 6; tries += 1) {
    try {
      const outcome = await api.get("/api/outcome");
      if (outcome.receipt) return outcome;
    } catch (error) { if (error.status) break; }
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
  return null;
}

function done(profile, outcome, brought = "") {
  if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
  showReceipt({
    api, profile, outcome, brought, show: page, leave,
    takenBack: async () => { await enter(profile); toast("监考员已撤销交卷，请继续作答。"); },
  });
}

// The locked browser closes itself at this address.
async function leave() {
  await forget();
  if (door) location.assign("/seb/leave"); else signIn();
}

async function resume() {
  api.token = await keptToken();
  if (!api.token) return signIn();
  try { await confirm(await api.get("/api/profile"), true); }
  catch (error) {
    if (error.status === 409) return moved(new Journal(sittingOf(api.token)), error.message);
    if (error instanceof HallError && error.status && error.status !== 503) { forget(); return signIn(error.message); }
    page(el("p", { class: "center", role: "status" }, error.message)); setTimeout(resume, 2000);
  }
}
// Safe Exam Browser works out its hashes for this address only when asked to, and a page that goes on without them is refused.
const KEYS_MS = 3000;
function keysAtHand() {
  const told = globalThis.SafeExamBrowser?.security;
  if (!told || !told.updateKeys) return Promise.resolve();
  return new Promise((resolve) => { told.updateKeys(() => resolve()); setTimeout(resolve, KEYS_MS); });
}
keepToTheirLayer();
keysAtHand().then(resume);
