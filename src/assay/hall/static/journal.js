// The candidate's own journal: every change goes to IndexedDB first, and stays until the hall has acknowledged it.
// The seat's token is kept there too: localStorage reaches the disk only seconds later, too late for a power cut.
import { inThisTab } from "./browser_storage.js";

const NAME = "assay-hall";
// A browser whose store does not answer must not hold the candidate up: the page goes on without it, and says so to the hall.
const PATIENCE_MS = 4000;

function patient(work) {
  return Promise.race([new Promise(work), new Promise((_, reject) => setTimeout(() => reject(new Error("IndexedDB does not answer")), PATIENCE_MS))]);
}

function open() {
  return patient((resolve, reject) => {
    const request = indexedDB.open(NAME, 2);
    request.onupgradeneeded = () => {
      const there = request.result.objectStoreNames;
      if (!there.contains("unsent")) request.result.createObjectStore("unsent", { keyPath: ["sitting", "item"] });
      if (!there.contains("kept")) request.result.createObjectStore("kept");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// Run one request, or several that follow from each other, in a transaction of their own; resolves once it is on the disk.
function ask(db, name, mode, act) {
  return patient((resolve, reject) => {
    const transaction = db.transaction(name, mode, { durability: "strict" });
    const request = act(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request && request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

// What is kept besides answers; what the browser does not keep is as if it had never been there.
async function read(key) {
  try { return await ask(await open(), "kept", "readonly", (store) => store.get(key)); } catch { return undefined; }
}
async function write(key, value) {
  try { await ask(await open(), "kept", "readwrite", (store) => (value ? store.put(value, key) : store.delete(key))); } catch { /* this tab has it */ }
}

const TOKEN = "token", CONFIRMED = "confirmed", FILE = "file", LEFT = "left", BROWSER = "browser";

export async function keptToken() { return inThisTab.read(TOKEN) || (await read(TOKEN)) || ""; }

export async function keepToken(token) {
  if (token) inThisTab.write(TOKEN, token); else inThisTab.forget(TOKEN);
  await write(TOKEN, token);
}

// The name of this browser, drawn once and kept beside its answers: at a later sign-in in the same one the hall knows that what it
// held then it holds now. "" where nothing is kept.
export async function browserName() {
  const kept = await read(BROWSER);
  if (kept) return kept;
  const drawn = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  await write(BROWSER, drawn);
  return (await read(BROWSER)) === drawn ? drawn : "";
}

// Whose token it is; "" when it is none.
export function sittingOf(token) {
  try {
    const said = atob(token.split(".")[0].replace(/-/g, "+").replace(/_/g, "/"));
    return new TextDecoder().decode(Uint8Array.from(said, (c) => c.charCodeAt(0))).split("\x1f")[1] || "";
  } catch { return ""; }
}

// Who has confirmed at this computer who it is: after a reload that is not asked again.
export const keepConfirmed = (sitting) => write(CONFIRMED, sitting);
export const hasConfirmed = async (sitting) => (await read(CONFIRMED)) === sitting;

// What an answer file is made with, as long as the token is kept: { pack, sitting, ticket, key }.
export const keepFileKey = (file) => write(FILE, file);
export async function keptFileKey(sitting) {
  const file = await read(FILE);
  return file && file.sitting === sitting ? file : null;
}

// Who went on at another computer while the hall did not take what this one holds (see left_behind.js).
export const keepLeft = (list) => write(LEFT, list);
export const keptLeft = async () => (await read(LEFT)) || [];

export class Journal {
  constructor(sitting) {
    this.sitting = sitting;
    this.memory = new Map();
    this.ready = open().then((db) => { this.db = db; }).catch(() => { this.db = null; });
  }

  // What an earlier page (or another tab) of this computer has not sent, unless this one knows a newer answer. What the hall
  // refused is tried again. `durable` tells whether the browser keeps it.
  async load() {
    await this.ready;
    if (this.db) {
      const all = await this.ask("readonly", (store) => store.getAll()).catch(() => { this.db = null; return []; });
      for (const entry of all) {
        const known = this.memory.get(entry.item);
        if (entry.sitting === this.sitting && !(known && known.at >= entry.at)) this.memory.set(entry.item, { ...entry, refused: false });
      }
    }
    return this.waiting();
  }

  get durable() { return Boolean(this.db); }

  // Another tab may have kept a newer answer to the item meanwhile: that one stays on the disk.
  async put(entry) {
    const kept = { ...entry, sitting: this.sitting };
    this.memory.set(entry.item, kept);
    await this.ready;
    if (this.db) await this.unlessNewer(kept, (store) => store.put(kept));
  }

  // An answer need not be kept any more.
  async forget(entry) {
    if (this.memory.get(entry.item) === entry) this.memory.delete(entry.item);
    await this.ready;
    if (this.db) await this.unlessNewer(entry, (store) => store.delete([this.sitting, entry.item])).catch(() => {}); // sent again after a reload: the hall knows it
  }

  unlessNewer({ item, at }, act) {
    return this.ask("readwrite", (store) => {
      const request = store.get([this.sitting, item]);
      request.onsuccess = () => { if (!(request.result && request.result.at > at)) act(store); };
    });
  }

  // Forget what was acknowledged, unless it was changed again meanwhile.
  async acknowledged(saved) {
    await this.ready;
    for (const [item, rev] of Object.entries(saved)) {
      const entry = this.memory.get(item);
      if (entry && entry.rev <= rev) await this.forget(entry);
    }
  }

  waiting() { return [...this.memory.values()].filter((entry) => !entry.refused); }

  ask(mode, act) { return ask(this.db, "unsent", mode, act); }
}
