// The canvas of a chart: draws what Python sends, tells Python what the analyst did.
//
// Python owns the chart; this file owns the pixels. One instance lives as long as its page,
// known entities are never moved unless `data.layout` changes, and all text from data goes
// through textContent or vis-network's plain-text labels, never through HTML.

import "../joint-workbench.vis/vis-network.min.js";

const { DataSet, Network } = globalThis.vis;
const kept = new Map(); // chart → viewport (null: all in sight) and selection, which outlive a change of page
const live = new WeakMap(); // element → instance

const MOST_FITTED = 150; // entities; a larger chart moves to what is new instead of shrinking

const DOUBLE_CLICK = 400; // ms in which a second click on the same entity selects nothing new

const OPTIONS = {
  physics: false,
  layout: { improvedLayout: false },
  interaction: { hover: true, multiselect: false, tooltipDelay: 250, keyboard: false, hideEdgesOnDrag: false },
  edges: { smooth: { type: "dynamic", enabled: false }, selectionWidth: 1 },
  nodes: { borderWidth: 2, size: 18 },
};

export default function (component) {
  const { parentElement, data } = component;
  let canvas = live.get(parentElement);
  if (!canvas) {
    canvas = new Canvas(parentElement);
    live.set(parentElement, canvas);
  }
  canvas.component = component;
  canvas.show(data);
  return () => {
    live.delete(parentElement);
    canvas.close();
  };
}

class Canvas {
  constructor(parent) {
    this.chart = null;
    this.layout = null;
    this.focus = null;
    this.viewport = null;
    this.open = true;
    this.expansions = new Map();
    this.entities = new DataSet();
    this.ties = new DataSet();
    this.build(parent);
    this.network = new Network(this.drawing, { nodes: this.entities, edges: this.ties }, OPTIONS);
    this.root.network = this.network; // so that a test can ask what is drawn, and where
    this.listen();
  }

  build(parent) {
    this.root = parent.querySelector(".canvas");
    this.drawing = parent.querySelector(".drawing");
    this.menu = parent.querySelector(".menu");
    this.status = parent.querySelector(".status");
    this.fitButton = parent.querySelector(".fit");
  }

  listen() {
    const network = this.network;
    network.on("click", (event) => this.select(event.nodes[0] ?? null, event));
    network.on("doubleClick", (event) => event.nodes[0] && this.openMenu(event.nodes[0], event.pointer.DOM));
    network.on("oncontext", (event) => this.context(event));
    network.on("dragEnd", (event) => this.dragged(event));
    network.on("dragStart", () => this.closeMenu());
    network.on("zoom", () => this.looked());
    network.on("resize", () => requestAnimationFrame(() => this.open && this.look()));
    this.fitButton.addEventListener("click", () => this.fit());
    this.root.addEventListener("keydown", (event) => this.pressed(event));
  }

  // -- what Python sends ---------------------------------------------------------------

  show(data) {
    const fresh = data.entities.map(({ id }) => id).filter((id) => !this.entities.get(id));
    const moved = data.layout !== this.layout;
    const colour = getComputedStyle(this.root).color;
    const background = getComputedStyle(this.root).backgroundColor;
    const font = { color: colour, strokeColor: background, strokeWidth: 4, size: 16 };
    const small = { ...font, size: 12 };
    this.replace(this.entities, data.entities.map((entity) => this.entity(entity, moved, font)));
    this.replace(this.ties, data.ties.map((tie) => ({ ...tie, font: small })));
    this.expansions = new Map(data.entities.map((entity) => [entity.id, entity]));
    this.layout = data.layout;
    if (data.chart === this.chart) this.reveal(fresh);
    else this.restore(data.chart);
    if (data.focus && data.focus.token !== this.focus) this.bring(data.focus);
    this.root.dataset.drawn = String(data.entities.length);
  }

  entity(entity, moved, font) {
    const { expand, name, ...drawn } = entity;
    drawn.font = font;
    if (!moved && this.entities.get(entity.id)) {
      delete drawn.x;
      delete drawn.y;
    }
    return drawn;
  }

  replace(dataset, items) {
    const wanted = new Set(items.map((item) => item.id));
    dataset.remove(dataset.getIds().filter((id) => !wanted.has(id)));
    dataset.update(items);
  }

  restore(chart) {
    this.chart = chart;
    const before = kept.get(this.chart);
    this.viewport = before?.viewport ?? null;
    if (before?.selected && this.entities.get(before.selected)) this.network.selectNodes([before.selected]);
    this.look();
  }

  // Called after each change of size too: vis-network has rescaled by then, as while a page is built.
  look() {
    if (this.viewport === null) this.network.fit({ animation: false });
    else this.network.moveTo({ ...this.viewport, animation: false });
  }

  looked() {
    this.closeMenu();
    this.viewport = { position: this.network.getViewPosition(), scale: this.network.getScale() };
  }

  fit() {
    this.viewport = null;
    this.look();
  }

  bring({ id, token }) {
    this.focus = token;
    if (!this.entities.get(id)) return;
    this.network.selectNodes([id]);
    this.reveal([id]);
    this.say(id);
  }

  reveal(ids) {
    if (this.viewport === null) return this.look();
    if (ids.every((id) => this.inSight(id))) return;
    if (this.entities.length <= MOST_FITTED) return this.fit();
    this.network.moveTo({ position: this.network.getPosition(ids[0]), animation: false });
    this.looked();
  }

  inSight(id) {
    const { x, y } = this.network.canvasToDOM(this.network.getPosition(id));
    return x > 0 && y > 0 && x < this.drawing.clientWidth && y < this.drawing.clientHeight;
  }

  // -- what the analyst does -----------------------------------------------------------

  select(id) {
    this.closeMenu();
    if (id === null) return;
    const again = id === this.chosen && performance.now() - this.chosenAt < DOUBLE_CLICK;
    this.chosen = id;
    this.chosenAt = performance.now();
    if (again) return;
    this.say(id);
    this.component.setTriggerValue("selected", id);
  }

  ask(what, id, extra = {}) {
    this.closeMenu();
    this.component.setTriggerValue("asked", { what, id, ...extra });
  }

  context(event) {
    event.event.preventDefault();
    const id = this.network.getNodeAt(event.pointer.DOM);
    if (id === undefined) return this.closeMenu();
    this.network.selectNodes([id]);
    this.openMenu(id, event.pointer.DOM);
  }

  dragged(event) {
    if (!event.nodes.length) return this.looked();
    const places = this.network.getPositions(event.nodes);
    const moved = Object.fromEntries(Object.entries(places).map(([id, at]) => [id, [at.x, at.y]]));
    this.component.setTriggerValue("moved", moved);
  }

  pressed(event) {
    event.stopPropagation(); // the page's own shortcuts (r reruns it) are not meant here
    const chosen = this.network.getSelectedNodes()[0];
    if (event.key === "Escape") this.closeMenu();
    else if (!this.menu.hidden) this.walkMenu(event);
    else if (event.key === "ArrowRight" || event.key === "ArrowDown") this.walk(event, 1);
    else if (event.key === "ArrowLeft" || event.key === "ArrowUp") this.walk(event, -1);
    else if (event.key === "f") this.fit();
    else if (!chosen || event.target === this.fitButton) return;
    else if (event.key === "Enter") this.openAt(event, chosen);
    else if (event.key === "s") this.ask("start", chosen);
    else if (event.key === "e") this.ask("end", chosen);
    else if (event.key === "Delete") this.ask("hide", chosen);
  }

  walk(event, step) {
    event.preventDefault();
    const ids = this.entities.getIds();
    if (!ids.length) return;
    const at = ids.indexOf(this.network.getSelectedNodes()[0]);
    const next = ids[(at + step + ids.length) % ids.length] ?? ids[0];
    this.network.selectNodes([next]);
    this.select(next);
  }

  say(id) {
    this.status.textContent = this.expansions.get(id)?.name ?? "";
  }

  // -- the menu ------------------------------------------------------------------------

  openAt(event, id) {
    event.preventDefault();
    this.openMenu(id, this.network.canvasToDOM(this.network.getPosition(id)));
  }

  openMenu(id, at) {
    const entity = this.expansions.get(id);
    if (!entity) return;
    const heading = document.createElement("p");
    heading.textContent = entity.name;
    this.menu.replaceChildren(heading, ...this.items(entity));
    this.menu.hidden = false;
    const room = this.root.clientHeight - this.menu.offsetHeight - 8;
    this.menu.style.left = `${Math.max(0, Math.min(at.x, this.root.clientWidth - this.menu.offsetWidth - 8))}px`;
    this.menu.style.top = `${Math.max(0, Math.min(at.y, room))}px`;
    this.menu.querySelector("button")?.focus();
  }

  items(entity) {
    const all = entity.expand.reduce((sum, choice) => sum + choice.n, 0);
    const found = [];
    if (all) found.push(this.item(`Expand all (${all})`, () => this.ask("expand", entity.id)));
    for (const { label, n, relationship, schema } of entity.expand) {
      found.push(this.item(`${label} (${n})`, () => this.ask("expand", entity.id, { relationship, schema })));
    }
    if (!all) found.push(this.note("Nothing more to expand"));
    found.push(this.item("Path start", () => this.ask("start", entity.id)));
    found.push(this.item("Path end", () => this.ask("end", entity.id)));
    found.push(this.item("Hide", () => this.ask("hide", entity.id)));
    return found;
  }

  item(label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("role", "menuitem");
    button.textContent = label;
    button.addEventListener("click", act);
    return button;
  }

  note(text) {
    const line = document.createElement("p");
    line.className = "note";
    line.textContent = text;
    return line;
  }

  walkMenu(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = [...this.menu.querySelectorAll("button")];
    const at = items.findIndex((item) => item.matches(":focus"));
    items[(at + step + items.length) % items.length].focus();
  }

  closeMenu() {
    if (this.menu.hidden) return;
    this.menu.hidden = true;
    this.root.focus({ preventScroll: true });
  }

  close() {
    this.open = false;
    kept.set(this.chart, { viewport: this.viewport, selected: this.network.getSelectedNodes()[0] });
    this.network.destroy();
  }
}
