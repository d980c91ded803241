// How large and in what contrast: chosen by the candidate, kept on this computer until the exam is over.
import { keptJson, onThisComputer } from "./browser_storage.js";
import { el } from "./hall_api.js";

const KEY = "assay-display";
const SIZES = [100, 125, 150, 175, 200];
const kept = keptJson(onThisComputer, KEY, {});
const chosen = { size: SIZES.includes(kept.size) ? kept.size : 100, contrast: Boolean(kept.contrast) };

function apply() {
  document.documentElement.style.fontSize = `${(18 * chosen.size) / 100}px`;
  document.documentElement.classList.toggle("contrast", chosen.contrast);
  document.documentElement.classList.toggle("large", chosen.size >= 150);
  document.documentElement.dataset.size = chosen.size;
  onThisComputer.write(KEY, JSON.stringify(chosen));
}

export function displayTools() {
  const size = el("output", { "aria-label": "字号" }, `${chosen.size}%`);
  const step = (by) => () => {
    const at = Math.min(Math.max(SIZES.indexOf(chosen.size) + by, 0), SIZES.length - 1);
    chosen.size = SIZES[at]; size.textContent = `${chosen.size}%`; apply();
  };
  const contrast = el("button", { type: "button", class: "tool", "aria-pressed": String(chosen.contrast), onclick: () => {
    chosen.contrast = !chosen.contrast; contrast.setAttribute("aria-pressed", String(chosen.contrast)); apply();
  } }, "高对比度");
  return el("div", { class: "tools", role: "group", "aria-label": "显示设置" },
    el("button", { type: "button", class: "tool", "aria-label": "缩小字号", onclick: step(-1) }, "A−"), size,
    el("button", { type: "button", class: "tool", "aria-label": "放大字号", onclick: step(1) }, "A＋"), contrast);
}

apply();
