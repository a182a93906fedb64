"""Around the canvas in a real Chromium: menus of lines and of the chart, edges, axes, the order of steps."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.analyst import Analyst
from tests.app.browser import ARTEFACTS
from tests.app.opened import opened
from tests.app.test_browser import follow_money
from tests.app.test_canvas import grown, press
from tests.app.truth import Truth

pytestmark = pytest.mark.browser


def middle(analyst: Analyst, tie: dict[str, str]) -> tuple[float, float]:
    (ax, ay), (bx, by) = (analyst.where(tie[end]) for end in ("from", "to"))
    return (ax + bx) / 2, (ay + by) / 2


def test_a_line_and_the_chart_have_menus(analyst: Analyst, truth: Truth) -> None:
    page, every = analyst.page, analyst.drawn()
    calls = next(each for each in analyst.lines() if each["label"].startswith("Call"))
    page.mouse.click(*middle(analyst, calls), button="right")
    expect(analyst.menu()).to_contain_text("Its records are in the drawer")
    analyst.settled()
    assert analyst.rows("tie-0")
    page.screenshot(path=ARTEFACTS / "menu-line.png")
    analyst.choose("Select both ends")
    assert set(analyst.selected()) == {calls["from"], calls["to"]}
    page.mouse.click(*middle(analyst, calls))
    press(analyst, "Enter")
    analyst.choose("Hide both ends")
    analyst.until(lambda: analyst.drawn() == every - {calls["from"], calls["to"]})
    x, y = analyst.screen(400, 500)
    page.mouse.click(x, y, button="right")
    page.screenshot(path=ARTEFACTS / "menu-chart.png")
    analyst.choose("Show 2 hidden")
    analyst.until(lambda: analyst.drawn() == every)
    press(analyst, "Escape")
    press(analyst, "Enter")
    analyst.choose("Select all")
    assert set(analyst.selected()) == every


def width(page: Page, part: str) -> float:
    box = page.locator(part).bounding_box()
    assert box is not None
    return box["width"] if part != ".below" else box["height"]


def pull(page: Page, name: str, dx: int) -> None:
    """Drag an edge to the right, or to the left."""
    box = page.get_by_role("separator", name=name).bounding_box()
    assert box is not None
    x, y = box["x"] + 3, box["y"] + 200
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y)
    page.mouse.move(x + dx, y)
    page.mouse.up()


def test_drawers_get_wider_and_stay_so(analyst: Analyst) -> None:
    page = analyst.page
    for part, name, dx in (
        (".st-key-rail", "Width of the search", 90),
        (".st-key-drawer", "Width of the profile", -120),
    ):
        before = width(page, part)
        pull(page, name, dx)
        assert abs(width(page, part) - before - abs(dx)) < 5
    analyst.below("Entities")
    before = width(page, ".below")
    page.get_by_role("separator", name="Height of the table").press("ArrowUp")
    page.get_by_role("separator", name="Height of the table").press("ArrowUp")
    assert width(page, ".below") > before + 10
    wide = [width(page, part) for part in (".st-key-rail", ".st-key-drawer", ".below")]
    page.screenshot(path=ARTEFACTS / "wide-drawers.png")
    page.reload()
    page.locator(".canvas[data-drawn]").wait_for()
    analyst.settled()
    assert [width(page, part) for part in (".st-key-rail", ".st-key-drawer", ".below")] == pytest.approx(wide, abs=2)
    page.locator(".sides").get_by_role("button", name="Profile").click()
    expect(page.get_by_role("separator", name="Width of the profile")).to_be_hidden()


def test_a_timeline_has_an_axis(analyst: Analyst) -> None:
    page = analyst.page
    grown(analyst)
    page.locator(".bar select").select_option("time")
    analyst.until(lambda: len(analyst.ask("mirror.top.axis ?? []")) > 3)
    days = [day for _, day in analyst.ask("mirror.top.axis")]
    assert days == sorted(days), "what has no date is at the left"
    press(analyst, "Escape")
    page.screenshot(path=ARTEFACTS / "timeline.png")
    page.locator(".bar select").select_option("agency")
    analyst.until(lambda: bool(analyst.ask("mirror.top.captions ?? []")))
    assert {text for _, _, text in analyst.ask("mirror.top.captions")} <= {each["id"] for each in analyst.labels()}
    page.screenshot(path=ARTEFACTS / "blocks.png")


def test_what_has_no_date_is_left_out_when_asked(analyst: Analyst) -> None:
    page = analyst.page
    grown(analyst)
    undated = {each["id"] for each in analyst.lines() if not each.get("days")}
    assert undated
    analyst.below("Time")
    analyst.click(page.get_by_text("without a date"))
    analyst.until(lambda: not undated & {each["id"] for each in analyst.lines()})
    assert analyst.lines()
    analyst.rail("Show")
    analyst.click(page.get_by_text("Only what has a date"))
    analyst.until(lambda: undated <= {each["id"] for each in analyst.lines()})


def test_steps_beside_the_canvas_come_after_those_on_it(analyst: Analyst, truth: Truth) -> None:
    """A hide waits until an answer has come; a button that is pressed meanwhile is a later step all the same."""
    broker, end = truth.id("broker"), truth.id("landlord")
    analyst.click_entity(end)
    analyst.canvas.evaluate("(root) => { root.canvas.outbox.under = true; }")
    analyst.canvas.evaluate("({ canvas }, id) => canvas.hide([canvas.mirror.thing(id)])", broker)
    analyst.button("Path start")
    analyst.until(lambda: analyst.ask("mirror.top.ends[0]") == end)
    press(analyst, "Control+z")
    analyst.until(lambda: analyst.ask("mirror.top.ends[0]") != end)
    assert broker not in analyst.drawn(), "the hide was before it"


def test_one_goes_on_with_the_newest_chart(analyst: Analyst, truth: Truth, browser: Browser, host: str) -> None:
    analyst.click_entity(truth.id("broker"))
    press(analyst, "x")
    analyst.rail("Chart")
    analyst.page.get_by_label("Name of the chart").fill("Yesterday's work")
    analyst.page.keyboard.press("Enter")
    analyst.settled()
    every = analyst.drawn()
    with opened(browser, f"http://{host}/", "go-on") as page:
        later = Analyst(page)
        later.settled()
        later.button("Go on with “Yesterday's work”")
        later.until(lambda: later.drawn() == every)
        expect(page.get_by_role("button", name="Go on with")).to_be_hidden()


def test_a_version_is_deleted_after_a_question(analyst: Analyst, truth: Truth) -> None:
    page = analyst.page
    analyst.click_entity(truth.id("broker"))
    press(analyst, "x")
    analyst.rail("Chart")
    page.get_by_text("Versions").click()
    page.get_by_label("Keep it as it is now, as").fill("first")
    analyst.button("Keep this version")
    analyst.click(page.locator("[class*='st-key-version-']").get_by_role("button", name="Delete"))
    expect(page.get_by_text("Delete the version first for all who may see it?")).to_be_visible()
    analyst.button("Delete it")
    expect(page.locator("[class*='st-key-version-']").get_by_role("button", name="Return")).to_have_count(0)


def test_an_edge_leaves_room_for_the_chart(analyst: Analyst) -> None:
    page = analyst.page
    for name, far in (("Width of the profile", -1300), ("Width of the search", 1300)):
        pull(page, name, far)
    assert width(page, ".stage") >= 350
    page.set_viewport_size({"width": 1024, "height": 768})
    analyst.until(lambda: width(page, ".stage") >= 350)
    page.get_by_role("separator", name="Width of the profile").dblclick(position={"x": 3, "y": 200})
    analyst.until(lambda: width(page, ".st-key-drawer") <= 350)


def test_a_drag_on_a_timeline_goes_up_and_down(analyst: Analyst, truth: Truth) -> None:
    analyst.page.locator(".bar select").select_option("time")
    analyst.until(lambda: len(analyst.ask("mirror.top.axis ?? []")) > 1)
    broker = truth.id("broker")
    before = analyst.places()[broker]
    analyst.drag(broker, 120, 60)
    analyst.settled()
    after = analyst.places()[broker]
    assert after["x"] == before["x"]
    assert after["y"] > before["y"]


def test_undo_after_a_choice_and_after_a_note(analyst: Analyst, truth: Truth) -> None:
    page = analyst.page
    analyst.rail("Show")
    analyst.option("Colour shows", "agency")
    expect(analyst.legend("several")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(analyst.legend("several")).to_be_hidden()
    broker = truth.id("broker")
    analyst.click_entity(broker)
    page.get_by_test_id("stExpander").filter(has_text="Note").last.click()
    page.get_by_label("Note on this chart").fill("Ask KFIU")
    page.keyboard.press("Control+Enter")
    analyst.until(lambda: analyst.ask("mirror.thing(given[0]).note", broker) == "Ask KFIU")
    page.keyboard.press("Control+z")
    analyst.until(lambda: not analyst.ask("mirror.thing(given[0]).note", broker))


def test_a_double_click_in_the_legend_is_one_step(analyst: Analyst) -> None:
    every = analyst.drawn()
    analyst.legend("Company").dblclick()
    analyst.until(lambda: len(analyst.drawn()) == 1)
    analyst.settled()
    press(analyst, "Control+z")
    analyst.until(lambda: analyst.drawn() == every)
    assert analyst.page.get_by_role("button", name="Undo").is_disabled()


def test_amounts_stand_on_the_chart_and_in_the_table(analyst: Analyst, truth: Truth) -> None:
    follow_money(analyst, truth, truth.id("lettings"), truth.id("cash-point"))
    press(analyst, "f")
    paid = [each["label"].split(" · ")[0] for each in analyst.lines() if each.get("sums")]
    assert len(paid) == 3
    analyst.until(lambda: {line for each in analyst.labels() for line in each["lines"]} >= set(paid))
    analyst.page.screenshot(path=ARTEFACTS / "money.png")
    analyst.below("Relationships")
    for _ in range(2):
        analyst.page.locator(".below th button", has_text="Sum").click()
    sums = [float(row["Sum"].split()[-1]) for row in analyst.table() if row["Sum"]]
    assert sums == sorted(sums, reverse=True)
    assert max(sums) == max(float(each.split()[-1].replace(",", "")) for each in paid)


def test_what_is_on_the_chart_is_found_by_its_other_names(analyst: Analyst, truth: Truth) -> None:
    find = analyst.page.get_by_label("Find on chart")
    find.fill("Θεόδωρος")
    find.press("Enter")
    analyst.until(lambda: analyst.selected() == [truth.id("broker")])
    expect(analyst.page.locator(".status")).to_contain_text("1 found on the chart")


def test_what_is_taken_off_is_gone_and_comes_back_with_undo(analyst: Analyst, truth: Truth) -> None:
    every, broker = analyst.drawn(), truth.id("broker")
    analyst.right_click(broker)
    analyst.choose("Take off the chart")
    analyst.until(lambda: analyst.drawn() == every - {broker})
    assert not analyst.ask("Boolean(mirror.thing(given[0]))", broker)
    press(analyst, "Control+z")
    analyst.until(lambda: analyst.drawn() == every)


def test_live_text_says_what_is_selected_now(analyst: Analyst, truth: Truth) -> None:
    status = analyst.page.locator(".status")
    analyst.click_entity(truth.id("broker"))
    calls = next(each for each in analyst.lines() if each["label"].startswith("Call"))
    analyst.page.mouse.click(*middle(analyst, calls))
    expect(status).to_contain_text("Call ×3")
    press(analyst, "Delete")
    expect(status).to_contain_text("A line is not hidden by itself")
    press(analyst, "Escape")
    expect(status).to_be_empty()
    press(analyst, "s")
    expect(status).to_contain_text("Select one entity for that.")


_STROKES = """({ canvas: { painter, scene } }, [scale, times]) => {
  const ctx = painter.lower.getContext("2d");
  const told = [];
  scene.scale = scale;
  ctx.stroke = function () {
    told.push([this.getLineDash().map((each) => Math.round(each * scale * 10) / 10), this.globalAlpha]);
  };
  const unsure = scene.ties.filter((tie) => tie.certainty !== "graded");
  painter.lines(ctx, scene, Array.from({ length: times }, () => unsure).flat());
  delete ctx.stroke;
  return [told, ctx.globalAlpha];
}"""


def test_what_is_no_graded_fact_does_not_look_like_one_from_afar(analyst: Analyst) -> None:
    """Dashes do not get smaller than they can be seen; where they are many, the lines are faint."""
    near, few, many = (analyst.canvas.evaluate(_STROKES, how) for how in ([1, 1], [0.05, 1], [0.05, 400]))
    assert near == [[[[8, 5], 1]], 1]
    assert few == [[[[2, 1.3], 1]], 1]
    assert many == [[[[], 0.5]], 1]
