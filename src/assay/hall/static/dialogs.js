import { el } from "./hall_api.js";

// Another tab is at work: nothing else can be done in this one until it is taken up again.
export function showAsleep(takeBack) {
  const dialog = el("dialog", { class: "asleep" }, el("h2", {}, "已在另一个标签页中作答"), el("p", {}, "同一时间只能在一个标签页作答，已答内容不会丢失。"),
    el("button", { class: "primary", onclick: () => { dialog.close(); takeBack(); } }, "在此页继续作答"));
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog); dialog.showModal();
}

// Dialogs that are over when the exam is over, or paused: whoever closes the page's work closes them all.
export function raise(dialog) {
  dialog.dataset.passing = "yes";
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export function closeAll() {
  for (const dialog of document.querySelectorAll("dialog[data-passing]")) dialog.close();
}
