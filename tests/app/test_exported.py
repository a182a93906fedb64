"""What leaves the dashboard: as on the canvas, marked, with what a reader must know; names in it are inert."""

import csv
import re
from collections import Counter
from dataclasses import replace
from io import BytesIO, StringIO
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from openpyxl import load_workbook

from tests.app.case import id_of, load, record
from tests.app.desks import filtered, hide, pictured, seen, sent
from workbench import settings
from workbench.app.desk import Desk
from workbench.app.exported.facts import Facts, facts
from workbench.app.exported.page import html
from workbench.app.exported.sheets import as_csv, as_excel, rows_of
from workbench.app.exported.svg import figure, svg
from workbench.app.filters import Filters
from workbench.app.picture import Picture
from workbench.export.marking import marking_of_records
from workbench.export.tables import unquoted
from workbench.view.store import GraphStore
from workbench.view.view import View

RACHID, PHONE, LAURA = id_of("RJP", "rachid"), id_of("RJP", "r"), id_of("KFIU", "laura")
_SVG = "{http://www.w3.org/2000/svg}"
_OUTSIDE = re.compile(r"""(?:src|href)\s*=|url\(|@import|<(?:link|iframe|img|object|embed)\b""", re.IGNORECASE)
_HOSTILE = '=HYPERLINK("http://a","<b>x</b>")'


@pytest.fixture
def view(store: GraphStore, case_url: str) -> View:
    """The small case, with somebody whose name is a formula."""
    load(store, "NKP", [record("NKP", "Person", "evil", name=_HOSTILE), record("NKP", "Person", "sum", name="=1+1")])
    return store.view(settings.viewer_for(store, case_url, "joint"))


@pytest.fixture
def exported(desk: Desk, view: View) -> tuple[Picture, Facts]:
    """The chart of the question with more on it, of which some is hidden, filtered or grouped."""
    desk.show(view, [id_of("NKP", "evil"), id_of("NKP", "sum"), id_of("NKP", "mo"), id_of("NKP", "van")])
    desk.note_on(RACHID, "a </text><script>alert(1)</script> note\x0b\x00\ud800")
    desk.write("What is known\nso far")
    hide(desk, LAURA)
    sent(desk, view, "group", ids=[id_of("NKP", "mo"), id_of("NKP", "van")])
    desk.rename("Chart & <b>name</b>", ())
    filtered(desk, Filters(without=frozenset({"type:Company"}), until="2026-02-08", loose=True))
    return pictured(desk, view), facts(desk, view, seen(desk, view))


def shown(picture: Picture) -> dict[str, str]:
    return {each: str(thing["label"]) for each, thing in picture.things.items() if each not in picture.out}


def texts(root: Element) -> list[str]:
    return [each.text or "" for each in root.iter(f"{_SVG}text")]


def test_what_a_reader_must_know_is_said(desk: Desk, view: View, exported: tuple[Picture, Facts]) -> None:
    _, told = exported
    said = "\n".join(told.lines)
    assert told.title == "Chart & <b>name</b>"
    assert told.marking == marking_of_records(view, desk.behind(view))
    assert re.search(
        rf"drawn by joint for {view.purpose}, 20\d\d-\d\d-\d\d \d\d:\d\d UTC, revision {view.revision}", said
    )
    assert "8 entities, " in said
    assert "1 entity of the chart hidden; 1 left out by filters" in said
    assert "records from the first until 2026-02-08, and undated ones; 1 group closed" in said
    assert "left out: Company" in said
    assert "Path: رشيد العلوي to Laura Georgiou, 5 steps, weakest X4 (4x4)" in said
    assert "What is known" in said
    sources = re.search(
        r"Sources, with their records: KFIU/reports \((\d+)\), NKP/desk \((\d+)\), RJP/calls \((\d+)\)", said
    )
    assert sources
    assert sum(map(int, sources.groups())) == len(desk.behind(view))
    assert "proves nothing against anybody" in said


def test_a_picture_is_svg_of_what_is_shown(exported: tuple[Picture, Facts]) -> None:
    picture, told = exported
    text = svg(picture, told)
    root = fromstring(text)
    things = root.findall(f"{_SVG}g/{_SVG}g")
    titles = sorted(each.findtext(f"{_SVG}title") or "" for each in things)
    assert titles == sorted(picture.things[each].get("name", label) for each, label in shown(picture).items())
    assert texts(root)[0] == texts(root)[-1] == told.marking
    assert root.findall(f"{_SVG}text")[1].text == told.title
    said = " ".join(texts(root))
    for line in told.lines:
        assert line[:60] in said
    assert "Laura Georgiou" not in " ".join([*titles, *texts(root.find(f"{_SVG}g"))])  # type: ignore[arg-type]
    assert not [label for each, label in shown(picture).items() if label not in said and label not in titles]
    lines = root.findall(f"{_SVG}g/{_SVG}line")
    assert len(lines) == picture.top["ties"] - _out_of_sight(picture)


def _out_of_sight(picture: Picture) -> int:
    """Ties that filters leave whose ends are in one group or out."""
    ties = [tie for name, tie in picture.ties.items() if name not in picture.ties_out]
    return sum(not {tie["a"], tie["b"]} <= shown(picture).keys() for tie in ties)


def test_nothing_in_a_picture_is_alive(exported: tuple[Picture, Facts]) -> None:
    root = fromstring(svg(*exported))
    known = {
        f"{_SVG}{name}"
        for name in ("svg", "g", "rect", "text", "title", "line", "polygon", "circle", "ellipse", "path")
    }
    assert {each.tag for each in root.iter()} <= known
    assert not [name for each in root.iter() for name in each.attrib if name.startswith("on") or "href" in name]
    assert "a </text><script>alert(1)</script> note" in svg_text(root)
    assert "<b>de Wit</b>" in svg_text(root)


def svg_text(root: Element) -> str:
    return "\n".join(each.text or "" for each in root.iter())


def test_a_page_works_offline_and_shows_what_is_shown(exported: tuple[Picture, Facts]) -> None:
    picture, told = exported
    page = html(picture, told)
    assert page.count(f'class="marking">{told.marking}<') == 2
    assert f"<title>{told.title.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</title>" in page
    markup = re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    assert not _OUTSIDE.search(markup), "it asks nothing of another host"
    assert not re.search(r"<script\b[^>]*\bsrc", page)
    assert "<script>alert" not in page
    assert "<b>de Wit" not in page
    nodes = page[page.index("nodes = new vis.DataSet(") :].partition("edges = ")[0]
    assert all(f'"id": "{each}"' in nodes for each in shown(picture))
    assert not [each for each in picture.out if f'"id": "{each}"' in nodes]
    assert LAURA not in page


def test_tables_have_the_rows_of_the_picture(exported: tuple[Picture, Facts]) -> None:
    picture, told = exported
    entities, ties = rows_of(picture)
    assert {row[-1] for row in entities[1:]} == shown(picture).keys()
    calls = next(row for row in ties if row[0].startswith("Call"))
    assert calls[3:6] == ["2026-02-01", "2026-02-08", "8"], "dates and numbers are of what filters leave"
    rows = list(csv.reader(StringIO(as_csv(picture, told))))
    assert [unquoted(rows[0][0]), unquoted(rows[1][0])] == [told.marking, told.title]
    at = rows.index([])
    assert [unquoted(each[0]) for each in rows[2:at]] == list(told.lines)
    again = [[unquoted(cell) for cell in row] for row in rows[at + 1 :]]
    assert again == [*entities, [], *ties]
    book = load_workbook(BytesIO(as_excel(picture, told)))
    assert book.sheetnames == ["About", "Entities", "Relationships"]
    for name, table in (("Entities", entities), ("Relationships", ties)):
        cells = [[unquoted(str(cell or "")) for cell in row] for row in book[name].iter_rows(values_only=True)]
        assert cells[0][0] == told.marking
        assert cells[1:] == table
    assert unquoted(str(book["About"]["A2"].value)) == told.title


def test_no_cell_is_a_formula(exported: tuple[Picture, Facts]) -> None:
    rows = [cell for row in csv.reader(StringIO(as_csv(*exported))) for cell in row]
    assert "'=1+1" in rows
    assert f"'{_HOSTILE}" in rows
    assert not [cell for cell in rows if cell[:1] in tuple("=+-@\t\r")]
    book = load_workbook(BytesIO(as_excel(*exported)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    texts = [cell for cell in cells if not isinstance(cell.value, int)]
    assert {(cell.data_type, cell.quotePrefix) for cell in texts} == {("s", True)}
    assert {(cell.parent.title, cell.column_letter) for cell in cells if isinstance(cell.value, int)} == {
        ("Relationships", "F")
    }
    assert {"=1+1", _HOSTILE, "+31612345678"} <= {cell.value for cell in texts}, "as they are, and text"


def test_an_empty_chart_can_be_drawn_too(desk: Desk, view: View, exported: tuple[Picture, Facts]) -> None:
    picture = replace(exported[0], out=frozenset(exported[0].things))
    assert not fromstring(svg(picture, exported[1])).findall(f"{_SVG}g/{_SVG}g")
    assert rows_of(picture)[0][1:] == rows_of(picture)[1][1:] == []


def test_a_picture_has_marks_pins_and_all_labels_that_find_room(desk: Desk, view: View) -> None:
    sent(desk, view, "mark", ids=[RACHID], colour="red")
    sent(desk, view, "pin", ids=[PHONE])
    text = svg(pictured(desk, view), facts(desk, view, seen(desk, view)))
    root = fromstring(text)
    hues = [each.get("fill") for each in root.iter(f"{_SVG}circle")]
    assert hues.count("#d1242f") == hues.count("#444444") == 1
    ties = pictured(desk, view).ties.values()
    said = texts(root)
    missing = [tie["label"] for tie in ties if not all(each in said for each in tie["label"].split(" · "))]
    told = [each for each in said if each.startswith("No room was left")]
    assert bool(told) == bool(missing)


def test_what_filters_leave_is_what_is_counted(desk: Desk, view: View) -> None:
    filtered(desk, Filters(until="2026-01-20"))
    told = "\n".join(facts(desk, view, seen(desk, view)).lines)
    shown = seen(desk, view).shown
    kinds = Counter(seen(desk, view).drawing.entities[each].schema for each in shown.entities)
    assert all(f"{kind} {n}" in told for kind, n in kinds.items())
    assert "; not all of it is shown" in told


def test_a_page_has_the_picture_too(exported: tuple[Picture, Facts]) -> None:
    picture, told = exported
    assert html(picture, told).count("<svg") == 1
    assert figure(picture) in html(picture, told)
