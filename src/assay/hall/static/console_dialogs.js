// Dialogs of the console: questions before a deed, and things shown.
import { el } from "./hall_api.js";

function inputOf(field) {
  const id = `ask-${field.name}`;
  if (field.options) return el("select", { id }, field.options.map(([value, text]) => el("option", { value }, text)));
  if (field.lines) return el("textarea", { id, rows: field.lines, required: true });
  const value = field.value === undefined ? "" : field.value;
  return el("input", { id, type: field.type || "text", min: field.min, max: field.max, value, required: true });
}

function shown(field, input, dialog) {
  if (field.name) return [el("label", { for: `ask-${field.name}` }, field.label), input];
  const text = field.list ? el("ul", { class: "names", tabindex: "0", "aria-label": field.note }, field.list.map((line) => el("li", {}, line))) : null;
  const act = field.act ? el("button", { type: "button", onclick: () => { dialog.close(); field.act(); } }, field.said) : null;
  return [el("p", { class: field.warn ? "warning" : null }, field.note), text, act];
}

// A small form; resolves to its values or null. A field with only `note` is text (with `list`: lines below it, with `act` and
// `said`: a button that leaves the dialog); one with `options` is a choice. `impossible`: there is nothing to confirm.
// A choice named `way` shows or hides the fields that say `only` for one of its values.
export function ask(title, fields, { impossible = false } = {}) {
  return new Promise((resolve) => {
    const asked = fields.filter((f) => f.name);
    const dialog = el("dialog", { "aria-label": title });
    const inputs = Object.fromEntries(asked.map((f) => [f.name, inputOf(f)]));
    const parts = fields.map((f) => el("div", {}, shown(f, inputs[f.name], dialog)));
    dialog.append(el("form", { method: "dialog" }, el("h2", {}, title), parts,
      el("div", { class: "row" }, impossible ? null : el("button", { class: "primary", value: "ok" }, "确定"),
        el("button", { value: "", formnovalidate: true }, impossible ? "关闭" : "取消"))));
    const way = inputs.way;
    const fit = () => fields.forEach((f, n) => {
      const hidden = Boolean(f.only) && f.only !== way.value;
      parts[n].hidden = hidden;
      if (f.name) inputs[f.name].disabled = hidden;
    });
    if (way) { way.addEventListener("change", fit); fit(); }
    const value = (f) => (f.type === "number" ? Number(inputs[f.name].value) : inputs[f.name].value);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "ok" ? Object.fromEntries(asked.filter((f) => !inputs[f.name].disabled).map((f) => [f.name, value(f)])) : null);
    });
    document.body.append(dialog); dialog.showModal();
    const first = asked.find((f) => !inputs[f.name].disabled);
    if (first) inputs[first.name].focus();
  });
}

export function show(title, ...content) {
  const dialog = el("dialog", { "aria-label": title }, el("h2", {}, title), ...content,
    el("form", { method: "dialog", class: "row" }, el("button", { class: "primary" }, "关闭")));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog); dialog.showModal();
}
