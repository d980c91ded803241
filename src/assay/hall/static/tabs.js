// One tab of a browser answers at a time: the one opened last. The other ones stand still until they are taken up again; what
// was being typed in them then is kept on the computer, and the one that answers hears of it.
export class Tabs {
  constructor(sitting, yielded, kept) {
    this.name = `${Date.now()}-${Math.random()}`;
    this.channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(`assay-${sitting}`);
    if (this.channel) this.channel.onmessage = ({ data }) => { if (data.kept) kept(); else if (data.taken !== this.name) yielded(); };
  }

  take() { this.say({ taken: this.name }); }

  // After having stood back: the last words are on the disk.
  hasKept() { this.say({ kept: true }); }

  say(word) { if (this.channel) this.channel.postMessage(word); }
}
