// Content with formulas, pictures and tables, drawn from data: nothing is ever parsed as HTML.
import { el } from "./hall_api.js";

export function richView(blocks, pictureView) {
  return blocks.map((block) => block.t
    ? el("table", { class: "table" }, el("tbody", {}, block.t.map((row) => el("tr", {}, row.map((cell) => el("td", {}, runs(cell, pictureView)))))))
    : el("span", { class: "line" }, runs(block.p, pictureView)));
}

const runs = (line, pictureView) => line.map((run) => {
  if (typeof run === "string") return run;
  if (run.f) return formulaView(run);
  if (run.i) return pictureView(run.i, run.alt);
  return run.s.reduce((inner, style) => el(style, {}, inner), run.t);
});

function formulaView(run) {
  const image = el("img", { alt: run.alt, class: "formula", src: URL.createObjectURL(new Blob([run.f], { type: "image/svg+xml" })) });
  image.style.height = `${run.h}em`; image.style.verticalAlign = `${-run.d}em`;
  return image;
}
