"""Drawing by hand in a real Chromium: what is drawn is a record with grade, marking and author."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.app.analyst import Analyst
from tests.app.case import id_of
from tests.app.opened import alone_at

pytestmark = pytest.mark.browser
WHY = "Why: what it rests on"
NICO, MO = id_of("NKP", "nico"), id_of("NKP", "mo")


@pytest.fixture
def analyst(case_url: str, request: pytest.FixtureRequest) -> Iterator[Analyst]:
    """Someone at a store of his own, who may load for NKP."""
    with alone_at(case_url, "joint", request.node.name) as found:
        yield found


def choose(analyst: Analyst, label: str, option: str) -> None:
    box = analyst.page.get_by_role("combobox", name=label)
    box.click()
    box.fill(option)
    analyst.page.keyboard.press("Enter")
    analyst.settled()


def fill(analyst: Analyst, **values: str) -> None:
    """Fill in the form; again if it is drawn anew meanwhile, as another type was chosen before."""
    for label, value in values.items():
        named = label.replace("__", ": ").replace("_", " ")
        box = analyst.page.locator(".st-key-rail").get_by_label(named, exact=True)
        box.fill(value)
        analyst.settled()
        if box.input_value() != value:
            box.fill(value)


def test_an_entity_and_a_relationship_are_drawn(analyst: Analyst) -> None:
    page = analyst.page
    analyst.rail("Draw")
    choose(analyst, "Type", "Person")
    fill(analyst, Name="Ilse Bakker")
    fill(analyst, **{WHY: "seen at the depot"})
    choose(analyst, "Grade: scheme", "admiralty")
    page.get_by_label("Grade: value").fill("C3")
    analyst.button("Draw")
    analyst.until(lambda: len(analyst.drawn()) == 7)
    expect(page.locator(".st-key-drawer")).to_contain_text("Ilse Bakker")
    expect(page.locator(".st-key-drawer")).to_contain_text("C3 (admiralty) · SECRET//REL NKP")
    expect(page.locator(".st-key-drawer")).to_contain_text("seen at the depot")
    ilse = analyst.profile()
    nico = next(each for each in analyst.drawn() if "Nico" in analyst.ask("mirror.thing(given[0]).name", each))
    analyst.click_entity(nico)
    page.keyboard.down("Shift")
    analyst.page.mouse.click(*analyst.where(ilse))
    page.keyboard.up("Shift")
    analyst.settled()
    assert set(analyst.selected()) == {nico, ilse}
    choose(analyst, "Relationship", "Link")
    fill(analyst, **{WHY: "they left together"})
    analyst.button("Draw")
    analyst.until(lambda: any({each["from"], each["to"]} == {nico, ilse} for each in analyst.lines()))
    (ax, ay), (bx, by) = analyst.where(nico), analyst.where(ilse)
    page.mouse.click((ax + bx) / 2, (ay + by) / 2)
    analyst.settled()
    analyst.button("Withdraw what you drew: Other link")
    analyst.until(lambda: not any({each["from"], each["to"]} == {nico, ilse} for each in analyst.lines()))


def test_two_are_judged(analyst: Analyst) -> None:
    page = analyst.page
    analyst.search("Mo Visser")
    analyst.click(analyst.hit(MO).first)
    analyst.until(lambda: analyst.profile() != "")
    mo = analyst.profile()
    page.keyboard.down("Shift")
    nico = next(each for each in analyst.drawn() if "Nico" in analyst.ask("mirror.thing(given[0]).name", each))
    page.mouse.click(*analyst.where(nico))
    page.keyboard.up("Shift")
    analyst.until(lambda: set(analyst.selected()) == {mo, nico})
    analyst.settled()
    analyst.click(page.get_by_text("Are they the same?"))
    analyst.click(page.get_by_role("radio", name="different"))
    page.get_by_label("Reason", exact=True).fill("Mo was seen beside him")
    analyst.button("Judge")
    expect(page.locator(".status")).to_contain_text("Judged: different. The profile of either")
    analyst.click_entity(mo)
    expect(page.locator(".st-key-drawer")).to_contain_text("Mo was seen beside him")


def test_what_is_wrong_is_said(analyst: Analyst) -> None:
    page = analyst.page
    analyst.rail("Draw")
    choose(analyst, "Type", "Person")
    fill(analyst, Name="Ilse Bakker", Birth_date="yesterday")
    fill(analyst, **{WHY: "seen at the depot"})
    analyst.button("Draw")
    expect(page.locator(".status")).to_contain_text("birthDate")
    assert len(analyst.drawn()) == 6


def test_what_is_drawn_is_taken_back_and_steps_stay(analyst: Analyst) -> None:
    page, every = analyst.page, analyst.drawn()
    nico = next(each for each in every if "Nico" in analyst.ask("mirror.thing(given[0]).name", each))
    analyst.drag(nico, 0, 80)
    analyst.settled()
    analyst.rail("Draw")
    choose(analyst, "Type", "Person")
    fill(analyst, Name="Ilse Bakker", Grade__value="B2", **{WHY: "seen at the depot"})
    analyst.button("Draw")
    expect(page.locator(".status")).to_contain_text("the grade 'B2' needs its scheme: choose one")
    assert analyst.drawn() == every
    fill(analyst, Grade__value="")
    analyst.button("Draw")
    analyst.until(lambda: len(analyst.drawn()) == len(every) + 1)
    analyst.button("Withdraw what you drew: Person")
    analyst.until(lambda: analyst.drawn() == every)
    expect(page.locator(".status")).to_contain_text("Withdrawn: Person.")


def test_a_judgement_is_taken_back(analyst: Analyst) -> None:
    test_two_are_judged(analyst)
    analyst.button("Take this judgement back")
    expect(analyst.page.locator(".st-key-drawer")).not_to_contain_text("Mo was seen beside him")
