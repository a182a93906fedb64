"""Zips and folders: each member has its entry, and one that could harm is refused whole."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from tests.ingest.desk import Desk, reasons, totals

NODES = ":ID,name,:LABEL\n1,Ann,Person\n2,Bob,Person\n"
LINKS = ":START_ID,:END_ID,:TYPE\n1,2,KNOWS\n"


def packed(members: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def test_each_member_has_an_entry_and_all_are_one_dataset(desk: Desk) -> None:
    members = {"n/nodes.csv": NODES, "links.csv": LINKS, "model.json": "{}", "__MACOSX/x.csv": "x"}
    path = desk.write("g.zip", packed(members))
    report = desk.load(path, adapter="neo4j-csv")
    assert [(each.path, each.read) for each in report.files] == [(f"{path}!links.csv", 1), (f"{path}!n/nodes.csv", 2)]
    stats = desk.view().stats()
    assert (stats.ties, stats.stubs, len(stats.datasets)) == (1, 0, 1)
    places = {each.record.locator for each in desk.records()}
    assert places == {"g.zip!links.csv:2", "g.zip!n/nodes.csv:2", "g.zip!n/nodes.csv:3"}


def test_a_folder_is_read_like_an_archive(desk: Desk) -> None:
    desk.write("g/nodes.csv", NODES)
    desk.write("g/links.csv", LINKS)
    report = desk.load(desk.folder / "g", adapter="neo4j-csv")
    assert totals(report) == {"read": 3, "accepted": 3}
    assert len(desk.view().stats().datasets) == 1


def test_one_bad_member_is_refused_and_the_others_go_on(desk: Desk) -> None:
    path = desk.write("g.zip", packed({"nodes.csv": NODES, "bad.csv": ':ID,name\n1,"Ann\n'}))
    report = desk.load(path, adapter="neo4j-csv")
    assert totals(report) == {"read": 3, "accepted": 2, "refused": 1}
    assert report.files[0].path == f"{path}!bad.csv"


def encrypted() -> bytes:
    content = bytearray(packed({"a.csv": NODES}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(signature) + offset
        struct.pack_into("<H", content, at, 1)
    return bytes(content)


def damaged() -> bytes:
    content = bytearray(packed({"a.csv": NODES * 50}))
    content[60] ^= 0xFF
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (packed({"../a.csv": NODES}), "unsafe archive"),
        (packed({"/a.csv": NODES}), "unsafe archive"),
        (packed({"..\\a.csv": NODES}), "unsafe archive"),
        (packed({"c:a.csv": NODES}), "unsafe archive"),
        (packed({".": NODES}), "unsafe archive"),
        (packed({"a.zip": packed({"b.csv": NODES}), "n.csv": NODES}), "nested archive"),
        (packed({"bomb.csv": b"0" * (17 << 20)}), "zip bomb"),
        (packed({f"{n}.csv": "" for n in range(10_001)}), "zip bomb"),
        (packed({"readme.txt": "x"}), "nothing to read"),
        (encrypted(), "encrypted archive"),
        (damaged(), "unreadable"),
        (packed({"a.csv": NODES})[:-30], "bad archive"),
        (b"no zip at all", "bad archive"),
    ],
)
def test_an_archive_that_could_harm_is_refused(desk: Desk, content: bytes, reason: str) -> None:
    report = desk.load(desk.write("g.zip", content), adapter="neo4j-csv")
    assert totals(report) == {"read": 1, "refused": 1}
    assert reasons(report) == {reason: 1}


def test_members_with_one_name_are_refused(desk: Desk) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.csv", NODES)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.csv", LINKS)
    report = desk.load(desk.write("g.zip", made.getvalue()), adapter="neo4j-csv")
    assert reasons(report) == {"unsafe archive": 1}


def test_every_adapter_reads_archives(desk: Desk) -> None:
    path: Path = desk.write("e.zip", packed({"e.json": '{"id": "a", "schema": "Person", "properties": {}}\n'}))
    assert totals(desk.load(path, adapter="ftm")) == {"read": 1, "accepted": 1}
