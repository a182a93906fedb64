"""The canvas in a real Chromium on the sample case: what an analyst does on it by mouse and by keyboard."""

import math
from itertools import combinations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.analyst import Analyst
from tests.app.browser import ARTEFACTS
from tests.app.opened import opened
from tests.app.truth import Truth

pytestmark = pytest.mark.browser


def press(analyst: Analyst, key: str) -> None:
    analyst.stage.focus()
    analyst.page.keyboard.press(key)
    analyst.settled()


def grown(analyst: Analyst) -> set[str]:
    """The opening chart with all neighbours that fit."""
    press(analyst, "Control+a")
    before = analyst.drawn()
    press(analyst, "x")
    analyst.until(lambda: analyst.drawn() > before)
    return analyst.drawn()


def overlaps(a: dict[str, float], b: dict[str, float]) -> bool:
    return (
        a["left"] < b["left"] + b["wide"]
        and b["left"] < a["left"] + a["wide"]
        and a["top"] < b["top"] + b["high"]
        and b["top"] < a["top"] + a["high"]
    )


def test_selecting_grouping_and_hiding(analyst: Analyst, truth: Truth) -> None:
    page, broker = analyst.page, truth.id("broker")
    every = grown(analyst)
    analyst.click_entity(broker)
    press(analyst, "t")
    persons = set(analyst.selected())
    assert persons >= truth.ids(["broker", "recruiter", "landlord"])
    press(analyst, "i")
    assert set(analyst.selected()) == every - persons
    analyst.click_entity(broker)
    press(analyst, "n")
    near = set(analyst.selected())
    assert near == truth.neighbours(broker) & every
    press(analyst, "g")
    analyst.until(lambda: "group:Group 1" in analyst.drawn())
    assert analyst.drawn() == every - near | {"group:Group 1"}
    press(analyst, "o")
    analyst.until(lambda: analyst.drawn() == every)
    page.screenshot(path=ARTEFACTS / "group-open.png")
    press(analyst, "u")
    analyst.click_entity(broker)
    press(analyst, "H")
    analyst.until(lambda: analyst.drawn() == {broker})
    press(analyst, "r")
    analyst.until(lambda: analyst.drawn() == every)


def test_a_lasso_takes_what_lies_in_it(analyst: Analyst) -> None:
    every = grown(analyst)
    press(analyst, "Escape")
    box = analyst.stage.bounding_box()
    assert box is not None
    left, top = box["x"] + box["width"] / 2, box["y"] + 5
    mouse, keys = analyst.page.mouse, analyst.page.keyboard
    keys.down("Shift")
    mouse.move(left, top)
    mouse.down()
    for x, y in ((1.0, 0.0), (1.0, 1.0), (0.0, 1.0)):
        mouse.move(left + x * (box["width"] / 2 - 6), top + y * (box["height"] - 12), steps=5)
    mouse.up()
    keys.up("Shift")
    analyst.settled()
    right = {each for each in every if analyst.where(each)[0] > left}
    assert set(analyst.selected()) == right
    assert right


def test_pins_marks_and_layouts(analyst: Analyst, truth: Truth) -> None:
    page, broker = analyst.page, truth.id("broker")
    every = grown(analyst)
    analyst.click_entity(broker)
    press(analyst, "p")
    analyst.until(lambda: "pinned" in analyst.ask("mirror.thing(given[0]).signs ?? []", broker))
    at = analyst.places()[broker]
    analyst.right_click(broker)
    page.locator(".menu").get_by_role("menuitem", name="Mark red").click()
    analyst.until(lambda: analyst.ask("mirror.thing(given[0]).mark", broker) == "red")
    for kind in ("circle", "type", "agency", "hierarchy", "path", "time", "organic"):
        before = analyst.places()
        page.locator(".bar select").select_option(kind)
        analyst.until(lambda before=before: analyst.places() != before)  # type: ignore[misc]
        places = analyst.places()
        assert places[broker] == at, f"pinned in {kind}"
        near = min(math.dist(list(a.values()), list(b.values())) for a, b in combinations(places.values(), 2))
        assert near >= 50, kind
        page.screenshot(path=ARTEFACTS / f"layout-{kind}.png")
    assert analyst.drawn() == every


def test_labels_keep_their_distance(analyst: Analyst) -> None:
    grown(analyst)
    press(analyst, "l")
    press(analyst, "f")
    labels = analyst.labels()
    assert len([each for each in labels if not each.get("tie")]) >= len(analyst.drawn()) / 2
    assert not [pair for pair in combinations(labels, 2) if overlaps(*pair)]


def test_the_legend_shows_and_filters(analyst: Analyst, truth: Truth) -> None:
    every = analyst.drawn()
    analyst.click(analyst.legend("Phone"))
    analyst.until(lambda: analyst.drawn() == every - truth.ids(["phone-broker", "phone-recruiter"]))
    expect(analyst.legend("Phone")).to_have_attribute("aria-pressed", "false")
    analyst.legend("Company").dblclick()
    analyst.until(lambda: len(analyst.drawn()) == 1)
    analyst.rail("Show")
    analyst.button("Clear filters")
    analyst.until(lambda: analyst.drawn() == every)
    analyst.option("Colour shows", "agency")
    expect(analyst.legend("several")).to_be_visible()
    analyst.option("Size shows", "betweenness on the chart")
    sizes = analyst.ask("Object.fromEntries(scene.things.map((thing) => [thing.id, thing.size ?? 0]))")
    assert max(sizes, key=sizes.get) in truth.ids(["broker", "phone-broker", "shell-a"])
    analyst.option("Width of lines shows", "how far it is believed")


def test_a_line_says_its_records(analyst: Analyst, truth: Truth) -> None:
    calls = next(each for each in analyst.lines() if each["label"].startswith("Call"))
    (ax, ay), (bx, by) = (analyst.where(calls[end]) for end in ("from", "to"))
    analyst.page.mouse.click((ax + bx) / 2, (ay + by) / 2)
    analyst.settled()
    assert analyst.selected() == [" ".join(sorted([calls["from"], calls["to"]]))]
    rows = analyst.rows("tie-0")
    assert {row["Date"] for row in rows} == {"2026-01-22", "2026-02-12", "2026-02-28"} or len(rows) == 3
    expect(analyst.page.locator(".st-key-drawer").get_by_text("3 records; weakest grade")).to_be_visible()


def test_one_selection_everywhere(analyst: Analyst, truth: Truth) -> None:
    page, broker = analyst.page, truth.id("broker")
    analyst.below("Entities")
    analyst.click(page.locator(f".below tr[data-id='{broker}']"))
    analyst.until(lambda: analyst.profile() == broker)
    assert analyst.selected() == [broker]
    expect(page.locator(f".below tr[data-id='{broker}']")).to_have_attribute("aria-selected", "true")
    analyst.click_entity(truth.id("landlord"))
    expect(page.locator(f".below tr[data-id='{broker}']")).to_have_attribute("aria-selected", "false")
    page.locator(".below th button", has_text="Ties here").click()
    page.locator(".below th button", has_text="Ties here").click()
    ties = [int(row["Ties here"]) for row in analyst.table()]
    assert ties == sorted(ties, reverse=True)
    page.locator(".below tbody tr[data-id]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    analyst.settled()
    assert analyst.selected() == [page.locator(".below tbody tr[data-id]").nth(1).get_attribute("data-id")]


def test_undo_after_a_text_box(analyst: Analyst, truth: Truth) -> None:
    page, broker = analyst.page, truth.id("broker")
    analyst.click_entity(broker)
    press(analyst, "Delete")
    analyst.until(lambda: broker not in analyst.drawn())
    page.get_by_label("Search the view").fill("typed")
    page.keyboard.press("Control+z")
    page.wait_for_timeout(300)
    assert broker not in analyst.drawn(), "that was for the text"
    page.locator(".bar").click(position={"x": 5, "y": 5})
    analyst.stage.focus()
    page.keyboard.press("Control+z")
    analyst.until(lambda: broker in analyst.drawn())
    page.keyboard.press("Control+y")
    analyst.until(lambda: broker not in analyst.drawn())


def test_finding_on_the_chart_and_the_keys(analyst: Analyst, truth: Truth) -> None:
    page = analyst.page
    press(analyst, "/")
    page.keyboard.type("nico")
    page.keyboard.press("Enter")
    analyst.until(lambda: analyst.selected() == [truth.id("broker")])
    press(analyst, "?")
    expect(page.get_by_role("dialog", name="Keys of the chart")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys of the chart")).to_be_hidden()


def share_of(page: Page) -> float:
    box, size = page.locator(".stage").bounding_box(), page.viewport_size
    assert box is not None
    assert size is not None
    return box["width"] * box["height"] / (size["width"] * size["height"])


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chart_has_the_window(browser: Browser, host: str, size: tuple[int, int], scheme: str) -> None:
    name, viewport = f"window-{size[0]}-{scheme}", {"width": size[0], "height": size[1]}
    with opened(browser, f"http://{host}/", name, viewport=viewport, color_scheme=scheme) as page:
        analyst = Analyst(page)
        analyst.settled()
        sides = page.locator(".sides")
        wanted = (0.45, 0.65) if size[0] > 1100 else (0.3, 0.55)
        page.screenshot(path=ARTEFACTS / f"{name}-both.png")
        sides.get_by_role("button", name="Search").click()
        assert share_of(page) >= wanted[0], "with one drawer open"
        sides.get_by_role("button", name="Profile").click()
        assert share_of(page) >= wanted[1], "with all closed"
        page.screenshot(path=ARTEFACTS / f"{name}-closed.png")
        page.reload()
        page.locator(".canvas[data-drawn]").wait_for(timeout=60_000)
        analyst.settled()
        assert share_of(page) >= wanted[1], "it remembers"
        sides.get_by_role("button", name="Search").click()
        sides.get_by_role("button", name="Table").click()
