"""Charts as work, in a real Chromium: names, versions, notes, links, comparing, exports, drawing by hand."""

import csv
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from tests.app.analyst import Analyst
from tests.app.opened import opened
from tests.app.truth import Truth

pytestmark = pytest.mark.browser
_PNG = b"\x89PNG\r\n\x1a\n"


def named(analyst: Analyst, name: str) -> None:
    analyst.rail("Chart")
    analyst.page.get_by_label("Name of the chart").fill(name)
    analyst.page.keyboard.press("Enter")
    analyst.settled()


def offered(analyst: Analyst) -> list[str]:
    box = analyst.page.get_by_label("Open a chart")
    if box.is_disabled():
        return []
    box.click()
    found = analyst.page.get_by_role("option").all_inner_texts()
    analyst.page.keyboard.press("Escape")
    return [each.partition(" · ")[0] for each in found]


@pytest.mark.each_store(reason="what an analyst asks in the dashboard")
def test_names_versions_notes_and_links(analyst: Analyst, truth: Truth, browser: Browser, host: str) -> None:
    page, broker = analyst.page, truth.id("broker")
    analyst.click_entity(broker)
    page.get_by_test_id("stExpander").filter(has_text="Note").last.click()
    page.get_by_label("Note on this chart").fill("Ask KFIU")
    page.keyboard.press("Control+Enter")
    analyst.until(lambda: analyst.ask("mirror.thing(given[0]).note", broker) == "Ask KFIU")
    named(analyst, "First name")
    named(analyst, "Second name")
    page.get_by_text("Versions").click()
    page.get_by_label("Keep it as it is now, as").fill("with the broker")
    analyst.button("Keep this version")
    analyst.click_entity(broker)
    analyst.stage.focus()
    page.keyboard.press("Delete")
    analyst.until(lambda: broker not in analyst.drawn())
    analyst.settled()
    analyst.button("Return")
    analyst.until(lambda: broker in analyst.drawn())
    page.get_by_text("Export and link").click()
    link = page.locator("code", has_text="?chart=").inner_text()
    every = analyst.drawn()
    analyst.button("New chart")
    analyst.until(lambda: analyst.drawn() == set())
    names = offered(analyst)
    assert "Second name" in names
    assert "First name" not in names, "renaming moves"
    with opened(browser, link.strip(), "by-link") as other:
        someone = Analyst(other)
        someone.settled()
        someone.until(lambda: someone.drawn() == every)
        assert someone.ask("mirror.thing(given[0]).note", broker) == "Ask KFIU"
        someone.rail("Chart")
        other.get_by_text("Delete this chart").click()
        someone.button("Delete it")
        someone.until(lambda: someone.drawn() == set())
        assert "Second name" not in offered(someone)
    with opened(browser, f"http://{host}/?chart=0123456789abcdef", "no-chart") as other:
        expect(other.locator(".status")).to_contain_text("no chart that you may see")


def test_two_charts_are_compared(analyst: Analyst, truth: Truth) -> None:
    page, cashier = analyst.page, truth.id("cashier")
    every = analyst.drawn()
    analyst.search(truth.caption(cashier))
    analyst.click(analyst.hit(cashier).first)
    named(analyst, "Compared")
    analyst.button("New chart")
    analyst.rail("Find")
    analyst.search(truth.caption(truth.id("broker")))
    analyst.click(analyst.hit(truth.id("broker")).first)
    analyst.rail("Chart")
    page.get_by_text("Compare with another chart").click()
    page.wait_for_timeout(500)  # it opens with a movement
    page.get_by_label("Other chart").click()
    analyst.click(page.get_by_role("option", name="Compared"))
    expect(page.get_by_text("1 entity on both.")).to_be_visible()
    analyst.button("Add them here")
    analyst.until(lambda: analyst.drawn() == every | {cashier})


def test_it_leaves_as_it_is_on_the_canvas(analyst: Analyst, truth: Truth, tmp_path: Path) -> None:
    page, landlord = analyst.page, truth.id("landlord")
    analyst.click_entity(landlord)
    analyst.stage.focus()
    page.keyboard.press("Delete")
    analyst.until(lambda: landlord not in analyst.drawn())
    analyst.rail("Chart")
    page.get_by_text("Export and link").click()
    files = {}
    for form in ("SVG", "HTML", "CSV", "Excel", "PNG"):
        with page.expect_download() as download:
            page.get_by_role("button", name=form, exact=True).click()
        files[form] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[form])
    shown, hidden = truth.caption(truth.id("broker")), truth.caption(landlord)
    svg = files["SVG"].read_text("utf-8")
    assert ET.fromstring(svg).tag.endswith("svg")  # noqa: S314 - our own
    assert shown in svg
    assert f"{hidden}<" not in svg
    for text in (svg, files["HTML"].read_text("utf-8"), files["CSV"].read_text("utf-8")):
        assert text.count("CONFIDENTIAL//REL KFIU") >= 1
        assert "1 entity of the chart hidden" in text
        assert "drawn by joint for investigation" in text
        assert "KFIU/transactions (" in text
    assert not re.search(r"(src|href)\s*=\s*[\"']?https?:", files["HTML"].read_text("utf-8"))
    rows = [row for row in csv.reader(files["CSV"].read_text("utf-8").splitlines()) if row]
    assert {row[-1] for row in rows} >= analyst.drawn()
    assert landlord not in {row[-1] for row in rows}
    book = load_workbook(files["Excel"])
    assert book.sheetnames == ["About", "Entities", "Relationships"]
    assert {row[-1].value for row in book["Entities"].iter_rows(min_row=3)} == analyst.drawn()
    assert files["PNG"].read_bytes().startswith(_PNG)
    assert len(files["PNG"].read_bytes()) > 20_000


def test_a_pasted_list_is_matched(analyst: Analyst, truth: Truth) -> None:
    page, broker, phone = analyst.page, truth.id("broker"), truth.id("phone-recruiter")
    cashier = truth.id("cashier")
    page.get_by_text("Paste a list").click()
    page.get_by_role("textbox", name="Names or numbers").fill(
        f"{truth.caption(cashier)}\n{truth.caption(phone)}\nnobody at all\n"
    )
    analyst.button("Look them up")
    rows = {row["Line"]: row for row in analyst.rows("pasted")}
    assert rows["nobody at all"]["Matches"] == "none"
    assert rows[truth.caption(phone)]["Matches"] == f"{truth.caption(phone)}, on the chart"
    page.get_by_role("button", name=re.compile("Add the \\d that match")).click()
    analyst.until(lambda: cashier in analyst.drawn())
    assert broker in analyst.drawn()
