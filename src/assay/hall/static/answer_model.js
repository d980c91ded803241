// What this page knows of each answer, and where it is: typed or kept on this computer, on its way, in the hall, or refused by it.
// Badge, card, items, notices and dialogs are drawn from it, and nothing becomes an answer but through it.
export const HERE = "here", ON_ITS_WAY = "sending", IN_HALL = "hall", REFUSED = "refused", NONE = "";

// Between two computers, or two tabs, revisions say nothing: the one that was given later is the newer one.
const newer = (one, other) => one.at > other.at || (one.at === other.at && one.rev > other.rev);
const NOTHING = { choice: "", rev: 0, at: 0 };

// What an answer still lacks to be whole, in words; "" for one that lacks nothing, and for none at all. It is kept and sent like any other.
export function lackOf({ type }, choice) {
  if (!choice) return "";
  const open = type === "fill" ? blanksOf(choice).filter((text) => !text).length : [...choice].filter((letter) => letter === "-").length;
  if (type === "multiple") return choice.length === 1 ? "只选了一项" : "";
  const said = { fill: `还有 ${open} 空没有填`, ordering: `还有 ${open} 位没有排`, matching: `还有 ${open} 项没有选` }[type];
  return said && open ? said : "";
}

function blanksOf(choice) { try { return JSON.parse(choice); } catch { return []; } }

export class AnswerModel {
  constructor(journal) {
    this.journal = journal;
    this.hall = new Map(); // item → {choice, rev, at} as acknowledged
    this.drafts = new Map(); // item → when it was typed, for what is not an answer yet
    this.sent = new Map(); // item → revision on its way
    this.shut = new Set(); // why nothing can be chosen now: paused, asleep, handing, over
  }

  get open() { return !this.shut.size; }

  now(item) { return this.journal.memory.get(item) || this.hall.get(item) || NOTHING; }

  get(item) { return this.now(item).choice; }

  where(item) {
    const entry = this.journal.memory.get(item);
    if (this.drafts.has(item)) return HERE;
    if (!entry) return this.hall.has(item) ? IN_HALL : NONE;
    if (entry.refused) return REFUSED;
    return this.sent.get(item) === entry.rev ? ON_ITS_WAY : HERE;
  }

  // Items that the hall has not acknowledged as they are here, and items that it has refused.
  unsaved() { return new Set([...this.drafts.keys(), ...this.journal.waiting().map((entry) => entry.item)]); }
  refused() { return [...this.journal.memory.values()].filter((entry) => entry.refused).map((entry) => entry.item); }

  draft(item, at) { if (at) this.drafts.set(item, at); else this.drafts.delete(item); }

  // An answer given at a moment of the hall's clock, or when its last key was pressed: resolves once it is kept; null while nothing
  // can be chosen.
  give(item, choice, at) {
    if (!this.open) return null;
    const last = this.now(item);
    const rev = Math.max(last.rev, (this.hall.get(item) || NOTHING).rev) + 1;
    return this.journal.put({ item, choice, rev, at: Math.max(this.drafts.get(item) || at, last.at + 1) });
  }

  // What the hall has: taken up, and what is kept here is compared with it by time.
  async meet(answers, givenAt) {
    for (const [item, [rev, choice]] of Object.entries(answers)) {
      if (rev >= (this.hall.get(item) || NOTHING).rev) this.hall.set(item, { choice, rev, at: givenAt[item] || 0 });
      await this.settle(item);
    }
  }

  // One item that both have: what is older here is dropped, what is newer goes above all that the hall knows. It goes there also
  // when it says the same: another tab or computer may hold something from between.
  async settle(item) {
    const entry = this.journal.memory.get(item), there = this.hall.get(item);
    if (!entry || !there) return;
    if (!newer(entry, there)) await this.journal.forget(entry);
    else if (entry.rev <= there.rev) await this.journal.put({ ...entry, rev: there.rev + 1 }).catch(() => {});
  }

  // What this computer kept from before, or what another of its tabs has put there.
  async load() {
    await this.journal.load();
    for (const item of [...this.journal.memory.keys()]) await this.settle(item);
  }

  leaving(parcel) { this.sent = new Map(parcel.map(({ item, rev }) => [item, rev])); }

  back() { this.sent.clear(); }

  // The hall has committed these of a parcel.
  async acknowledged(saved, parcel) {
    for (const { item, choice, rev, at } of parcel) {
      if (saved[item] >= rev && rev >= (this.hall.get(item) || NOTHING).rev) this.hall.set(item, { choice, rev, at });
    }
    await this.journal.acknowledged(saved);
  }

  // The hall cannot take it: the others go on, and this one is shown as what it is.
  async refuse(item) { await this.journal.put({ ...this.journal.memory.get(item), refused: true }).catch(() => {}); }

  // Everything that there is, wherever it is: for a file.
  all() {
    const items = new Set([...this.hall.keys(), ...this.journal.memory.keys()]);
    return [...items].map((item) => ({ item, ...this.now(item) }));
  }
}
