// Answering: one item at a time, the answer card, the clock, the badge, sending and handing in.
import { clockText, el } from "./hall_api.js";
import { Journal } from "./journal.js";

const TITLES = { single: "单项选择题", true_false: "判断题", multiple: "多项选择题" };
const LETTERS = "ABCDEF";
const RETRY_MS = [1000, 2000, 4000, 8000];
const HEARTBEAT_MS = 15000;
const SAY_AT = [30, 10, 5, 1];

export class Answering {
  constructor(given) {
    Object.assign(this, given);
    this.byId = new Map(this.items.map((item) => [item.id, item]));
    this.order = this.paper.order;
    this.at = 0;
    this.answers = new Map(); this.revs = new Map(); this.marked = new Set();
    this.journal = new Journal(this.profile.sitting);
    this.sending = false; this.failures = 0; this.saved = 0; this.said = new Set();
  }

  async start() {
    for (const [item, [rev, choice]] of Object.entries(this.state.answers)) { this.answers.set(item, choice); this.revs.set(item, rev); }
    for (const entry of await this.journal.load()) {
      if (entry.rev > (this.revs.get(entry.item) || 0)) { this.answers.set(entry.item, entry.choice); this.revs.set(entry.item, entry.rev); }
    }
    this.layout();
    this.sync(this.state);
    this.go(0);
    document.addEventListener("keydown", (event) => this.key(event));
    window.addEventListener("online", () => this.send());
    this.timer = setInterval(() => this.tick(), 500);
    this.heart = setInterval(() => this.send(true), HEARTBEAT_MS);
    this.tick();
    this.send(true);
  }

  layout() {
    this.badge = el("span", { class: "badge", role: "status" });
    this.clock = el("span", { class: "clock small", role: "timer", "aria-live": "off" });
    this.voice = el("span", { class: "visually-hidden", "aria-live": "polite" });
    this.body = el("section", { class: "item", "aria-live": "off" });
    this.card = el("nav", { class: "answer-card", "aria-label": "答题卡" });
    this.notice = el("p", { class: "notice", role: "status", hidden: true });
    this.show(el("header", { class: "bar" },
      el("b", {}, this.paper.title), el("span", {}, `${this.profile.name}　${this.profile.seat} 号`), this.badge, this.clock,
      el("button", { class: "primary", onclick: () => this.askHandIn() }, "交卷")),
      this.notice, this.voice,
      el("div", { class: "columns" }, el("div", {}, this.body,
        el("div", { class: "row" },
          el("button", { onclick: () => this.go(this.at - 1) }, "← 上一题"),
          el("button", { onclick: () => this.mark(), id: "mark" }, "标记 (M)"),
          el("button", { onclick: () => this.go(this.at + 1) }, "下一题 →"))), this.card));
  }

  go(to) {
    this.at = Math.min(Math.max(to, 0), this.order.length - 1);
    const [id, options] = this.order[this.at];
    const item = this.byId.get(id);
    const multiple = item.type === "multiple";
    const choices = item.type === "true_false" ? [["对", "对"], ["错", "错"]] : options.map((original, shown) => [LETTERS[original], item.options[original], LETTERS[shown]]);
    const chosen = this.answers.get(id) || "";
    const inputs = choices.map(([value, text, letter]) => {
      const input = el("input", { type: multiple ? "checkbox" : "radio", name: "choice", value, checked: chosen.includes(value) });
      input.addEventListener("change", () => this.pick(id));
      return el("label", { class: "choice" }, input, letter ? el("b", {}, `${letter}.`) : null, el("span", {}, text));
    });
    const pictures = item.images.map((digest) => {
      const picture = el("img", { alt: "试题图片", class: "picture", tabindex: 0, onclick: (e) => e.target.classList.toggle("large") });
      this.api.blob(digest).then((url) => { picture.src = url; }).catch(() => {});
      return picture;
    });
    this.body.replaceChildren(el("fieldset", {},
      el("legend", {}, el("span", { class: "kind" }, `第 ${this.at + 1} 题 · ${TITLES[item.type]}`), el("div", { class: "stem" }, item.stem)),
      ...pictures, ...inputs));
    document.getElementById("mark").setAttribute("aria-pressed", String(this.marked.has(id)));
    this.drawCard();
  }

  drawCard() {
    let answered = 0;
    const buttons = this.order.map(([id], n) => {
      const has = Boolean(this.answers.get(id));
      answered += has ? 1 : 0;
      const state = [has ? "answered" : "", this.marked.has(id) ? "marked" : "", n === this.at ? "current" : ""].join(" ");
      const label = `第 ${n + 1} 题，${has ? "已答" : "未答"}${this.marked.has(id) ? "，已标记" : ""}`;
      return el("button", { class: state, "aria-label": label, "aria-current": n === this.at ? "true" : null, onclick: () => this.go(n) }, String(n + 1));
    });
    this.answered = answered;
    this.card.replaceChildren(el("p", {}, `已答 ${answered} / ${this.order.length}`), el("div", { class: "grid" }, buttons));
  }

  async pick(id) {
    const values = [...this.body.querySelectorAll("input:checked")].map((input) => input.value).sort().join("");
    await this.answer(id, values);
  }

  async answer(id, choice) {
    const rev = (this.revs.get(id) || 0) + 1;
    this.answers.set(id, choice); this.revs.set(id, rev);
    this.drawCard();
    await this.journal.put({ item: id, choice, rev, at: Date.now() });
    this.draw(); this.send();
  }

  mark() {
    const [id] = this.order[this.at];
    this.marked.has(id) ? this.marked.delete(id) : this.marked.add(id);
    document.getElementById("mark").setAttribute("aria-pressed", String(this.marked.has(id)));
    this.drawCard();
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (event.key === "ArrowRight") { event.preventDefault(); return this.go(this.at + 1); }
    if (event.key === "ArrowLeft") { event.preventDefault(); return this.go(this.at - 1); }
    const letter = event.key.toUpperCase();
    if (letter === "M") return this.mark();
    const input = this.body.querySelectorAll("input")[LETTERS.indexOf(letter)];
    if (letter.length === 1 && input) { input.click(); input.focus(); }
  }

  // Send what waits, one request at a time; `always` asks for the clock even when nothing waits.
  async send(always = false) {
    if (this.sending || this.over) return;
    const waiting = this.journal.waiting();
    if (!waiting.length && !always) return this.draw();
    this.sending = true;
    let again = null;
    try {
      const answers = waiting.slice(0, 200).map(({ item, choice, rev, at }) => ({ item, choice, rev, at }));
      const reply = await this.api.post("/api/answers", { answers });
      await this.journal.acknowledged(reply.saved);
      this.failures = 0; this.sync(reply);
      if (this.journal.waiting().length) again = 0;
    } catch (error) { again = await this.trouble(error); }
    this.sending = false; this.draw();
    if (again !== null) { clearTimeout(this.retry); this.retry = setTimeout(() => this.send(), again); }
  }

  async trouble(error) {
    if (error.status === 409 && error.body.error === "revision") {
      for (const [item, rev] of Object.entries(error.body.revs)) {
        this.revs.set(item, rev + 1);
        await this.journal.put({ item, choice: this.answers.get(item) || "", rev: rev + 1, at: Date.now() });
      }
      return 0;
    }
    if (error.status === 401 || error.status === 409) { this.stop(); this.lost(error.message); return null; }
    if (error.status === 410) { await this.finish(); return null; }
    this.failures += 1;
    return RETRY_MS[Math.min(this.failures - 1, RETRY_MS.length - 1)];
  }

  sync(reply) {
    this.ends = performance.now() + reply.left;
    this.paused = reply.paused;
    const text = reply.paused ? "考试暂停，请等待监考员通知，暂停时间将补回。" : reply.message;
    this.notice.hidden = !text; this.notice.textContent = text || "";
    if (reply.handed_in) this.finish();
  }

  draw() {
    const waiting = this.journal.waiting().length;
    this.badge.textContent = waiting ? `待上传 ${waiting}` : "已保存";
    this.badge.className = `badge ${waiting ? "waiting" : "saved"}`;
  }

  tick() {
    if (this.paused) return;
    const left = this.ends - performance.now();
    this.clock.textContent = clockText(left);
    const minutes = Math.ceil(left / 60000);
    if (SAY_AT.includes(minutes) && !this.said.has(minutes)) { this.said.add(minutes); this.voice.textContent = `还剩 ${minutes} 分钟`; }
    this.clock.classList.toggle("urgent", left < 300000);
    if (left <= 0 && !this.ending) { this.ending = true; this.handIn(true); }
  }

  askHandIn() {
    const missing = this.order.map(([id], n) => (this.answers.get(id) ? 0 : n + 1)).filter(Boolean);
    const dialog = el("dialog", {}, el("h2", {}, "确认交卷？"),
      el("p", {}, missing.length ? `还有 ${missing.length} 题未答：${missing.slice(0, 30).join("、")}${missing.length > 30 ? "…" : ""}` : "全部题目已作答。"),
      el("p", {}, "交卷后不能再作答。"),
      el("div", { class: "row" }, el("button", { class: "primary", onclick: () => { dialog.close(); this.handIn(); } }, "确认交卷"),
        el("button", { onclick: () => dialog.close() }, "继续作答")));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog); dialog.showModal();
  }

  // Everything is sent before the hand-in; offline it waits and says so.
  async handIn(forced = false) {
    for (;;) {
      await this.send();
      if (this.over) return;
      if (!this.journal.waiting().length && !this.sending) {
        try { const { receipt } = await this.api.post("/api/hand-in"); this.stop(); return this.done(receipt); }
        catch (error) {
          if (error.status === 403 && !forced) return this.toast(error.message);
          if (error.status === 410) return this.finish();
        }
      }
      this.notice.hidden = false;
      this.notice.textContent = `正在等待网络恢复后交卷，待上传 ${this.journal.waiting().length} 题，请勿关闭计算机。`;
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }

  async finish() {
    if (this.over) return;
    this.stop();
    try { this.done((await this.api.get("/api/state")).receipt); } catch { this.done("（回执请向监考员查询）"); }
  }

  stop() { this.over = true; clearInterval(this.timer); clearInterval(this.heart); clearTimeout(this.retry); }
}
