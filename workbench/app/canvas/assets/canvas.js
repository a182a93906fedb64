// The canvas of a chart. Python owns the chart; this folder owns the pixels, and answers at once to what the analyst
// does: Python is told afterwards, and sends what changed. All text from data goes through textContent or fillText.

import { Bar } from "./bar.js";
import { Below } from "./below.js";
import { element } from "./dom.js";
import { Drawers } from "./drawers.js";
import { Keys } from "./keys.js";
import { Legend } from "./legend.js";
import { Menu } from "./menu.js";
import { Mirror } from "./mirror.js";
import { Outbox } from "./outbox.js";
import { Painter } from "./painter.js";
import { Pointer } from "./pointer.js";
import { Scene } from "./scene.js";
import { describe, describeTie, Tip } from "./tip.js";

const LARGEST = 12_000; // px of a side of a picture
const RESTS = 140; // ms without a move after which everything is drawn again
const stores = new Map(); // token → what is known of a chart; it outlives a change of page
const live = new WeakMap(); // element → canvas

export default function ({ parentElement, data, setTriggerValue }) {
  let canvas = live.get(parentElement);
  if (!canvas) {
    canvas = new Canvas(parentElement);
    live.set(parentElement, canvas);
  }
  canvas.send = (events) => setTriggerValue("did", { token: canvas.mirror.token, has: canvas.mirror.revision, events });
  canvas.receive(data);
  return () => {
    live.delete(parentElement);
    canvas.close();
  };
}

class Canvas {
  constructor(parent) {
    this.root = parent.querySelector(".canvas");
    this.root.canvas = this; // so that a test can ask what is drawn, and where
    this.build();
    this.painter = new Painter(this.lower, this.upper);
    this.dragged = new Set();
    this.over = { lasso: null, hovered: null, search: null };
    this.pending = new Set();
    this.said = null;
    this.focused = this.fitted = undefined;
  }

  build() {
    this.lower = element("canvas");
    this.upper = element("canvas");
    const label = "Chart. Arrow keys walk it, Enter opens the menu, question mark lists all keys.";
    const stage = { class: "stage", tabindex: "0", role: "application", "aria-label": label };
    this.status = element("div", { class: "status", role: "status", "aria-live": "polite" });
    this.stage = element("div", stage, this.lower, this.upper, this.status);
    this.bar = new Bar(this);
    this.legend = new Legend(this);
    this.menu = new Menu(this);
    this.tip = new Tip(this);
    this.below = new Below(this);
    this.drawers = new Drawers(this);
    this.keys = new Keys(this);
    this.pointer = new Pointer(this);
    this.stage.append(this.bar.counts, this.legend.root, this.menu.root, this.tip.root, this.keys.sheet);
    this.root.replaceChildren(this.bar.root, this.stage, this.below.root);
    this.watch = new ResizeObserver(() => this.resized());
    this.watch.observe(this.stage);
  }

  // -- what Python sends ---------------------------------------------------------------

  receive(message) {
    if (message.token !== this.mirror?.token) this.adopt(message.token);
    const { mirror, outbox, scene } = this;
    const fresh = mirror.take(message);
    outbox.send = this.send;
    outbox.confirmed(message.seen);
    if (fresh === null) return outbox.put("lost");
    if (message.confirm) outbox.flush();
    if (!outbox.waiting.length) scene.without = scene.span = null;
    scene.changed();
    this.choose();
    this.look(fresh);
    this.refresh();
  }

  adopt(token) {
    if (this.outbox) this.outbox.send = null; // what waits there is about another chart, or is taken already
    if (!stores.has(token)) {
      const mirror = new Mirror(token);
      stores.set(token, { mirror, outbox: new Outbox(), scene: new Scene(mirror) });
    }
    Object.assign(this, stores.get(token));
    this.focused = this.fitted = undefined;
    this.said = null;
    this.say("");
    if (this.size) this.scene.resize(...this.size);
  }

  // Take over the server's selection when it was made there, or when nothing is on the way to it.
  choose() {
    const { focus, selected } = this.mirror.top;
    if (focus === this.focused && this.outbox.waiting.length) return;
    this.scene.select((selected ?? []).filter((id) => this.scene.has(id)));
  }

  look(fresh) {
    const { fit, focus } = this.mirror.top;
    const shown = fresh.map((id) => this.mirror.thing(id)).filter((thing) => thing && !thing.out);
    if (this.fitted !== undefined && fit !== this.fitted) this.scene.fit();
    else if (focus !== this.focused && this.scene.chosen().length) this.scene.reveal(this.scene.chosen());
    else if (shown.length) this.scene.reveal(shown);
    else if (this.scene.all) this.scene.fit();
    this.fitted = fit;
    this.focused = focus;
  }

  // Show the state everywhere: in step are canvas, legend, bar, table and time.
  refresh() {
    const { top } = this.mirror;
    this.bar.show();
    this.legend.show();
    this.below.show();
    this.menu.renew();
    if (top.note && top.note.token !== this.said) {
      if (top.note.text || this.said !== null) this.say(top.note.text);
      this.said = top.note.token;
    }
    if (top.png && top.png.token !== this.saved) this.save(top.png);
    this.root.dataset.drawn = String(this.scene.things.length);
    this.draw();
  }

  // -- what the analyst does -----------------------------------------------------------

  put(what, more) {
    this.outbox.put(what, more);
  }

  // Select things and ties by id; `more` adds them, or takes them off.
  select(ids, more = false) {
    this.scene.select(ids, more);
    this.selected();
  }

  selected() {
    const ids = [...this.scene.selected];
    this.put("select", { ids });
    this.below.mark();
    this.bar.show();
    const only = ids.length === 1 ? this.mirror.thing(ids[0]) : null;
    const [tie] = ids.length === 1 ? this.scene.chosenTies() : [];
    if (only) this.say(describe(this, only));
    else if (tie) this.say(describeTie(this, tie));
    else this.say(ids.length ? `${ids.length} selected` : "");
    this.draw(false);
  }

  hide(things) {
    if (!things.length) return;
    for (const thing of things) thing.out = true;
    this.put("hide", { ids: things.map((thing) => thing.id) });
    this.scene.changed();
    this.selected();
    this.refresh();
  }

  hideOthers(things) {
    if (!things.length) return;
    const kept = new Set(things);
    this.put("only", { ids: things.map((thing) => thing.id) });
    for (const thing of this.scene.things) if (!kept.has(thing)) thing.out = true;
    this.scene.changed();
    this.refresh();
  }

  moved(things) {
    const places = Object.fromEntries(things.map(({ id, x, y }) => [id, [Math.round(x), Math.round(y)]]));
    this.put("moved", { places });
  }

  fit() {
    this.scene.fit();
    this.draw();
  }

  // Save the picture that the server made, as pixels.
  save({ svg, name, token }) {
    this.saved = token;
    const picture = new Image();
    picture.onload = () => {
      const scale = Math.min(1, LARGEST / Math.max(picture.width, picture.height));
      const [width, height] = [picture.width * scale, picture.height * scale];
      const canvas = element("canvas", { width, height });
      canvas.getContext("2d").drawImage(picture, 0, 0, width, height);
      const link = element("a", { href: canvas.toDataURL("image/png"), download: `${name}.png` });
      link.click();
    };
    picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  }

  say(text) {
    this.status.textContent = text;
  }

  // -- drawing -------------------------------------------------------------------------

  resized() {
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (!width || !height) return;
    this.size = [width, height];
    this.painter.resize(width, height);
    this.scene?.resize(width, height);
    this.legend.makeRoom();
    this.draw();
  }

  // Draw in the next frame: everything, or what lies above it only.
  draw(everything = true) {
    if (!this.scene || !this.size) return;
    this.pending.add(everything ? "all" : "over");
    this.frame ??= requestAnimationFrame(() => this.paint());
  }

  paint() {
    this.frame = null;
    this.painter.colours(this.root);
    const how = { moving: this.moving, dragged: this.dragged };
    if (this.pending.has("all")) this.painter.draw(this.scene, how);
    this.painter.over(this.scene, { ...this.over, dragged: this.dragged });
    this.pending.clear();
    this.below.frame();
  }

  // The viewport moves: large charts are drawn in full once it rests.
  moves() {
    this.moving = true;
    this.tip.hide();
    this.menu.close();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.moving = false;
      this.draw();
    }, RESTS);
    this.draw();
  }

  close() {
    this.watch.disconnect();
    this.keys.close();
    this.below.close();
    clearTimeout(this.resting);
    if (this.frame) cancelAnimationFrame(this.frame);
    this.outbox.send = null;
  }
}
