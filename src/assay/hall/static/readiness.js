// Before the exam this computer tells the hall whether it can be used, and shows it to whoever stands before it.
import { storageTrouble } from "./browser_storage.js";
import { el } from "./hall_api.js";

const TRIES = 3;
const AGAIN_MS = 60000;
const UNREACHED_AGAIN_MS = 5000;
const CLOCK_MS = 2000;
const SLOW_NET_MS = 300;

export class Readiness {
  constructor(api) {
    this.api = api; this.view = el("p", { class: "readiness hint" }, "正在检查本机…"); this.seat = 0; this.computer = 0;
    this.reached = true; this.timer = 0; api.told = (reached) => this.hear(reached);
  }

  // Whether the hall can be reached: the line never says otherwise than what else stands on the page.
  hear(reached) {
    if (reached === this.reached) return;
    this.reached = reached;
    this.draw();
    if (this.timer) this.later();
  }

  // Measured and told now and again for as long as the card is on the page; `seat`: of whoever is signed in here.
  begin(seat = 0) {
    const other = seat !== this.seat;
    this.seat = seat;
    if (other) this.computer = 0;
    this.draw();
    if (!this.running) { this.running = true; this.run(); }
    else if (other && this.found) this.tell().catch(() => {}); // told again in a minute
  }

  async run() {
    this.timer = 0;
    try { this.found = await measure(); this.reached = true; this.draw(); await this.tell(); } catch { this.hear(false); }
    this.later();
  }

  later() {
    const wait = this.reached && this.found ? AGAIN_MS : UNREACHED_AGAIN_MS * (1 + Math.random()); // not all computers of a room at once
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { if (this.view.isConnected) this.run(); else { this.running = false; this.timer = 0; } }, wait);
  }

  // The hall knows the computers by their addresses, and says the number before the sign-in where it is sure of it; the seat of who is signed in is where he should be, and says nothing of
  // where he is. A hall that does not ask for it is no trouble.
  async tell() {
    const { seat } = this;
    try {
      const { computer } = await this.api.post("/api/ready", this.found);
      if (seat === this.seat) { this.computer = computer; this.draw(); }
    } catch (error) { if (!error.status) throw error; }
  }

  which() {
    if (!this.computer) return "本机";
    return !this.seat || this.computer === this.seat ? `第 ${this.computer} 号机` : `第 ${this.computer} 号机（您的座位是 ${this.seat} 号）`;
  }

  draw() {
    if (!this.found) { this.view.textContent = this.reached ? "正在检查本机…" : "本机：暂时连接不上考试服务器"; return; }
    const { storage, clock_ms: clock } = this.found;
    this.view.textContent = [this.which(), storage ? "浏览器可用" : "浏览器不能保存记录", `时钟差 ${clockSaid(clock)}`, `网络 ${this.network()}`].join(" · ");
  }

  network() {
    if (!this.reached) return "连接不上考试服务器";
    return this.found.net_ms < SLOW_NET_MS ? "正常" : "较慢";
  }
}

// The hall tells its time in whole seconds, sometimes a moment late: less than that is no difference.
function clockSaid(ms) { return Math.abs(ms) < CLOCK_MS ? `不到 ${CLOCK_MS / 1000} 秒` : `${Math.round(ms / 1000)} 秒`; }

async function measure() {
  let net = Infinity, clock = 0;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const began = performance.now();
    const response = await fetch("/health", { cache: "no-store" });
    const took = performance.now() - began;
    if (took >= net) continue;
    net = took;
    const at = Date.parse(response.headers.get("Date"));
    clock = Number.isNaN(at) ? 0 : Date.now() - took / 2 - at - 500; // somewhere in the second that was told
  }
  return { browser: browserName(), storage: !storageTrouble(), clock_ms: Math.round(clock), net_ms: Math.round(net) };
}

function browserName() {
  const found = /(Edg|Firefox|Chrome|Version)\/(\d+)/g;
  const names = { Edg: "Edge", Version: "Safari" };
  const all = [...navigator.userAgent.matchAll(found)];
  const best = all.find(([, name]) => name === "Edg") || all[0];
  return best ? `${names[best[1]] || best[1]} ${best[2]}` : "其他浏览器";
}
