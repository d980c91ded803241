// The page itself: a code by camera, picture, file or typed text; what it says and what became of it. Nothing leaves the device.
import { fromBase64 } from "./bytes.js";
import { readRevoked, readStatuses } from "./lists.js";
import { codeInPdf, codeInPicture, codeOn, isPdf } from "./pictures.js";
import { day, judged, moment } from "./verdict.js";

const data = JSON.parse(document.getElementById("data").textContent);
const keys = data.keys.map((key) => ({ ...key, bytes: fromBase64(key.x) }));
const known = { keys, made: new Date(data.made), statuses: null, revoked: null };
const find = (id) => document.getElementById(id);
const served = location.protocol.startsWith("http");
const site = served ? location.origin : data.site;
const EVERY = 150;

/** Take over lists that are newer than those we have; how many were. */
async function takeLists(statuses, revoked) {
  const found = { statuses: statuses && (await readStatuses(statuses, keys)), revoked: await readRevoked(revoked, keys) };
  let newer = 0;
  for (const [name, list] of Object.entries(found)) {
    if (list && !(known[name] && known[name].asOf > list.asOf)) {
      known[name] = list;
      newer += 1;
    }
  }
  sayHowOld();
  return newer;
}

function sayHowOld() {
  const dates = [known.statuses, known.revoked].filter(Boolean).map((list) => list.asOf);
  const oldest = dates.length ? new Date(Math.min(...dates)) : null;
  const days = oldest ? Math.floor((Date.now() - oldest) / 86_400_000) : 0;
  const age = days > 0 ? `，已有 ${days} 天` : "";
  find("age").textContent = oldest ? `撤销清单截至 ${moment(oldest)}${age}。` : "本页没有撤销清单。";
}

/** From the site, when it can be reached: its lists are newer than those in the page. */
async function fetchLists() {
  const [statuses, revoked] = await Promise.all([fetch(site + data.statuses.at), fetch(site + data.revoked.at)]);
  if (!statuses.ok || !revoked.ok) throw new Error("no lists");
  return takeLists(new Uint8Array(await statuses.arrayBuffer()), await revoked.json());
}

async function refresh() {
  try {
    await fetchLists();
    say("已更新到最新的撤销清单。");
  } catch {
    say("现在连不上本中心网站，继续使用本页已有的清单。");
  }
}

function say(text) {
  find("said").textContent = text;
}

async function judge(text) {
  let verdict;
  try {
    verdict = await judged(text, known, new Date());
  } catch {
    verdict = { kind: "bad", title: "不是本中心签发", said: "二维码的内容读不懂，或者已被改动。" };
  }
  const box = find("verdict");
  box.className = verdict.kind;
  find("title").textContent = verdict.title;
  find("why").textContent = verdict.said;
  showClaim(verdict.claim);
  box.hidden = false;
  box.focus();
}

function showClaim(claim) {
  const rows = claim
    ? [
        ["姓名", claim.name], ["职业名称", claim.occupation], ["工种/职业方向", claim.job || "--"],
        ["职业技能等级", claim.level ?? data.levels[claim.levelCode] ?? claim.levelCode],
        ["证书编号", claim.number], ["发证日期", claim.issuedOn],
      ]
    : [];
  find("claim").replaceChildren(
    ...rows.flatMap(([label, value]) => {
      const [name, said] = [document.createElement("dt"), document.createElement("dd")];
      name.textContent = label;
      said.textContent = value;
      return [name, said];
    }),
  );
}

function nothingFound(advice) {
  find("verdict").hidden = true;
  say(advice);
}

/** A picture, a PDF, or a list that was saved. */
async function takeFile(file) {
  say("正在读取…");
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] === 0xd2 || bytes[0] === 0x7b) {
    await takeListFile(bytes);
    return;
  }
  const code = isPdf(bytes) ? await codeInPdf(bytes) : await codeInPicture(file);
  if (!code) {
    nothingFound("没有找到二维码。请正对着二维码、离近一些、光线均匀地拍清楚再试；扫描的 PDF 读不出时，请改用截图。");
    return;
  }
  say("");
  await judge(code);
}

async function takeListFile(bytes) {
  const isJson = bytes[0] === 0x7b;
  let newer = 0;
  try {
    newer = isJson ? await takeLists(null, JSON.parse(new TextDecoder().decode(bytes))) : await takeLists(bytes, null);
  } catch {
    newer = 0;
  }
  nothingFound(newer ? "已载入清单，请重新查验证书。" : "这个清单不是本中心签发的，或者不比现有的新，没有载入。");
}

/** Browsers keep pages for later over https alone; elsewhere it has to be saved. */
async function keepPage() {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("worker.js");
    await navigator.serviceWorker.ready;
    find("kept").hidden = false;
  } catch {
    find("kept").hidden = true;
  }
}

let camera = null;

async function openCamera() {
  if (!navigator.mediaDevices?.getUserMedia) {
    say("这个浏览器在这里不能打开摄像头，请用“拍照或选择图片、PDF”。");
    return;
  }
  try {
    camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1920 } } });
  } catch {
    say("没有打开摄像头（没有摄像头，或未获允许），请用“拍照或选择图片、PDF”。");
    return;
  }
  const video = find("video");
  video.srcObject = camera;
  video.hidden = false;
  find("camera").textContent = "停止扫描";
  await video.play();
  say("请把二维码对准画面中央。");
  look(video);
}

function closeCamera() {
  for (const track of camera?.getTracks() ?? []) track.stop();
  camera = null;
  find("video").hidden = true;
  find("camera").textContent = "用摄像头扫描";
}

async function look(video) {
  if (!camera) return;
  const code = video.videoWidth ? codeOn(video, video.videoWidth, video.videoHeight, [1920]) : null;
  if (code) {
    closeCamera();
    say("");
    await judge(code);
    return;
  }
  setTimeout(look, EVERY, video);
}

find("camera").addEventListener("click", () => {
  if (camera) closeCamera();
  else openCamera();
});
find("file").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (file) await takeFile(file);
});
find("typed").addEventListener("submit", (event) => {
  event.preventDefault();
  judge(find("text").value);
});
find("refresh").addEventListener("click", refresh);

document.title = `${document.title} · ${data.centre}`;
find("centre").textContent = data.centre;
find("demo").hidden = !data.demo;
find("made").textContent = `本页保存于 ${day(known.made)}。`;
takeLists(fromBase64(data.statuses.list), data.revoked.list).then(() => {
  if (navigator.onLine) fetchLists().catch(sayHowOld);
});
if (served) {
  for (const link of document.querySelectorAll("a[href]")) link.href = site + new URL(link.href).pathname; // by whatever name it was opened
  keepPage();
}
