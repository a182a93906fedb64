"""Time in a real Chromium: the histogram, the brush, and who took over a number that fell silent."""

import pytest
from playwright.sync_api import expect

from tests.app.analyst import Analyst
from tests.app.truth import Truth

pytestmark = pytest.mark.browser
_MOST_ACTIONS = 6


@pytest.mark.each_store(reason="what an analyst asks in the dashboard")
def test_question_3_which_number_replaced_the_silent_one(analyst: Analyst, truth: Truth) -> None:
    answer, page = truth.question(3), analyst.page
    analyst.search(answer["old"])
    analyst.click(page.locator("[class*='st-key-hit-']").first.get_by_role("button").first)
    analyst.click(page.get_by_text("What changed here?"))
    expect(page.get_by_text(f"Last contact on {answer['silent_from']}")).to_be_visible()
    taken, contacts = len(answer["taken_over"]), len(answer["contacts"])
    told = f"{answer['new']} took over {taken} of {contacts} contacts from {answer['first_call_of_new']}, 1 day later"
    expect(page.locator(".st-key-drawer")).to_contain_text(told)
    expect(page.locator(".st-key-drawer")).to_contain_text("by chance: less than 1 in 1,000")
    analyst.button(f"Show {answer['new']} on the chart")
    successor = next(iter({*analyst.selected()} - {truth.id("phone-recruiter")}))
    assert truth.caption(successor) == answer["new"]
    assert analyst.actions <= _MOST_ACTIONS


def test_the_brush_and_play(analyst: Analyst, truth: Truth) -> None:
    page = analyst.page
    analyst.below("Time")
    calls = next(each for each in analyst.lines() if each["label"] == "Call ×3")
    assert calls["days"] == ["2026-01-22", "2026-02-12", "2026-02-28"] or len(calls["days"]) == 3
    page.get_by_label("From", exact=True).first.fill(calls["days"][1])
    page.get_by_label("Until", exact=True).first.fill(calls["days"][1])
    analyst.until(lambda: any(each["label"] == "Call" for each in analyst.lines()))
    analyst.button("All time")
    analyst.until(lambda: any(each["label"] == "Call ×3" for each in analyst.lines()))
    box = page.locator(".plot").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 30, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 20, steps=4)
    page.mouse.up()
    analyst.settled()
    since = page.get_by_label("From", exact=True).first.input_value()
    assert since > calls["days"][0]
    analyst.button("All time")
    analyst.click(page.get_by_role("button", name="▶ Play by month"))
    analyst.until(lambda: "Shown: " in page.locator(".status").inner_text())
    analyst.click(page.get_by_role("button", name="⏸ Stop"))
    analyst.button("All time")


def test_filters_leave_no_orphans_unless_asked(analyst: Analyst, truth: Truth) -> None:
    page, every = analyst.page, analyst.drawn()
    analyst.click(analyst.legend("Holding"))
    analyst.until(lambda: truth.id("recruiter") not in analyst.drawn())
    analyst.rail("Show")
    analyst.click(page.get_by_text("Entities without ties"))
    analyst.until(lambda: analyst.drawn() == every)
    analyst.button("Clear filters")
    analyst.until(lambda: len(analyst.lines()) == 5)
