// The pictures of the paper: fetched once it is open, spread over the first minutes, and kept, so that the whole paper is there
// when the network is not.
import { raise } from "./dialogs.js";
import { el } from "./hall_api.js";

const SPREAD_MS = 120000, LONGEST_GAP_MS = 4000;
const AGAIN_MS = 3000;
const TRIES_UNTIL_SAID = 3, TRIES_IN_A_ROW = 3;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Every picture of an item: its own, and those in the text of stem, options, premises and case.
export function picturesOf(item) {
  const found = new Set(item.images);
  const look = (part) => {
    if (Array.isArray(part)) part.forEach(look);
    else if (part && typeof part === "object") { if (part.i) found.add(part.i); look(part.p); look(part.t); }
  };
  [item.rich, item.rich_options, item.rich_premises, item.lead].forEach(look);
  return [...found];
}

export class Pictures {
  constructor(api) { this.api = api; this.kept = new Map(); }

  // The address of a picture on this computer; one that did not come is asked for again by whoever asks next.
  url(digest) {
    if (!this.kept.has(digest)) {
      const coming = this.api.blob(digest);
      coming.catch(() => this.kept.delete(digest));
      this.kept.set(digest, coming);
    }
    return this.kept.get(digest);
  }

  // Not all candidates ask at the same moment for the same picture. One that does not come after some tries waits until the others
  // are there, and is asked for again then. `over` ends it.
  async fetchAll(items, over) {
    let missing = [...new Set(items.flatMap(picturesOf))];
    let gap = Math.min(SPREAD_MS / Math.max(missing.length, 1), LONGEST_GAP_MS);
    while (missing.length && !over()) {
      const later = [];
      for (const digest of missing) {
        await pause(gap * (0.5 + Math.random()));
        if (!(await this.comes(digest, over))) later.push(digest);
      }
      missing = later; gap = AGAIN_MS;
    }
  }

  async comes(digest, over) {
    for (let tries = 0; tries < TRIES_IN_A_ROW && !over(); tries += 1) {
      if (tries) await pause(AGAIN_MS);
      if (await this.url(digest).catch(() => "")) return true;
    }
    return false;
  }
}

// A picture with a word in its place until it is there. It is tried for as long as it is on the page.
export function pictureView(digest, alt, picture) {
  const image = el("img", { alt, class: "picture" });
  const word = el("span", { class: "hint" }, "图片正在载入…");
  const enlarge = () => {
    if (!image.naturalWidth) return;
    const dialog = el("dialog", { class: "large-picture", "aria-label": `${alt}（放大）` }, el("img", { alt, src: image.src }),
      el("form", { method: "dialog" }, el("button", { class: "primary", autofocus: true }, "关闭")));
    raise(dialog);
  };
  const button = el("button", { type: "button", class: "enlarge", "aria-label": `放大${alt}`, onclick: enlarge }, word);
  const missing = () => { word.textContent = `${alt}：图片未能载入，请举手`; button.replaceChildren(word); };
  const show = async () => {
    let tries = 0;
    do {
      try { image.src = await picture(digest); button.replaceChildren(image); return; }
      catch { tries += 1; if (tries >= TRIES_UNTIL_SAID) missing(); }
      await pause(AGAIN_MS);
    } while (button.isConnected);
  };
  image.addEventListener("error", missing);
  show();
  return button;
}
