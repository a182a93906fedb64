// Small pictures of things, each drawn once: shape, colour, icon.

const SIDE = 96; // px of a sprite
const USUAL = 20; // radius of a thing on the chart
const EDGE = "#333333";

const sprites = new Map();

export function radius(thing) {
  return USUAL * (1 + (thing.size ?? 0));
}

export function colourOf(thing, looks) {
  return thing.colour || looks[thing.kind]?.colour || "#767676";
}

// The sprite of a thing; it is to be drawn twice as wide as its radius and a little more: see `spread`.
export function sprite(thing, looks) {
  const colour = colourOf(thing, looks);
  const stub = (thing.signs ?? []).includes("stub");
  const key = `${thing.kind} ${colour} ${stub}`;
  if (!sprites.has(key)) sprites.set(key, drawn(looks[thing.kind], colour, stub));
  return sprites.get(key);
}

export const spread = 1.15; // a sprite's half side in radii

function drawn(look, colour, stub) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const ctx = canvas.getContext("2d");
  ctx.translate(SIDE / 2, SIDE / 2);
  const r = SIDE / 2 / spread;
  shape(ctx, look?.shape ?? "ellipse", r);
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.lineWidth = 3;
  ctx.strokeStyle = EDGE;
  if (stub) ctx.setLineDash([8, 6]);
  ctx.stroke();
  if (look?.icon) icon(ctx, look.icon, look.shape, r, colour);
  return canvas;
}

// Shapes with less room for an icon: how large it is, and how far below the middle.
const ROOMS = { triangle: { size: 0.8, down: 0.16 }, triangleDown: { size: 0.8, down: -0.16 }, diamond: { size: 0.85, down: 0 } };

function icon(ctx, path, name, r, colour) {
  const { size, down } = ROOMS[name] ?? { size: 1.05, down: 0 };
  ctx.setLineDash([]);
  ctx.translate(0, down * r);
  ctx.scale((size * r) / 24, (size * r) / 24);
  ctx.translate(-12, -12);
  ctx.lineWidth = 2.2;
  ctx.lineCap = ctx.lineJoin = "round";
  ctx.strokeStyle = pale(colour) ? "#111111" : "#ffffff";
  ctx.stroke(new Path2D(path));
}

// Whether dark strokes stand out better on a colour, by its relative luminance (WCAG 2.2).
export function pale(colour) {
  const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.25;
}

export function shape(ctx, name, r) {
  ctx.beginPath();
  if (name === "dot") ctx.arc(0, 0, r, 0, 2 * Math.PI);
  else if (name === "square") ctx.rect(-0.86 * r, -0.86 * r, 1.72 * r, 1.72 * r);
  else if (name === "ellipse") ctx.ellipse(0, 0, r, 0.8 * r, 0, 0, 2 * Math.PI);
  else corners(ctx, name, r);
  ctx.closePath();
}

const CORNERS = { triangle: [3, -90], triangleDown: [3, 90], diamond: [4, 0], hexagon: [6, 0] };

function corners(ctx, name, r) {
  if (name === "star") {
    for (let n = 0; n < 16; n += 1) corner(ctx, n * 22.5 - 90, n % 2 ? 0.84 * r : r);
    return;
  }
  const [number, first] = CORNERS[name] ?? CORNERS.hexagon;
  const far = number === 3 ? 1.15 : 1;
  for (let n = 0; n < number; n += 1) corner(ctx, first + (n * 360) / number, far * r);
}

function corner(ctx, degrees, r) {
  const turn = (degrees * Math.PI) / 180;
  ctx.lineTo(r * Math.cos(turn), r * Math.sin(turn));
}
