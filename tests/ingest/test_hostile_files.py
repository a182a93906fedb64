"""Documents and pictures that are no data, workbooks with more than cells, archives in archives, bad rows."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest

from ingest.formats import ADAPTERS
from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.examples import EXAMPLES
from tests.ingest.listening import Listening
from tests.ingest.packing import PACK, tarred, zipped
from tests.ingest.test_hostile_archives import little
from tests.ingest.workbooks import number_cell, row, text_cell, workbook
from tests.stores import NEO4J
from workbench.errors import DeliveryRefused, UsageError

pytestmark = pytest.mark.night(reason="other processes know no store, and a server takes long", kind=NEO4J)

_ACTION = b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.launchURL\\('http://x.invalid'\\))>>>>"
PDF = (
    b"%PDF-1.7\n1 0 obj"
    + _ACTION
    + b"endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
PERSONS = """
adapter = "xlsx"
dataset = "d"
[[files]]
pattern = "*"
[[files.records]]
name = "person"
schema = "Person"
id = "{id}"
properties = { name = "name" }
"""
HEADER = row([text_cell("id"), text_cell("name")])
ANN = row([number_cell("1"), text_cell("Ann")])


def png() -> bytes:
    """A picture of a few bytes that says it has 2,147,483,648 points."""

    def part(name: bytes, said: bytes) -> bytes:
        return struct.pack(">L", len(said)) + name + said + struct.pack(">L", zlib.crc32(name + said))

    header = part(b"IHDR", struct.pack(">2L5B", 65_536, 32_768, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + part(b"IDAT", zlib.compress(bytes(64))) + part(b"IEND", b"")


@pytest.fixture
def server() -> Iterator[Listening]:
    with closing(Listening()) as found:
        yield found


@pytest.mark.parametrize("content", [PDF, png()], ids=["pdf", "png"])
@pytest.mark.parametrize("adapter", sorted(ADAPTERS))
def test_documents_and_pictures_are_no_data(desk: Desk, adapter: str, content: bytes) -> None:
    """Whatever they are called, and whoever is to read them: nothing opens them as what they are."""
    example = EXAMPLES[adapter]
    path, how = desk.write(example.name, content), desk.write("m/m.toml", example.manifest)
    with little(seconds=10):
        report = desk.load(path, manifest=how)
    assert totals(report) == {"read": 1, "refused": 1}
    assert desk.view().quarantine() == ()


@pytest.mark.parametrize("name", ["a.pdf", "a.png", "a.csv", "a"])
@pytest.mark.parametrize("content", [PDF, png()], ids=["pdf", "png"])
def test_nobody_takes_a_document_or_picture_for_data(desk: Desk, name: str, content: bytes) -> None:
    with pytest.raises(UsageError) as refused:
        desk.load(desk.write(name, content))
    assert refused.value.field in {"adapter", "paths"}
    assert desk.store.agencies() == frozenset()


def links(url: str) -> str:
    kinds = ("externalLinkPath", "oleObject", "attachedTemplate", "image")
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    each = (f'<Relationship Id="e{k}" TargetMode="External" Target="{url}" Type="{office}/{k}"/>' for k in kinds)
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{"".join(each)}' + (
        "</Relationships>"
    )


def test_of_a_workbook_only_cells_are_read(desk: Desk, server: Listening) -> None:
    """No link is followed, no macro or formula run, no picture opened."""
    formula = f'<c t="str"><f>WEBSERVICE("{server.url}")</f><v>Bo</v></c>'
    more = {
        "xl/externalLinks/_rels/externalLink1.xml.rels": links(server.url),
        "xl/worksheets/_rels/sheet1.xml.rels": links(server.url),
        "xl/vbaProject.bin": "macro",
        "xl/connections.xml": f'<connections><connection><webPr url="{server.url}"/></connection></connections>',
        "xl/media/image1.png": png().decode("latin-1"),
    }
    content = workbook({"S": [HEADER, ANN, row([number_cell("2"), formula])]}, more=more)
    report = desk.load(desk.write("t.xlsx", content), manifest=desk.write("m/m.toml", PERSONS))
    assert totals(report) == {"read": 2, "accepted": 2}
    names = {each.record.properties["name"][0].original for each in desk.records()}
    assert names == {"Ann", "Bo"}, "what was shown last, and not what a formula would give"
    assert server.heard() == 0


def test_a_sheet_of_200_mb_is_a_bomb(desk: Desk) -> None:
    more = {"xl/worksheets/sheet1.xml": "<x>" + " " * (200 << 20) + "</x>"}
    large = workbook({"S": [HEADER, ANN]}, more=more)
    path, good = desk.write("a.xlsx", large), desk.write("b.xlsx", workbook({"S": [HEADER, ANN]}))
    with little(mib=1_400):
        report = desk.load(path, good, manifest=desk.write("m/m.toml", PERSONS))
    assert reasons(report) == {"zip bomb": 1}
    assert totals(report) == {"read": 2, "accepted": 1, "refused": 1}


def test_cells_at_the_far_end_of_a_sheet_take_no_room(desk: Desk) -> None:
    far = '<c r="XFD{0}"><v>1</v></c>'
    rows = [HEADER, ANN, *(f'<row r="{n}">{far.format(n)}</row>' for n in range(1_000_000, 1_000_200))]
    report = desk.load(desk.write("t.xlsx", workbook({"S": rows})), manifest=desk.write("m/m.toml", PERSONS))
    assert totals(report) == {"read": 201, "accepted": 1, "quarantined": 200}


@pytest.mark.parametrize("inner", ["zip", "tar"])
def test_archives_in_an_archive_are_not_opened(desk: Desk, inner: str) -> None:
    content = b"id,name\n1,Ann\n"
    for _ in range(3):
        content = zipped({f"a.{inner}": content}) if inner == "zip" else tarred({"a.csv": content})
    path = desk.write("a.zip", zipped({"a.csv": content}))
    how = desk.write("m/m.toml", PERSONS.replace("xlsx", "csv"))
    report = desk.load(path, manifest=how)
    assert totals(report) == {"read": 1, "refused": 1}
    assert reasons(report).keys() <= {"nested archive", "archive in an archive", "bad archive"}


def test_an_encrypted_archive_is_refused(desk: Desk) -> None:
    made = bytearray(zipped({"a.csv": "id,name\n1,Ann\n"}))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.index(sign) + at] |= 1
    report = desk.load(desk.write("a.zip", bytes(made)), manifest=desk.write("m.toml", PERSONS.replace("xlsx", "csv")))
    assert reasons(report) == {"encrypted archive": 1}
    assert zipfile.is_zipfile(BytesIO(bytes(made)))


def test_a_bomb_spoils_no_other_file(desk: Desk) -> None:
    bomb = desk.write("a.csv.gz", PACK["gz"](bytes(200 << 20)))
    good = desk.write("b.csv", "id,name\n1,Ann\n")
    report = desk.load(bomb, good, manifest=desk.write("m/m.toml", PERSONS.replace("xlsx", "csv")))
    assert totals(report) == {"read": 2, "accepted": 1, "refused": 1}
    assert reasons(report) == {"zip bomb": 1}


def table(desk: Desk, good: int, bad: int) -> Path:
    rows = [f"{n},Ann" for n in range(good)] + [f"{n},Bo,x" for n in range(good, good + bad)]
    return desk.write("t.csv", "\n".join(["id,name", *rows, ""]))


def test_a_tenth_of_bad_rows_is_told_or_refused(desk: Desk) -> None:
    """As the load says how many may be bad; never is it clean."""
    path, how = table(desk, 90, 10), desk.write("m/m.toml", PERSONS.replace("xlsx", "csv"))
    for most in ("9%", "9.99%", 9, 0):
        with pytest.raises(DeliveryRefused, match="10 of 100 units can't be read"):
            desk.load(path, manifest=how, max_quarantined=most)
        assert desk.store.agencies() == frozenset()
    report = desk.load(path, manifest=how, max_quarantined="10%")
    assert totals(report) == {"read": 100, "accepted": 90, "quarantined": 10}
    assert not report.clean
    assert reasons(report) == {"ragged row": 10}
    assert len(report.messages) == len(desk.view().quarantine()) == 10
