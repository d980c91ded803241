// Dialogs of the console: questions before a deed, and things shown.
import { el } from "./hall_api.js";

// A small form; resolves to its values or null. A field with only `note` is text; one with `options` is a choice.
export function ask(title, fields) {
  return new Promise((resolve) => {
    const asked = fields.filter((f) => f.name);
    const inputs = Object.fromEntries(asked.map((f) => [f.name, f.options
      ? el("select", { id: `ask-${f.name}` }, f.options.map(([value, text]) => el("option", { value }, text)))
      : f.lines ? el("textarea", { id: `ask-${f.name}`, rows: f.lines, required: true })
      : el("input", { id: `ask-${f.name}`, type: f.type || "text", min: f.min, max: f.max, value: f.value || "", required: true })]));
    const form = el("form", { method: "dialog" }, el("h2", {}, title),
      ...fields.flatMap((f) => (f.name ? [el("label", { for: `ask-${f.name}` }, f.label), inputs[f.name]] : [el("p", {}, f.note)])),
      el("div", { class: "row" }, el("button", { class: "primary", value: "ok" }, "确定"), el("button", { value: "", formnovalidate: true }, "取消")));
    const dialog = el("dialog", { "aria-label": title }, form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "ok" ? Object.fromEntries(asked.map((f) => [f.name, f.type === "number" ? Number(inputs[f.name].value) : inputs[f.name].value])) : null);
    });
    document.body.append(dialog); dialog.showModal();
    if (asked.length) inputs[asked[0].name].focus();
  });
}

export function show(title, ...content) {
  const dialog = el("dialog", { "aria-label": title }, el("h2", {}, title), ...content,
    el("form", { method: "dialog", class: "row" }, el("button", { class: "primary" }, "关闭")));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog); dialog.showModal();
}
