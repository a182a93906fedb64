"""Zips and folders: each member has an entry in the report, and a dangerous archive is refused as a whole."""

import hashlib
import io
import struct
import zipfile

import pytest

from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.packing import PACK, tarred, zipped

NODES = ":ID,name,:LABEL\n1,Ann,Person\n2,Bob,Person\n"
LINKS = ":START_ID,:END_ID,:TYPE\n1,2,KNOWS\n"


def test_each_member_has_an_entry_and_all_are_one_dataset(desk: Desk) -> None:
    clutter = {"__MACOSX/x.csv": "x", "n/.DS_Store": "x", "n/._nodes.csv": "x", "neo4j_importer_model.json": "{}"}
    members = {"n/nodes.csv": NODES, "links.csv": LINKS, **clutter}
    path = desk.write("g.zip", zipped(members))
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


@pytest.mark.parametrize("as_zip", [True, False])
def test_nothing_of_an_archive_or_folder_is_passed_over(desk: Desk, as_zip: bool) -> None:
    members = {"nodes.csv": NODES, "RELS.CSV": LINKS, "extra.tsv": "x", "sub/more.csv": ":ID,name\n3,Cy\n"}
    for name, content in members.items():
        desk.write(f"g/{name}", content)
    path = desk.write("g.zip", zipped(members)) if as_zip else desk.folder / "g"
    report = desk.load(path, adapter="neo4j-csv")
    last = [(each.path[len(str(path)) + 1 :], each.read, each.accepted) for each in report.files]
    assert last == [("RELS.CSV", 1, 1), ("extra.tsv", 1, 0), ("nodes.csv", 2, 2), ("sub/more.csv", 1, 1)]
    assert reasons(report)["no data of this adapter"] == 1
    assert not report.clean
    assert report.messages == (
        f"{report.files[1].path} was not read: this adapter reads *.csv: rename it if it is that, else leave it out",
    )
    assert desk.view().stats().ties == 1


def test_what_is_no_file_in_a_folder_is_told(desk: Desk) -> None:
    desk.write("g/nodes.csv", NODES)
    (desk.folder / "g/more.csv").symlink_to(desk.folder)
    report = desk.load(desk.folder / "g", adapter="neo4j-csv")
    assert [(each.path.rpartition("/")[2], each.refused) for each in report.files] == [
        ("more.csv", 1),
        ("nodes.csv", 0),
    ]


def test_patterns_fit_names_in_any_case(desk: Desk) -> None:
    manifest = desk.write("m.toml", 'dataset = "d"\n[[files]]\npattern = "*.csv"\nmarking = "SECRET//REL NKP"\n')
    path = desk.write("NODES.CSV", NODES)
    desk.load(path, adapter="neo4j-csv", manifest=manifest, agency="NKP", marking="OPEN")
    assert [str(each) for each in desk.view().markings()] == ["SECRET//REL NKP"]


def test_one_bad_member_is_refused_and_the_others_go_on(desk: Desk) -> None:
    path = desk.write("g.zip", zipped({"nodes.csv": NODES, "bad.csv": ':ID,name\n1,"Ann\n'}))
    report = desk.load(path, adapter="neo4j-csv")
    assert totals(report) == {"read": 3, "accepted": 2, "refused": 1}
    assert report.files[0].path == f"{path}!bad.csv"


def encrypted() -> bytes:
    content = bytearray(zipped({"a.csv": NODES}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(signature) + offset
        struct.pack_into("<H", content, at, 1)
    return bytes(content)


def damaged() -> bytes:
    content = bytearray(zipped({"a.csv": NODES * 50}))
    content[60] ^= 0xFF
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (zipped({"../a.csv": NODES}), "unsafe archive"),
        (zipped({"/a.csv": NODES}), "unsafe archive"),
        (zipped({"..\\a.csv": NODES}), "unsafe archive"),
        (zipped({"c:a.csv": NODES}), "unsafe archive"),
        (zipped({".": NODES}), "unsafe archive"),
        (zipped({"a.zip": zipped({"b.csv": NODES}), "n.csv": NODES}), "nested archive"),
        (zipped({"bomb.csv": b"0" * (17 << 20)}), "zip bomb"),
        (zipped({f"{n}.csv": "" for n in range(10_001)}), "zip bomb"),
        (zipped({"readme.txt": "x"}), "nothing to read"),
        (encrypted(), "encrypted archive"),
        (damaged(), "damaged"),
        (zipped({"a.csv": NODES})[:-30], "bad archive"),
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


def test_files_in_a_folder_may_be_compressed_and_archives_are_named_by_themselves(desk: Desk) -> None:
    desk.write("g/nodes.csv.gz", PACK["gz"](NODES.encode()))
    desk.write("g/links.csv", LINKS)
    desk.write("g/damaged.csv.xz", PACK["xz"](NODES.encode())[:-9])
    desk.write("g/more.csv", zipped({"x.csv": NODES}))
    desk.write("g/other.csv", PACK["zst"](tarred({"x.csv": NODES})))
    report = desk.load(desk.folder / "g", adapter="neo4j-csv")
    found = [(each.path.rpartition("/")[2], each.accepted, *each.reasons) for each in report.files]
    assert found == [
        ("damaged.csv.xz", 0, "damaged"),
        ("links.csv", 1),
        ("more.csv", 0, "no data of this adapter"),
        ("nodes.csv.gz", 2),
        ("other.csv", 0, "no data of this adapter"),
    ]
    assert {each.record.locator.rpartition(":")[0] for each in desk.records()} == {"links.csv", "nodes.csv.gz"}


@pytest.mark.parametrize("packing", sorted(PACK))
def test_a_compressed_file_is_loaded_as_what_is_in_it(desk: Desk, packing: str) -> None:
    """Its hash is that of its content, and the manifest's pattern fits its name."""
    manifest = desk.write("m.toml", 'dataset = "d"\n[[files]]\npattern = "n*.csv"\nmarking = "SECRET//REL NKP"\n')
    path = desk.write("nodes.csv.gz", PACK[packing](NODES.encode()))
    report = desk.load(path, adapter="neo4j-csv", manifest=manifest, agency="NKP", marking="OPEN")
    assert totals(report) == {"read": 2, "accepted": 2}
    assert report.files[0].sha256 == hashlib.sha256(NODES.encode()).hexdigest()
    assert [str(each) for each in desk.view().markings()] == ["SECRET//REL NKP"]
    desk.write("nodes.csv.gz", PACK["gz"](NODES.encode()) + PACK["gz"](b""))
    again = desk.load(path, adapter="neo4j-csv", manifest=manifest, agency="NKP", marking="OPEN")
    assert (totals(again), again.revision) == ({"read": 2, "unchanged": 2}, None)
