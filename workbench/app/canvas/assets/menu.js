// The menu of what is selected: things, or a tie; without either, that of the chart.

import { button, element } from "./dom.js";

export class Menu {
  constructor(canvas) {
    this.canvas = canvas;
    this.root = element("div", { class: "menu", role: "menu", hidden: true });
    this.root.addEventListener("keydown", (event) => this.walk(event));
  }

  open(item, x, y) {
    const { canvas } = this;
    if (item && !canvas.scene.selected.has(item.id)) canvas.select([item.id]);
    canvas.tip.hide();
    this.about = item;
    this.at = x === undefined ? this.middle(item) : [x, y];
    this.fill();
    this.root.hidden = false;
    this.place();
    this.root.querySelector("button")?.focus();
  }

  middle(item) {
    const { scene } = this.canvas;
    if (!item) return [scene.width / 2, scene.height / 2];
    const [a, b] = (this.isTie(item) ? scene.ends(item) : [item, item]).map((thing) => scene.onScreen(thing));
    return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  }

  isTie(item) {
    return item?.a !== undefined;
  }

  place() {
    const room = this.canvas.stage.clientWidth - this.root.offsetWidth - 8;
    const below = this.canvas.stage.clientHeight - this.root.offsetHeight - 8;
    this.root.style.left = `${Math.max(4, Math.min(this.at[0], room))}px`;
    this.root.style.top = `${Math.max(4, Math.min(this.at[1], below))}px`;
  }

  // The kinds of neighbours come after the menu has opened: put them in, and keep the focus.
  renew() {
    if (this.root.hidden) return;
    if (this.about && !this.canvas.scene.has(this.about.id)) return this.close();
    const focused = this.root.querySelector("button:focus")?.textContent;
    this.fill();
    this.place();
    const buttons = [...this.root.querySelectorAll("button")];
    (buttons.find((each) => each.textContent === focused) ?? buttons[0])?.focus();
  }

  fill() {
    const { about: item } = this;
    const [heading, ...inside] = !item ? this.ofChart() : this.isTie(item) ? this.ofTie(item) : this.ofThings(item);
    this.root.replaceChildren(element("p", { class: "heading" }, heading), ...inside);
  }

  ofThings(thing) {
    const things = this.canvas.scene.chosen();
    const many = things.length > 1;
    const heading = many ? `${things.length} selected` : thing.name;
    return [heading, ...this.expansions(things), ...this.actions(things, many)];
  }

  ofTie(tie) {
    const { canvas } = this;
    const ends = canvas.scene.ends(tie);
    const ids = ends.map((thing) => thing.id);
    const heading = [tie.label, `${ends[0].name} – ${ends[1].name}`].filter(Boolean).join(": ");
    const found = [heading, note("Its records are in the drawer"), this.own("Select both ends", () => canvas.select(ids))];
    if (!ends.some((end) => end.members)) found.push(this.item("Path between both ends", "between", { ids }));
    return [...found, this.own("Hide both ends", () => canvas.hide(ends))];
  }

  ofChart() {
    const { canvas } = this;
    const { hidden, undo, redo } = canvas.mirror.top;
    const found = ["Chart", this.own("Select all", () => canvas.select(canvas.scene.things.map((thing) => thing.id)))];
    found.push(this.own("Show the whole chart", () => canvas.fit()), this.item("Lay out again", "layout", { kind: "organic" }));
    if (hidden) found.push(this.item(`Show ${hidden} hidden`, "restore"));
    if (undo) found.push(this.item("Undo", "undo"));
    if (redo) found.push(this.item("Redo", "redo"));
    return found;
  }

  expansions(things) {
    const { choices } = this.canvas.mirror.top;
    const ids = things.map((thing) => thing.id);
    if (!choices || choices.of.join() !== [...this.canvas.scene.selected].join()) return [note("Neighbours: …")];
    const all = choices.kinds.reduce((sum, kind) => sum + kind.n, 0);
    if (!all) return [note("Nothing more to expand")];
    const items = choices.kinds.map(({ label, n, relationship, schema }) =>
      this.item(`${label} (${n})`, "expand", { ids, relationship, schema }),
    );
    return [this.item(`Expand all (${all})`, "expand", { ids }), ...items];
  }

  actions(things, many) {
    const { canvas } = this;
    const ids = things.map((thing) => thing.id);
    const [id] = ids;
    const groups = things.filter((thing) => thing.members || thing.group);
    const act = (label, does) => this.own(label, does);
    const found = [];
    if (!many && !things[0]?.members) {
      found.push(this.item("Path start", "start", { id }), this.item("Path end", "end", { id }));
    }
    if (ids.length === 2) found.push(this.item("Path between the two", "between", { ids }));
    if (many) found.push(this.item("Group into one", "group", { ids }));
    if (groups.length) {
      found.push(this.item(groups[0].members ? "Open the group" : "Close the group", "open", { ids }));
      found.push(this.item("Dissolve the group", "ungroup", { ids }));
    }
    found.push(
      act("Select neighbours", () => canvas.keys.meaning({ key: "n" })(things)),
      act("Select the same type", () => canvas.keys.alike(things)),
      this.item(things.every((thing) => (thing.signs ?? []).includes("pinned")) ? "Free" : "Pin", "pin", { ids }),
      this.colours(ids),
      act("Hide", () => canvas.hide(things)),
      act("Hide others", () => canvas.hideOthers(things)),
      this.item("Take off the chart", "remove", { ids }),
    );
    return found;
  }

  colours(ids) {
    const marks = Object.entries(this.canvas.mirror.top.marks ?? {});
    const swatches = marks.map(([name, hue]) => {
      const swatch = this.item("", "mark", { ids, colour: name });
      swatch.setAttribute("aria-label", `Mark ${name}`);
      swatch.title = `Mark ${name}`;
      swatch.className = "swatch";
      swatch.style.background = hue;
      return swatch;
    });
    const none = this.item("✕", "mark", { ids, colour: "" });
    none.setAttribute("aria-label", "Take the mark away");
    none.className = "swatch";
    return element("div", { class: "swatches", role: "group", "aria-label": "Mark in a colour" }, ...swatches, none);
  }

  item(label, what, more) {
    return this.own(label, () => this.canvas.put(what, more));
  }

  own(label, does) {
    const act = () => {
      this.close();
      does();
    };
    return button(label, act, { role: "menuitem" });
  }

  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = [...this.root.querySelectorAll("button")];
    const at = items.findIndex((item) => item.matches(":focus"));
    items[(at + step + items.length) % items.length].focus();
  }

  close() {
    if (this.root.hidden) return;
    this.root.hidden = true;
    this.canvas.stage.focus({ preventScroll: true });
  }
}

function note(text) {
  return element("p", {}, text);
}
