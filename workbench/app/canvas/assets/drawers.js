// The rail on the left, the drawer on the right, and the one below: each closes, and gets wider by its edge. The
// browser remembers both.

import { button, element, remember, remembered } from "./dom.js";

const SIDES = [
  ["rail", "Search", "open"],
  ["drawer", "Profile", "open"],
  ["below", "Table", "closed"],
];

const EDGES = [
  ["rail", "Width of the search", "vertical", 280, 1],
  ["drawer", "Width of the profile", "vertical", 350, -1],
  ["below", "Height of the table", "horizontal", 260, -1],
];
const LEAST = 150; // px of a side
const CHART = 360; // px that two sides leave to the chart, at least
const STEP = 20; // px that an arrow key moves an edge

export class Drawers {
  constructor(canvas) {
    this.canvas = canvas;
    this.buttons = new Map();
    this.edges = new Map(EDGES.map(([side, ...more]) => [side, this.edge(side, ...more)]));
    for (const [side, label, otherwise] of SIDES) {
      const toggle = button(label, () => this.set(side, !this.isOpen(side)), { "aria-controls": side });
      this.buttons.set(side, toggle);
      canvas.bar.sides.append(toggle);
      this.set(side, remembered(side, otherwise) === "open");
    }
  }

  // The edge of a drawer, to drag or to move by arrow keys; a double click makes it as it was at first. `way` is 1 if it grows to the right.
  edge(side, label, orientation, usual, way) {
    const attributes = { class: `edge of-${side}`, role: "separator", tabindex: "0", "aria-label": label, "aria-orientation": orientation, "aria-valuemin": LEAST, "aria-valuenow": usual };
    const edge = element("div", attributes);
    const upright = orientation === "vertical";
    let size = Number(remembered(`size of ${side}`, ""));
    const resize = (wanted) => {
      const most = upright ? (innerWidth - CHART) / 2 : 0.6 * innerHeight;
      size = Math.max(Math.min(wanted, most), LEAST);
      edge.setAttribute("aria-valuemax", String(Math.round(most)));
      edge.setAttribute("aria-valuenow", String(Math.round(size)));
      this.resize(side, size);
    };
    edge.addEventListener("pointerdown", (event) => edge.setPointerCapture(event.pointerId));
    edge.addEventListener("pointermove", (event) => {
      if (edge.hasPointerCapture(event.pointerId)) resize((size || usual) + way * (upright ? event.movementX : event.movementY));
    });
    for (const what of ["pointerup", "dblclick"]) edge.addEventListener(what, () => remember(`size of ${side}`, size));
    edge.addEventListener("dblclick", () => resize(usual));
    edge.addEventListener("keydown", (event) => {
      if (event.key !== "Tab") event.stopPropagation(); // the keys of the chart are not meant
      const step = (upright ? { ArrowRight: STEP, ArrowLeft: -STEP } : { ArrowDown: STEP, ArrowUp: -STEP })[event.key];
      if (!step) return;
      event.preventDefault();
      resize((size || usual) + way * step);
      remember(`size of ${side}`, size);
    });
    if (size) resize(size);
    (side === "below" ? this.canvas.below.root : this.canvas.stage).prepend(edge);
    return edge;
  }

  resize(side, size) {
    if (side === "below") this.canvas.below.root.style.flexBasis = `${size}px`;
    else this.page()?.style.setProperty(`--${side}-size`, `${size}px`);
  }

  page() {
    return document.querySelector(".st-key-explore");
  }

  isOpen(side) {
    return this.buttons.get(side).getAttribute("aria-pressed") === "true";
  }

  set(side, open) {
    this.buttons.get(side).setAttribute("aria-pressed", String(open));
    this.edges.get(side).hidden = !open;
    remember(side, open ? "open" : "closed");
    if (side === "below") this.canvas.below.open(open);
    else this.page()?.setAttribute(`data-${side}`, open ? "open" : "closed");
  }
}
