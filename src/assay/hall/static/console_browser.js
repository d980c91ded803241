// The locked browser of a session: its settings file, its two passwords, and which builds of it are let in.
import { Api, el } from "./hall_api.js";
import { h } from "./live.js";
import { show } from "./console_dialogs.js";
import { mayAct } from "./console_state.js";
import { onRoom } from "./console_deeds.js";
import { drawAgain, token, withToken } from "./console_line.js";

const HOW = [
  "下载本场次的设置文件，考前发到各考生机（所有考场用同一个文件；每个场次、每次发布都不同）。文件是加密的，没有密码打不开。",
  "开考前在每台考生机上双击这个文件，输入打开密码，即进入登录页面。密码只由监考员输入，不要告诉考生；其中只有小写字母和数字 2 至 7。",
  "中途须退出专用浏览器时，由监考员输入退出密码；考生交卷后按“关闭考试专用浏览器”自行退出。",
];

async function download() {
  const response = await fetch("/room/browser/file", withToken);
  if (!response.ok) throw new Error((await response.json()).message);
  const [, name] = /filename="(.*)"/.exec(response.headers.get("Content-Disposition"));
  const link = el("a", { href: URL.createObjectURL(await response.blob()), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const HERE_ONLY = /^https?:\/\/(localhost|127\.|\[::1\])/;

const keysText = (keys) => Object.entries(keys).map(([room, list]) => `${room}：${list.length ? list.map((key) => key.slice(0, 8)).join("、") : "不限定"}`);

function passwords({ address, file_password: open, quit_password: quit, exam_keys: keys }, room) {
  const facts = [["考生机将打开", address], ["打开密码", h("code", {}, open)], ["退出密码", h("code", {}, quit)], ["允许的浏览器版本", keysText(keys).join("；")]];
  const register = (event) => { event.target.closest("dialog").close(); onRoom(room || { id: "*", name: "全部考场" }, "exam_keys"); };
  return [HERE_ONLY.test(address) ? h("p", { class: "warning" }, "这个地址只有考试服务器自己能打开：请用各考生机能打开的地址打开控制台，再下载设置文件。") : null,
    h("dl", { class: "browser" }, facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    h("div", { class: "row", key: "register" }, h("button", { type: "button", onclick: register }, "登记浏览器版本"))];
}

// For a room, or (none given) for all of them. Who only looks on gets the file, not the passwords.
export async function showBrowser(room) {
  let trouble = "", settings = null;
  const failed = (error) => { trouble = error.message; drawAgain(); };
  if (mayAct()) {
    try { settings = await new Api(token).get("/room/browser"); } catch (error) { trouble = error.message; }
  }
  show("考试专用浏览器（Safe Exam Browser）", () => [h("ol", {}, HOW.map((line) => h("li", {}, line))),
    h("div", { class: "row" }, h("button", { type: "button", class: "primary", onclick: () => download().catch(failed) }, "下载本场次的设置文件")),
    ...(settings ? passwords(settings, room) : []),
    trouble ? h("p", { class: "warning", role: "alert", key: "trouble" }, trouble) : null]);
}
