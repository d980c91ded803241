// One item as a candidate sees it, in the exam and in the practice before it.
import { el } from "./hall_api.js";
import { richView } from "./rich.js";

export const TITLES = { single: "单项选择题", true_false: "判断题", multiple: "多项选择题" };
export const LETTERS = "ABCDEFGHIJ";

// `options`: original indexes in this candidate's order; what is picked is told by original letters, sorted.
export function itemView({ item, options, number, chosen, picked, picture }) {
  const multiple = item.type === "multiple";
  const inText = (digest, alt) => pictureView(digest, alt || `第 ${number} 题图`, picture);
  const shown = (plain, rich) => rich && rich.length ? richView(rich, inText) : [plain];
  const choices = item.type === "true_false"
    ? [["对", ["对（正确）"]], ["错", ["错（错误）"]]]
    : options.map((original) => [LETTERS[original], shown(item.options[original], (item.rich_options || [])[original])]);
  const inputs = choices.map(([value, text], at) => {
    const input = el("input", { type: multiple ? "checkbox" : "radio", name: `item-${item.id}`, value, checked: chosen.includes(value) });
    const label = el("label", { class: `choice${input.checked ? " chosen" : ""}` }, input, el("b", {}, `${LETTERS[at]}.`), el("span", {}, ...text));
    input.addEventListener("change", () => {
      for (const one of label.parentNode.querySelectorAll("label.choice")) one.classList.toggle("chosen", one.querySelector("input").checked);
      picked([...label.parentNode.querySelectorAll("input:checked")].map((one) => one.value).sort().join(""));
    });
    return label;
  });
  const pictures = item.images.map((digest, n) => pictureView(digest, `第 ${number} 题图 ${n + 1}`, picture));
  const hint = multiple ? "（多选，至少选两项）" : "";
  return el("fieldset", { class: "item", "data-item": item.id },
    el("legend", {}, el("span", { class: "kind" }, `第 ${number} 题 · ${TITLES[item.type]}${hint}`), el("span", { class: "stem" }, ...shown(item.stem, item.rich))),
    ...pictures, ...inputs);
}

function pictureView(digest, alt, picture) {
  const image = el("img", { alt, class: "picture" });
  const enlarge = () => {
    const dialog = el("dialog", { class: "large-picture", "aria-label": `${alt}（放大）` }, el("img", { alt, src: image.src }),
      el("form", { method: "dialog" }, el("button", { class: "primary", autofocus: true }, "关闭")));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog); dialog.showModal();
  };
  const again = (tries) => picture(digest).then((url) => { image.src = url; })
    .catch(() => { if (tries) setTimeout(() => again(tries - 1), 3000); });
  again(20);
  return el("button", { type: "button", class: "enlarge", "aria-label": `放大${alt}`, onclick: enlarge }, image);
}
