// An item whose options are to be put in order: every place shows the text of its option, which is moved with ↑ and ↓ (keys or
// buttons). The options stay where they are, so that nothing moves under the hand. A place may stay open. What is told: for each place the original letter of its option, "-" for an open one.
import { el } from "./hall_api.js";

const OPEN = "-";

// `letterOf(original)`: what stands for an option in the answer; `said(original)`: its text as nodes, `plain(original)` as words.
export function orderingView({ options, chosen, picked, letterOf, said, plain }) {
  const byLetter = new Map(options.map((original) => [letterOf(original), original]));
  let places = options.map((_, n) => (byLetter.has(chosen[n]) ? chosen[n] : OPEN));
  const placed = el("ol", { class: "places", "aria-label": "已排的顺序" });
  const offered = el("ul", { class: "unplaced", "aria-label": "选项" });
  const voice = el("p", { class: "visually-hidden", role: "status" });
  const hint = el("p", { class: "hint" }, "按先后次序点选项，再点一次移出；排好后用 ↑ ↓ 调整。");

  const change = (to, text, focusOn) => {
    places = to;
    draw();
    voice.textContent = text;
    const target = focusOn();
    if (target) target.focus({ preventScroll: true });
    picked(places.every((one) => one === OPEN) ? "" : places.join(""));
  };
  const rowOf = (letter, control) => () => placed.querySelector(`[data-letter="${letter}"] [data-control="${control}"]`);
  const move = (from, by, control) => {
    const to = from + by;
    if (to < 0 || to >= places.length) return;
    const moved = [...places];
    [moved[from], moved[to]] = [moved[to], moved[from]];
    change(moved, `${plain(byLetter.get(places[from]))}，第 ${to + 1} 位`, rowOf(places[from], control));
  };
  const optionOf = (letter) => () => offered.querySelector(`[data-letter="${letter}"]`);
  const set = (n, letter, focusOn) => {
    const next = [...places], words = plain(byLetter.get(letter === OPEN ? places[n] : letter));
    next[n] = letter;
    change(next, letter === OPEN ? `${words}，已移出` : `${words}，第 ${n + 1} 位`, focusOn);
  };
  const takeOut = (n) => set(n, OPEN, optionOf(places[n]));
  const press = (letter) => {
    const at = places.indexOf(letter);
    if (at < 0) set(places.indexOf(OPEN), letter, optionOf(letter)); else takeOut(at);
  };

  const control = (kind, sign, label, at, onclick) => el("button", { type: "button", class: "mover", "data-control": kind, "aria-label": label, "aria-disabled": at ? null : "true", onclick }, sign);
  const place = (letter, n) => {
    const number = el("span", { class: "place-number" }, `第 ${n + 1} 位`);
    if (letter === OPEN) return el("li", { class: "place open" }, number, el("span", { class: "place-text" }, "（空）"));
    const original = byLetter.get(letter), words = plain(original);
    const row = el("li", { class: "place", "data-letter": letter }, number, el("span", { class: "place-text" }, ...said(original)),
      control("up", "↑", `${words} 上移`, n > 0, () => move(n, -1, "up")),
      control("down", "↓", `${words} 下移`, n < places.length - 1, () => move(n, 1, "down")),
      control("out", "✕", `${words} 移出`, true, () => takeOut(n)));
    row.addEventListener("keydown", (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!by || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      move(n, by, document.activeElement.dataset.control);
    });
    return row;
  };
  const draw = () => {
    placed.replaceChildren(...places.map(place));
    offered.replaceChildren(...options.map((original) => {
      const letter = letterOf(original), at = places.indexOf(letter);
      return el("li", {}, el("button", { type: "button", class: `choice put${at < 0 ? "" : " chosen"}`, "data-letter": letter, "aria-pressed": String(at >= 0), onclick: () => press(letter) },
        el("span", { class: "place-text" }, ...said(original)), el("span", { class: "place-number" }, at < 0 ? "未排" : `第 ${at + 1} 位`)));
    }));
  };
  draw();
  return [hint, offered, placed, voice];
}
