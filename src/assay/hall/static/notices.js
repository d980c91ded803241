// What the candidate is told while answering: in a strip above the steps, where the page keeps room for it, and in a list that can be
// opened again. Announcements and changes of time wait until they are acknowledged, the oldest first.
import { keptJson, onThisComputer } from "./browser_storage.js";
import { raise } from "./dialogs.js";
import { el, timeText } from "./hall_api.js";

const REMIND_AT = [30, 10, 5, 1];
const REMINDER_MS = 20000;
const NOTHING_YET = -1; // a hall that is told so tells everything
// Whoever was about to press what lies under a new notice must not acknowledge it unread.
const UNDER_THE_HAND_MS = 600;

export class Notices {
  // `minutes`: how long the exam lasts, as the candidate was told when signing in; `hallNow` tells the hall's time.
  constructor(sitting, minutes, hallNow) {
    this.key = `assay-notices-${sitting}`;
    this.hallNow = hallNow;
    this.kept = { list: [], heard: NOTHING_YET, minutes, reminded: [], ...keptJson(onThisComputer, this.key, {}) };
    this.held = new Map(); // key → what holds just now; put away or not
    this.rows = el("div", { class: "notice-rows" });
    this.view = el("div", { class: "notice-strip", role: "status" }, this.rows);
    this.bell = el("button", { type: "button", class: "bell", hidden: true, onclick: () => this.openList() });
    this.draw();
  }

  // Up to which number the hall's notices are here: it is said with every request, and the hall tells all of them when it has others.
  get heard() { return Number.isInteger(this.kept.heard) ? this.kept.heard : NOTHING_YET; }

  // A reply of the hall: its notices, where they are not those that are here, and how long the exam lasts now.
  hear({ notices, message_number: number, minutes }) {
    if (notices) {
      for (const notice of notices) this.take(notice);
      this.kept.list.sort((one, other) => one.at - other.at);
      this.kept.heard = number;
      this.store(); this.draw();
    }
    if (minutes !== this.kept.minutes) {
      const more = minutes - this.kept.minutes;
      this.kept.minutes = minutes;
      this.tell(more > 0 ? `您的考试时间延长 ${more} 分钟，共 ${minutes} 分钟。` : `您的考试时间减少 ${-more} 分钟，共 ${minutes} 分钟。`);
    }
  }

  // A notice of the hall, by its own name: each stands here once. One that is taken back need not be acknowledged, and the list says so.
  // What a page of an earlier version kept has no name yet.
  take({ id, at, text, withdrawn }) {
    const said = `考场通知：${text}`;
    let here = this.kept.list.find((one) => one.id === id) || this.kept.list.find((one) => !one.id && one.announced && one.text === said);
    if (!here) { here = { at, text: said, read: false }; this.kept.list.push(here); }
    here.id = id;
    if (withdrawn) here.withdrawn = here.read = true;
  }

  // To be acknowledged.
  tell(text) { this.keep({ text, read: false }); this.draw(); }

  // What holds for a while: shown for as long as `text` is not empty, or until it is put away (unless it `stays`).
  holds(key, text, stays = false) {
    const known = this.held.get(key);
    if ((known ? known.text : "") === text) return;
    if (!text) this.held.delete(key);
    else {
      // The same matter with another number in it stays put away.
      this.held.set(key, { text, stays, away: Boolean(known && known.away) });
      if (!known) this.keep({ text, read: true });
    }
    this.draw();
  }

  // Some minutes before the end, once each.
  remind(left) {
    const minutes = Math.ceil(left / 60000);
    if (left <= 0) this.holds("reminder", "");
    if (left <= 0 || !REMIND_AT.includes(minutes) || this.kept.reminded.includes(minutes)) return;
    this.kept.reminded.push(minutes);
    this.holds("reminder", "");
    this.holds("reminder", `距考试结束还有 ${minutes} 分钟。`);
    clearTimeout(this.passing);
    this.passing = setTimeout(() => this.holds("reminder", ""), REMINDER_MS);
  }

  // The next candidate at this computer finds none of it.
  close() { clearTimeout(this.passing); onThisComputer.forget(this.key); }

  keep(notice) {
    this.kept.list.push({ at: this.hallNow(), ...notice });
    this.store();
  }

  store() { onThisComputer.write(this.key, JSON.stringify(this.kept)); }

  unread() { return this.kept.list.filter((one) => !one.read); }

  draw() {
    const rows = [];
    for (const one of this.held.values()) {
      if (one.stays) rows.push(el("div", { class: "notice-row stays" }, el("p", {}, one.text)));
      else if (!one.away) rows.push(row(one.text, "收起", () => { one.away = true; this.draw(); }));
    }
    const unread = this.unread();
    if (unread.length) {
      const [first] = unread;
      rows.push(row(first.text, ["知道了", unread.length > 1 ? el("span", { class: "more" }, `（还有 ${unread.length - 1} 条）`) : null], () => {
        first.read = true; this.store(); this.draw();
        (this.rows.querySelector("button") || this.bell).focus({ preventScroll: true });
      }));
    }
    if (!same(rows, [...this.rows.children])) this.rows.replaceChildren(...rows);
    const all = this.kept.list.length;
    this.bell.hidden = !all;
    this.bell.textContent = `通知 ${all}`;
    this.bell.setAttribute("aria-label", `通知，共 ${all} 条${unread.length ? `，${unread.length} 条未确认` : ""}`);
    this.bell.classList.toggle("unread", unread.length > 0);
  }

  openList() {
    const lines = [...this.kept.list].reverse().map(({ at, text, withdrawn }) => el("li", {}, el("time", {}, timeText(at)), text, withdrawn ? "（已撤回）" : null));
    const dialog = el("dialog", { class: "notice-list", "aria-label": "全部通知" }, el("h2", {}, "全部通知"), el("ol", { tabindex: "0", "aria-label": "通知" }, lines),
      el("form", { method: "dialog" }, el("button", { class: "primary", autofocus: true }, "关闭")));
    raise(dialog);
  }
}

function row(text, said, put) {
  const since = performance.now();
  return el("div", { class: "notice-row" }, el("p", {}, text), el("button", { type: "button", onclick: (event) => {
    if (event.detail && performance.now() - since < UNDER_THE_HAND_MS) return; // by keyboard it is meant
    put();
  } }, said));
}

const same = (rows, shown) => rows.length === shown.length && rows.every((one, n) => one.textContent === shown[n].textContent);
