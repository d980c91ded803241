// What the browser keeps for the page. It may forbid that, or have no room left: then the page keeps it by itself until it is
// closed, and goes on.
const PROBE = "assay-probe";
const ROOM_NEEDED = 20000;

class Kept {
  constructor(storage) { this.storage = storage; this.memory = new Map(); }

  read(key) {
    if (this.memory.has(key)) return this.memory.get(key);
    try { return this.storage().getItem(key); } catch { return null; }
  }

  write(key, text) {
    try { this.storage().setItem(key, text); this.memory.delete(key); } catch { this.memory.set(key, text); }
  }

  forget(key) {
    this.memory.delete(key);
    try { this.storage().removeItem(key); } catch { /* nothing is kept there */ }
  }
}

export const onThisComputer = new Kept(() => localStorage);
export const inThisTab = new Kept(() => sessionStorage);

// Kept as JSON: what cannot be read is as if it had never been kept.
export function keptJson(storage, key, otherwise) {
  try { return JSON.parse(storage.read(key)) || otherwise; } catch { return otherwise; }
}

// Why this browser can keep nothing, in words; "" when it can.
export function storageTrouble() {
  if (!navigator.cookieEnabled || !globalThis.indexedDB) return "禁止了本地存储";
  try {
    localStorage.setItem(PROBE, "x".repeat(ROOM_NEEDED)); localStorage.removeItem(PROBE);
    sessionStorage.setItem(PROBE, "x"); sessionStorage.removeItem(PROBE);
    return "";
  } catch (error) {
    return error && error.name === "QuotaExceededError" ? "本地存储已满" : "禁止了本地存储";
  }
}
