// The time left. A candidate may hide it; for the last minutes it is there for everybody.
import { onThisComputer } from "./browser_storage.js";
import { clockText, el } from "./hall_api.js";

const KEY = "assay-clock";
const SHOWN_FROM_MS = 10 * 60000, URGENT_FROM_MS = 5 * 60000;

export class Clock {
  constructor() {
    this.face = el("span", { class: "clock small", role: "timer", "aria-live": "off", "aria-label": "剩余时间" });
    this.more = el("span", { class: "extended" });
    this.view = el("span", { class: "time" }, this.face, this.more);
    this.toggle = el("button", { type: "button", class: "tool", onclick: () => this.hide(!this.hidden) });
    this.left = null;
    this.hide(onThisComputer.read(KEY) === "hidden");
  }

  hide(hidden) {
    this.hidden = hidden;
    if (hidden) onThisComputer.write(KEY, "hidden"); else onThisComputer.forget(KEY);
    this.toggle.textContent = hidden ? "显示时钟" : "隐藏时钟";
    if (this.left !== null) this.draw(this.left, this.paused);
  }

  // While the exam is paused the time stands still.
  draw(left, paused = false) {
    this.left = left; this.paused = paused;
    const last = left <= SHOWN_FROM_MS;
    this.toggle.hidden = last;
    this.face.textContent = this.hidden && !last ? "时钟已隐藏" : clockText(left);
    this.face.classList.toggle("hidden-clock", this.hidden && !last);
    this.face.classList.toggle("paused", paused);
    this.face.classList.toggle("urgent", left < URGENT_FROM_MS);
  }

  lasts(minutes, planned) {
    this.more.replaceChildren(...(minutes === planned ? [] : [el("span", { class: "planned" }, `原 ${planned} 分钟，`), `延长至 ${minutes} 分钟`]));
  }
}
