// The locked browser of a session: its settings file, its two passwords, and which builds of it are let in.
import { Api, el } from "./hall_api.js";
import { show as tell } from "./console_dialogs.js";
import { mayAct } from "./console_state.js";
import { onRoom } from "./console_deeds.js";

const HOW = [
  "下载本场次的设置文件，考前发到各考生机（所有考场用同一个文件；每个场次、每次发布都不同）。文件是加密的，没有密码打不开。",
  "开考前在每台考生机上双击这个文件，输入打开密码，即进入登录页面。密码只由监考员输入，不要告诉考生；其中只有小写字母和数字 2 至 7。",
  "中途须退出专用浏览器时，由监考员输入退出密码；考生交卷后按“关闭考试专用浏览器”自行退出。",
];

async function download(token) {
  const response = await fetch("/room/browser/file", { headers: { Authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error((await response.json()).message);
  const [, name] = /filename="(.*)"/.exec(response.headers.get("Content-Disposition"));
  const link = el("a", { href: URL.createObjectURL(await response.blob()), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const HERE_ONLY = /^https?:\/\/(localhost|127\.|\[::1\])/;

const keysText = (keys) => Object.entries(keys).map(([room, list]) => `${room}：${list.length ? list.map((key) => key.slice(0, 8)).join("、") : "不限定"}`);

// For a room, or (none given) for all of them. Who only looks on gets the file, not the passwords.
export async function showBrowser(room, token) {
  const trouble = el("p", { class: "warning", role: "alert", hidden: true });
  const said = (error) => { trouble.textContent = error.message; trouble.hidden = false; };
  const file = el("button", { type: "button", class: "primary", onclick: () => download(token).catch(said) }, "下载本场次的设置文件");
  const parts = [el("ol", {}, HOW.map((line) => el("li", {}, line))), el("div", { class: "row" }, file)];
  if (mayAct()) {
    try {
      const { address, file_password: open, quit_password: quit, exam_keys: keys } = await new Api(token).get("/room/browser");
      const facts = [["考生机将打开", address], ["打开密码", el("code", {}, open)], ["退出密码", el("code", {}, quit)], ["允许的浏览器版本", keysText(keys).join("；")]];
      const register = el("button", { type: "button", onclick: () => { register.closest("dialog").close(); onRoom(room || { id: "*", name: "全部考场" }, "exam_keys"); } }, "登记浏览器版本");
      if (HERE_ONLY.test(address)) parts.push(el("p", { class: "warning" }, "这个地址只有考试服务器自己能打开：请用各考生机能打开的地址打开控制台，再下载设置文件。"));
      parts.push(el("dl", { class: "browser" }, facts.flatMap(([k, v]) => [el("dt", {}, k), el("dd", {}, v)])), el("div", { class: "row" }, register));
    } catch (error) { said(error); }
  }
  tell("考试专用浏览器（Safe Exam Browser）", ...parts, trouble);
}
