// Answers of somebody who went on at another computer, which the hall did not take. They stay here, beside the door, with what brings
// them: the token that his later sign-in has outdated, which is good for nothing else, and the key of his answer file. Nobody is signed
// in by that: the next candidate signs in as ever.
import { saveAnswerFile } from "./answer_file.js";
import { Api, el } from "./hall_api.js";
import { Journal, keepLeft, keptLeft, sittingOf } from "./journal.js";
import { bringLeftBehind } from "./late_answers.js";

const GOOD_MS = 86400000, AGAIN_MS = 30000;
const HINT = "先前在本机作答的考生的答案。监考员：排除原因后可以重试；或保存答案文件，在控制台“装入答案文件”。不影响下一位考生在本机登录。";

export class LeftBehind {
  constructor() { this.list = []; this.brought = []; this.view = el("div", {}); }

  // Whenever the door is shown: what earlier pages of this computer could not bring is tried once more.
  async look() {
    this.brought = [];
    const kept = await keptLeft(), good = kept.filter((one) => Date.now() - one.at < GOOD_MS);
    for (const one of good) if (!this.of(one.sitting)) this.add(one, new Journal(one.sitting));
    if (good.length < kept.length) await this.write();
    this.draw();
    for (const one of this.list) if (!one.triedAt || performance.now() - one.triedAt > AGAIN_MS) this.bring(one);
  }

  // `file`: what his answer file is made with, or null; `why`: in words what keeps the hall from taking them.
  async keep(token, journal, file, why) {
    const sitting = sittingOf(token);
    this.list = this.list.filter((one) => one.sitting !== sitting);
    Object.assign(this.add({ token, sitting, file, at: Date.now() }, journal), { why, triedAt: performance.now() });
    await this.write();
  }

  of(sitting) { return this.list.find((one) => one.sitting === sitting); }

  add({ token, sitting, file, at }, journal) {
    const one = { token, sitting, file, at, journal, why: "", triedAt: 0, busy: false };
    this.list.push(one);
    return one;
  }

  write() { return keepLeft(this.list.map(({ token, sitting, file, at }) => ({ token, sitting, file, at }))); }

  // A browser that cannot read what it kept must not tell the hall that there is nothing.
  async bring(one) {
    if (one.busy) return;
    Object.assign(one, { busy: true, triedAt: performance.now() });
    const say = (text) => { one.why = text; this.draw(); };
    const waiting = await one.journal.load();
    const became = waiting.length || one.journal.durable ? await bringLeftBehind(new Api(one.token), one.journal, say, () => !this.view.isConnected)
      : { brought: false, text: "浏览器打不开本机保存的答案。请举手告诉监考员。" };
    one.busy = false;
    say(became.text);
    if (!became.brought) return;
    this.list = this.list.filter((other) => other !== one);
    if (became.text) this.brought.push(became.text);
    this.draw();
    await this.write();
  }

  async save(one) { saveAnswerFile(one.file, one.file.key, await one.journal.load()); }

  draw() {
    const brought = this.brought.map((text) => el("section", { class: "card narrow" }, el("p", { role: "status" }, text)));
    this.view.replaceChildren(...brought, ...this.list.filter(({ why }) => why).map((one) => this.card(one)));
  }

  card(one) {
    return el("section", { class: "card narrow left-behind", "aria-label": "没有送到的答案" }, el("p", { class: "error", role: "status" }, one.why),
      el("div", { class: "row" }, el("button", { type: "button", disabled: one.busy, onclick: () => this.bring(one) }, "重试"),
        one.file ? el("button", { type: "button", onclick: () => this.save(one) }, "保存答案文件") : null),
      el("p", { class: "hint" }, HINT));
  }
}
