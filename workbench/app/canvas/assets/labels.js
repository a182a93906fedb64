// Labels that never lie over one another or over things: each reserves its space, the most important first.

import { radius } from "./sprites.js";

const CELL = 6; // px
const HIGH = 15; // px of a line of text
const WIDEST = 170; // px; longer labels are shortened
const FIRST = 10; // things whose labels come before small discs, and lines whose labels come before those
const SMALL_DISC = 5; // px of a radius
const TIGHT = 74; // px, where there is no room for more
const SHORTEST = 34; // px of a line that can have a label
const BESIDE = 40; // lines whose labels may be beside them, if there is no room on them
// Where the label of a line can be: on it, beside it, and farther away, so that it is clear of both ends.
const SPOTS = [[0, 0], [-1, 0], [1, 0], [-1, 1], [1, 1]];
const FONT = "12px system-ui, sans-serif";
const SMALL = "11px system-ui, sans-serif";
const CAPTION = "600 14px system-ui, sans-serif";
const widths = new Map();
export const AXIS = 20; // px that the axis of a timeline is high

// The labels to draw now, with their boxes on the screen.
export function placed(ctx, scene) {
  const taken = new Taken(scene.width, scene.height);
  if (scene.inset) taken.box(0, 0, scene.inset, scene.height);
  if (scene.mirror.top.axis?.length) taken.box(0, 0, scene.width, AXIS);
  const near = scene.things.filter((thing) => scene.inSight(thing));
  near.sort((a, b) => rank(scene, b) - rank(scene, a));
  const reserve = (thing) => taken.disc(...scene.onScreen(thing), radius(thing) * scene.scale);
  const captions = (scene.mirror.top.captions ?? []).map((caption) => ofBlock(ctx, scene, caption, taken));
  const [large, small] = [[], []];
  for (const thing of near) (radius(thing) * scene.scale < SMALL_DISC ? small : large).push(thing);
  large.forEach(reserve);
  const ties = scene.ties.map((tie) => [weight(scene, tie), tie]).sort(([a], [b]) => b - a);
  const telling = ties.filter(([, tie]) => tie.sums || tie.colour || scene.selected.has(tie.id)).slice(0, FIRST);
  const told = new Map(telling.map(([, tie]) => [tie, ofTie(ctx, scene, tie, taken, true)]));
  const first = near.slice(0, FIRST).map((thing) => ofThing(ctx, scene, thing, taken));
  const found = [...captions, ...told.values(), ...first].filter(Boolean);
  small.forEach(reserve);
  for (const thing of near.slice(FIRST)) {
    const label = ofThing(ctx, scene, thing, taken);
    if (label) found.push(label);
  }
  ties.forEach(([, tie], n) => {
    const label = !told.has(tie) && ofTie(ctx, scene, tie, taken, n < BESIDE);
    if (label) found.push(label);
  });
  return found;
}

function rank(scene, thing) {
  const signs = thing.signs ?? [];
  const ends = signs.includes("start") || signs.includes("end") ? 1e7 : 0;
  const path = signs.includes("path") ? 1e6 : 0;
  const chosen = scene.selected.has(thing.id) ? 1e8 : 0;
  return chosen + ends + path + 100 * (thing.size ?? 0) + (scene.degree.get(thing.i) ?? 0);
}

function weight(scene, tie) {
  return (scene.selected.has(tie.id) ? 100 : 0) + (tie.path ? 50 : 0) + (tie.colour ? 20 : 0) + (tie.sums ? 10 : 0) + (tie.width ?? 1);
}

function ofThing(ctx, scene, thing, taken) {
  return spotted(ctx, scene, thing, taken, WIDEST) ?? spotted(ctx, scene, thing, taken, TIGHT);
}

// A label that is at most so wide, on the first free spot around its thing: under it, above, beside, at a corner.
function spotted(ctx, scene, thing, taken, widest) {
  const fitted = linesOf(thing).map((line) => fit(ctx, line, FONT, widest));
  const wide = Math.max(...fitted.map((line) => line.wide));
  const high = HIGH * fitted.length;
  const [x, y] = scene.onScreen(thing);
  const r = radius(thing) * scene.scale + CELL; // so that it never needs a cell of its own thing
  const [over, under] = [y - 0.85 * r - high, y + 0.85 * r];
  const spots = [
    [x - wide / 2, y + r],
    [x - wide / 2, y - r - high],
    [x + r, y - high / 2],
    [x - r - wide, y - high / 2],
    [x + 0.85 * r, under],
    [x - 0.85 * r - wide, under],
    [x + 0.85 * r, over],
    [x - 0.85 * r - wide, over],
  ];
  const spot = spots.find(([left, top]) => taken.isFree(left, top, wide, high));
  if (!spot) return null;
  const [left, top] = spot;
  taken.box(left, top, wide, high);
  return { id: thing.id, left, top, wide, high, lines: fitted.map((line) => line.text), font: FONT };
}

// The name of a block, above the highest of its things; it is never left out.
function ofBlock(ctx, scene, [x, y, text], taken) {
  const line = fit(ctx, text, CAPTION);
  const [middle, highest] = scene.onScreen({ x, y });
  const left = middle - line.wide / 2;
  const lowest = highest - radius({}) * scene.scale - HIGH - 2 * CELL;
  const tops = [0, 1, 2, 3].map((n) => lowest - n * HIGH);
  const top = tops.find((each) => taken.isFree(left, each, line.wide, HIGH)) ?? lowest;
  taken.box(left, top, line.wide, HIGH);
  return { id: text, left, top, wide: line.wide, high: HIGH, lines: [line.text], font: CAPTION };
}

export function linesOf(thing) {
  const signs = thing.signs ?? [];
  const told = [];
  if (signs.includes("start")) told.push("PATH START");
  if (signs.includes("end")) told.push("PATH END");
  if (thing.common) told.push(`COMMON VALUE (${thing.common})`);
  return [thing.label, ...told];
}

// The label of a line, on it or beside it, in one row or in two.
function ofTie(ctx, scene, tie, taken, beside) {
  if (!tie.label) return null;
  const ends = scene.ends(tie);
  const [[ax, ay], [bx, by]] = ends.map((thing) => scene.onScreen(thing));
  const [x, y] = [(ax + bx) / 2, (ay + by) / 2];
  const length = Math.hypot(bx - ax, by - ay);
  if (x < 0 || y < 0 || x > scene.width || y > scene.height || length < SHORTEST) return null;
  const radii = ends.map((thing) => radius(thing) * scene.scale);
  const room = length - radii[0] - radii[1];
  const across = [Math.abs(by - ay) / length, Math.abs(bx - ax) / length]; // of the line, to the right and downwards
  for (const [away, clear] of beside ? SPOTS : SPOTS.slice(0, 1)) {
    for (const texts of away ? [tie.label.split(" · ")] : [[tie.label], tie.label.split(" · ")]) {
      const lines = texts.map((text) => fit(ctx, text, SMALL));
      const wide = Math.max(...lines.map((line) => line.wide));
      const high = HIGH * lines.length;
      if (!away && room < Math.min(wide, 60) + 8) continue;
      const far = away * ((across[0] * wide + across[1] * high) / 2 + 4 + clear * Math.max(...radii));
      const turn = (bx - ax) * (by - ay) > 0 ? -1 : 1;
      const [left, top] = [x + turn * far * across[0] - wide / 2, y + far * across[1] - high / 2];
      if (!taken.isFree(left, top, wide, high)) continue;
      taken.box(left, top, wide, high);
      return { id: tie.id, left, top, wide, high, lines: lines.map((line) => line.text), font: SMALL, tie: true };
    }
  }
  return null;
}

function fit(ctx, text, font, widest = WIDEST) {
  const key = `${font} ${widest} ${text}`;
  if (!widths.has(key)) {
    ctx.font = font;
    let shown = text;
    while (shown.length > 2 && ctx.measureText(shown).width > widest) shown = `${shown.slice(0, -2)}…`;
    widths.set(key, { text: shown, wide: ctx.measureText(shown).width + 6 });
  }
  return widths.get(key);
}

// Which cells of the screen are taken.
class Taken {
  constructor(width, height) {
    this.columns = Math.ceil(width / CELL);
    this.rows = Math.ceil(height / CELL);
    this.cells = new Uint8Array(this.columns * this.rows);
  }

  range(left, top, wide, high) {
    return [
      Math.floor(left / CELL),
      Math.floor((left + wide) / CELL),
      Math.floor(top / CELL),
      Math.floor((top + high) / CELL),
    ];
  }

  isFree(left, top, wide, high) {
    const [first, last, upper, lower] = this.range(left, top, wide, high);
    if (first < 0 || upper < 0 || last >= this.columns || lower >= this.rows) return false;
    for (let row = upper; row <= lower; row += 1) {
      for (let column = first; column <= last; column += 1) if (this.cells[row * this.columns + column]) return false;
    }
    return true;
  }

  box(left, top, wide, high) {
    const [first, last, upper, lower] = this.range(left, top, wide, high);
    for (let row = Math.max(upper, 0); row <= Math.min(lower, this.rows - 1); row += 1) {
      this.cells.fill(1, row * this.columns + Math.max(first, 0), row * this.columns + Math.min(last, this.columns - 1) + 1);
    }
  }

  disc(x, y, r) {
    const inner = 0.7 * r; // the corners of its box are free
    this.box(x - r, y - inner, 2 * r, 2 * inner);
    this.box(x - inner, y - r, 2 * inner, 2 * r);
  }
}
