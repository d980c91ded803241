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
