"""The second process of a load: what it reads is the same, and no end of either process does harm."""

import os
import signal
import sqlite3
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import ahead
from ingest.account import Account
from ingest.ahead import Ahead, Reading
from ingest.behind import _Outbox
from ingest.formats import ADAPTERS
from ingest.manifest import Manifest
from ingest.mapping import read
from ingest.messages import Asked, Failed, Look, Piece
from ingest.pool import Pool
from ingest.process import Process
from ingest.report import LoadReport, Tally
from ingest.sources import Members, Source, opened
from ingest.units import units
from tests.crash.processes import readers, runs, start, until
from tests.ingest.desk import Desk, totals
from tests.ingest.examples import EXAMPLES
from tests.ingest.families import each_family
from tests.ingest.test_adapters import drawn_content, manifest_of
from tests.stores import NEO4J, examples, leased
from workbench.errors import FileRefused, StoreError

pytestmark = pytest.mark.night(reason="the second process knows no store, and a server takes long", kind=NEO4J)
each = pytest.mark.parametrize("adapter", sorted(ADAPTERS))

MANIFEST = """
adapter = "csv"
dataset = "d"
[[files]]
pattern = "*"
[[files.records]]
name = "link"
schema = "UnknownLink"
properties = { date = "day" }
roles = { subject = { id = "{a}" }, object = { id = "{b}" } }
"""
# Several batches and more than what may wait between two processes.
MANY = 60_000
# Columns that differ between two loads of the same.
BY_CHANCE = {"id", "lid", "loaded_at"}
TABLES = ("term", "dataset", "marking", "entity", "file", "record", "tie", "claim", "text", "short")


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is read in a second process."""
    monkeypatch.setattr(ahead, "_WORTH_IT", 0)
    monkeypatch.setattr(ahead, "_SMALL", 0)


@pytest.fixture(scope="module")
def second() -> Iterator[Ahead]:
    """A second process for several tests."""
    with closing(Ahead()) as process:
        process._worth_it = process._small = 0
        yield process


def here(adapter: Any, source: Source, manifest: Manifest, account: Account) -> Iterator[Any]:
    return units(read(adapter, source, manifest, account))


def nothing(*_: object) -> Iterator[Any]:
    raise AssertionError("the second process reads this")


def said(
    process: Ahead | None, adapter: str, source: Source, manifest: Manifest, by: Callable[..., Any] = here
) -> list[object]:
    """All that is read of a file, by a second process or in this one, or why it is refused."""
    tally = Tally(source.path, source.sha256())
    if process is None:
        reading = Reading(tally, lambda account: by(ADAPTERS[adapter], source, manifest, account), iter(()))
    else:
        reading = process.reading(ADAPTERS[adapter], manifest, source, tally, by)
    try:
        found = list(reading.units())
    except FileRefused as refused:
        return [refused.reason, refused.message]
    return [found, tally.account]


def source_of(path: Path) -> Source:
    (source,) = sources_of(path)
    return source


def sources_of(path: Path) -> list[Source]:
    with opened(path, Members("*"), False) as found:
        return list(found)


def rows(desk: Desk) -> list[object]:
    """What is in the tables of a store that is a file, but for what chance decides."""
    with closing(sqlite3.connect(desk.url.removeprefix("sqlite:///"))) as db:
        db.row_factory = sqlite3.Row
        found = {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}  # noqa: S608 - names of ours
    return [
        (name, [{key: row[key] for key in row.keys() if key not in BY_CHANCE} for row in each])  # noqa: SIM118
        for name, each in found.items()
    ]


def told(desk: Desk, report: LoadReport) -> list[object]:
    """What everybody sees of a load, but for what chance decides."""
    kept = [
        (unit.locator, unit.reason, unit.message, unit.raw, {**unit.context, "file": "", "of": ""})
        for unit in desk.view().quarantine()
    ]
    return [report.files, report.messages, report.unforeseen, desk.view().digest(), sorted(kept, key=repr)]


def many(desk: Desk) -> dict[str, Any]:
    """The options to load a file of several batches, with a unit that can't be read, and equal ones."""
    lines = [f"{n % 50_000},{n % 7},{1900 + n % 100}-01-02" for n in range(MANY)]
    table = desk.write("many.csv", "\n".join(["a,b,day", *lines, "Flo", ""]))
    return {"paths": table, "manifest": desk.write("m.toml", MANIFEST)}


@each_family
@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_a_file_is_a_second_process_reads_the_same(
    second: Ahead, tmp_path: Path, adapter: str, data: st.DataObject
) -> None:
    example = EXAMPLES[adapter]
    path = tmp_path / example.name
    path.write_bytes(drawn_content(example, data))
    try:
        source, *others = sources_of(path)
    except FileRefused:  # what is left looks like a damaged archive, which nothing reads
        return
    if others:  # a damaged workbook is an archive of several files
        return
    manifest = manifest_of(example)
    assert said(second, adapter, source, manifest) == said(None, adapter, source, manifest)


@each
def test_a_second_process_reads_all_that_can_be_read(second: Ahead, tmp_path: Path, adapter: str) -> None:
    example = EXAMPLES[adapter]
    path = tmp_path / example.name
    path.write_bytes(example.file(example.units))
    source, manifest = source_of(path), manifest_of(example)
    assert said(second, adapter, source, manifest, nothing) == said(None, adapter, source, manifest)


@each_family
def test_two_processes_make_the_same_store(tmp_path: Path, adapter: str, request: pytest.FixtureRequest) -> None:
    example, found = EXAMPLES[adapter], list[object]()
    for name in ("one", "two"):
        with leased(tmp_path, name) as url:
            desk = Desk(tmp_path, url)
            table = desk.write(example.name, example.file([*example.units, *example.good]))
            manifest = desk.write("m.toml", example.manifest)
            report = desk.load(table, manifest=manifest, delivered="2026-01-01")
            found.append([told(desk, report), rows(desk) if url.startswith("sqlite") else []])
            desk.store.close()
        request.getfixturevalue("always")
    assert found[0] == found[1]


def test_a_large_file_is_read_in_a_second_process(
    tmp_path: Path, always: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    options = many(desk)
    monkeypatch.setattr("ingest.pipeline.read", nothing)
    report = desk.load(options.pop("paths"), **options)
    assert totals(report) == {"read": MANY + 1, "accepted": MANY, "quarantined": 1}


def test_members_of_archives_are_read_in_a_second_process(second: Ahead, tmp_path: Path) -> None:
    example = EXAMPLES["csv"]
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(example.name, example.file(example.units))
    with opened(packed, Members("*"), False) as (source,):
        manifest = manifest_of(example)
        assert said(second, "csv", source, manifest, nothing) == said(None, "csv", source, manifest)


@each
def test_a_file_is_read_ahead_while_another_is_taken(second: Ahead, tmp_path: Path, adapter: str) -> None:
    """What was expected and is not read after all, or only with another content, is passed over."""
    example = EXAMPLES[adapter]
    manifest, paths = manifest_of(example), [tmp_path / name / example.name for name in "abc"]
    for path, units_of in zip(paths, (example.units, example.good, example.units[:1]), strict=True):
        path.parent.mkdir()
        path.write_bytes(example.file(units_of))
    sources = [source_of(path) for path in paths]
    wanted = [said(None, adapter, source, manifest) for source in sources]
    second.expect(ADAPTERS[adapter], manifest, sources[0], sources[0].sha256())
    second.expect(ADAPTERS[adapter], manifest, sources[1], sources[1].sha256())
    second.expect(ADAPTERS[adapter], manifest, sources[2], "of another content")
    assert said(second, adapter, sources[1], manifest, nothing) == wanted[1]
    assert said(second, adapter, sources[2], manifest, nothing) == wanted[2]
    assert said(second, adapter, sources[0], manifest, nothing) == wanted[0]
    assert not any(process.waiting for process in second._pool._processes)


def test_files_of_a_large_load_are_read_ahead_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first one on, and each is asked for while the one before it is taken."""
    desk, asked = Desk(tmp_path), list[tuple[str, int]]()
    tables = [desk.write(f"{n}.csv", f"a,b,day\n{n},x,2000-01-02\n") for n in range(4)]
    manifest = desk.write("m.toml", MANIFEST)
    ask = Process.ask

    def noted(process: Process, each: Asked | Look) -> None:
        assert isinstance(each, Asked)
        asked.append((each.source.name, len(process.waiting)))
        ask(process, each)

    monkeypatch.setattr(Process, "ask", noted)
    monkeypatch.setattr(ahead, "_WORTH_IT", 4 * len("a,b,day\n0,x,2000-01-02\n"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ingest.pipeline.read", nothing)
        report = desk.load(*tables, manifest=manifest)
    assert totals(report) == {"read": 4, "accepted": 4}
    assert asked == [("0.csv", 0), ("1.csv", 1), ("2.csv", 1), ("3.csv", 1)]
    monkeypatch.setattr(Pool, "_started", nothing)  # what follows a file that is not read again may not be read either
    tables[3].write_text("a,b,day\n3,y,2000-01-02\n", "utf-8")
    assert totals(desk.load(*tables, manifest=manifest)) == {"read": 4, "accepted": 1, "unchanged": 3}


def test_small_files_start_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pool, "_started", nothing)
    desk, example = Desk(tmp_path), EXAMPLES["csv"]
    table = desk.write(example.name, example.file(example.good))
    report = desk.load(table, manifest=desk.write("m.toml", example.manifest))
    assert totals(report) == {"read": 3, "accepted": 3}


@pytest.mark.parametrize("program", ["/bin/false", "/nowhere/python"])
def test_where_no_process_can_be_had_one_reads_all(
    tmp_path: Path, always: None, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(sys, "executable", program)
    desk, example = Desk(tmp_path), EXAMPLES["csv"]
    table = desk.write(example.name, example.file(example.good))
    report = desk.load(table, manifest=desk.write("m.toml", example.manifest))
    assert totals(report) == {"read": 3, "accepted": 3}


def test_a_file_that_is_another_by_now_is_not_read(second: Ahead, tmp_path: Path) -> None:
    example = EXAMPLES["csv"]
    path = tmp_path / example.name
    path.write_bytes(example.file(example.good))
    source, manifest, tally = source_of(path), manifest_of(example), Tally("t.csv", "another hash")
    reading = second.reading(ADAPTERS["csv"], manifest, source, tally, lambda *_: iter([]))
    assert list(reading.units()) == []


def test_a_reading_goes_on_here_if_the_second_process_is_ended_before_it_begins(tmp_path: Path) -> None:
    example, manifest = EXAMPLES["csv"], manifest_of(EXAMPLES["csv"])
    path = tmp_path / example.name
    path.write_bytes(example.file(example.good))
    source = source_of(path)
    process = Ahead()
    process._worth_it = process._small = 0
    tally = Tally(source.path, source.sha256())
    reading = process.reading(ADAPTERS["csv"], manifest, source, tally, here)
    assert process.runs
    process.close()
    assert [list(reading.units()), tally.account] == said(None, "csv", source, manifest)


def test_a_file_is_read_on_from_where_a_second_process_stopped(tmp_path: Path) -> None:
    example, manifest = EXAMPLES["csv"], manifest_of(EXAMPLES["csv"])
    path = tmp_path / example.name
    path.write_bytes(example.file(example.good))
    source, tally = source_of(path), Tally("t.csv")
    whole = list(here(ADAPTERS["csv"], source, manifest, Account()))
    first = Piece(whole[:1])
    stopped = Reading(tally, lambda account: here(ADAPTERS["csv"], source, manifest, account), iter([first, Failed()]))
    assert list(stopped.units()) == whole
    assert tally.account.made.total() == len(whole)


# -- ends ---------------------------------------------------------------------------------------------------------


def killed_while(desk: Desk, kill: Callable[[], None]) -> None:
    """Load a file of several batches, and do this when the first of them is written."""
    options, done = many(desk), []

    def progress(_: str, n: int) -> None:
        if not done:
            done.append(n)
            kill()

    desk.load(options.pop("paths"), progress=progress, **options)


def test_nothing_is_loaded_where_the_second_process_is_killed(tmp_path: Path, always: None) -> None:
    desk, before = Desk(tmp_path), readers(os.getpid())

    def kill() -> None:
        (second,) = readers(os.getpid()) - before
        os.kill(second, signal.SIGKILL)

    with pytest.raises(StoreError, match="ended from outside, so nothing was loaded"):
        killed_while(desk, kill)
    assert not desk.records()
    killed_while(desk, lambda: None)
    assert len(desk.view().loads()) == 1


def test_a_second_process_ends_with_a_load_that_fails(tmp_path: Path, always: None) -> None:
    desk, before = Desk(tmp_path), readers(os.getpid())

    def fail() -> None:
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        killed_while(desk, fail)
    until(lambda: readers(os.getpid()) == before)
    assert not desk.records()


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGINT])
def test_a_second_process_ends_with_the_first(tmp_path: Path, always: None, by: signal.Signals) -> None:
    noted = tmp_path / "second"

    def work() -> None:
        os.setsid()  # an interrupt goes to both, as from a keyboard
        signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored where tests run

        def note() -> None:
            noted.write_text(" ".join(map(str, readers(os.getpid()))), "ascii")
            while True:
                time.sleep(1)

        killed_while(Desk(tmp_path), note)

    first = start(work)
    until(lambda: noted.exists() and noted.read_text("ascii"))
    second = int(noted.read_text("ascii"))
    assert runs(second)
    if by == signal.SIGINT:
        os.killpg(first, by)
    else:
        os.kill(first, by)
    os.waitpid(first, 0)
    until(lambda: not runs(second))
    assert not Desk(tmp_path).records()


def test_pieces_wait_until_they_are_taken() -> None:
    class Slow:
        sent: list[bytes]

        def __init__(self) -> None:
            self.sent = []

        def send_bytes(self, piece: bytes) -> None:
            time.sleep(0.05)
            self.sent.append(piece)

    slow = Slow()
    outbox = _Outbox(slow)  # type: ignore[arg-type]
    large = bytes(9 << 20)
    for _ in range(4):
        outbox.put(large)
        assert outbox._octets <= 16 << 20
    until(lambda: len(slow.sent) == 4)
