// Dialogs of the console: questions before a deed, and things shown. An open one is described anew with every piece of news, so that
// neither what it says nor what it leads to is older than the map behind it; what was typed into it stays.
import { el } from "./hall_api.js";
import { h, patch } from "./live.js";
import { drawAgain, hush, said } from "./console_line.js";

const open = new Set();
export function redrawDialogs() { for (const redraw of open) redraw(); }
export const asking = () => open.size > 0;
const isOnTop = (redraw) => [...open].pop() === redraw;
const FIRST = "[data-first], input:not([disabled]), select, textarea";
// Where the keys go when a dialog opens, and again when what they went to is there no more.
export function toFirst(dialog) {
  const first = dialog.querySelector(FIRST);
  if (first) first.focus();
}
const hasKeys = (dialog) => dialog.contains(document.activeElement);

// A dialog that shows what `describe` says: { title, content }. Resolves to the dialog once it is closed.
export function opened(describe, kind = null) {
  return new Promise((resolve) => {
    const dialog = el("dialog", { class: kind });
    let drawing = false;
    const redraw = () => {
      if (drawing) return; // an input that is taken away says that it changed
      drawing = true;
      const hadKeys = hasKeys(dialog);
      const { title, content } = describe(dialog);
      dialog.setAttribute("aria-label", title);
      patch(dialog, [...content.filter(Boolean), ...(said() && isOnTop(redraw) ? [h("p", { class: "said", role: "alert", key: "said" }, said())] : [])]);
      drawing = false;
      if (hadKeys && !hasKeys(dialog)) toFirst(dialog);
    };
    dialog.addEventListener("close", () => { open.delete(redraw); dialog.remove(); drawAgain(); resolve(dialog); });
    dialog.addEventListener("change", redraw);
    open.add(redraw);
    hush(); // what was said before is not of this dialog
    document.body.append(dialog);
    redraw(); dialog.showModal(); drawAgain(); toFirst(dialog);
  });
}

const idOf = (name) => `ask-${name}`;
const inputIn = (dialog, field) => dialog.querySelector(`#${idOf(field.name)}`);

function inputOf(field, disabled) {
  const common = { id: idOf(field.name), key: field.name, disabled };
  if (field.options) return h("select", common, field.options.map(([value, text]) => h("option", { value, key: value, selected: value === field.value }, text)));
  if (field.lines) return h("textarea", { ...common, rows: field.lines, required: true }, field.value || "");
  return h("input", { ...common, type: field.type || "text", min: field.min, max: field.max, value: field.value === undefined ? "" : field.value, required: true });
}

function shown(field, dialog, hidden) {
  if (field.name) return [h("label", { for: idOf(field.name) }, field.label), inputOf(field, hidden)];
  return [h("p", { class: field.warn ? "warning" : null }, field.note),
    field.list ? h("ul", { class: "names", tabindex: "0", "aria-label": field.note }, field.list.map((line) => h("li", {}, line))) : null,
    field.act ? h("button", { type: "button", onclick: () => { dialog.close(); field.act(); } }, field.said) : null];
}

// A choice named `way` shows or hides the fields that say `only` for one of its values.
function isHidden(field, fields, dialog) {
  if (!field.only) return false;
  const way = fields.find((one) => one.name === "way"), input = inputIn(dialog, way);
  return field.only !== (input ? input.value : way.options[0][0]);
}

// A small form; resolves to its values or null. `describe` gives { title, fields, impossible }. A field with only `note` is text (with
// `list`: lines below it, with `act` and `said`: a button that leaves the dialog); one with `options` is a choice; `value` is what
// stands there at first. `impossible`: there is nothing to confirm.
export async function ask(describe) {
  let fields = [];
  const dialog = await opened((node) => {
    const now = describe();
    ({ fields } = now);
    const parts = fields.map((field, n) => {
      const hidden = isHidden(field, fields, node);
      return h("div", { key: field.name || `note-${n}`, hidden }, shown(field, node, hidden));
    });
    return { title: now.title, content: [h("form", { method: "dialog" }, h("h2", {}, now.title), parts,
      h("div", { class: "row", key: "row" }, now.impossible ? null : h("button", { class: "primary", value: "ok", key: "ok" }, "确定"),
        h("button", { value: "", formnovalidate: true, key: "away" }, now.impossible ? "关闭" : "取消")))] };
  });
  if (dialog.returnValue !== "ok") return null;
  const given = fields.filter((field) => field.name && !inputIn(dialog, field).disabled);
  return Object.fromEntries(given.map((field) => {
    const { value } = inputIn(dialog, field);
    return [field.name, field.type === "number" ? Number(value) : value];
  }));
}

// Something shown: `content` gives what stands below the title.
export function show(title, content) {
  return opened(() => ({ title, content: [h("h2", {}, title), ...content(), h("form", { method: "dialog", class: "row", key: "away" }, h("button", { class: "primary" }, "关闭"))] }));
}
