// The legend: every sign on the chart with its count. A click leaves it out or shows it again.

import { button, element, remember, remembered } from "./dom.js";
import { pale, shape } from "./sprites.js";

const NARROW = 640; // px of a chart below which the legend folds by itself

export class Legend {
  constructor(canvas) {
    this.canvas = canvas;
    this.toggle = button("Legend", () => this.fold(!this.body.hidden), { class: "fold" });
    this.body = element("div", { class: "entries", hidden: remembered("legend", "open") === "closed" });
    this.root = element("div", { class: "legend", role: "group", "aria-label": "Legend and filter" }, this.toggle, this.body);
    this.fold(this.body.hidden);
  }

  fold(closed, lasting = true) {
    this.body.hidden = closed;
    this.toggle.setAttribute("aria-expanded", String(!closed));
    if (lasting) remember("legend", closed ? "closed" : "open");
    if (lasting) this.makeRoom();
  }

  // The whole chart is fitted beside the legend, unless that would leave it little room.
  makeRoom() {
    const { scene, stage } = this.canvas;
    if (!scene) return;
    const narrow = stage.clientWidth < NARROW;
    if (narrow && this.wasNarrow !== narrow) this.fold(true, false);
    if (!narrow && this.wasNarrow) this.fold(remembered("legend", "open") === "closed", false);
    this.wasNarrow = narrow;
    scene.inset = this.body.hidden ? 0 : Math.min(this.root.offsetWidth, stage.clientWidth / 2);
    this.canvas.status.style.left = `${scene.inset + 8}px`;
    if (scene.all) this.canvas.fit();
  }

  show() {
    const sections = this.canvas.mirror.top.legend ?? [];
    this.root.hidden = !sections.length;
    const key = JSON.stringify(sections);
    if (key === this.shown && this.scene === this.canvas.scene) return;
    this.shown = key;
    this.scene = this.canvas.scene;
    const focused = this.body.querySelector("button:focus")?.dataset.sign;
    this.body.replaceChildren(...sections.map((section) => this.section(section)));
    this.makeRoom();
    if (focused) [...this.body.querySelectorAll("button")].find((each) => each.dataset.sign === focused)?.focus();
  }

  section({ title, kind, entries, colour }) {
    const items = entries.map((entry) => this.entry(kind, entry, Boolean(colour)));
    return element("div", { role: "group", "aria-label": title }, element("h3", {}, title), ...items);
  }

  entry(kind, entry, coloured) {
    const text = `${entry.label} ${entry.n}`;
    const hint = "Click: leave out or show. Double-click: only this.";
    const made = button("", () => this.leaveOut(entry.sign), {
      "aria-pressed": String(!entry.out),
      "data-sign": entry.sign,
      title: hint,
      ondblclick: () => this.only(kind, entry.sign),
    });
    made.append(this.sample(kind, entry, coloured), text);
    return made;
  }

  // Answered here at once; the server's answer follows.
  leaveOut(sign) {
    const { canvas } = this;
    const out = canvas.scene.without ?? new Set(this.out());
    if (out.has(sign)) out.delete(sign);
    else out.add(sign);
    this.apply(out);
    canvas.put("leave out", { signs: [sign] });
  }

  // What the two clicks before changed twice is as it was.
  only(kind, sign) {
    const all = this.canvas.mirror.top.legend.filter((section) => section.kind === kind).flatMap(({ entries }) => entries);
    const others = all.map((entry) => entry.sign).filter((each) => each !== sign);
    const before = this.out();
    const out = others.every((each) => before.includes(each)) ? [] : others;
    this.apply(new Set([...before.filter((each) => !each.startsWith(`${kind}:`)), ...out]));
    for (const what of ["undo", "undo"]) this.canvas.put(what); // so that it is one step
    this.canvas.put("only signs", { kind, signs: out });
  }

  apply(out) {
    const { canvas } = this;
    canvas.scene.without = out;
    canvas.scene.changed();
    for (const each of this.body.querySelectorAll("button")) {
      each.setAttribute("aria-pressed", String(!out.has(each.dataset.sign)));
    }
    canvas.draw();
  }

  out() {
    const sections = this.canvas.mirror.top.legend ?? [];
    return sections.flatMap(({ entries }) => entries.filter((entry) => entry.out).map((entry) => entry.sign));
  }

  sample(kind, entry, coloured) {
    const canvas = element("canvas", { width: 36, height: 36, "aria-hidden": "true" });
    const ctx = canvas.getContext("2d");
    ctx.translate(18, 18);
    if (kind === "type") this.thing(ctx, entry, coloured);
    else if (kind === "certainty") line(ctx, entry.value, this.canvas.mirror.top.dashes);
    else if (kind === "colour") dot(ctx, entry.hue || "#9a9a9a");
    else return "";
    return canvas;
  }

  thing(ctx, { value }, coloured) {
    const look = this.canvas.mirror.top.looks?.[value];
    if (!look) return;
    const colour = coloured ? look.colour : "#9a9a9a";
    shape(ctx, look.shape, 14);
    ctx.fillStyle = colour;
    ctx.fill();
    ctx.strokeStyle = "#333333";
    ctx.stroke();
    ctx.scale(0.66, 0.66);
    ctx.translate(-12, -12);
    ctx.lineWidth = 2.2;
    ctx.strokeStyle = pale(colour) ? "#111111" : "#ffffff";
    ctx.stroke(new Path2D(look.icon));
  }
}

const LEADS = ["predicted", "accepted lead"];

function line(ctx, certainty, dashes) {
  ctx.beginPath();
  ctx.moveTo(-17, 0);
  ctx.lineTo(17, 0);
  ctx.setLineDash(dashes?.[certainty] ?? []);
  ctx.lineWidth = 3;
  ctx.strokeStyle = LEADS.includes(certainty) ? "#cc79a7" : "#8a8a8a";
  ctx.stroke();
}

function dot(ctx, colour) {
  shape(ctx, "dot", 12);
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.strokeStyle = "#333333";
  ctx.stroke();
}
