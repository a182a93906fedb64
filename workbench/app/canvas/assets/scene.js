// What is in sight of a chart: which things and ties are shown, what is selected, and where the viewport is.

import { radius } from "./sprites.js";

const MARGIN = 60; // px around the chart when all of it is shown
const CLOSEST = 1.25; // scale beyond which showing all does not zoom
const NEAR_LINE = 6; // px from a line that still hit it

export class Scene {
  constructor(mirror) {
    this.mirror = mirror;
    this.selected = new Set(); // ids of things and ties
    this.without = null; // signs left out here, until the server has answered
    this.span = null;
    this.scale = 1;
    this.left = 0;
    this.top = 0;
    this.all = true; // whether the viewport follows the whole chart
    this.width = this.height = 1;
    this.inset = 0; // px on the left that the legend covers
    this.changed();
  }

  // Find again what is shown, after a change.
  changed() {
    const { mirror } = this;
    this.things = mirror.things.filter((thing) => thing && !thing.out && this.keepsThing(thing));
    const shown = new Set(this.things.map((thing) => thing.i));
    this.ties = mirror.ties.filter(
      (tie) => tie && !tie.out && shown.has(tie.a) && shown.has(tie.b) && this.keepsTie(tie),
    );
    this.degree = new Map();
    for (const tie of this.ties) for (const i of [tie.a, tie.b]) this.degree.set(i, (this.degree.get(i) ?? 0) + 1);
    for (const id of this.selected) if (!this.has(id)) this.selected.delete(id);
  }

  has(id) {
    const thing = this.mirror.thing(id);
    return thing ? !thing.out : this.mirror.ties.some((tie) => tie?.id === id && !tie.out);
  }

  keepsThing(thing) {
    const out = this.without;
    if (!out?.size || thing.members) return true;
    if (out.has(`type:${thing.kind}`) || (thing.value && out.has(`colour:${thing.value}`))) return false;
    const agencies = thing.agencies ?? [];
    return !agencies.length || agencies.some((agency) => !out.has(`agency:${agency}`));
  }

  keepsTie(tie) {
    const out = this.without;
    if (out?.has(`certainty:${tie.certainty ?? "cannot be judged"}`)) return false;
    if (out?.size && tie.kinds) {
      if (tie.kinds.every((kind) => out.has(`tie:${kind}`))) return false;
      if ((tie.agencies ?? []).every((agency) => out.has(`agency:${agency}`))) return false;
    }
    if (!this.span || !tie.kinds) return true;
    const [since, until, dated] = this.span;
    const days = tie.days ?? [];
    if (!dated && days.length < (tie.all ?? tie.n)) return true;
    return days.some((day) => (!since || day >= since) && (!until || day <= until));
  }

  ends(tie) {
    return [this.mirror.things[tie.a], this.mirror.things[tie.b]];
  }

  // -- the viewport -------------------------------------------------------------------

  resize(width, height) {
    this.width = width;
    this.height = height;
    if (this.all) this.fit();
  }

  fit(things = this.things) {
    this.all = things === this.things;
    const room = this.width - this.inset;
    if (!things.length || room < 2 * MARGIN || this.height < 2 * MARGIN) return;
    const box = boxOf(things);
    const wide = Math.max(box.right - box.left, 1);
    const high = Math.max(box.bottom - box.top, 1);
    this.scale = Math.min((room - 2 * MARGIN) / wide, (this.height - 2 * MARGIN) / high, CLOSEST);
    this.left = this.inset + room / 2 - (this.scale * (box.left + box.right)) / 2;
    this.top = this.height / 2 - (this.scale * (box.top + box.bottom)) / 2;
  }

  // Move the viewport as little as is needed to show some things; all of them at once if they fit.
  reveal(things) {
    if (this.all) return this.fit();
    if (things.every((thing) => this.inSight(thing))) return;
    const box = boxOf(things);
    if (things.length > 1 && (box.right - box.left) * this.scale > this.width) return this.fit(things);
    this.left = this.width / 2 - (this.scale * (box.left + box.right)) / 2;
    this.top = this.height / 2 - (this.scale * (box.top + box.bottom)) / 2;
  }

  inSight(thing) {
    const [x, y] = this.onScreen(thing);
    return x > 0 && y > 0 && x < this.width && y < this.height;
  }

  pan(dx, dy) {
    this.all = false;
    this.left += dx;
    this.top += dy;
  }

  zoom(factor, x = this.width / 2, y = this.height / 2) {
    const scale = Math.min(Math.max(this.scale * factor, 0.01), 8);
    this.left = x - ((x - this.left) * scale) / this.scale;
    this.top = y - ((y - this.top) * scale) / this.scale;
    this.scale = scale;
    this.all = false;
  }

  onScreen({ x, y }) {
    return [x * this.scale + this.left, y * this.scale + this.top];
  }

  onChart(x, y) {
    return { x: (x - this.left) / this.scale, y: (y - this.top) / this.scale };
  }

  viewport() {
    return { scale: this.scale, left: this.left, top: this.top, all: this.all };
  }

  // -- what lies where ------------------------------------------------------------------

  thingAt(x, y) {
    const at = this.onChart(x, y);
    const slack = 4 / this.scale;
    let best = null;
    let nearest = Infinity;
    for (const thing of this.things) {
      const distance = Math.hypot(thing.x - at.x, thing.y - at.y);
      if (distance <= radius(thing) + slack && distance < nearest) [best, nearest] = [thing, distance];
    }
    return best;
  }

  tieAt(x, y) {
    let best = null;
    let nearest = NEAR_LINE;
    for (const tie of this.ties) {
      const [a, b] = this.ends(tie);
      const distance = toSegment(x, y, ...this.onScreen(a), ...this.onScreen(b));
      if (distance < nearest) [best, nearest] = [tie, distance];
    }
    return best;
  }

  within(polygon) {
    return this.things.filter((thing) => contains(polygon, ...this.onScreen(thing)));
  }

  // -- the selection --------------------------------------------------------------------

  select(ids, more = false) {
    if (!more) this.selected.clear();
    for (const id of ids) {
      if (more && this.selected.has(id)) this.selected.delete(id);
      else this.selected.add(id);
    }
  }

  chosen() {
    return this.things.filter((thing) => this.selected.has(thing.id));
  }

  chosenTies() {
    return this.ties.filter((tie) => this.selected.has(tie.id));
  }

  neighbours(things) {
    const from = new Set(things.map((thing) => thing.i));
    const found = new Set();
    for (const tie of this.ties) {
      if (from.has(tie.a)) found.add(tie.b);
      if (from.has(tie.b)) found.add(tie.a);
    }
    return [...found].map((i) => this.mirror.things[i]);
  }

  // The thing that is nearest in a direction, within a right angle around it.
  towards(from, dx, dy) {
    let best = null;
    let least = Infinity;
    for (const thing of this.things) {
      const along = (thing.x - from.x) * dx + (thing.y - from.y) * dy;
      const across = Math.abs((thing.x - from.x) * dy - (thing.y - from.y) * dx);
      if (thing === from || along <= 0 || across > along) continue;
      if (along + across < least) [best, least] = [thing, along + across];
    }
    return best;
  }
}

export function boxOf(things) {
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const { x, y } of things) {
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return box;
}

function toSegment(x, y, ax, ay, bx, by) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1), 0), 1);
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

function contains(polygon, x, y) {
  let inside = false;
  polygon.forEach(([ax, ay], n) => {
    const [bx, by] = polygon[(n + 1) % polygon.length];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}
