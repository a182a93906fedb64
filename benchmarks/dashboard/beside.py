"""The dashboard beside an empty page: first paint, work of the browser, answers of the server, panning, bytes."""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from playwright.sync_api import Browser

from benchmarks.dashboard.browser import Sight, sight
from benchmarks.dashboard.saved import chart_id
from benchmarks.rows import Row, middle, p95

LARGE = 2000  # the size that most bounds are for
HUGE = 5000
LATER = 1.5  # seconds by which a chart may be painted after the empty page
WORKS = 100.0  # ms of the main thread for an action
ANSWERS = 0.5  # seconds for an answer, less the empty page's
FRAMES = {LARGE: 40.0, HUGE: 20.0}  # a second, while the viewport moves
BYTES = 60.0  # kB for a change
EXPANDED = 25
_MOVES = 60
_PAN = "pan: frames a second"
_CONFIRMED = "looked.root().canvas.outbox.waiting.length === 0"


@dataclass
class Measured:
    """All numbers: by what was measured and by the size of the chart, 0 for the empty page."""

    numbers: dict[tuple[str, int], list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, what: str, size: int, value: float) -> None:
        """Note a number."""
        self.numbers[what, size].append(value)

    def of(self, what: str, size: int) -> list[float]:
        """The numbers of one thing at one size."""
        return self.numbers.get((what, size), [])


def measure(browser: Browser, chart: str, empty: str, sizes: Sequence[int], asked: int) -> list[Row]:
    """Everything, for the dashboard and the empty page at these addresses; `asked` answers are waited for."""
    found = Measured()
    for turn in range(5):
        for size in sizes:
            if size < HUGE or turn < 3:
                _open_both(browser, chart, empty, size, found)
    for size in sizes:
        with sight(browser) as here, sight(browser) as other:
            here.first_paint(chart, chart_id(size))
            other.first_paint(empty)
            here.settled()
            _note(f"{size}: answers")
            _answers(here, other, size, found, asked)
            _note(f"{size}: work")
            _work(here, size, found, 3 if size >= HUGE else 5)
            _note(f"{size}: panning")
            _pan(here, size, found)
            _note(f"{size}: bytes")
            _bytes(here, size, found)
            if here.problems:
                raise SystemExit(f"the page failed: {here.problems[0]}")
    makers = (_paint_rows, _work_rows, _answer_rows, _pan_rows, _byte_rows)
    return [row for rows in makers for row in rows(found, sizes)]


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


# -- measuring ------------------------------------------------------------------------------


def _open_both(browser: Browser, chart: str, empty: str, size: int, found: Measured) -> None:
    with sight(browser) as other:
        found.add("paint", 0, other.first_paint(empty))
    with sight(browser) as here:
        found.add("paint", size, here.first_paint(chart, chart_id(size)))
        here.settled()
        found.add("opening", size, here.received / 1000)


def _answers(here: Sight, other: Sight, size: int, found: Measured, asked: int) -> None:
    """Clicks on things and hides, with a click in the empty page after each."""
    again = other.page.get_by_role("button", name="again")
    turns = 0
    for name in here.hits(4 * asked):
        place = here.at(name)
        if place is None or turns == 2 * asked:
            continue
        turns += 1
        hit = partial(here.page.mouse.click, *place)
        if turns % 2:
            found.add("click", size, here.answers("pointerdown", f"looked.profile({name!r})", hit))
        else:
            hit()
            here.settled()
            hide = partial(here.page.keyboard.press, "h")
            found.add("hide", size, here.answers("keydown", _CONFIRMED, hide))
        here.settled()
        shown = f"document.body.innerText.includes('run {turns + 1}')"
        found.add("button", size, other.answers("pointerdown", shown, again.click))
        other.settled()
    _put(here, "restore")


def _put(here: Sight, what: str) -> None:
    here.put(what, {})
    here.settled()


def _work(here: Sight, size: int, found: Measured, times: int) -> None:
    """The main thread's time of a select, of the parts of a drag, and of a hide."""
    mouse, keyboard = here.page.mouse, here.page.keyboard
    for name in here.hits(times):
        place = here.at(name)
        if place is None:
            continue
        found.add("select", size, here.works(partial(mouse.click, *place)))
        here.settled()
        found.add("hide work", size, here.works(partial(keyboard.press, "h")))
        here.settled()
        _put(here, "undo")
        x, y = here.at(name) or place
        mouse.click(x, y)
        here.settled()
        mouse.move(x, y)
        mouse.down()
        found.add("drag begins", size, here.works(partial(mouse.move, x + 9, y)))
        found.add("drag step", size, here.works(partial(mouse.move, x + 15, y + 5)))
        found.add("drag end", size, here.works(mouse.up))
        here.settled()
        _put(here, "undo")


def _pan(here: Sight, size: int, found: Measured) -> None:
    for where in ("overview", "reading"):
        for _ in range(3):
            here.page.evaluate("looked.root().canvas.fit()")
            if where == "reading":
                here.page.evaluate(_READING)
            here.settled()
            x, y = here.ground()
            here.page.mouse.move(x, y)
            here.page.mouse.down()
            here.page.evaluate(_COUNT)
            before = here.busy()
            for n in range(_MOVES):
                here.page.mouse.move(x + 3 * n, y + n)
            worked = here.busy() - before
            frames, drawn, seconds = here.page.evaluate("counted()")
            here.page.mouse.up()
            found.add(f"{_PAN}, {where}", size, frames / seconds)
            found.add(f"pan: drawn a second, {where}", size, drawn / seconds)
            found.add(f"pan: main thread a frame, {where}", size, worked / max(frames, 1))
    here.page.evaluate("looked.root().canvas.fit()")


# To the middle of the things, at a scale of 1; and counting frames until `counted` is called.
_READING = """() => {
  const { canvas } = looked.root();
  const { scene } = canvas;
  const [x, y] = scene.onScreen(scene.things[Math.floor(scene.things.length / 2)]);
  scene.zoom(1 / scene.scale, x, y);
  canvas.draw();
}"""
_COUNT = """() => {
  const { painter } = looked.root().canvas;
  const [begun, drawn] = [performance.now(), painter.draws];
  let [frames, on] = [0, true];
  const frame = () => { frames += 1; if (on) requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  window.counted = () => { on = false; return [frames, painter.draws - drawn, (performance.now() - begun) / 1000]; };
}"""


_SOME = "looked.root().canvas.scene.things.slice(0, 3).map((thing) => thing.id)"


def _changes(here: Sight) -> Iterator[tuple[str, Callable[[], None]]]:
    """Changes of a chart, each with what makes it; undone after it."""
    names = [*here.hits(10), *here.page.evaluate(_SOME)][:10]
    last = here.page.evaluate("looked.root().canvas.scene.things.slice(-3).map((thing) => thing.id)")
    kind = here.page.evaluate("looked.root().canvas.scene.things[0].kind")
    mouse = here.page.mouse

    def select() -> None:
        mouse.click(*(here.at(names[2]) or here.ground()))

    def drag() -> None:
        x, y = here.at(names[1]) or here.ground()
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + 20, y + 20)
        mouse.move(x + 30, y + 20)
        mouse.up()

    yield "select", select
    yield "hide", partial(here.page.keyboard.press, "h")
    yield "drag", drag
    yield "expand", partial(here.put, "expand", {"ids": last, "limit": EXPANDED})
    yield "filter", partial(here.put, "leave out", {"signs": [f"type:{kind}"]})
    yield "undo", partial(here.put, "undo", {})
    yield "layout", partial(here.put, "layout", {"kind": "organic"})
    yield "undo of layout", partial(here.put, "undo", {})


def _bytes(here: Sight, size: int, found: Measured) -> None:
    for what, act in _changes(here):
        received, sent = here.received, here.sent
        act()
        here.settled()
        found.add(f"received, {what}", size, (here.received - received) / 1000)
        found.add(f"sent, {what}", size, (here.sent - sent) / 1000)


# -- rows -----------------------------------------------------------------------------------


def _paint_rows(found: Measured, sizes: Sequence[int]) -> Iterator[Row]:
    empty = middle(found.of("paint", 0))
    yield Row("first paint", "empty", empty, "s")
    for size in sizes:
        bound = empty + LATER if size == LARGE else None
        yield Row("first paint", str(size), middle(found.of("paint", size)), "s", most=bound)
    for size in sizes:
        yield Row("received when opened", str(size), middle(found.of("opening", size)), "kB")


def _work_rows(found: Measured, sizes: Sequence[int]) -> Iterator[Row]:
    for what, label in (("select", "select"), ("drag begins", "drag, beginning"), ("drag step", "drag, a step"),
                        ("drag end", "drag, end"), ("hide work", "hide")):  # fmt: skip
        for size in sizes:
            yield Row(f"main thread: {label}", str(size), middle(found.of(what, size)), "ms", most=WORKS)


def _answer_rows(found: Measured, sizes: Sequence[int]) -> Iterator[Row]:
    for size in sizes:
        empty = p95(found.of("button", size))
        yield Row("p95 of the empty page's button", str(size), empty, "s")
        for what in ("click", "hide"):
            times = found.of(what, size)
            yield Row(f"{what}: median", str(size), middle(times), "s")
            yield Row(f"{what}: p95 of {len(times)}", str(size), p95(times), "s")
            bound = ANSWERS if size == LARGE else None
            yield Row(f"{what}: p95 less the empty page's", str(size), p95(times) - empty, "s", most=bound)


def _pan_rows(found: Measured, sizes: Sequence[int]) -> Iterator[Row]:
    for where in ("overview", "reading"):
        for size in sizes:
            frames = middle(found.of(f"{_PAN}, {where}", size))
            yield Row(f"{_PAN}, {where}", str(size), frames, "frames/s", least=FRAMES.get(size))
            for what, unit in (("drawn a second", "frames/s"), ("main thread a frame", "ms")):
                yield Row(f"pan: {what}, {where}", str(size), middle(found.of(f"pan: {what}, {where}", size)), unit)


def _byte_rows(found: Measured, sizes: Sequence[int]) -> Iterator[Row]:
    for (what, size), numbers in found.numbers.items():
        if what.startswith(("received, ", "sent, ")) and size in sizes:
            yield Row(what, str(size), middle(numbers), "kB", most=BYTES)
