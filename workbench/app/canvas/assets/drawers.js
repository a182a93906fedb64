// The rail on the left, the drawer on the right, and the one below: each closes, and the browser remembers that.

import { button, remember, remembered } from "./dom.js";

const SIDES = [
  ["rail", "Search", "open"],
  ["drawer", "Profile", "open"],
  ["below", "Table", "closed"],
];

export class Drawers {
  constructor(canvas) {
    this.canvas = canvas;
    this.buttons = new Map();
    for (const [side, label, otherwise] of SIDES) {
      const toggle = button(label, () => this.set(side, !this.isOpen(side)), { "aria-controls": side });
      this.buttons.set(side, toggle);
      canvas.bar.sides.append(toggle);
      this.set(side, remembered(side, otherwise) === "open");
    }
  }

  page() {
    return document.querySelector(".st-key-explore");
  }

  isOpen(side) {
    return this.buttons.get(side).getAttribute("aria-pressed") === "true";
  }

  set(side, open) {
    this.buttons.get(side).setAttribute("aria-pressed", String(open));
    remember(side, open ? "open" : "closed");
    if (side === "below") this.canvas.below.open(open);
    else this.page()?.setAttribute(`data-${side}`, open ? "open" : "closed");
  }
}
