// Mouse and pen: select, drag, pan, lasso, zoom.

const STILL = 4; // px that a click may move

export class Pointer {
  constructor(canvas) {
    this.canvas = canvas;
    this.lassoing = false; // whether a plain drag draws a lasso
    const { upper } = canvas;
    upper.addEventListener("pointerdown", (event) => this.down(event));
    upper.addEventListener("pointermove", (event) => this.move(event));
    upper.addEventListener("pointerup", (event) => this.up(event));
    upper.addEventListener("pointercancel", () => this.cancel());
    upper.addEventListener("pointerleave", () => this.leave());
    upper.addEventListener("dblclick", (event) => this.twice(event));
    upper.addEventListener("contextmenu", (event) => this.context(event));
    upper.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  down(event) {
    const { canvas } = this;
    if (event.button !== 0) return;
    canvas.stage.focus({ preventScroll: true });
    canvas.menu.close();
    clearTimeout(this.waiting);
    canvas.tip.hide();
    canvas.upper.setPointerCapture(event.pointerId);
    const [x, y] = [event.offsetX, event.offsetY];
    const more = event.shiftKey || event.ctrlKey || event.metaKey;
    this.start = { x, y, more, at: [x, y], thing: canvas.scene.thingAt(x, y), moved: false };
    if (!this.start.thing && (this.lassoing || more)) canvas.over.lasso = [[x, y]];
  }

  move(event) {
    const [x, y] = [event.offsetX, event.offsetY];
    const { start, canvas } = this;
    if (!start) return this.hover(x, y);
    if (!start.moved && Math.hypot(x - start.x, y - start.y) < STILL) return undefined;
    start.moved = true;
    const [dx, dy] = [x - start.at[0], y - start.at[1]];
    start.at = [x, y];
    if (canvas.over.lasso) {
      canvas.over.lasso.push([x, y]);
      return canvas.draw(false);
    }
    if (start.thing) return this.drag(start, dx, dy);
    canvas.scene.pan(dx, dy);
    return canvas.moves();
  }

  drag(start, dx, dy) {
    const { canvas } = this;
    const { scene } = canvas;
    if (!start.dragging) {
      if (!scene.selected.has(start.thing.id)) canvas.select([start.thing.id], start.more);
      start.dragging = scene.chosen();
      canvas.dragged = new Set(start.dragging.map((thing) => thing.i));
      canvas.draw();
    }
    const upright = scene.mirror.top.axis?.length; // on a timeline a drag keeps the day
    for (const thing of start.dragging) {
      if (!upright) thing.x += dx / scene.scale;
      thing.y += dy / scene.scale;
    }
    canvas.draw(false);
  }

  up() {
    const { start, canvas } = this;
    this.start = null;
    if (!start) return;
    const { lasso } = canvas.over;
    canvas.over.lasso = null;
    if (lasso && start.moved) {
      const inside = canvas.scene.within(lasso).map((thing) => thing.id);
      canvas.select(start.more ? [...canvas.scene.selected, ...inside] : inside);
    } else if (start.dragging) {
      canvas.dragged = new Set();
      canvas.moved(start.dragging);
      canvas.draw();
    } else if (!start.moved) this.click(start);
  }

  click({ x, y, more, thing }) {
    const { canvas } = this;
    const hit = thing ?? this.hit(x, y);
    if (hit) canvas.select([hit.id], more);
    else if (!more && canvas.scene.selected.size) canvas.select([]);
  }

  cancel() {
    this.start = null;
    this.canvas.over.lasso = null;
    this.canvas.dragged = new Set();
    this.canvas.draw();
  }

  hover(x, y) {
    const { canvas } = this;
    const { scene } = canvas;
    if (canvas.moving || !scene || !canvas.menu.root.hidden) return;
    const thing = scene.thingAt(x, y);
    const item = thing ?? scene.tieAt(x, y);
    canvas.upper.style.cursor = item ? "pointer" : this.lassoing ? "crosshair" : "default";
    if (thing !== canvas.over.hovered) {
      canvas.over.hovered = thing;
      canvas.draw(false);
    }
    clearTimeout(this.waiting);
    canvas.tip.hide();
    if (item) this.waiting = setTimeout(() => canvas.tip.show(item, x, y), 350);
  }

  leave() {
    clearTimeout(this.waiting);
    this.canvas.tip.hide();
    if (this.canvas.over.hovered) {
      this.canvas.over.hovered = null;
      this.canvas.draw(false);
    }
  }

  twice(event) {
    const hit = this.hit(event.offsetX, event.offsetY);
    if (hit) this.canvas.menu.open(hit, event.offsetX, event.offsetY);
    else this.canvas.fit();
  }

  context(event) {
    event.preventDefault();
    const [x, y] = [event.offsetX, event.offsetY];
    this.canvas.menu.open(this.hit(x, y), x, y);
  }

  hit(x, y) {
    return this.canvas.scene.thingAt(x, y) ?? this.canvas.scene.tieAt(x, y);
  }

  wheel(event) {
    event.preventDefault();
    const notches = event.deltaMode === 1 ? event.deltaY * 30 : event.deltaY;
    this.canvas.scene.zoom(Math.exp(-notches / 500), event.offsetX, event.offsetY);
    this.canvas.moves();
  }
}
