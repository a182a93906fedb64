// What the server sent of one chart. It outlives a change of page; the server sends changes to it only.

export class Mirror {
  constructor(token) {
    this.token = token;
    this.revision = 0;
    this.things = []; // by number
    this.ties = []; // by number
    this.top = {};
    this.numbers = new Map(); // id → number of a thing
  }

  // Take a message's changes. Returns the ids of what is new, or null if changes before it are missing.
  take(message) {
    const fresh = [];
    for (const [revision, text] of message.changes) {
      if (revision <= this.revision) continue;
      if (revision > this.revision + 1) return null;
      this.apply(JSON.parse(text), fresh);
      this.revision = revision;
    }
    return message.revision > this.revision ? null : fresh;
  }

  apply(change, fresh) {
    for (const thing of change.things ?? []) {
      const before = this.things[thing.i];
      if (!before) fresh.push(thing.id);
      thing.name ??= thing.label;
      this.things[thing.i] = { x: 0, y: 0, ...before && { x: before.x, y: before.y }, out: before?.out ?? false, ...thing };
      this.numbers.set(thing.id, thing.i);
    }
    for (const tie of change.ties ?? []) {
      tie.id ??= [this.things[tie.a].id, this.things[tie.b].id].sort().join(" ");
      this.ties[tie.i] = { out: this.ties[tie.i]?.out ?? false, ...tie };
    }
    for (const i of numbers(change.gone)) {
      this.numbers.delete(this.things[i].id);
      this.things[i] = undefined;
    }
    for (const i of numbers(change.tiesGone)) this.ties[i] = undefined;
    if (change.places) this.place(change.places);
    if (change.out !== undefined) mask(change.out, this.things);
    if (change.tiesOut !== undefined) mask(change.tiesOut, this.ties);
    Object.assign(this.top, change.top);
  }

  // Move the things whose bits are set in `of`; `at` has x and y of each in turn, 16 bits each.
  place({ of, unit, at }) {
    const moved = atob(of);
    const bytes = Uint8Array.from(atob(at), (character) => character.charCodeAt(0));
    const places = new DataView(bytes.buffer);
    let next = 0;
    const take = () => unit * places.getInt16(2 * next++, true);
    for (let i = 0; i < 8 * moved.length; i += 1) {
      if (!isSet(moved, i)) continue;
      const [x, y] = [take(), take()];
      if (this.things[i]) Object.assign(this.things[i], { x, y });
    }
  }

  thing(id) {
    return this.things[this.numbers.get(id)];
  }
}

// Numbers that come as a list, or as bits.
function numbers(told = []) {
  if (Array.isArray(told)) return told;
  const bits = atob(told);
  return Array.from({ length: 8 * bits.length }, (_, i) => i).filter((i) => isSet(bits, i));
}

// Set `out` of each item by its bit.
function mask(text, items) {
  const bits = atob(text);
  items.forEach((item, i) => {
    if (item) item.out = isSet(bits, i);
  });
}

function isSet(bits, i) {
  return Boolean((bits.charCodeAt(i >> 3) >> (i & 7)) & 1);
}
