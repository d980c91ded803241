// All answers as a file that only the hall opens, at any time: for whoever has to carry the exam to another computer without the network.
import { raise } from "./dialogs.js";
import { el } from "./hall_api.js";
import { answerFile } from "./sealing.js";

// `answers`: the model of this page. `save`: what saves the file.
export function offerAnswerFile(answers, save) {
  const all = answers.all().length, waiting = answers.unsaved().size + answers.refused().length;
  const dialog = el("dialog", { "aria-label": "答案文件" }, el("h2", {}, "保存答案文件"),
    el("p", {}, `文件含您作答的全部 ${all} 题，其中 ${waiting} 题考试服务器还没有收到。`),
    el("p", { class: "hint" }, "只在监考员要求时保存，由监考员转交考试服务器。文件已加密，只有考试服务器能打开。保存后可以继续作答。"),
    el("div", { class: "row" }, el("button", { type: "button", class: "primary", onclick: () => { save(); dialog.close(); } }, "保存"),
      el("button", { type: "button", onclick: () => dialog.close(), autofocus: true }, "继续作答")));
  raise(dialog);
}

export function saveAnswerFile(profile, key, all) {
  const url = URL.createObjectURL(answerFile(profile, key, all));
  const link = el("a", { href: url, download: `答案_${profile.ticket}.json` });
  document.body.append(link); link.click(); link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}
