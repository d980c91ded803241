// The candidate's page: sign in, confirm, wait, answer, hand in. It never navigates; what is saved is said by the hall.
import { Api, HallError, clockText, el } from "./hall_api.js";
import { Answering } from "./answering.js";

const KEY = "assay-hall-token";
const app = document.getElementById("app");
const api = new Api(sessionStorage.getItem(KEY) || localStorage.getItem(KEY) || "");

export function toast(text) {
  const box = document.getElementById("alert");
  box.textContent = text; box.hidden = false;
  clearTimeout(toast.timer); toast.timer = setTimeout(() => { box.hidden = true; }, 6000);
}

function show(...nodes) { app.replaceChildren(...nodes.flat()); app.focus(); }

function remember(token) {
  api.token = token;
  sessionStorage.setItem(KEY, token); localStorage.setItem(KEY, token);
}

function forget() { api.token = ""; sessionStorage.removeItem(KEY); localStorage.removeItem(KEY); }

function signIn(message = "") {
  const ticket = el("input", { id: "ticket", autocomplete: "off", inputmode: "numeric", required: true, autofocus: true });
  const number = el("input", { id: "id_number", autocomplete: "off", required: true });
  const form = el("form", { class: "card narrow" },
    el("h1", {}, "理论知识考试"),
    message ? el("p", { class: "error", role: "alert" }, message) : null,
    el("label", { for: "ticket" }, "准考证号"), ticket,
    el("label", { for: "id_number" }, "证件号码"), number,
    el("button", { class: "primary" }, "登录"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const profile = await api.post("/api/sign-in", { ticket: ticket.value, id_number: number.value });
      remember(profile.token); confirm(profile);
    } catch (error) { signIn(error.message); }
  });
  show(form); ticket.focus();
}

// Who was answering when the page was loaded anew goes on at once; everybody else confirms who it is.
async function confirm(profile, resumed = false) {
  document.getElementById("rehearsal").hidden = !profile.rehearsal;
  if (profile.handed_in) return done(profile.receipt);
  if (resumed && profile.started) return wait(profile);
  const photo = el("div", { class: "photo" }, "照片");
  if (profile.photo) api.blob(profile.photo).then((url) => photo.replaceChildren(el("img", { src: url, alt: "本人照片" }))).catch(() => {});
  show(el("section", { class: "card narrow" },
    el("h1", {}, "请核对本人信息"),
    el("div", { class: "identity" }, photo, el("dl", {},
      ...[["姓名", profile.name], ["证件号码", profile.id_masked], ["准考证号", profile.ticket], ["考场", profile.room], ["座位", `${profile.seat} 号`], ["试卷", profile.paper]]
        .flatMap(([k, v]) => [el("dt", {}, k), el("dd", {}, v)]))),
    el("div", { class: "row" },
      el("button", { class: "primary", onclick: () => wait(profile) }, "信息无误"),
      el("button", { onclick: () => { forget(); signIn("信息不符请举手联系监考员；也可重新登录。"); } }, "信息不符"))));
}

const RULES = [
  "开考前请勿操作计算机，保持安静。",
  "答案每次改动都会自动保存，右上角显示“已保存”或“待上传”。网络中断时请继续作答，恢复后自动上传。",
  "计算机出现故障请举手，换机后可接着作答，已保存的答案不会丢失。",
  "键盘：A–F 选择，← → 上一题下一题，M 标记。",
  "到时系统自动收卷；提前交卷后不能再作答。",
];

async function wait(profile) {
  const offset = profile.now - performance.now();
  const left = el("p", { class: "clock", "aria-hidden": "true" });
  show(el("section", { class: "card narrow" }, el("h1", {}, "考生须知"), el("ol", {}, RULES.map((r) => el("li", {}, r))),
    el("p", {}, `${profile.paper}，${profile.minutes} 分钟。距开考：`), left));
  let sealed = null;
  const fetchPaper = async () => { try { sealed = await api.get("/api/paper"); } catch (error) { if (error.status === 409 || error.status === 401) return signIn(error.message); } };
  await fetchPaper();
  const tick = async () => {
    const ms = profile.starts - (performance.now() + offset);
    left.textContent = ms > 0 ? clockText(ms) : "正在开卷…";
    if (ms > 0) return setTimeout(tick, 500);
    try {
      if (!sealed) await fetchPaper();
      const items = await openPaper(sealed);
      begin(profile, sealed, items);
    } catch (error) {
      if (error.status === 409 || error.status === 401) return signIn(error.message);
      left.textContent = error.message; setTimeout(tick, 1500);
    }
  };
  tick();
}

function bytes(base64) { return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)); }

// Decrypt where the browser may (secure context); else ask the hall for the open paper.
async function openPaper(sealed) {
  if (!(globalThis.crypto && crypto.subtle)) return api.post("/api/items");
  const { key } = await api.post("/api/key");
  const imported = await crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, ["decrypt"]);
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(sealed.nonce) }, imported, bytes(sealed.sealed));
  return JSON.parse(new TextDecoder().decode(plain));
}

async function begin(profile, paper, items) {
  const state = await api.get("/api/state");
  if (state.handed_in) return done(state.receipt);
  const answering = new Answering({ api, profile, paper, items, state, show, toast, done, lost: signIn });
  await answering.start();
}

function done(receipt) {
  show(el("section", { class: "card narrow center" }, el("h1", {}, "已交卷"),
    el("p", {}, "您的答卷已保存。回执："), el("p", { class: "receipt" }, receipt),
    el("p", {}, "可抄下回执备查。请安静离场。"),
    el("button", { onclick: () => { forget(); signIn(); } }, "退出")));
}

async function resume() {
  if (!api.token) return signIn();
  try { await confirm(await api.get("/api/profile"), true); }
  catch (error) {
    if (error instanceof HallError && error.status) { forget(); return signIn(error.message); }
    show(el("p", { class: "center" }, error.message)); setTimeout(resume, 2000);
  }
}
resume();
