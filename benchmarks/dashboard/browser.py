"""A real Chromium that looks at a chart of the dashboard, and says what that takes."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, WebSocket, sync_playwright

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WINDOW = {"width": 1440, "height": 900}
PATIENCE = 120.0  # seconds
# Runs in the page before anything else: `looked.chart` and `looked.empty` are when either was first seen, in ms since
# the navigation began; `looked.until` says in how many ms after an event something was so.
LOOKS = """
window.looked = {
  root: () => looked.found ??= [...document.querySelectorAll("*")]
    .map((each) => each.shadowRoot?.querySelector(".canvas")).find(Boolean),
  profile: (id) => [...document.querySelectorAll(".st-key-drawer [data-testid=stCaptionContainer]")]
    .some((each) => each.textContent.includes(`Id ${id} `)),
  frames: () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  until: (event, holds) => {
    looked.answer = new Promise((done) => {
      setTimeout(() => done(-1), 20000);
      addEventListener(event, ({ timeStamp }) => {
        const timer = setInterval(() => {
          if (!holds()) return;
          clearInterval(timer);
          done(performance.now() - timeStamp);
        }, 5);
      }, { capture: true, once: true });
    });
  },
};
{
  const timer = setInterval(() => {
    if (!looked.empty && document.body?.innerText.includes("run 1")) looked.empty = performance.now();
    if (!looked.chart && Number(looked.root()?.dataset.drawn) > 0) looked.chart = performance.now();
    if (looked.empty || looked.chart) clearInterval(timer);
  }, 10);
}
"""
# Things of the chart, or one of them, that a click on their middle hits, at most so many.
_HITS = """([most, only]) => {
  const { scene, upper } = looked.root().canvas;
  const { left, top } = upper.getBoundingClientRect();
  const shadow = looked.root().getRootNode();
  const found = [];
  for (const thing of scene.things) {
    const [x, y] = scene.onScreen(thing);
    if (only && thing.id !== only) continue;
    if (found.length >= most || !scene.inSight(thing) || scene.thingAt(x, y) !== thing) continue;
    if (shadow.elementFromPoint(x + left, y + top) === upper) found.push([thing.id, x + left, y + top]);
  }
  return found;
}"""
# A place on empty ground, as far from things as can be found.
_GROUND = """() => {
  const { scene, upper } = looked.root().canvas;
  const { left, top, width, height } = upper.getBoundingClientRect();
  const shadow = looked.root().getRootNode();
  let best = [0, 0, 0];
  for (let x = 20; x < width - 200; x += 15) for (let y = 20; y < height - 100; y += 15) {
    if (shadow.elementFromPoint(x + left, y + top) !== upper) continue;
    const far = Math.min(...scene.things.map((thing) => {
      const [a, b] = scene.onScreen(thing);
      return Math.hypot(a - x, b - y);
    }));
    if (far > best[0]) best = [far, x + left, y + top];
  }
  return best;
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium, from the path."""
    found = shutil.which("chromium")
    if found is None:
        raise SystemExit("no chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Sight:
    """One page of the browser: `received` and `sent` count the bytes of its websocket."""

    page: Page
    received: int = 0
    sent: int = 0
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.add_init_script(LOOKS)
        self.page.on("websocket", self._count)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self._session = self.page.context.new_cdp_session(self.page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def _count(self, socket: WebSocket) -> None:
        def came(frame: str | bytes) -> None:
            self.received += len(frame)

        def went(frame: str | bytes) -> None:
            self.sent += len(frame)

        socket.on("framereceived", came)
        socket.on("framesent", went)

    def first_paint(self, address: str, chart: str = "") -> float:
        """Open a chart, or without one the empty page; the seconds until it is seen."""
        self.page.goto(f"http://{address}/" + (f"?chart={chart}" if chart else ""))
        name = "chart" if chart else "empty"
        self.until(f"Boolean(looked.{name})")
        return float(self.page.evaluate(f"looked.{name}")) / 1000

    def until(self, holds: str) -> None:
        """Wait until an expression is true in the page."""
        deadline = time.monotonic() + PATIENCE
        while not self.page.evaluate(holds):
            if time.monotonic() > deadline:
                raise SystemExit(f"in {PATIENCE:.0f} s it did not become true: {holds}")
            self.page.wait_for_timeout(20)

    def settled(self) -> None:
        """Wait until the server is done, and the page has shown it."""
        self.page.wait_for_timeout(150)
        self.until("document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'")
        self.until(
            "!looked.root() || !looked.root().canvas.outbox.waiting.length && !looked.root().canvas.mirror.top.work"
        )
        self.page.wait_for_timeout(150)

    def hits(self, most: int) -> list[str]:
        """The ids of things in sight that can be clicked."""
        return [name for name, _, _ in self.page.evaluate(_HITS, [most, ""])]

    def at(self, name: str) -> tuple[float, float] | None:
        """Where a thing can be clicked now; None if something else lies there."""
        found = self.page.evaluate(_HITS, [1, name])
        return (found[0][1], found[0][2]) if found else None

    def ground(self) -> tuple[float, float]:
        """A place on empty ground."""
        _, x, y = self.page.evaluate(_GROUND)
        return float(x), float(y)

    def busy(self) -> float:
        """The milliseconds of CPU that the page's main thread has taken so far."""
        found: dict[str, Any] = self._session.send("Performance.getMetrics")
        return 1000 * next(float(each["value"]) for each in found["metrics"] if each["name"] == "TaskDuration")

    def works(self, act: Callable[[], object]) -> float:
        """The milliseconds that the main thread works for an action, until two frames have been drawn."""
        before = self.busy()
        act()
        self.page.evaluate("looked.frames()")
        return self.busy() - before

    def answers(self, event: str, holds: str, act: Callable[[], object]) -> float:
        """The seconds from an event, which the action makes, until an expression is true in the page."""
        self.page.evaluate(f"looked.until({event!r}, () => {holds})")
        act()
        found = float(self.page.evaluate("looked.answer"))
        if found < 0:
            raise SystemExit(f"after {event} it did not become true: {holds}")
        return found / 1000

    def put(self, what: str, more: dict[str, Any]) -> None:
        """Have the canvas tell the server something, as it does for the analyst."""
        self.page.evaluate("([what, more]) => { looked.root().canvas.put(what, more); }", [what, more])


@contextmanager
def sight(browser: Browser) -> Iterator[Sight]:
    """A new page, with nothing in its cache."""
    page = browser.new_page(viewport={"width": WINDOW["width"], "height": WINDOW["height"]}, bypass_csp=True)
    page.set_default_timeout(PATIENCE * 1000)
    try:
        yield Sight(page)
    finally:
        page.close()
