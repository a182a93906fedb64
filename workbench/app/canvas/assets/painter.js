// Draws a scene on two canvases: everything on the lower one; on the upper what changes with every move of the pointer.

import { AXIS, placed } from "./labels.js";
import { radius, spread, sprite } from "./sprites.js";

const MANY = 1000; // ties and things above which lines and labels are left out while the viewport moves
const PATH = "#d55e00";
const LINE = "#8a8a8a";
const ARROW = 9;
const UNJUDGED = "cannot be judged"; // the certainty of ties that come without one
const FAR = 0.25; // scale below which dashes would be too small to be seen
const FEW = 300; // lines of one style that are dashed from afar: without a GPU dashes take most of the time
const TICK = 84; // px that a day of the axis takes

export class Painter {
  constructor(lower, upper) {
    this.lower = lower;
    this.upper = upper;
    this.labels = [];
    this.draws = 0;
  }

  resize(width, height) {
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    for (const canvas of [this.lower, this.upper]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    this.ratio = ratio;
  }

  colours(root) {
    const style = getComputedStyle(root);
    this.text = style.color;
    this.ground = style.backgroundColor;
    this.accent = style.getPropertyValue("--st-primary-color").trim() || "#0072b2";
  }

  // Draw everything but what is being dragged; while the viewport moves, a large chart without lines and labels.
  draw(scene, { moving = false, dragged = new Set() } = {}) {
    this.draws += 1;
    const ctx = this.lower.getContext("2d");
    const large = scene.ties.length + scene.things.length > MANY;
    this.clear(ctx, true);
    const still = { things: scene.things, ties: scene.ties };
    if (dragged.size) {
      still.things = scene.things.filter((thing) => !dragged.has(thing.i));
      still.ties = scene.ties.filter((tie) => !dragged.has(tie.a) && !dragged.has(tie.b));
    }
    this.onChart(ctx, scene);
    this.frames(ctx, scene);
    if (!moving || !large) this.lines(ctx, scene, still.ties);
    this.onScreen(ctx);
    this.things(ctx, scene, still.things);
    this.labels = (moving && large) || dragged.size ? [] : placed(ctx, scene);
    this.texts(ctx, this.labels);
    this.axis(ctx, scene);
  }

  // Draw the selection, what is dragged, the lasso, and what the pointer is over.
  over(scene, { dragged = new Set(), lasso = null, hovered = null, search = null } = {}) {
    const ctx = this.upper.getContext("2d");
    this.clear(ctx, false);
    if (dragged.size) {
      this.onChart(ctx, scene);
      this.lines(ctx, scene, scene.ties.filter((tie) => dragged.has(tie.a) || dragged.has(tie.b)));
      this.onScreen(ctx);
      this.things(ctx, scene, scene.things.filter((thing) => dragged.has(thing.i)));
    }
    this.onScreen(ctx);
    for (const tie of scene.chosenTies()) this.stressed(ctx, scene, tie);
    for (const thing of scene.things) {
      if (scene.selected.has(thing.id)) this.ring(ctx, scene, thing, this.accent, 4, 6);
      else if (search?.has(thing.i)) this.ring(ctx, scene, thing, "#e69f00", 3, 5);
    }
    if (hovered && !scene.selected.has(hovered.id)) this.ring(ctx, scene, hovered, this.text, 1.5, 4);
    if (lasso) this.lasso(ctx, lasso);
  }

  clear(ctx, filled) {
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, this.lower.width, this.lower.height);
    if (!filled) return;
    ctx.fillStyle = this.ground;
    ctx.fillRect(0, 0, this.lower.width, this.lower.height);
  }

  onChart(ctx, { scale, left, top }) {
    const r = this.ratio;
    ctx.setTransform(r * scale, 0, 0, r * scale, r * left, r * top);
  }

  onScreen(ctx) {
    ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
  }

  // -- lines ------------------------------------------------------------------------------

  // Lines of one style are one path: thousands are drawn in a few strokes.
  lines(ctx, scene, ties) {
    const styles = new Map();
    const of = scene.mirror.top.dashes ?? {};
    const far = scene.scale < FAR;
    for (const tie of ties) {
      const colour = tie.path ? PATH : tie.colour ?? LINE;
      const dashes = of[tie.certainty ?? UNJUDGED] ?? [];
      const key = `${colour} ${tie.width ?? 1.5} ${dashes.join()}`;
      if (!styles.has(key)) styles.set(key, { colour, width: tie.width ?? 1.5, dashes, ties: [] });
      styles.get(key).ties.push(tie);
    }
    const ordered = [...styles.values()].sort((a, b) => (a.colour === PATH) - (b.colour === PATH));
    for (const style of ordered) {
      ctx.beginPath();
      for (const tie of style.ties) {
        const [a, b] = scene.ends(tie);
        ctx.moveTo(a.x, a.y);
        ctx.lineTo(b.x, b.y);
      }
      // From afar dashes keep the size that they have on the screen; where they are many, lines are faint instead.
      const faint = far && style.dashes.length && style.ties.length > FEW;
      ctx.setLineDash(faint ? [] : style.dashes.map((length) => (far ? (length * FAR) / scene.scale : length)));
      ctx.globalAlpha = faint ? 0.5 : 1;
      ctx.strokeStyle = style.colour;
      ctx.lineWidth = Math.max(style.width, (far ? 0.45 : 0.7) / scene.scale);
      ctx.stroke();
      if (scene.scale > 0.2) this.arrows(ctx, scene, style);
    }
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
  }

  arrows(ctx, scene, { ties, colour, width }) {
    ctx.beginPath();
    for (const tie of ties) {
      const [a, b] = scene.ends(tie);
      if (tie.way & 1) arrow(ctx, a, b, ARROW + width);
      if (tie.way & 2) arrow(ctx, b, a, ARROW + width);
    }
    ctx.fillStyle = colour;
    ctx.fill();
  }

  stressed(ctx, scene, tie) {
    const [one, other] = scene.ends(tie);
    const [[ax, ay], [bx, by]] = [scene.onScreen(one), scene.onScreen(other)];
    const far = Math.hypot(bx - ax, by - ay) || 1;
    const [from, to] = [one, other].map((thing) => (radius(thing) * scene.scale) / far); // beside the icons
    if (from + to >= 1) return;
    ctx.beginPath();
    ctx.moveTo(ax + from * (bx - ax), ay + from * (by - ay));
    ctx.lineTo(bx - to * (bx - ax), by - to * (by - ay));
    ctx.strokeStyle = this.accent;
    ctx.lineWidth = 4;
    ctx.stroke();
  }

  // -- things -----------------------------------------------------------------------------

  things(ctx, scene, things) {
    const { width, height, scale } = scene;
    const looks = scene.mirror.top.looks ?? {};
    for (const thing of things) {
      const [x, y] = scene.onScreen(thing);
      const half = radius(thing) * scale * spread;
      if (x < -half || y < -half || x > width + half || y > height + half) continue;
      ctx.globalAlpha = thing.common ? 0.45 : 1;
      ctx.drawImage(sprite(thing, looks), x - half, y - half, 2 * half, 2 * half);
      ctx.globalAlpha = 1;
      if (thing.signs || thing.mark || thing.note) this.signs(ctx, scene, thing, x, y);
    }
  }

  signs(ctx, scene, thing, x, y) {
    const r = radius(thing) * scene.scale;
    const signs = thing.signs ?? [];
    if (signs.includes("path") || signs.includes("start") || signs.includes("end")) {
      this.ring(ctx, scene, thing, PATH, Math.max(3 * Math.min(scene.scale, 1.5), 1.5), 2);
    }
    if (thing.mark) this.badge(ctx, x - 0.8 * r, y - 0.8 * r, 0.32 * r, scene.mirror.top.marks[thing.mark]);
    if (thing.note) this.badge(ctx, x + 0.8 * r, y - 0.8 * r, 0.34 * r, "#ffe58f", "✎");
    if (signs.includes("pinned")) this.badge(ctx, x + 0.8 * r, y + 0.8 * r, 0.28 * r, "#444444");
  }

  badge(ctx, x, y, r, colour, text = "") {
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.fillStyle = colour;
    ctx.fill();
    ctx.lineWidth = 1;
    ctx.strokeStyle = "#ffffff";
    ctx.stroke();
    if (!text || r < 4) return;
    ctx.fillStyle = "#111111";
    ctx.font = `${1.5 * r}px system-ui, sans-serif`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(text, x, y);
  }

  ring(ctx, scene, thing, colour, width, gap) {
    const [x, y] = scene.onScreen(thing);
    ctx.beginPath();
    ctx.arc(x, y, radius(thing) * scene.scale + gap, 0, 2 * Math.PI);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
  }

  // Frames around the members of open groups.
  frames(ctx, scene) {
    for (const [name, members] of scene.mirror.top.frames ?? []) {
      const shown = members.map((id) => scene.mirror.thing(id)).filter((thing) => thing && !thing.out);
      if (!shown.length) continue;
      const left = Math.min(...shown.map((thing) => thing.x)) - 44;
      const top = Math.min(...shown.map((thing) => thing.y)) - 56;
      const wide = Math.max(...shown.map((thing) => thing.x)) + 44 - left;
      const high = Math.max(...shown.map((thing) => thing.y)) + 50 - top;
      ctx.beginPath();
      ctx.roundRect(left, top, wide, high, 16);
      ctx.fillStyle = "rgb(0 114 178 / 8%)";
      ctx.fill();
      ctx.setLineDash([]);
      ctx.lineWidth = 1.5;
      ctx.strokeStyle = "#0072b2";
      ctx.stroke();
      ctx.fillStyle = this.text;
      ctx.font = "600 14px system-ui, sans-serif";
      ctx.textAlign = "left";
      ctx.textBaseline = "top";
      ctx.fillText(name, left + 10, top + 6);
    }
  }

  // -- texts ------------------------------------------------------------------------------

  texts(ctx, labels) {
    ctx.textBaseline = "middle";
    ctx.textAlign = "center";
    ctx.lineJoin = "round";
    for (const label of labels) {
      ctx.font = label.font;
      ctx.lineWidth = 4;
      ctx.strokeStyle = this.ground;
      ctx.fillStyle = this.text;
      label.lines.forEach((line, n) => {
        const y = label.top + 15 * n + 7.5;
        ctx.strokeText(line, label.left + label.wide / 2, y);
        ctx.fillText(line, label.left + label.wide / 2, y);
      });
    }
  }

  // The axis of a timeline along the upper edge, with as many days as have room.
  axis(ctx, scene) {
    const days = scene.mirror.top.axis ?? [];
    if (!days.length) return;
    ctx.fillStyle = this.ground;
    ctx.fillRect(0, 0, scene.width, AXIS);
    ctx.fillStyle = ctx.strokeStyle = this.text;
    ctx.font = "12px system-ui, sans-serif";
    ctx.textAlign = "left";
    ctx.lineWidth = 1;
    let free = scene.inset;
    for (const [x, day] of days) {
      const at = Math.round(x * scene.scale + scene.left) + 0.5;
      if (at < free || at > scene.width - TICK) continue;
      ctx.fillText(day || "no date", at + 3, AXIS / 2);
      ctx.globalAlpha = 0.1;
      ctx.strokeRect(at, 0, 0, scene.height);
      ctx.globalAlpha = 1;
      free = at + TICK;
    }
    ctx.textAlign = "right";
    ctx.fillText("not to scale", scene.width - 6, AXIS / 2);
  }

  lasso(ctx, points) {
    ctx.beginPath();
    points.forEach(([x, y], n) => (n ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
    ctx.closePath();
    ctx.fillStyle = "rgb(0 114 178 / 12%)";
    ctx.fill();
    ctx.setLineDash([5, 4]);
    ctx.lineWidth = 1.5;
    ctx.strokeStyle = this.accent;
    ctx.stroke();
    ctx.setLineDash([]);
  }
}

function arrow(ctx, from, to, size) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const far = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / far, dy / far];
  const gap = radius(to) + 2;
  const [x, y] = [to.x - ux * gap, to.y - uy * gap];
  ctx.moveTo(x, y);
  ctx.lineTo(x - ux * size - uy * size * 0.45, y - uy * size + ux * size * 0.45);
  ctx.lineTo(x - ux * size + uy * size * 0.45, y - uy * size - ux * size * 0.45);
  ctx.closePath();
}
