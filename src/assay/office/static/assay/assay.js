// Small behaviours, each asked for by a data attribute. Pages work without them; nothing here talks to the server.
"use strict";

document.documentElement.classList.add("js");

// data-toggle="element-id": a button that opens and closes that element.
function toggle(button) {
  const target = document.getElementById(button.dataset.toggle);
  const open = target.classList.toggle("open");
  button.setAttribute("aria-expanded", String(open));
}

// data-check-all: ticks every box of the same table, and follows them.
function checkAll(box) {
  for (const one of boxesOf(box)) one.checked = box.checked;
}

function boxesOf(box) {
  const rows = box.closest("table").querySelectorAll("tbody input[type=checkbox]");
  return [...rows].filter((one) => !one.disabled);
}

function followBoxes(table) {
  const head = table.querySelector("[data-check-all]");
  if (!head) return;
  const boxes = boxesOf(head);
  const ticked = boxes.filter((one) => one.checked).length;
  head.checked = ticked > 0 && ticked === boxes.length;
  head.indeterminate = ticked > 0 && ticked < boxes.length;
}

// data-add-form="prefix": one more row of a Django formset, copied from its <template>.
function addForm(button) {
  const prefix = button.dataset.addForm;
  const total = document.getElementById(`id_${prefix}-TOTAL_FORMS`);
  const template = document.getElementById(`${prefix}-empty`);
  const holder = document.createElement("div");
  holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
  template.before(...holder.children);
  total.value = String(Number(total.value) + 1);
}

// data-move-up="selector": puts the part of the page that the button stands in before the one above it.
function moveUp(button) {
  const part = button.closest(button.dataset.moveUp);
  if (!part.previousElementSibling) return;
  part.previousElementSibling.before(part);
  button.dispatchEvent(new Event("change", { bubbles: true }));
  button.focus();
}

document.addEventListener("click", (event) => {
  const asked = event.target.closest("[data-confirm]");
  if (asked && !asked.matches("form") && !window.confirm(asked.dataset.confirm)) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  const toggler = event.target.closest("[data-toggle]");
  if (toggler) toggle(toggler);
  const adder = event.target.closest("[data-add-form]");
  if (adder) addForm(adder);
  const mover = event.target.closest("[data-move-up]");
  if (mover) moveUp(mover);
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  if (event.target.matches("[data-check-all]")) checkAll(event.target);
  const table = event.target.closest("table");
  if (table && event.target.matches("input[type=checkbox]")) followBoxes(table);
});

// A form asks once, and is sent once: a second click while the first is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirmButton || form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  window.setTimeout(() => delete form.dataset.sent, 4000);
});

// Coming back with the browser's back button must not leave a form locked.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// A counted or measured point of a score sheet: what it earns, as the server will reckon it, in tenths of a mark.
document.addEventListener("input", (event) => {
  const field = event.target;
  const { kind, full, each, low, high } = field.dataset ?? {};
  if (kind !== "deduct" && kind !== "measure") return;
  const tenths = (text) => Math.round(Number(text) * 10);
  const within = Number(field.value) >= Number(low) && Number(field.value) <= Number(high);
  const earned = kind === "deduct" ? Math.max(tenths(full) - Number(field.value) * tenths(each), 0) : within ? tenths(full) : 0;
  field.parentElement.querySelector("output").value = field.value === "" ? "—" : `得 ${(earned / 10).toFixed(1)}`;
});

// Of an item's form only what its type needs is shown and sent.
const showForType = (select) => {
  for (const part of select.form.querySelectorAll("[data-for-type]")) {
    const needed = part.dataset.forType.split(" ").includes(select.value);
    part.hidden = !needed;
    for (const field of part.querySelectorAll("textarea, input")) field.disabled = !needed;
  }
};
document.addEventListener("change", (event) => {
  if (event.target.matches("#item-form select[name=type]")) showForType(event.target);
});
for (const select of document.querySelectorAll("#item-form select[name=type]")) showForType(select);
