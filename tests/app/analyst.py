"""What an analyst does in the dashboard, each thing counted as one action: a click, a drag, a submitted text."""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.app.browser import ARTEFACTS

_PATIENCE = 20.0
_FIRST_ROW = 2  # below the heads
_READ_TABLE = """async (box) => {
  const heads = [...box.querySelectorAll("th")].map((head) => head.textContent);
  const rows = new Map();
  const wanted = Number(box.querySelector("table").getAttribute("aria-rowcount")) - 1;
  for (let at = 0; rows.size < wanted && at < 1e6; at += 100) {
    box.scrollTop = at;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    for (const row of box.querySelectorAll("tr[data-id]")) {
      rows.set(row.ariaRowIndex, [...row.cells].map((cell) => cell.textContent));
    }
  }
  box.scrollTop = 0;
  return [...rows.values()].map((cells) => Object.fromEntries(cells.map((cell, n) => [heads[n], cell])));
}"""


class Analyst:
    """Someone at the dashboard; `actions` counts what he did."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0
        self.canvas = page.locator(".canvas")
        self.stage = page.locator(".stage")

    # -- the canvas ---------------------------------------------------------------------

    def ask(self, script: str, *given: Any) -> Any:
        """What the canvas says: `scene` is what is in sight of `mirror`, which is what the server sent."""
        wrapped = f"(root, given) => {{ const {{ scene, mirror, painter }} = root.canvas; return {script}; }}"
        return self.canvas.evaluate(wrapped, given)

    def drawn(self) -> set[str]:
        """The ids of the entities and groups that are in sight on the canvas."""
        return set(self.ask("scene.things.map((thing) => thing.id)"))

    def lines(self) -> list[dict[str, Any]]:
        """The relationships on the canvas, with the ids of their ends as `from` and `to`."""
        script = "scene.ties.map((tie) => { const [a, b] = scene.ends(tie); return {...tie, from: a.id, to: b.id}; })"
        found: list[dict[str, Any]] = self.ask(script)
        return found

    def highlighted(self) -> set[str]:
        """The ids of the entities that the highlighted path runs through."""
        return {end for line in self.lines() if line.get("path") for end in (line["from"], line["to"])}

    def selected(self) -> list[str]:
        """The ids of what is selected on the canvas."""
        found: list[str] = self.ask("[...scene.selected]")
        return found

    def places(self) -> dict[str, dict[str, float]]:
        """Where the entities lie."""
        script = "Object.fromEntries(scene.things.map((thing) => [thing.id, {x: thing.x, y: thing.y}]))"
        found: dict[str, dict[str, float]] = self.ask(script)
        return found

    def scale(self) -> float:
        """How far the canvas is zoomed in."""
        return float(self.ask("scene.scale"))

    def labels(self) -> list[dict[str, Any]]:
        """The labels that are shown, with their boxes."""
        found: list[dict[str, Any]] = self.ask("painter.labels")
        return found

    def where(self, entity: str) -> tuple[float, float]:
        """Where an entity is on the screen."""
        x, y = self.ask("scene.onScreen(mirror.thing(given[0]))", entity)
        return self.screen(x, y)

    def screen(self, x: float, y: float) -> tuple[float, float]:
        """A place on the canvas, on the screen."""
        box = self.page.locator(".stage").bounding_box()
        assert box is not None
        return box["x"] + x, box["y"] + y

    def click_entity(self, entity: str) -> None:
        """Click an entity on the canvas."""
        self.actions += 1
        self.page.mouse.click(*self.where(entity))
        self.until(lambda: self.profile() == entity)

    def double_click(self, entity: str) -> None:
        """Double-click an entity: its menu of expansions opens."""
        self.actions += 1
        self.page.mouse.dblclick(*self.where(entity))
        self.until(lambda: self.menu().is_visible())

    def right_click(self, entity: str) -> None:
        """Right-click an entity: its menu opens."""
        self.actions += 1
        self.page.mouse.click(*self.where(entity), button="right")
        self.until(lambda: self.menu().is_visible())

    def menu(self) -> Locator:
        """The canvas' menu."""
        return self.page.locator(".canvas .menu")

    def choose(self, name: str) -> None:
        """Choose something in the menu."""
        self.click(self.menu().get_by_role("menuitem", name=name).first)

    def drag(self, entity: str, dx: float, dy: float) -> None:
        """Drag an entity to another place."""
        self.actions += 1
        x, y = self.where(entity)
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + dx / 2, y + dy / 2)
        mouse.move(x + dx, y + dy)
        mouse.up()

    def legend(self, label: str) -> Locator:
        """An entry of the legend, by the start of its text."""
        return self.page.locator(".legend .entries button").filter(has_text=re.compile(rf"^{label} \d+$"))

    def bar(self, name: str) -> None:
        """Click a button of the bar above the chart."""
        self.click(self.page.locator(".bar").get_by_role("button", name=name))

    # -- the rest of the page -------------------------------------------------------------

    def click(self, what: Locator) -> None:
        """Click something, and wait until the page has answered."""
        self.actions += 1
        what.click()
        self.settled()

    def button(self, name: str) -> None:
        """Click a button by its name."""
        self.click(self.page.get_by_role("button", name=name, exact=True))

    def option(self, label: str, name: str) -> None:
        """Choose an option of a box; again if the page was drawn anew meanwhile, which closes the list."""
        for _ in range(3):
            self.page.mouse.move(0, 0)  # over a help it would show that, which can cover the field
            self.page.get_by_label(label).click()
            with suppress(PlaywrightTimeout):
                self.page.get_by_role("option", name=name, exact=True).click(timeout=4_000)
                break
            self.page.keyboard.press("Escape")
        self.settled()

    def search(self, text: str) -> None:
        """Submit a search."""
        self.actions += 1
        self.page.get_by_label("Search the view").fill(text)
        self.page.keyboard.press("Enter")
        self.settled()

    def hit(self, entity: str) -> Locator:
        """A search's hit for an entity: its buttons Open, From, To."""
        return self.page.locator(f".st-key-hit-{entity}").get_by_role("button")

    def profile(self) -> str:
        """The id of the entity whose profile is shown; "" if none is."""
        found = self.page.get_by_text("· 1 referent").or_(self.page.get_by_text("referents"))
        texts = [text.split()[1] for text in found.all_inner_texts() if text.startswith("Id ")]
        return texts[0] if texts else ""

    def rail(self, panel: str) -> None:
        """Choose a panel of the rail."""
        self.click(self.page.locator(".st-key-rail-panel").get_by_role("radio", name=panel))

    def drawer(self, part: str) -> None:
        """Choose a part of the drawer on the right."""
        self.click(self.page.locator(".st-key-drawer-part").get_by_role("button", name=part))

    def export(self, form: str) -> None:
        """Take the chart out of the dashboard in a form."""
        self.rail("Chart")
        self.click(self.page.get_by_text("Export and link"))
        self.button(form)

    def go(self, page: str) -> None:
        """Go to another page."""
        self.click(self.page.get_by_role("link", name=page, exact=True))

    def settled(self) -> None:
        """Wait until the server is done with what was asked."""
        self.page.wait_for_timeout(150)
        app = self.page.get_by_test_id("stApp")
        self.until(lambda: app.get_attribute("data-test-script-state") == "notRunning")

    def until(self, true: Callable[[], bool]) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + _PATIENCE
        while not true():
            if time.monotonic() > deadline:
                self.page.screenshot(path=ARTEFACTS / "late.png", full_page=True)
                pytest.fail(f"it did not come true in {_PATIENCE:.0f} s; the page as it was: {ARTEFACTS / 'late.png'}")
            self.page.wait_for_timeout(50)

    def below(self, part: str) -> None:
        """Open a part of the drawer below the chart."""
        if not self.page.locator(".below").is_visible():
            self.click(self.page.locator(".sides").get_by_role("button", name="Table"))
        self.click(self.page.locator(".below").get_by_role("tab", name=part, exact=True))

    def table(self) -> list[dict[str, str]]:
        """The rows of the table below the chart, by the names of its columns, read while one scrolls down."""
        rows = self.page.locator(".below .rows")
        found: list[dict[str, str]] = rows.evaluate(_READ_TABLE)
        return found

    def cells(self, table: str) -> list[list[str]]:
        """The texts of a table's cells, row by row, as a screen reader finds them while one scrolls down."""
        grid = self.page.locator(f".st-key-table-{table}").get_by_test_id("stDataFrame")
        grid.scroll_into_view_if_needed()
        rows: dict[int, list[str]] = {}
        scroller, whole = grid.locator(".dvn-scroller"), grid.locator("table")
        scroller.evaluate("element => element.scrollTo(0, 0)")
        self.until(lambda: self._rows(grid, rows) > 0 and _FIRST_ROW in rows)
        while self._rows(grid, rows) < int(whole.get_attribute("aria-rowcount") or 0) - 1:
            before = len(rows)
            scroller.evaluate("element => element.scrollBy(0, 300)")
            self.until(lambda before=before: self._rows(grid, rows) > before)
        scroller.evaluate("element => element.scrollTo(0, 0)")
        self.until(lambda: _FIRST_ROW in self._shown(grid))  # so that a click on its first row does not hit another
        return [rows[number] for number in sorted(rows)]

    @classmethod
    def _rows(cls, grid: Locator, rows: dict[int, list[str]]) -> int:
        rows.update(cls._shown(grid))
        return len(rows)

    @staticmethod
    def _shown(grid: Locator) -> dict[int, list[str]]:
        """The rows in sight, by their number."""
        found: list[list[Any]] = grid.locator("table tbody").evaluate(
            "body => [...body.rows].map(row => [row.ariaRowIndex, ...[...row.cells].map(cell => cell.textContent)])"
        )
        return {int(index): texts for index, *texts in found}

    def column(self, table: str, name: str) -> list[str]:
        """A table's column."""
        return [row[name] for row in self.rows(table)]

    def rows(self, table: str) -> list[dict[str, str]]:
        """A table's rows by the names of its columns."""
        cells = self.cells(table)
        heads = self.page.locator(f".st-key-table-{table} table thead th").all_text_contents()
        return [dict(zip(heads, row, strict=True)) for row in cells]
