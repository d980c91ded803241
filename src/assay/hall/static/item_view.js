// One item as a candidate sees it, in the exam and in the practice before it.
import { el } from "./hall_api.js";
import { orderingView } from "./ordering.js";
import { pictureView } from "./pictures.js";
import { richView } from "./rich.js";

export const TITLES = { single: "单项选择题", true_false: "判断题", multiple: "多项选择题", fill: "填空题", ordering: "排序题", matching: "匹配题", short: "简答题", case: "案例分析题" };
export const LETTERS = "ABCDEFGHIJ";
const LONGEST_TEXT = 4000;
const HINTS = { multiple: "（多选，至少选两项）", ordering: "（排出先后次序）", matching: "（为每一项选对应的选项）" };

// `options`: original indexes in this candidate's order; what is picked is told by original letters (see the hall's choice_fits).
// `lead`: whether the text of the item's case stands above it. `typing` hears whether something typed has not been told yet.
export function itemView({ item, options, number, chosen, picked, picture, lead = true, typing = () => {} }) {
  const inText = (digest, alt) => pictureView(digest, alt || `第 ${number} 题图`, picture);
  const shown = (plain, rich) => rich && rich.length ? richView(rich, inText) : [plain];
  const said = {
    option: (original) => shown(item.options[original], (item.rich_options || [])[original]),
    premise: (n) => shown(item.premises[n], (item.rich_premises || [])[n]),
  };
  const answering = { fill: blanks, ordering: order, matching: pairs, short: text }[item.type] || choices;
  const pictures = item.images.map((digest, n) => pictureView(digest, `第 ${number} 题图 ${n + 1}`, picture));
  const before = lead && item.lead && item.lead.length ? [el("div", { class: "lead" }, el("b", {}, "案例　"), ...richView(item.lead, inText))] : [];
  return el("fieldset", { class: "item", "data-item": item.id },
    el("legend", { tabindex: "-1" }, ...before, el("span", { class: "kind" }, `第 ${number} 题 · ${TITLES[item.type]}${HINTS[item.type] || ""}`), el("span", { class: "stem" }, ...shown(item.stem, item.rich))),
    ...pictures, ...answering({ item, options, chosen, picked, said, typing }));
}

// The candidate has come to this item: it begins at the top edge, and what is read aloud and reached next is this item.
export function enterItem(fieldset) {
  fieldset.scrollIntoView({ block: "start" });
  (fieldset.querySelector("input:checked") || fieldset.querySelector("legend")).focus({ preventScroll: true });
}

// The keys of the exam: arrows change the item, M marks it, a letter picks the option that stands under it.
const STEPS = { ArrowRight: 1, ArrowLeft: -1, PageDown: 1, PageUp: -1 };
export function byKey(event, { step, mark, fieldset }) {
  if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
  if (event.target.matches && event.target.matches("input[type=text], select, textarea")) return; // there the keys are the field's own
  if (event.key in STEPS) { event.preventDefault(); step(STEPS[event.key]); return; }
  const letter = event.key.toUpperCase();
  if (letter === "M") { mark(); return; }
  const item = fieldset();
  const input = letter.length === 1 && item ? item.querySelectorAll("input, button.put")[LETTERS.indexOf(letter)] : null;
  if (input) { input.focus({ preventScroll: true }); input.click(); }
}

function choices({ item, options, chosen, picked, said }) {
  const multiple = item.type === "multiple";
  const offered = item.type === "true_false"
    ? [["对", ["对（正确）"]], ["错", ["错（错误）"]]]
    : options.map((original) => [LETTERS[original], said.option(original)]);
  return offered.map(([value, text], at) => {
    const input = el("input", { type: multiple ? "checkbox" : "radio", name: `item-${item.id}`, value, checked: chosen.includes(value) });
    const label = el("label", { class: `choice${input.checked ? " chosen" : ""}` }, input, el("b", {}, `${LETTERS[at]}.`), el("span", {}, ...text));
    input.addEventListener("change", () => {
      for (const one of label.parentNode.querySelectorAll("label.choice")) one.classList.toggle("chosen", one.querySelector("input").checked);
      picked([...label.parentNode.querySelectorAll("label.choice input:checked")].map((one) => one.value).sort().join(""));
    });
    return label;
  });
}

// A short answer: told when the keys rest for a second, or after some seconds of writing on.
function text({ item, chosen, picked, typing }) {
  const area = el("textarea", { class: "writing", id: `text-${item.id}`, rows: 8, maxlength: LONGEST_TEXT, spellcheck: "false", autocomplete: "off" });
  area.value = chosen;
  const left = el("span", { class: "hint" });
  const count = () => { left.textContent = `已写 ${area.value.length} 字，最多 ${LONGEST_TEXT} 字`; };
  let timer = 0, since = 0;
  const tell = () => {
    clearTimeout(timer); timer = 0; since = 0;
    const choice = area.value.trim() ? area.value : "";
    if (choice !== chosen) { chosen = choice; picked(choice); }
    typing(false);
  };
  const wait = () => {
    since = since || performance.now();
    clearTimeout(timer);
    if (performance.now() - since > 8000) tell(); else timer = setTimeout(tell, 1000);
  };
  area.addEventListener("input", (event) => {
    count(); typing(true);
    if (event.isComposing) { clearTimeout(timer); return; } // half a word of an input method is nobody's answer
    wait();
  });
  area.addEventListener("compositionend", wait);
  area.addEventListener("change", tell);
  area.addEventListener("blur", () => { if (timer) tell(); });
  count();
  return [el("label", { class: "written", for: area.id }, "答案"), area, left];
}

// What is typed is told while it is typed, a little after the last key.
function blanks({ item, chosen, picked, typing }) {
  let given = [];
  try { given = JSON.parse(chosen || "[]"); } catch { given = []; }
  const inputs = Array.from({ length: item.blanks }, (_, n) => el("input", { type: "text", class: "blank", maxlength: 200, autocomplete: "off", spellcheck: "false", value: given[n] || "", id: `blank-${item.id}-${n}` }));
  let timer = 0;
  const tell = () => {
    clearTimeout(timer); timer = 0;
    const texts = inputs.map((input) => input.value.trim());
    const choice = texts.some(Boolean) ? JSON.stringify(texts) : "";
    if (choice !== chosen) { chosen = choice; picked(choice); }
    typing(false);
  };
  const wait = () => { clearTimeout(timer); timer = setTimeout(tell, 400); };
  for (const input of inputs) {
    input.addEventListener("input", (event) => { typing(true); clearTimeout(timer); if (!event.isComposing) wait(); });
    input.addEventListener("compositionend", wait);
    input.addEventListener("change", tell);
    input.addEventListener("blur", () => { if (timer) tell(); });
  }
  return inputs.map((input, n) => el("label", { class: "fill", for: input.id }, item.blanks > 1 ? `第 ${n + 1} 空` : "答案", input));
}

function order({ item, options, chosen, picked, said }) {
  return orderingView({ options, chosen, picked, letterOf: (original) => LETTERS[original], said: said.option, plain: (original) => item.options[original] });
}

// A matching: for each premise one option.
function pairs({ item, options, chosen, picked, said }) {
  const listed = el("ol", { class: "listed" }, options.map((original) => el("li", {}, ...said.option(original))));
  const fields = item.premises.map((_, n) => el("select", { id: `place-${item.id}-${n}`, "data-place": n },
    el("option", { value: "-" }, "请选择"), options.map((original, at) => el("option", { value: LETTERS[original], selected: chosen[n] === LETTERS[original] }, `${LETTERS[at]}　${item.options[original]}`))));
  for (const field of fields) {
    field.addEventListener("change", () => {
      const choice = fields.map((one) => one.value).join("");
      picked(/^-*$/.test(choice) ? "" : choice);
    });
  }
  return [listed, ...fields.map((field, n) => el("label", { class: "fill", for: field.id }, el("span", {}, ...said.premise(n)), field))];
}
