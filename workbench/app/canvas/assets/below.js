// The drawer below the chart: tables of entities and relationships, and time.

import { button, element, remember, remembered } from "./dom.js";
import { Table } from "./table.js";
import { Timeline } from "./timeline.js";

export class Below {
  constructor(canvas) {
    this.canvas = canvas;
    this.parts = { Entities: new Table(canvas, "things"), Relationships: new Table(canvas, "ties"), Path: new Table(canvas, "path"), Time: new Timeline(canvas) };
    this.tabs = element("div", { role: "tablist", class: "tabs", "aria-label": "Below the chart" });
    this.body = element("div", { class: "body" });
    this.root = element("div", { class: "below", hidden: true, "data-part": "below" }, this.tabs, this.body);
    this.root.addEventListener("keydown", (event) => this.pressed(event));
    for (const name of Object.keys(this.parts)) {
      this.tabs.append(button(name, () => this.choose(name), { role: "tab" }));
    }
    this.choose(remembered("below part", "Entities"));
  }

  choose(name) {
    this.name = this.parts[name] ? name : "Entities";
    remember("below part", this.name);
    for (const tab of this.tabs.children) tab.setAttribute("aria-selected", String(tab.textContent === this.name));
    this.body.replaceChildren(this.parts[this.name].root);
    this.body.setAttribute("role", "tabpanel");
    this.body.setAttribute("aria-label", this.name);
    this.show();
  }

  pressed(event) {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
    if (event.target.getAttribute("role") !== "tab") return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...this.tabs.children];
    tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length].focus();
  }

  open(open) {
    this.root.hidden = !open;
    this.show();
  }

  get part() {
    return this.root.hidden || !this.canvas.mirror ? null : this.parts[this.name];
  }

  show() {
    this.part?.show();
  }

  mark() {
    this.part?.mark();
  }

  frame() {
    this.part?.frame?.();
  }

  close() {
    this.parts.Time.stop();
  }
}
