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

// Run one request in a transaction of its own; resolves once it is on the disk.
function ask(db, name, mode, act) {
  return patient((resolve, reject) => {
    const transaction = db.transaction(name, mode, { durability: "strict" });
    const request = act(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

const TOKEN = "token";

export async function keptToken() {
  const here = inThisTab.read(TOKEN);
  if (here) return here;
  try { return (await ask(await open(), "kept", "readonly", (store) => store.get(TOKEN))) || ""; } catch { return ""; }
}

export async function keepToken(token) {
  if (token) inThisTab.write(TOKEN, token); else inThisTab.forget(TOKEN);
  try { await ask(await open(), "kept", "readwrite", (store) => (token ? store.put(token, TOKEN) : store.delete(TOKEN))); } catch { /* this tab has it */ }
}

export class Journal {
  constructor(sitting) {
    this.sitting = sitting;
    this.memory = new Map();
    this.ready = open().then((db) => { this.db = db; }).catch(() => { this.db = null; });
  }

  // What an earlier page (or another tab) of this computer has not sent. `durable` tells whether the browser keeps it.
  async load() {
    await this.ready;
    if (this.db) {
      const all = await this.ask("readonly", (store) => store.getAll()).catch(() => { this.db = null; return []; });
      for (const entry of all) {
        const known = this.memory.get(entry.item);
        if (entry.sitting === this.sitting && !(known && known.rev >= entry.rev)) this.memory.set(entry.item, entry);
      }
    }
    return this.waiting();
  }

  get durable() { return Boolean(this.db); }

  async put(entry) {
    const kept = { ...entry, sitting: this.sitting };
    this.memory.set(entry.item, kept);
    await this.ready;
    if (this.db) await this.ask("readwrite", (store) => store.put(kept));
  }

  // Forget what was acknowledged, unless it was changed again meanwhile.
  async acknowledged(saved) {
    await this.ready;
    for (const [item, rev] of Object.entries(saved)) {
      const entry = this.memory.get(item);
      if (!entry || entry.rev > rev) continue;
      this.memory.delete(item);
      if (this.db) await this.ask("readwrite", (store) => store.delete([this.sitting, item])).catch(() => {}); // sent again after a reload: the hall knows it
    }
  }

  waiting() { return [...this.memory.values()].filter((entry) => !entry.refused); }

  ask(mode, act) { return ask(this.db, "unsent", mode, act); }
}
