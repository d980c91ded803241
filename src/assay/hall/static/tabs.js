// One tab of a browser answers at a time: the one opened last. The other ones stand still until they are taken up again; what
// was being typed in them then is kept on the computer, and the one that answers hears of it.
export class Tabs {
  constructor(sitting, yielded, kept) {
    this.mine = false; // one that has not taken the exam up yet has nothing to stand back from
    this.channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(`assay-${sitting}`);
    if (this.channel) this.channel.onmessage = ({ data }) => { if (this.mine) this.hear(data, yielded, kept); };
  }

  hear(word, yielded, kept) {
    if (word.kept) { kept(); return; }
    this.mine = false;
    yielded();
  }

  take() { this.mine = true; this.say({ taken: true }); }

  // After having stood back: the last words are on the disk.
  hasKept() { this.say({ kept: true }); }

  say(word) { if (this.channel) this.channel.postMessage(word); }
}
