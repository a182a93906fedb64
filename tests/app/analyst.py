"""What an analyst does in the dashboard, each thing counted as one action: a click, a drag, a submitted text."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.app.browser import ARTEFACTS

_PATIENCE = 20.0
_FIRST_ROW = 2  # below the heads


class Analyst:
    """Someone at the dashboard; `actions` counts what he did."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0
        self.canvas = page.locator(".canvas")

    # -- the canvas ---------------------------------------------------------------------

    def _ask(self, script: str, *given: Any) -> Any:
        return self.canvas.evaluate(f"(root, given) => {{ const network = root.network; return {script}; }}", given)

    def drawn(self) -> set[str]:
        """The ids of the entities on the canvas."""
        return set(self._ask("network.body.data.nodes.getIds()"))

    def lines(self) -> list[dict[str, Any]]:
        """The relationships on the canvas."""
        found: list[dict[str, Any]] = self._ask("network.body.data.edges.get()")
        return found

    def highlighted(self) -> set[str]:
        """The ids of the entities that the highlighted path runs through."""
        return {end for line in self.lines() if line["width"] > 2 for end in (line["from"], line["to"])}

    def selected(self) -> list[str]:
        """The ids of what is selected on the canvas."""
        found: list[str] = self._ask("network.getSelectedNodes()")
        return found

    def places(self) -> dict[str, dict[str, float]]:
        """Where the entities lie."""
        found: dict[str, dict[str, float]] = self._ask("network.getPositions()")
        return found

    def scale(self) -> float:
        """How far the canvas is zoomed in."""
        return float(self._ask("network.getScale()"))

    def where(self, entity: str) -> tuple[float, float]:
        """Where an entity is on the screen."""
        at = self._ask("network.canvasToDOM(network.getPosition(given[0]))", entity)
        box = self.page.locator(".drawing").bounding_box()
        assert box is not None
        return box["x"] + at["x"], box["y"] + at["y"]

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

    # -- the rest of the page -------------------------------------------------------------

    def click(self, what: Locator) -> None:
        """Click something, and wait until the page has answered."""
        self.actions += 1
        what.click()
        self.settled()

    def button(self, name: str) -> None:
        """Click a button by its name."""
        self.click(self.page.get_by_role("button", name=name, exact=True))

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
