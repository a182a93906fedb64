// A table of what is on the chart, as a real table that screen readers read. Only the rows in sight are built.

import { button, element } from "./dom.js";
import { spanOf } from "./tip.js";

const HIGH = 28; // px of a row
const MORE = 8; // rows built above and below those in sight

const COLUMNS = {
  things: [
    ["Entity", (thing) => thing.name],
    ["Type", (thing, { mirror }) => mirror.top.looks?.[thing.kind]?.label ?? thing.kind],
    ["Ties here", (thing, { scene }) => scene.degree.get(thing.i) ?? 0],
    ["Agencies", (thing) => (thing.agencies ?? []).join(", ")],
    ["Note", (thing) => thing.note ?? ""],
    ["Id", (thing) => thing.id],
  ],
  ties: [
    ["Relationship", (tie) => [tie.label, tie.told].filter(Boolean).join(" · ")],
    ["From", (tie, { scene }) => scene.ends(tie)[0].name],
    ["To", (tie, { scene }) => scene.ends(tie)[1].name],
    ["First", (tie) => spanOf(tie)[0]],
    ["Last", (tie) => spanOf(tie)[1]],
    ["Records", (tie) => tie.n ?? 0],
    ["Sum", (tie) => (tie.sums ?? []).map(([currency, amount]) => `${currency} ${amount}`.trim()).join(" + "), sumOf],
    ["Agencies", (tie) => (tie.agencies ?? []).join(", ")],
    ["Weakest grade", (tie) => (tie.kinds ? tie.grade ?? "not graded" : "")],
  ],
};

const NAMES = { things: "Entities on the chart", ties: "Relationships on the chart", path: "Records of the path" };

export class Table {
  constructor(canvas, of) {
    this.canvas = canvas;
    this.of = of;
    this.by = null;
    this.falls = false;
    this.rows = [];
    this.columns = COLUMNS[of] ?? [];
    this.head = element("tr");
    this.body = element("tbody");
    const attributes = { "aria-label": NAMES[of], "aria-multiselectable": "true", role: "grid" };
    this.table = element("table", attributes, element("thead", {}, this.head), this.body);
    this.root = element("div", { class: "rows", tabindex: "-1" }, this.table);
    this.root.addEventListener("scroll", () => this.build());
    this.body.addEventListener("click", (event) => this.clicked(event));
    this.body.addEventListener("keydown", (event) => this.pressed(event));
    this.heads();
  }

  heads() {
    const heads = this.columns.map(([label], column) => {
      return element("th", { scope: "col", "aria-sort": "none" }, button(label, () => this.sort(column)));
    });
    this.head.replaceChildren(...heads);
  }

  // The rows of the path come as they are to be shown; their columns are those that the first one has.
  ofPath() {
    const rows = this.canvas.mirror.top.path ?? [];
    const labels = Object.keys(rows[0] ?? {}).filter((label) => label !== "ids");
    if (labels.join() !== this.columns.map(([label]) => label).join()) {
      this.columns = labels.map((label) => [label, (row) => row[label]]);
      this.by = null;
      this.heads();
    }
    return rows.map((row, n) => ({ id: `${row.ids ?? ""}#${n}`, ...row }));
  }

  sort(column) {
    this.falls = this.by === column && !this.falls;
    this.by = column;
    [...this.head.children].forEach((head, n) => {
      head.setAttribute("aria-sort", n !== column ? "none" : this.falls ? "descending" : "ascending");
    });
    this.show();
  }

  show() {
    const { canvas } = this;
    const rows = this.of === "path" ? this.ofPath() : [...canvas.scene[this.of]];
    if (this.by !== null) {
      const [, shown, key] = this.columns[this.by];
      const value = key ?? shown;
      const keyed = rows.map((row) => [value(row, canvas), row]);
      keyed.sort(([a], [b]) => compare(a, b) * (this.falls ? -1 : 1));
      this.rows = keyed.map(([, row]) => row);
    } else this.rows = rows;
    this.table.setAttribute("aria-rowcount", String(this.rows.length + 1));
    this.range = null;
    this.build();
  }

  build() {
    const first = Math.max(0, Math.floor(this.root.scrollTop / HIGH) - MORE);
    const last = Math.min(this.rows.length, first + Math.ceil((this.root.clientHeight || 300) / HIGH) + 2 * MORE);
    if (this.range?.join() === [first, last].join()) return;
    this.range = [first, last];
    const focused = this.body.querySelector("tr:focus")?.dataset.id;
    const rows = this.rows.slice(first, last).map((row, n) => this.row(row, first + n));
    this.body.replaceChildren(space(first), ...rows, space(this.rows.length - last));
    this.mark();
    if (focused) [...this.body.rows].find((row) => row.dataset.id === focused)?.focus({ preventScroll: true });
  }

  row(item, n) {
    const cells = this.columns.map(([, value]) => {
      const given = value(item, this.canvas);
      return element("td", typeof given === "number" ? { class: "number" } : {}, String(given));
    });
    return element("tr", { "data-id": item.id, "aria-rowindex": n + 2, tabindex: "0" }, ...cells);
  }

  mark() {
    const { selected } = this.canvas.scene;
    for (const row of this.body.rows) {
      if (row.dataset.id) row.setAttribute("aria-selected", String(selected.has(row.dataset.id.split("#")[0])));
    }
  }

  clicked(event) {
    const row = event.target.closest("tr[data-id]");
    if (row) this.choose(row, event);
  }

  pressed(event) {
    const row = event.target.closest("tr[data-id]");
    if (!row) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.choose(row, event);
    }
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = row[step];
    if (next?.dataset.id) next.focus();
  }

  choose(row, event) {
    const { canvas } = this;
    const [id] = row.dataset.id.split("#"); // a row of the path selects its tie
    if (!id) return;
    if (event.shiftKey && this.anchor) canvas.select(this.from(this.anchor, id));
    else canvas.select([id], event.ctrlKey || event.metaKey);
    if (!event.shiftKey) this.anchor = id;
    const things = canvas.scene.chosen();
    if (things.length) canvas.scene.reveal(things);
    canvas.draw();
  }

  from(anchor, id) {
    const ids = this.rows.map((row) => row.id);
    const [a, b] = [ids.indexOf(anchor), ids.indexOf(id)];
    return a < 0 ? [id] : ids.slice(Math.min(a, b), Math.max(a, b) + 1);
  }
}

// What a tie's amounts are ordered by; several currencies are not compared with one.
function sumOf({ sums = [] }) {
  return sums.length === 1 ? Number(sums[0][1]) : -Infinity;
}

// Numbers as numbers, texts as people sort them.
function compare(a, b) {
  return typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true });
}

function space(rows) {
  return element("tr", { "aria-hidden": "true", style: `height: ${rows * HIGH}px` });
}
