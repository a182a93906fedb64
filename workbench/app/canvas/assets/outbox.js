// What the analyst did and the server has not confirmed yet. Each event is sent until it is, and counted once there.

const PATIENCE = 8000; // ms after which unconfirmed events are sent again

export class Outbox {
  constructor() {
    this.last = 0;
    this.waiting = [];
    this.send = null; // set while the canvas is on the page
    this.under = false; // whether events are on their way
  }

  put(what, more = {}) {
    const newest = this.waiting[this.waiting.length - 1];
    if (what === "select" && newest?.what === "select" && !newest.sent) Object.assign(newest, more);
    else this.waiting.push({ seq: ++this.last, what, ...more });
    queueMicrotask(() => this.flush()); // what is put together goes together: the page runs once for it
  }

  confirmed(seq) {
    this.waiting = this.waiting.filter((event) => event.seq > seq);
    this.last = Math.max(this.last, seq);
    this.under = false;
    clearTimeout(this.timer);
    if (this.waiting.length) setTimeout(() => this.flush()); // once the page has shown all of the answer
  }

  // Send what waits although an answer is still on its way: something that is to be done after it follows.
  hurry() {
    if (this.waiting.some((event) => !event.sent)) this.flush(true);
  }

  // Also without events: it tells the server what has arrived.
  flush(atOnce = false) {
    if ((this.under && !atOnce) || !this.send) return;
    clearTimeout(this.timer);
    this.under = true;
    for (const event of this.waiting) event.sent = true;
    this.send(this.waiting.map(({ sent, ...event }) => event));
    this.timer = setTimeout(() => {
      this.under = false;
      if (this.waiting.length) this.flush();
    }, PATIENCE);
  }
}
