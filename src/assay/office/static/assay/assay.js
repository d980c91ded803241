// Small behaviours, each asked for by a data attribute. Pages work without them.
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

// A file field says in the page's words what is chosen in it.
function sayChosen(input) {
  const words = input.closest(".file-field")?.querySelector(".file-name");
  if (words) words.textContent = [...input.files].map((file) => file.name).join("、") || words.dataset.none;
}
document.addEventListener("assay:chosen", (event) => sayChosen(event.target));

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
  if (event.target.matches("input[type=file]")) sayChosen(event.target);
  const table = event.target.closest("table");
  if (table && event.target.matches("input[type=checkbox]")) followBoxes(table);
});

// A form asks once, and is sent once: a second click while the first is on its way does nothing. A button with data-wait
// says that the answer takes its time, and stays shut until it comes.
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
  keepTyped(form);
  const button = event.submitter;
  if (button?.dataset.wait) {
    button.dataset.said = button.textContent;
    button.textContent = button.dataset.wait;
  } else {
    window.setTimeout(() => delete form.dataset.sent, 4000);
  }
});

// A form that comes back refused (data-refused) is filled in as it was sent. What was typed stands in this tab's memory only until
// the next page is there; passwords, files and what the page itself had put into hidden fields are not kept.
const TYPED = "assay-typed";
const isTyped = (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type);
const isTicked = (field) => field.type === "checkbox" || field.type === "radio";

function typedIn(form) {
  return [...form.elements].filter(isTyped).map((field) => [
    field.name, isTicked(field) ? field.value : "", isTicked(field) ? field.checked : field.value,
  ]);
}

const here = () => location.pathname + location.search;

function keepTyped(form) {
  const number = [...document.forms].indexOf(form);
  try {
    sessionStorage.setItem(TYPED, JSON.stringify({ page: here(), number, action: form.action, typed: typedIn(form) }));
  } catch {
    sessionStorage.removeItem(TYPED); // more than the browser keeps: then it is typed anew
  }
}

function fillIn(form, typed) {
  const left = [...typed];
  for (const field of [...form.elements].filter(isTyped)) {
    const value = isTicked(field) ? field.value : "";
    const at = left.findIndex((one) => one[0] === field.name && one[1] === value);
    if (at < 0) continue;
    const [[, , was]] = left.splice(at, 1);
    if (isTicked(field)) field.checked = was;
    else field.value = was;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function fillInWhatCameBack() {
  const kept = sessionStorage.getItem(TYPED);
  sessionStorage.removeItem(TYPED);
  if (!kept || !document.querySelector("[data-refused]")) return;
  const { page, number, action, typed } = JSON.parse(kept);
  const form = document.forms[number];
  if (page === here() && form && form.action === action) fillIn(form, typed);
}
fillInWhatCameBack();

// Coming back with the browser's back button must not leave a form locked.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[data-said]")) {
    button.textContent = button.dataset.said;
    delete button.dataset.said;
  }
});

// data-height, data-drop: how tall something is and how far it hangs below its line. Pages may not hold styles of their own.
function place(part) {
  for (const one of part.querySelectorAll("[data-height]")) {
    one.style.height = one.dataset.height;
    if (one.dataset.drop) one.style.verticalAlign = `-${one.dataset.drop}`;
  }
}
place(document);
document.addEventListener("htmx:load", (event) => place(event.detail.elt));

// data-score-sheet: what each counted or measured point earns and what the sheet comes to, as the server will reckon it.
// In tenths of a mark; null while the field is empty.
function earned(field) {
  const tenths = (text) => Math.round(Number(text) * 10);
  const { kind, full, each, low, high } = field.dataset;
  if (field.value === "") return null;
  if (kind === "mark") return tenths(field.value);
  if (kind === "deduct") return Math.max(tenths(full) - Number(field.value) * tenths(each), 0);
  return Number(field.value) >= Number(low) && Number(field.value) <= Number(high) ? tenths(full) : 0;
}

function addUp(sheet) {
  let total = 0;
  let empty = 0;
  for (const task of sheet.querySelectorAll("[data-task]")) {
    const vetoed = task.querySelector("input[name=veto]:checked") !== null;
    for (const field of task.querySelectorAll("[data-kind]")) {
      const mark = earned(field);
      if (field.dataset.kind !== "mark") field.parentElement.querySelector("output").value = mark === null ? "—" : `得 ${(mark / 10).toFixed(1)}`;
      if (mark === null) empty += 1;
      if (!vetoed) total += mark ?? 0;
    }
  }
  const said = sheet.querySelector("[data-score-total]");
  if (said) said.value = `合计 ${(total / 10).toFixed(1)}${empty ? `，还有 ${empty} 项未填` : ""}`;
}

for (const sheet of document.querySelectorAll("[data-score-sheet]")) {
  addUp(sheet);
  sheet.addEventListener("input", () => addUp(sheet));
}

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

// Whoever goes on typing is at work: data-alive is an address that is asked every five minutes of typing, so that a long form is
// not lost to the sign-out of those who left.
const ALIVE_EVERY_MS = 5 * 60 * 1000;
let toldAlive = Date.now();
document.addEventListener("input", () => {
  const address = document.body.dataset.alive;
  if (!address || Date.now() - toldAlive < ALIVE_EVERY_MS) return;
  toldAlive = Date.now();
  fetch(address, { cache: "no-store" }).catch(() => {});
});
