"""Many analysts at once: how long each waits, what goes wrong, and what the server's memory does."""

import asyncio
import shutil
import sys
import time
from dataclasses import dataclass, field

from playwright.async_api import async_playwright

from benchmarks.dashboard.browser import FLAGS, LOOKS, WINDOW
from benchmarks.dashboard.protocol import Analyst
from benchmarks.dashboard.saved import analyst_id
from benchmarks.dashboard.served import Served
from benchmarks.rows import Row, middle, p95

ENTITIES = 60
PAUSE = 5.0  # seconds from one action of an analyst to the next
SAMPLED = 10.0  # seconds between two looks at the server's memory
TIMES = 4.0  # how many times as long as one analyst alone waits the p95 may be
GROWS = 10.0  # percent by which the memory may grow after the first minute
_FIRST = 60.0
_ALONE = 0.2  # of the minutes, for one analyst alone
_SELECT = """([number]) => {
  const { canvas } = looked.root();
  const begun = performance.now();
  canvas.select([canvas.scene.things[number % canvas.scene.things.length].id]);
  return new Promise((done) => {
    const timer = setInterval(() => {
      if (canvas.outbox.waiting.length && performance.now() < begun + 60000) return;
      clearInterval(timer);
      done((performance.now() - begun) / 1000);
    }, 5);
  });
}"""


@dataclass
class Times:
    """What was measured in one phase: seconds of openings and of actions, and (seconds, MB) of the server."""

    opened: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    in_browser: list[float] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unsaved: int = 0

    @property
    def grown(self) -> float:
        """By how many percent the memory grew after the first minute."""
        late = [mb for seconds, mb in self.memory if seconds >= min(_FIRST, self.memory[-1][0] / 2)]
        return 100 * (middle(late[-3:]) / middle(late[:3]) - 1)


def measure(server: Served, analysts: int, minutes: float) -> list[Row]:
    """One analyst alone, then all of them at once, and a browser beside them."""
    return asyncio.run(_measure(server, analysts, 60 * minutes))


async def _measure(server: Served, analysts: int, seconds: float) -> list[Row]:
    alone, all_ = Times(), Times()
    await _phase(server, [Analyst(server.address, analyst_id(0))], _ALONE * seconds, alone)
    print(f"alone: {len(alone.took)} actions", file=sys.stderr, flush=True)
    people = [Analyst(server.address, analyst_id(n)) for n in range(1, analysts + 1)]
    ended = asyncio.Event()
    looking = asyncio.create_task(_browser(server, ended, all_))
    await _phase(server, people, seconds, all_)
    ended.set()
    await looking
    return _rows(alone, all_, analysts)


async def _phase(server: Served, people: list[Analyst], seconds: float, times: Times) -> None:
    for each in people:
        times.opened.append(await each.open())
    end = time.monotonic() + seconds
    watching = asyncio.create_task(_watch(server, end, times))
    share = PAUSE / len(people)
    await asyncio.gather(*(_work(each, n * share, end, times) for n, each in enumerate(people)))
    await watching
    for each in people:
        await each.close()
        times.problems += each.problems
        times.unsaved += each.unsaved


async def _work(who: Analyst, begin: float, end: float, times: Times) -> None:
    """Act every few seconds, whatever the last action took."""
    due, number = time.monotonic() + begin, 0
    while due < end:
        await asyncio.sleep(max(due - time.monotonic(), 0))
        took = await who.act(number)
        if took is None:
            return
        times.took.append(took)
        number += 1
        due = max(due + PAUSE, time.monotonic())


async def _watch(server: Served, end: float, times: Times) -> None:
    begun = time.monotonic()
    while time.monotonic() < end:
        times.memory.append((time.monotonic() - begun, server.memory_mb))
        await asyncio.sleep(min(SAMPLED, max(end - time.monotonic(), 0)))
    times.memory.append((time.monotonic() - begun, server.memory_mb))


async def _browser(server: Served, ended: asyncio.Event, times: Times) -> None:
    """A real browser beside them, which selects one thing after the other."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = await browser.new_page(viewport={"width": WINDOW["width"], "height": WINDOW["height"]}, bypass_csp=True)
        await page.add_init_script(LOOKS)
        page.on("pageerror", lambda error: times.problems.append(f"browser: {error}"))
        await page.goto(f"http://{server.address}/?chart={analyst_id(0)}")
        await page.wait_for_function("Boolean(looked.chart)", timeout=60_000)
        number = 0
        while not ended.is_set():
            number += 1
            times.in_browser.append(await page.evaluate(_SELECT, [number]))
            await asyncio.sleep(PAUSE)
        await browser.close()


def _rows(alone: Times, all_: Times, analysts: int) -> list[Row]:
    rows: list[Row] = []
    one, many = "alone", f"{analysts} at once"
    for where, times in ((one, alone), (many, all_)):
        rows += [
            Row("opening a chart: median", where, middle(times.opened), "s"),
            Row(f"{len(times.took)} actions: p50", where, middle(times.took), "s"),
            Row("p95", where, p95(times.took), "s", most=TIMES * p95(alone.took) if where == many else None),
            Row("longest", where, max(times.took, default=0.0), "s"),
            Row("errors and closed sockets", where, len(times.problems), "", most=0),
            Row("saved later, as another saved", where, times.unsaved, "times"),
        ]
    seen = all_.in_browser[1:]
    rows += [
        Row(f"browser beside them: p50 of {len(seen)}", many, middle(seen), "s"),
        Row("browser beside them: p95", many, p95(seen), "s"),
        *(Row("memory", f"{seconds:.0f} s", mb, "MB") for seconds, mb in all_.memory),
        Row("memory's growth after the first minute", many, all_.grown, "%", most=GROWS),
    ]
    for each in dict.fromkeys([*alone.problems, *all_.problems]):
        print(each, file=sys.stderr)
    return rows
