// The bar above the chart: steps, layouts, view, and finding something on it.

import { button, element } from "./dom.js";

const LAYOUTS = [
  ["organic", "Organic"],
  ["path", "Path ladder"],
  ["hierarchy", "Hierarchy"],
  ["circle", "Circle"],
  ["type", "By type"],
  ["agency", "By agency"],
  ["time", "Timeline"],
];

export class Bar {
  constructor(canvas) {
    this.canvas = canvas;
    const put = (what, more) => () => canvas.put(what, more);
    this.undo = button("↶", put("undo"), named("Undo (Ctrl + z)"));
    this.redo = button("↷", put("redo"), named("Redo (Ctrl + y)"));
    this.restore = button("Show hidden", put("restore"), named("Show what is hidden"));
    this.between = button("Show what lies between", () => this.turn(), { "aria-pressed": "false" });
    this.lassoButton = button("Lasso", () => this.lasso(), { ...named("Draw a lasso: q, or Shift and drag"), "aria-pressed": "false" });
    this.layout = this.chooser();
    this.find = this.finder();
    this.counts = element("div", { class: "counts" });
    this.cancel = button("Cancel", put("cancel"), { class: "cancel" });
    this.work = element("span", { class: "work", role: "status" }, element("progress", {}), element("span"), this.cancel);
    const fit = button("Fit", () => canvas.fit(), named("Show the whole chart (f)"));
    const keys = button("?", () => canvas.keys.help(), named("Keys (?)"));
    this.sides = element("span", { class: "sides" });
    this.root = element(
      "div",
      { class: "bar", role: "toolbar", "aria-label": "Chart" },
      this.undo, this.redo, this.layout, fit, this.lassoButton, this.restore, this.between, this.find,
      this.work, keys, this.sides,
    );
  }

  chooser() {
    const options = LAYOUTS.map(([value, label]) => element("option", { value }, label));
    const select = element("select", named("Lay out"), element("option", { value: "" }, "Lay out …"), ...options);
    select.addEventListener("change", () => {
      this.canvas.put("layout", { kind: select.value });
      select.value = "";
    });
    return select;
  }

  finder() {
    const find = element("input", { type: "search", placeholder: "Find on chart", "aria-label": "Find on chart" });
    find.addEventListener("input", () => this.search(find.value));
    find.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") this.chooseFound();
      if (event.key === "Escape") this.canvas.stage.focus();
    });
    return find;
  }

  search(text) {
    const { canvas } = this;
    const wanted = text.trim().toLowerCase();
    const found = wanted ? canvas.scene.things.filter((thing) => thing.name.toLowerCase().includes(wanted)) : [];
    canvas.over.search = wanted ? new Set(found.map((thing) => thing.i)) : null;
    if (wanted) canvas.say(`${found.length} found on the chart; Enter selects them`);
    canvas.draw(false);
  }

  chooseFound() {
    const { canvas } = this;
    const found = canvas.scene.things.filter((thing) => canvas.over.search?.has(thing.i));
    if (!found.length) return canvas.put("find", { text: this.find.value });
    canvas.over.search = null;
    canvas.select(found.map((thing) => thing.id));
    canvas.scene.reveal(found);
    canvas.stage.focus({ preventScroll: true });
    return canvas.draw();
  }

  lasso() {
    const { pointer } = this.canvas;
    pointer.lassoing = !pointer.lassoing;
    this.lassoButton.setAttribute("aria-pressed", String(pointer.lassoing));
  }

  turn() {
    this.canvas.put("lie between", { on: !this.canvas.mirror.top.between });
  }

  show() {
    const { scene, mirror } = this.canvas;
    const { top } = mirror;
    this.undo.disabled = !top.undo;
    this.redo.disabled = !top.redo;
    this.restore.hidden = !top.hidden;
    this.restore.textContent = `Show ${top.hidden} hidden`;
    this.between.hidden = top.between === null || top.between === undefined;
    this.between.setAttribute("aria-pressed", String(Boolean(top.between)));
    const groups = scene.things.filter((thing) => thing.members);
    const things = groups.reduce((sum, group) => sum + group.members - 1, scene.things.length);
    const parts = [`${things} ${things === 1 ? "entity" : "entities"}${groups.length ? `, ${groups.length} as groups` : ""}`, `${scene.ties.length} ${scene.ties.length === 1 ? "tie" : "ties"}`];
    if (top.filtered) parts.push(`${top.filtered} filtered out`);
    if (scene.selected.size) parts.push(`${scene.selected.size} selected`);
    this.counts.textContent = parts.join(" · ");
    this.work.hidden = !top.work;
    this.work.children[1].textContent = top.work ?? "";
  }
}

function named(title) {
  return { title, "aria-label": title };
}
