// One tab of a browser answers at a time: the one opened last. The other ones stand still until they are taken up again.
export class Tabs {
  constructor(sitting, yielded) {
    this.name = `${Date.now()}-${Math.random()}`;
    this.channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(`assay-${sitting}`);
    if (this.channel) this.channel.onmessage = (event) => { if (event.data !== this.name) yielded(); };
  }

  take() { if (this.channel) this.channel.postMessage(this.name); }
}
