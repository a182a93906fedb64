// When the records on the chart are from: a histogram, brushed by drag, played step by step.

import { button, element } from "./dom.js";

const DAY = 86_400_000;
const STEP = 900; // ms between two steps when played
const SPANS = [
  [62, 1],
  [430, 7],
];

export class Timeline {
  constructor(canvas) {
    this.canvas = canvas;
    this.plot = element("canvas", { class: "plot", role: "img" });
    this.since = element("input", { type: "date", "aria-label": "From", onchange: () => this.typed() });
    this.until = element("input", { type: "date", "aria-label": "Until", onchange: () => this.typed() });
    this.play = button("▶ Play by month", () => (this.timer ? this.stop() : this.start()));
    const clear = button("All time", () => this.brush("", ""));
    this.dated = element("input", { type: "checkbox", onchange: () => this.typed() });
    this.told = element("label", { class: "told" }, this.dated, element("span"));
    const bar = element("div", { class: "when" }, "From ", this.since, " until ", this.until, this.play, clear, this.told);
    this.root = element("div", { class: "time" }, bar, this.plot);
    for (const input of [this.since, this.until]) input.addEventListener("keydown", (event) => event.stopPropagation());
    this.plot.addEventListener("pointerdown", (event) => this.down(event));
    this.plot.addEventListener("pointermove", (event) => this.move(event));
    this.plot.addEventListener("pointerup", () => this.up());
  }

  // Count the dated records of all that is on the chart, so that the bars stay where they are while one filters.
  show() {
    const { mirror, scene } = this.canvas;
    this.days = new Map();
    let undated = 0;
    for (const tie of mirror.ties) {
      if (!tie?.kinds) continue;
      for (const day of tie.days ?? []) this.count(day);
      undated += (tie.all ?? tie.n) - (tie.days?.length ?? 0);
    }
    for (const [day, n] of Object.entries(mirror.top.inside ?? {})) {
      if (day) this.count(day, n);
      else undated += n;
    }
    this.bins();
    const [since, until, dated] = scene.span ?? mirror.top.span ?? ["", "", false];
    this.span = [since, until];
    this.since.value = since;
    this.until.value = until;
    this.dated.checked = dated;
    const records = undated === 1 ? "record" : "records";
    this.told.hidden = !undated && !dated;
    this.told.lastChild.textContent = `Leave out ${undated} ${records} without a date`;
    this.draw();
  }

  count(day, n = 1) {
    this.days.set(day, (this.days.get(day) ?? 0) + n);
  }

  bins() {
    const days = [...this.days.keys()].filter((day) => day.length === 10).sort();
    this.counts = [];
    if (!days.length) return;
    this.first = toDay(days[0]);
    this.last = toDay(days[days.length - 1]);
    const length = this.last - this.first + 1;
    this.wide = SPANS.find(([most]) => length <= most)?.[1] ?? 30;
    this.counts = new Array(Math.ceil(length / this.wide)).fill(0);
    for (const day of days) this.counts[Math.floor((toDay(day) - this.first) / this.wide)] += this.days.get(day);
  }

  draw() {
    const { plot } = this;
    const [width, height] = [plot.clientWidth || 600, plot.clientHeight || 90];
    plot.width = width;
    plot.height = height;
    const ctx = plot.getContext("2d");
    const style = getComputedStyle(this.canvas.root);
    if (!this.counts.length) {
      plot.setAttribute("aria-label", "No record on the chart has a date");
      return;
    }
    const most = Math.max(...this.counts);
    const bar = width / this.counts.length;
    ctx.font = "11px system-ui, sans-serif";
    this.counts.forEach((n, at) => {
      ctx.fillStyle = this.inSpan(at) ? "#0072b2" : "#b9c4cc";
      const high = n ? Math.max(2, ((height - 22) * n) / most) : 0;
      ctx.fillRect(at * bar + 0.5, height - 16 - high, Math.max(bar - 1, 1), high);
    });
    ctx.fillStyle = style.color;
    ctx.fillText(fromDay(this.first), 0, height - 3);
    ctx.textAlign = "right";
    ctx.fillText(fromDay(this.last), width, height - 3);
    ctx.textAlign = "left";
    ctx.fillText(String(most), 0, 10);
    const label = `Dated records from ${fromDay(this.first)} to ${fromDay(this.last)}, at most ${most} in ${this.wide} days`;
    plot.setAttribute("aria-label", label);
  }

  inSpan(bin) {
    const [since, until] = this.span;
    const start = this.first + bin * this.wide;
    return (!since || start + this.wide > toDay(since)) && (!until || start <= toDay(until));
  }

  // -- brushing -----------------------------------------------------------------------

  down(event) {
    if (!this.counts.length) return;
    this.plot.setPointerCapture(event.pointerId);
    this.from = this.dayAt(event.offsetX);
    this.to = this.from;
  }

  move(event) {
    if (this.from === undefined) return;
    this.to = this.dayAt(event.offsetX);
    const [a, b] = [Math.min(this.from, this.to), Math.max(this.from, this.to)];
    this.here(fromDay(a), fromDay(b));
  }

  up() {
    if (this.from === undefined) return;
    const [a, b] = [Math.min(this.from, this.to), Math.max(this.from, this.to)];
    this.from = undefined;
    this.brush(fromDay(a), fromDay(b));
  }

  dayAt(x) {
    const share = Math.min(Math.max(x / (this.plot.clientWidth || 1), 0), 1);
    return Math.min(this.first + Math.floor(share * this.counts.length * this.wide), this.last);
  }

  typed() {
    this.brush(this.since.value, this.until.value);
  }

  // Show a span here at once, then tell the server.
  brush(first, second) {
    const [since, until] = first && second && first > second ? [second, first] : [first, second];
    this.here(since, until);
    this.canvas.put("time", { since, until, dated: this.dated.checked });
  }

  here(since, until) {
    const { canvas } = this;
    this.span = [since, until];
    this.since.value = since;
    this.until.value = until;
    canvas.scene.span = [since, until, this.dated.checked];
    canvas.scene.changed();
    canvas.draw();
    this.draw();
  }

  mark() {
    this.draw();
  }

  // -- playing ------------------------------------------------------------------------

  start() {
    if (!this.counts.length) return;
    this.play.textContent = "⏸ Stop";
    let month = fromDay(this.first).slice(0, 7);
    const last = fromDay(this.last).slice(0, 7);
    const step = () => {
      const end = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).toISOString().slice(0, 10);
      this.brush(`${month}-01`, end);
      this.canvas.say(`Shown: ${month}`);
      if (month >= last) return this.stop();
      month = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 1)).toISOString().slice(0, 7);
      this.timer = setTimeout(step, STEP);
      return undefined;
    };
    step();
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = null;
    this.play.textContent = "▶ Play by month";
  }
}

function toDay(text) {
  return Math.floor(Date.parse(`${text}T00:00:00Z`) / DAY);
}

function fromDay(day) {
  return new Date(day * DAY).toISOString().slice(0, 10);
}
