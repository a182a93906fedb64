// The keyboard: everything that the mouse does.

import { button, element } from "./dom.js";

const KEYS = [
  ["Arrow keys", "walk to the nearest entity in that direction"],
  ["Shift + arrow", "add it to the selection"],
  ["Enter", "open the menu of what is selected, or of the chart"],
  ["x", "expand what is selected"],
  ["s, e", "set the path's start, end"],
  ["b", "the path between two that are selected"],
  ["Delete or h", "hide what is selected"],
  ["Shift + h", "hide the others"],
  ["Shift + Delete", "take what is selected off the chart"],
  ["r", "show what is hidden"],
  ["n", "select the neighbours"],
  ["t", "select all of the same type"],
  ["i", "invert the selection"],
  ["Ctrl + a", "select all"],
  ["Esc", "select nothing, close the menu"],
  ["g, u", "group what is selected, dissolve the group"],
  ["o", "open or close the group"],
  ["p", "pin or free what is selected"],
  ["l", "lay out again"],
  ["q", "draw a lasso with the mouse"],
  ["f", "show the whole chart"],
  ["+, -", "zoom in, out"],
  ["/", "find on the chart"],
  ["Ctrl + z, Ctrl + y", "undo, redo: anywhere outside a text box"],
  ["?", "these keys"],
];
const NOTHING = "Nothing is selected.";
const ONE = "Select one entity for that.";
const TWO = "Select two entities for that.";
const LINES = "A line is not hidden by itself: hide one of its ends, or leave its kind out in the legend.";
const BESIDE = ["pointerdown", "keydown"];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Keys {
  constructor(canvas) {
    this.canvas = canvas;
    this.sheet = this.build();
    canvas.stage.addEventListener("keydown", (event) => this.pressed(event));
    this.anywhere = (event) => this.steps(event);
    document.addEventListener("keydown", this.anywhere);
    // What is done on the page beside the canvas comes after what was done on it, also for the server.
    this.beside = (event) => event.composedPath().includes(canvas.root) || canvas.outbox?.hurry();
    for (const what of BESIDE) document.addEventListener(what, this.beside, true);
    this.types = (event) => (this.typed = event.composedPath()[0]);
    this.sends = (event) => {
      const isArea = event.composedPath()[0]?.tagName === "TEXTAREA"; // where Enter alone begins a line
      if (event.key === "Enter" && (!isArea || event.ctrlKey || event.metaKey)) this.typed = null;
    };
    document.addEventListener("input", this.types, true);
    document.addEventListener("keyup", this.sends, true);
  }

  close() {
    document.removeEventListener("keydown", this.anywhere);
    for (const what of BESIDE) document.removeEventListener(what, this.beside, true);
    document.removeEventListener("input", this.types, true);
    document.removeEventListener("keyup", this.sends, true);
  }

  build() {
    const rows = KEYS.map(([key, does]) => [element("dt", {}, key), element("dd", {}, does)]).flat();
    const list = element("dl", {}, ...rows);
    const close = button("Close", () => this.help(false));
    const attributes = { class: "keys", role: "dialog", "aria-label": "Keys of the chart", hidden: true };
    return element("div", attributes, element("h2", {}, "Keys"), list, close);
  }

  help(shown = this.sheet.hidden) {
    this.sheet.hidden = !shown;
    this.sheet.scrollTop = 0;
    if (shown) this.sheet.querySelector("button").focus({ preventScroll: true });
    else this.canvas.stage.focus({ preventScroll: true });
  }

  // Undo and redo wherever the focus is, but for a box in which something was typed that is not sent yet.
  steps(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    if (typesText(event) && event.composedPath()[0] === this.typed) return;
    event.preventDefault();
    this.canvas.put(key === "y" || event.shiftKey ? "redo" : "undo");
  }

  pressed(event) {
    const { canvas } = this;
    if (!(event.ctrlKey || event.metaKey)) event.stopPropagation(); // the page has keys of its own: r runs it again
    if (event.target.closest(".menu, .keys, .legend")) {
      if (event.key === "Escape") {
        canvas.menu.close();
        this.help(false);
      }
      return;
    }
    const does = this.meaning(event);
    if (!does) return;
    event.preventDefault();
    does(canvas.scene.chosen());
  }

  meaning(event) {
    const { canvas } = this;
    const ids = (things) => things.map((thing) => thing.id);
    const one = (what) => (things) => (things.length === 1 ? canvas.put(what, { id: things[0].id }) : canvas.say(ONE));
    const some = (what) => (things) => (things.length ? canvas.put(what, { ids: ids(things) }) : canvas.say(NOTHING));
    if (ARROWS[event.key]) return () => this.walk(ARROWS[event.key], event.shiftKey);
    if (event.ctrlKey || event.metaKey) return event.key === "a" ? () => canvas.select(ids(canvas.scene.things)) : null;
    const meanings = {
      Enter: (things) => canvas.menu.open(things[0] ?? canvas.scene.chosenTies()[0]),
      Escape: () => canvas.select([]),
      Delete: event.shiftKey ? some("remove") : (things) => this.hide(things),
      h: (things) => this.hide(things),
      H: (things) => canvas.hideOthers(things),
      x: some("expand"),
      s: one("start"),
      e: one("end"),
      b: (things) => (things.length === 2 ? canvas.put("between", { ids: ids(things) }) : canvas.say(TWO)),
      r: () => canvas.put("restore"),
      n: (things) => canvas.select(ids([...things, ...canvas.scene.neighbours(things)])),
      t: (things) => this.alike(things),
      i: (things) => canvas.select(ids(canvas.scene.things.filter((thing) => !things.includes(thing)))),
      g: some("group"),
      u: some("ungroup"),
      o: some("open"),
      p: some("pin"),
      l: () => canvas.put("layout", { kind: "organic" }),
      q: () => canvas.bar.lasso(),
      f: () => canvas.fit(),
      "+": () => this.zoom(1.3),
      "=": () => this.zoom(1.3),
      "-": () => this.zoom(1 / 1.3),
      "/": () => canvas.bar.find.focus(),
      "?": () => this.help(),
    };
    return meanings[event.key];
  }

  zoom(factor) {
    this.canvas.scene.zoom(factor);
    this.canvas.moves();
  }

  hide(things) {
    if (things.length) this.canvas.hide(things);
    else this.canvas.say(this.canvas.scene.chosenTies().length ? LINES : NOTHING);
  }

  alike(things) {
    const kinds = new Set(things.map((thing) => thing.kind));
    this.canvas.select(this.canvas.scene.things.filter((thing) => kinds.has(thing.kind)).map((thing) => thing.id));
  }

  walk([dx, dy], more) {
    const { scene } = this.canvas;
    const chosen = scene.chosen();
    const from = chosen[chosen.length - 1];
    const next = from ? scene.towards(from, dx, dy) : scene.things[0];
    if (!next) return;
    this.canvas.select(more ? [...scene.selected, next.id] : [next.id]);
    scene.reveal([next]);
    this.canvas.draw();
  }
}

function typesText(event) {
  const at = event.composedPath()[0];
  const texts = ["text", "search", "number", "email", "url", "tel", "password", "month", "date"];
  if (at?.isContentEditable || at?.tagName === "TEXTAREA") return true;
  return at?.tagName === "INPUT" && texts.includes(at.type) && !at.readOnly;
}
