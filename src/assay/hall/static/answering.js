// Answering: one item or all of them on the page, the answer card, the clock, the badge, sending and handing in.
import { AnswerCard } from "./answer_card.js";
import { AnswerModel, REFUSED, lackOf } from "./answer_model.js";
import { inThisTab, keptJson, onThisComputer } from "./browser_storage.js";
import { Clock } from "./clock.js";
import { offerAnswerFile, saveAnswerFile } from "./answer_file.js";
import { closeAll, showAsleep } from "./dialogs.js";
import { el } from "./hall_api.js";
import { keepEdges } from "./edges.js";
import { examHeader } from "./header.js";
import { displayTools } from "./display.js";
import { TITLES, byKey, enterItem, itemView } from "./item_view.js";
import { Journal } from "./journal.js";
import { Notices } from "./notices.js";
import { overview } from "./overview.js";
import { Pictures } from "./pictures.js";
import { Tabs } from "./tabs.js";

const RETRY_MS = [1000, 2000, 4000, 8000];
const HEARTBEAT_MS = 15000, PAUSED_MS = 3000; // who is paused hears soon that it goes on
const MOST_CHARACTERS = 12000;
const NUMERALS = "一二三四五六七八九";

const kindOf = (item) => item.group ? "case" : item.type;

export class Answering {
  // given: api, profile, paper, items, opened (the reply that opened the paper), note, show, toast, notMe, done, lost, moved
  constructor(given) {
    Object.assign(this, given);
    this.byId = new Map(this.items.map((item) => [item.id, item]));
    this.order = this.opened.order;
    this.place = `assay-place-${this.profile.sitting}`;
    this.at = Math.max(0, this.order.findIndex(([id]) => id === inThisTab.read(this.place)));
    this.batch = 200;
    this.marks = `assay-marks-${this.profile.sitting}`;
    this.marked = new Set(keptJson(onThisComputer, this.marks, []));
    this.all = onThisComputer.read("assay-all") === "yes";
    this.journal = new Journal(this.profile.sitting);
    this.answers = new AnswerModel(this.journal);
    this.shown = new WeakMap(); // view of an item → the answer that it shows
    this.pictures = new Pictures(this.api);
    this.sending = false; this.failures = 0;
    this.drawOverview = () => {}; // until it is open
    this.notices = new Notices(this.profile.sitting, this.profile.minutes, () => this.hallNow());
    this.tabs = new Tabs(this.profile.sitting, () => this.stepBack(), () => this.hearOtherTab());
  }

  async start() {
    await this.answers.meet(this.opened.answers, this.opened.given_at);
    await this.answers.load();
    this.lateTaken = this.opened.late_taken;
    this.layout();
    this.sync(this.opened);
    this.draw();
    this.keys = (event) => this.key(event);
    document.addEventListener("keydown", this.keys);
    window.addEventListener("online", () => this.send());
    window.addEventListener("pagehide", () => this.tellDrafts());
    window.addEventListener("beforeunload", (event) => this.warn(event));
    this.timer = setInterval(() => this.tick(), 500);
    this.heart = setInterval(() => { if (performance.now() - this.heard >= (this.paused ? PAUSED_MS - 500 : HEARTBEAT_MS)) this.send(true); }, PAUSED_MS);
    this.tabs.take();
    if (!this.journal.durable) { this.note("journal"); this.toast("浏览器不能在本机保存记录，请联系监考员"); }
    this.tick();
    this.send(true);
    this.pictures.fetchAll(this.order.map(([id]) => this.byId.get(id)), () => this.over);
  }

  // A page that is loaded anew needs the hall: without it nothing can be answered until it is back.
  warn(event) {
    if (this.over || !(this.answers.unsaved().size || this.failures)) return;
    event.preventDefault();
    event.returnValue = ""; // what browsers of five years ago go by
  }

  // Why nothing can be chosen: what was typed before that counts, then the fields stand still.
  shut(why, yes) {
    if (yes) this.tellDrafts();
    if (yes) this.answers.shut.add(why); else this.answers.shut.delete(why);
    for (const view of this.body.querySelectorAll("fieldset.item")) view.disabled = !this.answers.open;
  }

  // Another tab has taken over, perhaps while this one was taking the exam back: this one shows so, and can take it back.
  async stepBack() {
    if (this.over) return;
    this.shut("asleep", true);
    this.asleep = true;
    clearTimeout(this.retry);
    showAsleep(() => this.takeBack());
    await this.keeping;
    this.tabs.hasKept();
  }

  // What was being typed in the tab that stood back; it may be told while this one is still taking the exam back.
  async hearOtherTab() {
    if (this.over) return;
    await this.answers.load();
    this.draw();
    this.send();
  }

  async takeBack() {
    this.tabs.take();
    this.unsure = true;
    try { await this.look(); } catch (error) { if (!error.status) this.toast("暂时连接不上考试服务器，继续使用本机记录"); }
    await this.answers.load();
    if (!this.tabs.mine) return;
    this.asleep = false;
    this.shut("asleep", false);
    this.drawItems(); this.draw(); this.send(true);
  }

  // What the hall has by now: other tabs, other computers and the invigilator's decisions change it too.
  async look() {
    const { answers, given_at: givenAt, late_taken: lateTaken } = await this.api.get("/api/state");
    this.tellDrafts();
    await this.answers.meet(answers, givenAt);
    this.unsure = false;
    if (lateTaken !== this.lateTaken) { this.lateTaken = lateTaken; this.toast("监考员已决定接收补交的答案，已显示在答卷中"); }
    this.draw();
  }

  layout() {
    this.badge = el("span", { class: "badge" });
    this.clock = new Clock();
    this.body = el("div", { class: "items" });
    this.card = new AnswerCard(this.order.length, (n) => this.stateOf(n), (n) => this.go(n));
    this.markButton = el("button", { type: "button", onclick: () => this.mark() }, "标记 (M)");
    this.modeButton = el("button", { type: "button", class: "tool", onclick: () => this.toggleAll() }, "");
    this.fileButton = el("button", { type: "button", class: "tool", onclick: () => this.offerFile() }, "答案文件");
    this.handInButton = el("button", { type: "button", class: "primary", onclick: () => this.askHandIn() }, "交卷");
    this.steps = el("div", { class: "row steps" },
      el("button", { type: "button", onclick: () => this.go(this.at - 1) }, "← 上一题"), this.markButton,
      el("button", { type: "button", onclick: () => this.go(this.at + 1) }, "下一题 →"));
    this.header = examHeader({
      title: this.paper.title, profile: this.profile, badge: this.badge, bell: this.notices.bell, clock: this.clock.view, handIn: this.handInButton,
      tools: [this.modeButton, this.fileButton, displayTools(), this.clock.toggle, el("button", { type: "button", class: "tool", onclick: this.notMe }, "不是我")],
    });
    this.show(this.header.view, el("div", { class: "columns" }, el("div", { class: "paper" }, this.body, this.notices.view, this.steps), this.card.view));
    keepEdges({ bar: this.header.view, items: this.body, rows: this.notices.rows, steps: this.steps });
    this.drawItems();
  }

  toggleAll() {
    this.all = !this.all;
    onThisComputer.write("assay-all", this.all ? "yes" : "no");
    this.drawItems(); this.go(this.at);
  }

  // The text of a case stands above each of its parts, on the whole paper above the first.
  view(n) {
    const [id, options] = this.order[n];
    const chosen = this.answers.get(id);
    const before = this.all && n ? this.byId.get(this.order[n - 1][0]) : null;
    const view = itemView({
      lead: !before || before.group !== this.byId.get(id).group,
      item: this.byId.get(id), options, number: n + 1, chosen,
      picked: (choice) => { this.at = n; this.shown.set(view, choice); this.answer(id, choice); }, picture: (digest) => this.pictures.url(digest),
      typing: (on) => { this.answers.draft(id, on ? this.hallNow() : 0); this.draw(); },
    });
    this.shown.set(view, chosen);
    view.disabled = !this.answers.open;
    view.querySelector(".kind").append(el("b", { class: "where error" }));
    this.showWhere(view);
    view.addEventListener("focusin", () => { if (this.all && this.at !== n) { this.at = n; this.drawCard(); } });
    return view;
  }

  drawItems() {
    this.modeButton.textContent = this.all ? "逐题显示" : "整卷显示";
    if (!this.all) return this.go(this.at);
    const shown = [];
    let type = "", part = -1;
    this.order.forEach(([id], n) => {
      const item = this.byId.get(id);
      if (kindOf(item) !== type) {
        type = kindOf(item); part += 1;
        const section = this.paper.sections.find((s) => s.type === type);
        shown.push(el("h2", { class: "section" }, `${NUMERALS[part]}、${TITLES[type]}（共 ${section.count} 题，每题 ${section.mark} 分）`));
      }
      shown.push(this.view(n));
    });
    this.body.replaceChildren(...shown);
    this.drawCard();
  }

  go(to) {
    this.at = Math.min(Math.max(to, 0), this.order.length - 1);
    this.header.fold();
    if (this.all) {
      const view = this.body.querySelectorAll("fieldset.item")[this.at];
      enterItem(view);
    } else {
      this.body.replaceChildren(this.view(this.at));
      enterItem(this.body.firstChild);
    }
    this.drawCard();
  }

  // What the answer card and the overview say of an item.
  stateOf(n) {
    const [id] = this.order[n], choice = this.answers.get(id);
    return { answered: Boolean(choice), lacks: lackOf(this.byId.get(id), choice), marked: this.marked.has(id), where: this.answers.where(id) };
  }

  // After a reload the page opens where it was.
  drawCard() {
    inThisTab.write(this.place, this.order[this.at][0]);
    this.markButton.setAttribute("aria-pressed", String(this.stateOf(this.at).marked));
    this.card.draw(this.at);
  }

  async answer(id, choice) {
    const kept = this.answers.give(id, choice, this.hallNow());
    if (!kept) { this.draw(); return; }
    this.keeping = kept.catch(() => this.note("journal"));
    this.draw();
    await this.keeping;
    this.send();
  }

  mark() {
    const [id] = this.order[this.at];
    this.marked.has(id) ? this.marked.delete(id) : this.marked.add(id);
    onThisComputer.write(this.marks, JSON.stringify([...this.marked]));
    this.drawCard();
  }

  key(event) {
    if (!this.answers.open) return;
    byKey(event, {
      step: (by) => this.go(this.at + by), mark: () => this.mark(),
      fieldset: () => this.body.querySelectorAll("fieldset.item")[this.all ? this.at : 0],
    });
  }

  // What is being typed is told at once: a changed field tells it.
  tellDrafts() {
    for (const field of this.body.querySelectorAll("fieldset.item input[type=text], textarea")) field.dispatchEvent(new Event("change"));
  }

  hallNow() { return Math.round(performance.now() + this.ahead); }

  // Send what waits, one request at a time; `always` asks for the clock even when nothing waits.
  async send(always = false) {
    if (this.sending || this.over || this.asleep) return;
    if (!this.journal.waiting().length && !always && !this.unsure) return this.draw();
    this.sending = true;
    let again = null;
    try {
      if (this.unsure) await this.look();
      const answers = this.parcel(this.journal.waiting());
      this.answers.leaving(answers);
      const reply = await this.api.post("/api/answers", { answers, late_taken: this.lateTaken, heard: this.notices.heard });
      await this.answers.acknowledged(reply.saved, answers);
      this.failures = 0; this.batch = 200; this.sync(reply);
      if (this.journal.waiting().length || this.unsure) again = 0;
    } catch (error) { again = await this.trouble(error); }
    this.answers.back();
    this.sending = false; this.draw();
    if (again !== null && !this.over) { clearTimeout(this.retry); this.retry = setTimeout(() => this.send(), again); }
  }

  // As much of what waits as goes in one request: short answers are long.
  parcel(waiting) {
    const answers = [];
    let characters = 0;
    for (const { item, choice, rev, at } of waiting.slice(0, this.batch)) {
      characters += choice.length;
      if (answers.length && characters > MOST_CHARACTERS) break;
      answers.push({ item, choice, rev, at: Math.round(at) });
    }
    return answers;
  }

  async trouble(error) {
    if (error.status === 409 && error.body.error === "revision") { this.unsure = true; return 0; }
    if (error.status === 401) { this.stop(); this.lost(error.message); return null; }
    if (error.status === 409) { this.leave(error.message); return null; }
    if (error.status === 410) { await this.finish(); return null; }
    if ([400, 413, 422].includes(error.status)) return this.setAside();
    if (error.status === 403) this.toast(error.message); // not by the browser that the room asks for: the invigilator can help
    this.failures += 1;
    return RETRY_MS[Math.min(this.failures - 1, RETRY_MS.length - 1)] * (0.75 + Math.random() / 2);
  }

  // One answer that the hall cannot take must not keep the others from it.
  async setAside() {
    if (this.batch > 1) { this.batch = 1; return 0; }
    const [first] = this.journal.waiting();
    if (first) await this.answers.refuse(first.item);
    this.toast("有一题未能保存，请举手告诉监考员");
    return 0;
  }

  // The candidate goes on at another computer.
  leave(message) {
    this.stop();
    this.moved(this.journal, message);
  }

  sync(reply) {
    this.heard = performance.now();
    this.ahead = reply.now - this.heard;
    this.ends = performance.now() + reply.left;
    this.clock.lasts(reply.minutes, this.profile.paper_minutes);
    if (reply.left > 0) this.ending = false;
    if (reply.late_taken !== this.lateTaken) this.unsure = true;
    this.pause(reply.paused);
    this.notices.hear(reply);
    if ("verified" in reply) this.header.verified(reply.verified);
    this.drawNotice();
    if (reply.handed_in) this.finish();
  }

  pause(paused) {
    if (Boolean(this.paused) === paused) return;
    this.shut("paused", paused);
    if (!paused) this.drawItems();
    this.paused = this.handInButton.disabled = paused;
    this.body.hidden = this.steps.hidden = this.card.view.hidden = paused;
    if (paused) closeAll();
  }

  drawNotice() {
    this.notices.holds("paused", this.paused ? "考试暂停，请等待监考员通知，暂停时间将补回。" : "", true);
    this.notices.holds("away", this.failures > 1 && !this.handing ? `暂时连接不上考试服务器。可以继续作答，${this.journal.waiting().length} 题保存在本机，恢复后自动上传，请勿关闭计算机。` : "");
  }

  draw() {
    const waiting = this.answers.unsaved().size, refused = this.answers.refused().length;
    this.badge.textContent = waiting ? `待上传 ${waiting}` : refused ? `未能保存 ${refused}` : "已保存";
    this.badge.className = `badge ${waiting || refused ? "waiting" : "saved"}`;
    for (const view of this.body.querySelectorAll("fieldset.item")) this.drawItem(view);
    this.drawCard();
    this.drawOverview();
    this.drawNotice();
  }

  // An item that shows something else than its answer is drawn anew, but not while something is typed in it.
  drawItem(view) {
    const id = view.dataset.item;
    if (this.over || this.answers.drafts.has(id) || this.shown.get(view) === this.answers.get(id)) { this.showWhere(view); return; }
    view.replaceWith(this.view(this.order.findIndex(([item]) => item === id)));
  }

  showWhere(view) {
    const where = this.answers.where(view.dataset.item);
    if (view.dataset.where === where) return;
    view.dataset.where = where;
    view.querySelector(".where").textContent = where === REFUSED ? "　未能保存，请举手" : "";
  }

  tick() {
    const left = this.ends - (this.paused ? this.heard : performance.now());
    this.clock.draw(left, this.paused);
    if (this.paused) return;
    this.notices.remind(left);
    if (left <= 0 && !this.ending && !this.asleep) { this.ending = true; closeAll(); this.tellDrafts(); this.handIn(true); }
  }

  askHandIn() {
    this.drawOverview = overview({ count: this.order.length, stateOf: (n) => this.stateOf(n), go: (n) => this.go(n), handIn: () => this.handIn() });
  }

  // Everything is sent before the hand-in; offline it waits and says so. `forced`: the time is over, perhaps while one waits.
  async handIn(forced = false) {
    this.forced = forced;
    if (this.handing) { if (this.waitingBox) this.showWaiting(); return; }
    const own = {}; // taken back and begun anew, it is another one
    this.handing = own;
    this.asked = false;
    this.shut("handing", true);
    let tries = 0;
    while (!this.over && this.handing === own) {
      await this.send();
      if (this.over || this.handing !== own) break;
      if (!this.journal.waiting().length && !this.sending && !this.unsure) {
        this.asked = true;
        if (this.waitingBox) this.showWaiting();
        try { const { receipt, closing } = await this.api.post("/api/hand-in"); this.stop(); this.done(receipt, closing); break; }
        catch (error) {
          if (error.status === 403 && !this.forced) { this.toast(error.message); break; }
          if (error.status === 410) { await this.finish(); break; }
          if (error.status === 401) { this.stop(); this.lost(error.message); break; }
          if (error.status === 409) { this.leave(error.message); break; }
          if (error.status) this.asked = false;
        }
      }
      tries += 1;
      if (tries > 1) this.showWaiting();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      if (this.forced && this.ends > performance.now()) break; // more time was given meanwhile
    }
    if (this.handing === own) this.workOn();
  }

  // The hand-in has not reached the hall, and the candidate takes it back.
  workOn() {
    this.handing = null;
    if (this.waitingBox) { this.waitingBox.close(); this.waitingBox = null; }
    if (!this.over) this.shut("handing", false);
  }

  // The hall cannot be reached: what waits is kept here, and can be carried over as a file.
  showWaiting() {
    const waiting = this.journal.waiting().length;
    const text = `暂时连接不上考试服务器，恢复后将自动上传 ${waiting} 题并交卷。请勿关闭计算机，请举手告诉监考员。${this.asked ? "交卷请求已经发出，正在等待考试服务器答复。" : ""}`;
    const title = this.forced ? "考试时间到，正在等待交卷" : "正在等待交卷";
    if (this.waitingBox) {
      this.waitingBox.querySelector("h2").textContent = title;
      this.waitingBox.querySelector("p").textContent = text;
      this.waitingBox.querySelector(".work-on").hidden = this.forced || this.asked;
      return;
    }
    this.waitingBox = el("dialog", { "aria-label": "等待交卷" }, el("h2", {}, title), el("p", { role: "status" }, text),
      el("p", { class: "hint" }, "如果监考员要求，可把答案保存为文件，由监考员转交考试服务器。文件已加密，只有考试服务器能打开。"),
      el("div", { class: "row" }, el("button", { type: "button", onclick: () => this.saveFile() }, "保存答案文件"),
        el("button", { type: "button", class: "work-on", hidden: this.forced || this.asked, onclick: () => this.workOn() }, "继续作答")));
    this.waitingBox.addEventListener("cancel", (event) => event.preventDefault());
    this.waitingBox.addEventListener("close", (event) => event.target.remove());
    document.body.append(this.waitingBox); this.waitingBox.showModal();
  }

  offerFile() {
    this.tellDrafts();
    offerAnswerFile(this.answers, () => this.saveFile());
  }

  saveFile() { saveAnswerFile(this.profile, this.opened.file_key, this.answers.all()); }

  // The sitting is closed; what is still unsent is brought as late answers, for the invigilator to decide.
  async finish() {
    if (this.over) return;
    this.stop();
    if (this.waitingBox) { this.waitingBox.close(); this.waitingBox = null; }
    await this.closed(this.journal);
  }

  stop() {
    this.shut("over", true);
    this.over = true;
    clearInterval(this.timer); clearInterval(this.heart); clearTimeout(this.retry);
    document.removeEventListener("keydown", this.keys);
    onThisComputer.forget(this.marks);
    inThisTab.forget(this.place);
    this.notices.close();
    closeAll();
  }
}
