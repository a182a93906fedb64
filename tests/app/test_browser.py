"""The dashboard in a real Chromium on the sample case, from the opening page, as `joint`."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.analyst import Analyst
from tests.app.browser import ARTEFACTS
from tests.app.proxy import LoggingProxy
from tests.app.truth import Truth, real_name

pytestmark = pytest.mark.browser
_MOST_ACTIONS = 6


@pytest.fixture
def sent() -> list[object]:
    """All that the page sent to the server after its first request."""
    return []


@pytest.fixture
def page(browser: Browser, host: str, request: pytest.FixtureRequest, sent: list[object]) -> Iterator[Page]:
    """The opening page in a new session; checks for errors, and takes a screenshot at the end."""
    context = browser.new_context(viewport={"width": 1500, "height": 1000}, accept_downloads=True)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.goto(f"http://{host}/")
    page.locator(".canvas[data-drawn]").wait_for(timeout=60_000)
    yield page
    page.screenshot(path=ARTEFACTS / f"{request.node.name}.png", full_page=True)
    context.close()
    assert not problems


@pytest.fixture
def analyst(page: Page) -> Analyst:
    """Someone at the opening page who has done nothing yet."""
    found = Analyst(page)
    found.settled()
    return found


@pytest.mark.each_store(reason="one walk through the dashboard")
def test_search_open_expand_path_filter_export(analyst: Analyst, truth: Truth, tmp_path: Path) -> None:
    assert analyst.drawn() == truth.ids(truth.question(1)["all"])
    search_and_open(analyst, truth)
    expand(analyst, truth)
    set_a_path(analyst, truth)
    filter_by_agency(analyst, truth)
    export(analyst, tmp_path)


def search_and_open(analyst: Analyst, truth: Truth) -> None:
    number, recruiter = truth.id("phone-broker"), truth.id("recruiter")
    analyst.search("+31641050219")
    analyst.click(analyst.hit(number).first)
    analyst.until(lambda: analyst.profile() == number)
    assert analyst.selected() == [number]
    analyst.click_entity(recruiter)
    analyst.click(analyst.hit(number).first)
    analyst.until(lambda: analyst.profile() == number)
    analyst.click_entity(recruiter)


def test_the_profile_says_who_else_it_may_be_and_opens_it(analyst: Analyst, truth: Truth) -> None:
    recruiter, homonym = truth.id("recruiter"), truth.id("victim-21")
    panel = analyst.page.locator(".st-key-may-also-be")
    analyst.click_entity(truth.id("broker"))
    expect(panel).to_have_count(0)
    analyst.click_entity(recruiter)
    expect(panel).to_contain_text(re.compile(r"\d\.\d bits: name \+\d+\.\d, birth date \+\d"))
    expect(panel).to_contain_text("Person · born 1991-11-22 · ")
    expect(panel).to_contain_text(f"KFIU, NKP, RJP · 3 records · id {homonym}")
    expect(panel).to_contain_text("neither a probability nor a fact")
    analyst.page.screenshot(path=ARTEFACTS / "may-also-be.png")
    analyst.click(panel.get_by_role("button"))
    analyst.until(lambda: analyst.profile() == homonym)
    assert homonym in analyst.drawn()
    expect(panel).to_contain_text(f"id {recruiter}")


def test_similar_names_are_told_apart_and_narrowed(analyst: Analyst, truth: Truth) -> None:
    recruiter = truth.id("recruiter")
    analyst.search("Mohammed Alaoui")
    panel = analyst.page.locator("[class*='st-key-hit-']")
    expect(panel).to_have_count(2)
    expect(panel.first).to_contain_text("similar · Person · born 1991-11-22")
    analyst.click(analyst.page.get_by_role("button", name="KFIU 1", exact=True))
    expect(panel).to_have_count(1)
    expect(analyst.page.get_by_role("button", name="RJP 2", exact=True)).to_be_visible()
    analyst.click(analyst.page.get_by_role("button", name="KFIU 1", exact=True))
    expect(panel).to_have_count(2)
    analyst.click(analyst.hit(recruiter).first)
    analyst.until(lambda: analyst.profile() == recruiter)
    choose_a_type(analyst)


def choose_a_type(analyst: Analyst) -> None:
    panel = analyst.page.locator("[class*='st-key-hit-']")
    analyst.search("Noor")
    expect(panel).to_have_count(8)
    expect(panel.filter(has_text="Address · ")).not_to_have_count(0)
    analyst.click(analyst.page.get_by_role("button", name="Person 4", exact=True))
    expect(analyst.page.get_by_text("4 entities found")).to_be_visible()
    expect(panel).to_have_count(4)
    expect(panel.filter(has_text="Person · ")).to_have_count(4)
    expect(panel.filter(has_text=re.compile("(Address|Company|Officer) · "))).to_have_count(0)
    found = analyst.page.get_by_role("toolbar", name="Types found")
    expect(found.get_by_role("button", name="Company 1", exact=True)).to_be_visible()
    analyst.click(analyst.page.get_by_role("button", name="Person 4", exact=True))
    expect(panel).to_have_count(8)


def expand(analyst: Analyst, truth: Truth) -> None:
    number, before, places = truth.id("phone-broker"), analyst.drawn(), analyst.places()
    analyst.double_click(number)
    expect(analyst.menu().get_by_role("menuitem", name=re.compile("Phone · Call \\(\\d+\\)"))).to_be_visible()
    analyst.choose("Expand all")
    analyst.until(lambda: analyst.drawn() == before | truth.neighbours(number))
    assert len(analyst.drawn()) > len(before)
    assert {entity: analyst.places()[entity] for entity in before} == places


def set_a_path(analyst: Analyst, truth: Truth) -> None:
    driver = truth.id("driver")
    analyst.search(truth.caption(driver))
    analyst.click(analyst.hit(driver).first)
    analyst.until(lambda: driver in analyst.drawn())
    analyst.right_click(driver)
    analyst.page.screenshot(path=ARTEFACTS / "menu.png")
    analyst.choose("Path end")
    analyst.until(lambda: driver in analyst.highlighted())
    assert analyst.highlighted() >= {truth.id("recruiter"), truth.id("broker"), driver}
    assert truth.id("landlord") not in analyst.highlighted()


def filter_by_agency(analyst: Analyst, truth: Truth) -> None:
    lines = len(analyst.lines())
    for agency in ("KFIU", "NKP", "TRC"):
        analyst.click(analyst.legend(agency))
    analyst.until(lambda: len(analyst.lines()) < lines)
    assert truth.id("broker") not in analyst.drawn(), "RJP knows the number, not the man"
    assert truth.id("recruiter") in analyst.drawn()
    analyst.rail("Show")
    analyst.button("Clear filters")
    analyst.until(lambda: len(analyst.lines()) == lines)


def export(analyst: Analyst, folder: Path) -> None:
    with analyst.page.expect_download() as download:
        analyst.export("HTML")
    exported = folder / "chart.html"
    download.value.save_as(exported)
    html = exported.read_text("utf-8")
    assert all(entity in html for entity in analyst.drawn())
    assert "CONFIDENTIAL" in html
    assert not re.search(r"<(script|link|img)[^>]+(src|href)\s*=\s*[\"']?https?:", html)


def test_an_exported_chart_draws_itself_offline(analyst: Analyst, browser: Browser, tmp_path: Path) -> None:
    with analyst.page.expect_download() as download:
        analyst.export("HTML")
    exported = tmp_path / "chart.html"
    download.value.save_as(exported)
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(exported.as_uri())
    expect(page.locator("#mynetwork canvas")).to_be_visible()
    assert set(page.evaluate("network.body.data.nodes.getIds()")) == analyst.drawn()
    page.wait_for_timeout(500)
    page.screenshot(path=ARTEFACTS / "export.png")
    context.close()
    assert not problems


def test_undo_redo_hide_restore_and_drag(analyst: Analyst, truth: Truth) -> None:
    page, broker = analyst.page, truth.id("broker")
    opening, places = analyst.drawn(), analyst.places()

    analyst.drag(broker, 60, 40)
    analyst.until(lambda: page.get_by_role("button", name="Undo (Ctrl + z)").is_enabled())
    moved = analyst.places()
    assert moved[broker] != places[broker]
    assert {entity: moved[entity] for entity in opening - {broker}} == {e: places[e] for e in opening - {broker}}

    analyst.right_click(broker)
    analyst.choose("Hide")
    analyst.until(lambda: analyst.drawn() == opening - {broker})
    analyst.bar("Show what is hidden")
    analyst.until(lambda: analyst.drawn() == opening)
    assert analyst.places() == moved

    analyst.bar("Undo (Ctrl + z)")
    analyst.until(lambda: analyst.drawn() == opening - {broker})
    analyst.bar("Undo (Ctrl + z)")
    analyst.until(lambda: analyst.drawn() == opening)
    analyst.bar("Undo (Ctrl + z)")
    analyst.until(lambda: analyst.places() == places)
    analyst.bar("Redo (Ctrl + y)")
    analyst.until(lambda: analyst.places() == moved)


def test_layout_zoom_and_selection_survive_reruns_and_pages(analyst: Analyst, truth: Truth) -> None:
    page, broker = analyst.page, truth.id("broker")
    analyst.drag(broker, 50, 30)
    page.mouse.wheel(0, -240)
    page.wait_for_timeout(300)
    analyst.click_entity(broker)
    places, scale = analyst.places(), analyst.scale()
    analyst.search("Nico")
    assert (analyst.places(), analyst.scale()) == (places, scale)
    analyst.go("Analyse")
    analyst.go("Explore")
    page.locator(".canvas[data-drawn]").wait_for()
    analyst.until(lambda: analyst.scale() == pytest.approx(scale))
    assert analyst.places() == places
    assert analyst.selected() == [broker]
    analyst.until(lambda: analyst.profile() == broker)


def test_the_canvas_by_keyboard(analyst: Analyst, sent: list[object]) -> None:
    page = analyst.page
    analyst.stage.focus()
    page.keyboard.press("ArrowRight")
    analyst.until(lambda: analyst.selected() != [] and analyst.profile() == analyst.selected()[0])
    first = analyst.profile()
    page.keyboard.press("ArrowRight")  # the first is the leftmost: a path runs to the right
    analyst.until(lambda: analyst.profile() not in ("", first))
    expect(page.locator(".canvas .status")).not_to_be_empty()
    analyst.settled()
    asked = len(sent)
    page.keyboard.press("c")  # a key of Streamlit's anywhere else on the page
    page.wait_for_timeout(500)
    assert len(sent) == asked
    page.keyboard.press("Enter")
    expect(analyst.menu()).to_be_visible()
    page.keyboard.press("Escape")
    expect(analyst.menu()).to_be_hidden()
    hidden = analyst.selected()[0]
    page.keyboard.press("Delete")
    analyst.until(lambda: hidden not in analyst.drawn())


def test_a_chart_saves_itself_and_reopens_by_name(analyst: Analyst, truth: Truth) -> None:
    page, cashier = analyst.page, truth.id("cashier")
    analyst.search(truth.caption(cashier))
    analyst.click(analyst.hit(cashier).first)
    analyst.until(lambda: cashier in analyst.drawn())
    analyst.rail("Chart")
    page.get_by_label("Name of the chart").fill("Cashier")
    page.keyboard.press("Enter")
    analyst.settled()
    drawn, places = analyst.drawn(), analyst.places()
    analyst.button("New chart")
    analyst.until(lambda: analyst.drawn() == set())
    page.reload()
    page.locator(".canvas[data-drawn]").wait_for(timeout=60_000)
    analyst.settled()
    assert analyst.drawn() != drawn
    analyst.rail("Chart")
    page.get_by_label("Open a chart").click()
    analyst.click(page.get_by_role("option", name="Cashier · joint"))
    analyst.until(lambda: analyst.drawn() == drawn)
    assert analyst.places() == places


def test_the_case_as_another_viewer_sees_it(analyst: Analyst, truth: Truth) -> None:
    page = analyst.page
    page.get_by_label("See the case as").click()
    analyst.click(page.get_by_role("option", name="noordkust"))
    analyst.until(lambda: "No path" in page.locator("body").inner_text())
    assert not analyst.highlighted()
    assert len(analyst.drawn()) == 2, "the question's ends, and nothing that joint drew"
    marking = page.locator(".marking").inner_text()
    assert "H2" not in marking
    analyst.search("+31641050219")
    analyst.until(lambda: analyst.hit(truth.id("phone-broker")).count() == 3)


@pytest.mark.each_store(reason="what an analyst asks in the dashboard")
def test_question_1_who_connects_them(analyst: Analyst, truth: Truth) -> None:
    answer = truth.question(1)
    assert analyst.highlighted() == truth.ids(answer["all"])
    told = [record for step in answer["steps"] for record in step["records"]]
    without = ", or of ".join(answer["breaks_without"])
    expect(analyst.page.get_by_text(f"It vanishes without the files of {without}.")).to_be_visible()
    analyst.below("Path")
    assert {(row["Agency"], row["Place"]) for row in analyst.table()} == truth.places(told)

    analyst.click(analyst.page.get_by_role("radio", name="person to person"))
    analyst.until(lambda: "2 steps from records of" in analyst.page.locator("body").inner_text())
    names = {truth.caption(person) for person in truth.ids(answer["persons"])}
    analyst.until(lambda: {row[end] for row in analyst.table() for end in ("From", "To")} == names)
    assert analyst.highlighted() == truth.ids(answer["all"])
    assert analyst.actions <= _MOST_ACTIONS


@pytest.mark.each_store(reason="what an analyst asks in the dashboard")
def test_question_2_what_nobody_sees_alone(analyst: Analyst, truth: Truth) -> None:
    answer = truth.question(2)
    analyst.go("Analyse")
    analyst.button("Analyse")

    def sets(row: dict[str, str]) -> set[frozenset[str]]:
        every = row["Agencies that suffice"].split(", or ")
        return {frozenset(each.split(" + ")) for each in every}

    def told(title: str) -> dict[frozenset[str], set[frozenset[str]]]:
        rows = analyst.rows(f"finding-{title}")
        assert len({row["Ids"] for row in rows}) == len(rows)
        return {frozenset(map(truth.real, row["Ids"].split())): sets(row) for row in rows}

    def true(members: list[str], agencies: list[list[str]]) -> tuple[frozenset[str], set[frozenset[str]]]:
        return frozenset(map(real_name, members)), {frozenset(each) for each in agencies}

    analyst.page.get_by_role("tab", name="Key players").wait_for(timeout=60_000)
    player = answer["key_player"]
    assert told("key-players") == dict([true([player["entity"]], player["agencies"])])
    analyst.click(analyst.page.get_by_role("tab", name="Groups"))
    groups = {frozenset(row["Ids"].split()): sets(row) for row in analyst.rows("finding-groups")}
    assert groups == {
        frozenset(truth.ids(each["members"])): {frozenset(every) for every in each["agencies"]}
        for each in answer["groups"]
    }
    analyst.click(analyst.page.get_by_role("tab", name="Ties ("))
    assert told("ties") == dict(true(each["between"], each["agencies"]) for each in answer["ties"])
    analyst.click(analyst.page.get_by_role("tab", name="Entities of several"))
    assert told("entities-of-several-agencies") == dict(
        true([each["entity"]], each["agencies"]) for each in answer["entities"]
    )
    assert analyst.actions <= _MOST_ACTIONS


def follow_money(analyst: Analyst, truth: Truth, start: str, end: str) -> None:
    """Ask for the path of money between two entities, in five actions."""
    for entity, button in ((start, 1), (end, 2)):
        analyst.search(truth.caption(entity))
        analyst.click(analyst.hit(entity).nth(button))
    analyst.click(analyst.page.get_by_role("radio", name="money, by date"))
    analyst.page.get_by_text("received from 28 payers").wait_for()


@pytest.mark.each_store(reason="what an analyst asks in the dashboard")
def test_question_4_where_the_wages_went(analyst: Analyst, truth: Truth) -> None:
    answer = truth.question(4)
    firm, cash = truth.id("lettings"), truth.id("cash-point")
    follow_money(analyst, truth, firm, cash)
    assert analyst.drawn() >= {firm, truth.id("shell-a"), truth.id("shell-b"), cash}
    assert analyst.actions <= _MOST_ACTIONS

    expect(analyst.page.get_by_text(f"weakest grade: {answer['weakest_grade']} ")).to_be_visible()
    analyst.below("Path")
    rows = analyst.table()
    for number, step in enumerate(answer["steps"]):
        shown = [row for row in rows if row["Step"] == str(number) and row["Use"] == "says it"]
        assert {(row["Agency"], row["Place"]) for row in shown} == truth.places(step["payments"])
        amounts = sorted((row["Date"], float(row["Amount"].split()[-1])) for row in shown)
        assert amounts == sorted((each["date"], float(each["amount"])) for each in step["payments"])
        assert {row["Grade"].split()[0] for row in shown} == {each["grade"] for each in step["payments"]}


def test_a_finding_opens_in_explore(analyst: Analyst, truth: Truth) -> None:
    page = analyst.page
    analyst.go("Analyse")
    analyst.click(page.get_by_role("radio", name="Key players"))
    analyst.button("Analyse")
    first = analyst.column("finding-key-players", "Id")[0]
    assert first == truth.id("broker")
    box = page.locator(".st-key-table-finding-key-players").get_by_test_id("stDataFrame").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 18, box["y"] + 52)
    analyst.settled()
    analyst.button("Open in Explore")
    page.locator(".canvas[data-drawn]").wait_for()
    analyst.until(lambda: analyst.profile() == first)
    assert first in analyst.drawn()


def test_no_request_leaves_the_machine(analyst: Analyst, proxy: LoggingProxy, host: str) -> None:
    for name in ("Analyse", "Load", "Explore"):
        analyst.go(name)
    analyst.page.wait_for_timeout(2000)
    assert set(proxy.hosts) == {host}, "of all that these tests did"
