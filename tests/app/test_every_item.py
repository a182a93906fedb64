"""What no other walk in Chromium uses: progress, giving up, communities, derived ties, expanding by type."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.app.analyst import Analyst
from tests.app.browser import ARTEFACTS
from tests.app.case import VIEWERS, load, record
from tests.app.opened import alone_at
from tests.app.test_canvas import press
from tests.app.truth import Truth
from tests.stores import fresh_url, write_viewers
from workbench.view.store import open_store

pytestmark = pytest.mark.browser


MANY = 2_600


@pytest.fixture
def large(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Analyst]:
    """Someone at a store of many persons, each tied to one of those before."""
    url = fresh_url(tmp_path, "large")
    persons = [record("NKP", "Person", f"p{n}", name=f"Person {n}") for n in range(MANY)]
    ties = [record("NKP", "Associate", roles={"person": f"p{n}", "associate": f"p{n // 3}"}) for n in range(1, MANY)]
    with closing(open_store(url)) as store:
        load(store, "NKP", [*persons, *ties])
    write_viewers(tmp_path, VIEWERS)
    with alone_at(url, "joint", request.node.name) as found:
        yield found


def test_what_takes_long_says_so_and_is_given_up(large: Analyst) -> None:
    page, work = large.page, large.page.locator(".work")
    page.get_by_role("button", name="Show the whole view").click()
    large.until(lambda: len(large.drawn()) == MANY)
    expect(work).to_contain_text("Laying out …")
    page.locator(".work .cancel").click()
    expect(page.locator(".status")).to_contain_text("Given up: the chart is as it was.")
    expect(work).to_be_hidden()
    before = large.places()
    press(large, "l")
    expect(work).to_contain_text("Laying out …")
    expect(work).to_be_hidden(timeout=60_000)
    assert large.places() != before


@pytest.mark.each_store(reason="the whole view is read")
def test_the_whole_view_is_shown(analyst: Analyst, truth: Truth) -> None:
    analyst.button("Show the whole view")
    analyst.until(lambda: analyst.drawn() == truth.everybody())
    analyst.page.screenshot(path=ARTEFACTS / "whole-view.png")


def test_communities_become_groups_with_names(analyst: Analyst, truth: Truth) -> None:
    page = analyst.page
    analyst.button("Show the whole view")
    analyst.until(lambda: analyst.drawn() == truth.everybody())
    analyst.rail("Show")
    analyst.button("Communities as groups")
    analyst.until(lambda: "group:Community 1" in analyst.drawn())
    groups = {each for each in analyst.drawn() if each.startswith("group:")}
    assert len(groups) > 3
    page.screenshot(path=ARTEFACTS / "communities.png")
    page.mouse.click(*analyst.where("group:Community 1"))
    analyst.settled()
    page.get_by_label("Name of the group").fill("The depot")
    page.keyboard.press("Enter")
    analyst.until(lambda: "group:The depot" in analyst.drawn())
    analyst.button("Dissolve")
    analyst.until(lambda: "group:The depot" not in analyst.drawn())


def test_a_finding_is_its_derived_ties_and_what_lies_between(analyst: Analyst, truth: Truth) -> None:
    page = analyst.page
    analyst.go("Analyse")
    analyst.click(page.get_by_role("radio", name="Key players"))
    analyst.button("Analyse")
    players = set(analyst.column("finding-key-players", "Id"))
    box = page.locator(".st-key-table-finding-key-players").get_by_test_id("stDataFrame").bounding_box()
    assert box is not None
    for n in range(3):
        page.mouse.click(box["x"] + 18, box["y"] + 52 + 35 * n)
        analyst.settled()
    analyst.button("Open in Explore")
    page.locator(".canvas[data-drawn]").wait_for()
    analyst.until(lambda: len(analyst.drawn()) >= 3)
    persons = analyst.drawn()
    assert persons <= players
    derived = [each for each in analyst.lines() if each["id"].startswith("derived ")]
    assert derived
    assert all(re.search(r"\w+( ×\d+)?(, by \d+ \w+)?", each["label"]) for each in derived)
    assert not [each for each in analyst.lines() if not each["id"].startswith("derived ")]
    analyst.bar("Show what lies between")
    analyst.until(lambda: analyst.drawn() > persons)
    assert not [each for each in analyst.lines() if each["id"].startswith("derived ")]
    page.screenshot(path=ARTEFACTS / "between.png")
    analyst.bar("Show what lies between")
    analyst.until(lambda: analyst.drawn() == persons)


def test_one_type_of_neighbours_is_added(analyst: Analyst, truth: Truth) -> None:
    broker, before = truth.id("broker"), analyst.drawn()
    analyst.double_click(broker)
    analyst.until(lambda: "Neighbours: …" not in analyst.menu().inner_text())
    entry = analyst.menu().get_by_role("menuitem", name=re.compile(r"^Bank account · .*\(\d+\)$")).first
    number = int(re.findall(r"\((\d+)\)", entry.inner_text())[0])
    analyst.click(entry)
    analyst.until(lambda: len(analyst.drawn()) == len(before) + number)
    fresh = analyst.drawn() - before
    assert {analyst.ask("mirror.thing(given[0]).kind", each) for each in fresh} == {"BankAccount"}
    assert fresh <= truth.neighbours(broker)
    expect(analyst.page.locator(".status")).to_contain_text(f"{number} ")


def test_a_path_runs_between_two_that_are_selected(analyst: Analyst, truth: Truth) -> None:
    page, ends = analyst.page, [truth.id("broker"), truth.id("recruiter")]
    analyst.click_entity(ends[0])
    page.keyboard.down("Shift")
    page.mouse.click(*analyst.where(ends[1]))
    page.keyboard.up("Shift")
    analyst.settled()
    analyst.button("Path between the two")
    analyst.until(lambda: set(analyst.ask("mirror.top.ends")) == set(ends))
    assert analyst.highlighted() >= set(ends)
