"""Bad input: a clear message, or a counted reject; nothing lost, nothing half-loaded."""

import os
import stat
from pathlib import Path

import pytest

from ingest import dry_run
from ingest.formats import ADAPTERS
from ingest.sources.regular_files import regular
from tests.ingest.desk import Desk, reasons, totals
from workbench.errors import FileRefused, InputError, UsageError

MANIFEST = """
adapter = "csv"
dataset = "persons"
[[files]]
pattern = "*"
[[files.records]]
name = "person"
schema = "Person"
id = "{id}"
properties = { name = "name" }
"""


@pytest.fixture
def manifest(desk: Desk) -> Path:
    return desk.write("manifest/m.toml", MANIFEST)


@pytest.mark.parametrize(
    ("content", "reason", "message"),
    [
        (b"", "empty file", "t.csv is empty"),
        (b"\n\n", "empty file", "blank lines only"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "not a table", "page of HTML or XML"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<Error><Code>NoSuchKey</Code></Error>', "not a table", "page of HTML"),
        (b"PK\x03\x04xxxx", "bad archive", "is a damaged zip: its end is missing"),
        (b"Rar!\x1a\x07xxxx", "not text", "is compressed, an archive or a document"),
        (b'id,name\n1,Ann\n2,"Bob\n3,Cy\n', "unclosed quote", "line 3: a quote opens here"),
        (b'id,name\n1,Ann\n2,"Bob\n3,"Cy"\n4,Di\n', "unclosed quote", "line 3: a quote opens here"),
        (b"id,name,name\n1,Ann,Lee\n", "duplicate header", "two columns are named 'name'"),
        (b"id,,name\n1,x,Ann\n", "empty header", "column 2 of the data has no name"),
        (b"id,name,remarks\n1,Ann,x\n", "unknown column", "maps column 'remarks': map it, or add it to `ignore`"),
        (b"id;name\n1;Ann\n", "missing column", "cut at ',', has no column 'id'"),
        (b"id,na\xffme\n1,Ann\n", "bad header", "line 1, the header: the row is not utf-8"),
        (b"i\0d,name\n1,Ann\n", "bad header", "NUL"),
        ("id,name\n1,Ann\n".encode("utf-16"), "wrong encoding", "is marked as utf-16-le, not utf-8"),
        (b"id,name\n1," + b"x" * (1 << 22) + b"\n", "row too long", "line 2"),
    ],
)
def test_a_file_that_is_no_table_is_refused_whole(
    desk: Desk, manifest: Path, content: bytes, reason: str, message: str
) -> None:
    good = desk.write("good.csv", "id,name\n9,Zoe\n")
    report = desk.load(desk.write("t.csv", content), good, adapter="csv", manifest=manifest)
    assert reasons(report) == {reason: 1}
    assert totals(report) == {"read": 2, "accepted": 1, "refused": 1}
    assert message in report.messages[0]
    assert not report.clean
    assert desk.view().stats().entities == {"Person": 1}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"2", "ragged row"),
        (b"2,Bob,x", "ragged row"),
        (b"2,B\0b", "NUL"),
        (b"2,B\xeeb", "wrong encoding"),
        (b'2,"Bob"x', "stray quote"),
        (b",Bob", "empty id: person"),
    ],
)
def test_a_row_that_cant_be_read_is_kept_and_the_others_go_on(
    desk: Desk, manifest: Path, row: bytes, reason: str
) -> None:
    path = desk.write("t.csv", b"id,name\n1,Ann\n" + row + b"\n3,Cy\n")
    report = desk.load(path, adapter="csv", manifest=manifest)
    assert reasons(report) == {reason: 1}
    assert totals(report) == {"read": 3, "accepted": 2, "quarantined": 1}
    (kept,) = desk.view().quarantine()
    assert (kept.raw, kept.locator, kept.reason) == (row + b"\n", "t.csv:3", reason)
    assert report.messages == (f"t.csv:3: {kept.message}",)


def test_utf8_taken_for_another_encoding_is_noticed(desk: Desk) -> None:
    manifest = desk.write("m.toml", MANIFEST.replace('pattern = "*"', 'pattern = "*"\nencoding = "windows-1251"'))
    rows = ["id,name\n1,Иван\n".encode(), "2,Петър\n".encode("cp1251"), b"3,Ann\n"]
    report = desk.load(desk.write("t.csv", b"".join(rows)), adapter="csv", manifest=manifest)
    assert reasons(report) == {"wrong encoding": 1}
    assert totals(report) == {"read": 3, "accepted": 2, "quarantined": 1}


def test_half_a_character_at_the_end_of_utf16_refuses_the_file(desk: Desk) -> None:
    manifest = desk.write("m.toml", MANIFEST.replace('pattern = "*"', 'pattern = "*"\nencoding = "utf-16"'))
    report = desk.load(
        desk.write("t.csv", "id,name\n1,Ann\n".encode("utf-16") + b"x"), adapter="csv", manifest=manifest
    )
    assert reasons(report) == {"wrong encoding": 1}
    unmarked = desk.load(desk.write("u.csv", "id,name\n1,Ann\n".encode("utf-16-le")), adapter="csv", manifest=manifest)
    assert "declare utf-16-le or utf-16-be" in unmarked.messages[0]


def test_what_is_no_file_is_refused(desk: Desk, manifest: Path) -> None:
    pipe = desk.folder / "pipe"
    os.mkfifo(pipe)
    folder = desk.folder / "folder"
    folder.mkdir()
    report = desk.load(pipe, folder, desk.folder / "none.csv", adapter="csv", manifest=manifest)
    assert reasons(report) == {"no file": 1, "nothing to read": 1, "missing file": 1}
    assert totals(report) == {"read": 3, "refused": 3}
    assert report.revision is None


def test_devices_and_what_may_not_be_read_are_refused(
    desk: Desk, manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk.folder / "link.csv").symlink_to("/dev/zero")
    report = desk.load(Path("/dev/zero"), desk.folder / "link.csv", adapter="csv", manifest=manifest)
    assert reasons(report) == {"no file": 2}
    closed, opens = desk.write("closed.csv", "id,name\n1,Ann\n"), os.open

    def denied(path: str, *more: int) -> int:
        if path == str(closed):
            raise PermissionError(13, "Permission denied", path)
        return opens(path, *more)

    monkeypatch.setattr(os, "open", denied)
    report = desk.load(closed, adapter="csv", manifest=manifest)
    assert reasons(report) == {"unreadable": 1}
    assert report.messages == (f"{closed} can't be read: Permission denied: check its permissions",)


def test_a_file_that_is_replaced_by_a_pipe_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for someone to write into it."""
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setattr("ingest.sources.regular_files.mode_of", lambda _: stat.S_IFREG)
    with pytest.raises(FileRefused, match="is no file"):
        regular(tmp_path / "pipe")


def test_names_that_are_no_text_are_shown_as_far_as_they_are(desk: Desk) -> None:
    odd = Path(os.fsdecode(os.fsencode(desk.folder) + b"/e\xff.json"))
    odd.write_text('{"id": "a", "schema": "Person", "properties": {"name": ["Ann"]}}\n{}\n', "utf-8")
    report = desk.load(odd, odd.with_name(odd.name + "x"), adapter="ftm", dataset="d")
    assert totals(report) == {"read": 3, "accepted": 1, "quarantined": 1, "refused": 1}
    assert report.files[0].path == f"{desk.folder}/e\ufffd.json"
    assert [each.locator for each in desk.view().quarantine()] == ["e\ufffd.json:2"]


def test_the_wrong_adapter_refuses(desk: Desk, manifest: Path) -> None:
    table = desk.write("t.csv", "id,name\n1,Ann\n")
    entities = desk.write("e.json", '{"id": "a", "schema": "Person"}\n')
    pretty = desk.write("pretty.json", '{\n"id": "a",\n"schema": "Person"\n}\n')
    assert reasons(desk.load(table, pretty, adapter="ftm")) == {"not JSON lines": 2}
    assert reasons(desk.load(table, adapter="neo4j-csv")) == {"bad header": 1}
    assert reasons(desk.load(entities, adapter="csv", manifest=manifest)) == {"missing column": 1}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"adapter": "cvs"}, f"no adapter 'cvs', did you mean csv: one of {', '.join(sorted(ADAPTERS))}"),
        ({"adapter": None}, "name the adapter"),
        ({"adapter": "csv"}, "wants a manifest"),
        ({"adapter": "ftm", "agency": "nkp"}, "capital letters"),
        ({"adapter": "ftm", "marking": "SECRET//REL"}, r"none empty \(marking=\)$"),
        ({"adapter": "ftm", "delivered": "31.12.2025"}, "write it as 2026-03-31"),
        ({"adapter": "ftm", "delivered": "2206-01-01"}, "2206-01-01 is in the future .* write the day on which it was"),
        ({"adapter": "ftm", "dataset": " "}, "printable"),
    ],
)
def test_options_that_cant_be(desk: Desk, options: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        desk.load(desk.folder / "x.json", **options)
    assert desk.store.agencies() == frozenset()


def test_a_manifest_that_contradicts_an_option(desk: Desk) -> None:
    manifest = desk.write("m.toml", 'adapter = "ftm"\nagency = "NKP"\n')
    with pytest.raises(UsageError, match=r"agency TRC was named, and .* says NKP: one of them is wrong \(agency=\)$"):
        desk.load(desk.folder / "x.json", manifest=manifest, agency="TRC")
    with pytest.raises(
        UsageError, match=r"adapter csv was asked for, and the manifest says ftm: one is wrong \(adapter=\)$"
    ):
        desk.load(desk.folder / "x.json", manifest=manifest, adapter="csv")
    with pytest.raises(InputError, match=r"none\.toml"):
        desk.load(desk.folder / "x.json", manifest=desk.folder / "none.toml", adapter="csv")


def test_self_ties_and_dangling_ends_come_in_and_are_counted(desk: Desk) -> None:
    lines = [
        '{"id": "f", "schema": "Family", "properties": {"person": ["a"], "relative": ["a"]}}',
        '{"id": "g", "schema": "Family", "properties": {"person": ["a"], "relative": ["nobody"]}}',
        '{"id": "a", "schema": "Person", "properties": {"name": ["Ann"], "parent": ["a"]}}',
    ]
    report = desk.load(desk.write("e.json", "\n".join(lines)), adapter="ftm")
    assert totals(report) == {"read": 3, "accepted": 3}
    assert reasons(report) == {"self-tie: Family": 1}
    stats = desk.view().stats()
    assert (stats.records, stats.ties, stats.stubs) == (3, 1, 1)


def test_a_dry_run_says_the_same_and_changes_nothing(desk: Desk, manifest: Path) -> None:
    path = desk.write("t.csv", "id,name\n1,Ann\n2\n")
    tried = desk.load(path, how=dry_run, adapter="csv", manifest=manifest)
    assert totals(tried) == {"read": 2, "accepted": 1, "quarantined": 1}
    assert tried.revision is None
    assert desk.store.agencies() == frozenset()
    assert desk.view("LOCAL").stats().records == 0
    assert desk.view("LOCAL").quarantine() == ()
    done = desk.load(path, adapter="csv", manifest=manifest)
    assert done.files == tried.files


def test_messages_that_are_left_out_are_counted(desk: Desk, manifest: Path) -> None:
    rows = "".join(f"{n},Ann,x\n" for n in range(25))
    report = desk.load(desk.write("t.csv", "id,name\n" + rows), manifest=manifest, agency="NKP")
    assert len(report.messages) == 21
    assert report.messages[-1].endswith("t.csv: 5 more messages like these")
