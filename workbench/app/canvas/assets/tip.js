// What the pointer is over, in words.

import { element } from "./dom.js";

export class Tip {
  constructor(canvas) {
    this.canvas = canvas;
    this.root = element("div", { class: "tip", role: "tooltip", hidden: true });
  }

  show(item, x, y) {
    this.root.textContent = item.a === undefined ? describe(this.canvas, item) : describeTie(this.canvas, item);
    this.root.hidden = false;
    const room = this.canvas.stage.clientWidth - this.root.offsetWidth - 8;
    const below = this.canvas.stage.clientHeight - this.root.offsetHeight - 8;
    this.root.style.left = `${Math.max(4, Math.min(x + 14, room))}px`;
    this.root.style.top = `${Math.max(4, Math.min(y + 14, below))}px`;
  }

  hide() {
    this.root.hidden = true;
  }
}

export function describe({ mirror, scene }, thing) {
  const kind = mirror.top.looks?.[thing.kind]?.label ?? thing.kind;
  const n = scene.degree.get(thing.i) ?? 0;
  const signs = thing.signs ?? [];
  const told = [
    `${kind}: ${thing.name}`,
    (thing.agencies ?? []).join(", "),
    `${n} ${n === 1 ? "tie" : "ties"} here`,
    thing.common ? `Common value (${thing.common})` : "",
    signs.includes("start") ? "Path start" : "",
    signs.includes("end") ? "Path end" : "",
    signs.includes("pinned") ? "Pinned" : "",
    thing.note ? `Note: ${thing.note}` : "",
  ];
  return told.filter(Boolean).join("\n");
}

// The first and the last day of a tie's records that are shown; "" if they have none.
export function spanOf({ span, days = [] }) {
  return span ?? [days[0] ?? "", days[days.length - 1] ?? ""];
}

export function describeTie({ scene }, tie) {
  const [a, b] = scene.ends(tie);
  const span = [...new Set(spanOf(tie))].join(" to ");
  const told = [
    tie.label,
    `${a.name} – ${b.name}`,
    span,
    tie.told ?? "",
    tie.agencies ? `${tie.n} ${tie.n === 1 ? "record" : "records"}, ${tie.agencies.join(", ")}` : "",
    tie.kinds ? `weakest grade: ${tie.grade ?? "not graded"}` : "",
  ];
  return told.filter(Boolean).join("\n");
}
