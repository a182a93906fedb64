"""What may be hostile is read in a process with limits: whatever happens to it, only its file is refused."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from ingest import LoadReport, dry_run, prepared
from ingest.asking import heard, told
from ingest.detection import detect
from ingest.formats import ADAPTERS
from ingest.manifest import ManifestSpec, settle
from ingest.messages import Limits, Look
from ingest.sources import Members
from ingest.sources.source import Source
from ingest.sources.steps import Way
from ingest.suggesting.opening import suggested_apart
from tests.ingest import hostile
from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.examples import EXAMPLES
from tests.ingest.packing import PACK, tarred, zipped
from tests.stores import NEO4J
from workbench.errors import FileRefused, StoreError

pytestmark = pytest.mark.night(reason="other processes know no store, and a server takes long", kind=NEO4J)

# Several batches.
MANY = 1_500


PATIENT = """
adapter = "csv"
agency = "NKP"
dataset = "d"
[[files]]
pattern = "*"
[[files.records]]
name = "person"
schema = "Person"
id = "{id}"
properties = { name = { column = "id", take = "(a+)+$" } }
"""


@pytest.fixture(autouse=True)
def adapter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hostile format, and limits that are soon met."""
    monkeypatch.setitem(ADAPTERS, "hostile", hostile.ADAPTER)  # type: ignore[arg-type] # a dict, which nobody changes
    monkeypatch.setattr("ingest.intake._BATCH", 500)
    monkeypatch.setattr("ingest.confining._CPU_S", 4)
    monkeypatch.setattr("ingest.confining._WALL_PER_CPU", 2)
    monkeypatch.setattr("ingest.confining._MEMORY", 200 << 20)


def file(desk: Desk, name: str, units: int, *then: str) -> Path:
    return desk.write(name, "".join(f"{name}-{n}\n" for n in range(units)) + "".join(f"{each}\n" for each in then))


def load(desk: Desk, *paths: Path, **options: Any) -> LoadReport:
    return desk.load(*paths, adapter="hostile", manifest=desk.write("m/m.toml", hostile.MANIFEST), **options)


def outcomes(report: LoadReport) -> list[tuple[str, int, int]]:
    return [(Path(each.path).name, each.accepted, each.refused) for each in report.files]


BY_DAY = ("loop", "segfault", "sleep")
_LATER = pytest.mark.night(reason="by day a reader ends in each way that the system tells of")


@pytest.mark.parametrize(
    ("what", "units"),
    [
        *(pytest.param(each, 1, marks=() if each in BY_DAY else _LATER) for each in sorted(hostile.REASONS)),
        *(("memory", MANY), ("refuse", MANY)),
    ],
)
def test_only_the_file_is_refused_that_ends_its_reader(desk: Desk, what: str, units: int) -> None:
    """Before any unit of it is taken, and after batches of it were written. What came before it is not lost."""
    before, after = file(desk, "0", units), file(desk, "2", 3)
    report = load(desk, before, file(desk, "1", units, what, "x"), after)
    assert outcomes(report) == [("0", units, 0), ("1", 0, 1), ("2", 3, 0)]
    assert reasons(report) == {hostile.REASONS[what]: 1}
    (message,) = report.messages
    assert "secret" not in message
    assert what == "refuse" or str(desk.folder / "1") in message
    digest = desk.view().digest()
    assert totals(load(desk, before, after)) == {"read": units + 3, "unchanged": units + 3}
    assert desk.view().digest() == digest
    assert desk.view().stats().records == units + 3


def test_what_was_read_ahead_is_not_lost_with_the_next_file(desk: Desk) -> None:
    """Far more than waits between two processes: it is read again by one that has nothing else to do."""
    report = load(desk, file(desk, "0", 40_000), file(desk, "1", 3, "segfault"))
    assert outcomes(report) == [("0", 40_000, 0), ("1", 0, 1)]


def test_the_second_count_has_limits_too(desk: Desk) -> None:
    report = load(desk, file(desk, "0", 5, "count"), file(desk, "1", 2))
    assert outcomes(report) == [("0", 0, 1), ("1", 2, 0)]
    assert reasons(report) == {"too much memory": 1}


def test_a_dry_run_and_members_of_archives_are_confined_too(desk: Desk) -> None:
    members = {"a": "x\n", "b": "fail\n", "c": "y\n"}
    path = desk.write("g.tgz", PACK["gz"](tarred(members)))
    assert outcomes(load(desk, path, how=dry_run)) == [("g.tgz!a", 1, 0), ("g.tgz!b", 0, 1), ("g.tgz!c", 1, 0)]
    assert outcomes(load(desk, path)) == [("g.tgz!a", 1, 0), ("g.tgz!b", 0, 1), ("g.tgz!c", 1, 0)]


@pytest.mark.parametrize("archive", [zipped, tarred, lambda members: PACK["zst"](tarred(members))])
def test_this_process_opens_nothing_of_an_archive(desk: Desk, archive: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It neither lists, nor hashes, nor reads, nor counts."""
    path = desk.write("g", archive({"a.csv": ":ID,name\n1,Ann\n", "b.csv.xz": PACK["xz"](b":ID,name\n2,Bob\n")}))

    def never(*_: object) -> None:
        raise AssertionError("this process opens it")

    opens = Way.open
    monkeypatch.setattr(Way, "open", lambda way: never() if way.steps else opens(way))
    monkeypatch.setattr(Source, "open", never)
    for name in ("zipfile.ZipFile.__init__", "tarfile.TarFile.__init__", "ingest.sources.frames.unpacked"):
        monkeypatch.setattr(name, never)
    assert totals(desk.load(path, adapter="neo4j-csv")) == {"read": 2, "accepted": 2}
    assert totals(desk.load(path, adapter="neo4j-csv")) == {"read": 2, "unchanged": 2}


def test_this_process_reads_nothing_of_a_confined_format(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file(desk, "0", 5)
    monkeypatch.setattr(Source, "open", lambda *_: pytest.fail("this process opens it"))
    assert totals(load(desk, path)) == {"read": 5, "accepted": 5}


@pytest.mark.parametrize("program", ["/bin/false", "/nowhere/python"])
def test_without_another_process_nothing_hostile_is_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    prepared.end()
    monkeypatch.setattr("sys.executable", program)
    with pytest.raises(StoreError, match="is read only in a process of its own, and none can be started"):
        load(desk, file(desk, "0", 5))
    assert desk.store.agencies() == frozenset()


def test_the_format_of_an_archive_is_told_by_another_process(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.write("g.tgz", PACK["gz"](tarred({"a": '{"id": "a", "schema": "Person", "properties": {}}\n'})))
    bomb = desk.write("bomb.gz", PACK["gz"](bytes(100 << 20)))
    opens = Way.open
    monkeypatch.setattr(Way, "open", lambda way: pytest.fail("this process opens it") if way.steps else opens(way))
    assert totals(desk.load(path, dataset="d")) == {"read": 1, "accepted": 1}
    with pytest.raises(FileRefused, match="as a bomb does"):
        detect(bomb)


def test_a_pattern_that_would_be_tried_for_ever_costs_only_its_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.ahead.allowed", lambda *_: Limits(512 << 20, 2, 20))
    manifest = desk.write("m.toml", PATIENT)
    files = [desk.write("a.csv", "id\n" + "a" * 40 + "!\n"), desk.write("b.csv", "id\naaa\n")]
    report = desk.load(*files, manifest=manifest)
    assert (totals(report), reasons(report)) == ({"read": 2, "accepted": 1, "refused": 1}, {"too much time": 1})


@pytest.mark.parametrize(
    ("said", "has"),
    [
        ('take = "^a"', True),
        ('split = { pattern = "[;/]" }', True),
        ('split = ";"', False),
        ('map = { a = "b" }', False),
    ],
)
def test_where_a_manifest_has_patterns(said: str, has: bool) -> None:
    text = PATIENT.replace('{ column = "id", take = "(a+)+$" }', f'{{ column = "id", {said} }}')
    assert ManifestSpec.model_validate(tomllib.loads(text)).has_patterns is has


def test_xml_and_workbooks_are_detected_and_sketched_by_another_process(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    xml = desk.write("a.xml", EXAMPLES["un-xml"].file(EXAMPLES["un-xml"].good))
    book = desk.write("b.xlsx", EXAMPLES["xlsx"].file(EXAMPLES["xlsx"].good))
    monkeypatch.setattr("ingest.detection.looking.start_of", lambda *_: pytest.fail("this process looks at it"))
    monkeypatch.setattr("ingest.suggesting.opening.suggest", lambda *_: pytest.fail("this process reads it"))
    assert (detect(xml).sure, detect(book).sure) == ("un-xml", "xlsx")
    assert 'pattern = "b.xlsx"' in suggested_apart(book, "xlsx", 10, examples=False)
    with pytest.raises(FileRefused, match="is no workbook that can be read"):
        suggested_apart(desk.write("c.xlsx", book.read_bytes()[:-30]), "xlsx", 10, examples=False)


def test_our_own_adapters_are_told_by_name() -> None:
    """Another process could not import all of their functions."""
    limits = Limits(1, 1, 1)
    for name, adapter in ADAPTERS.items():
        if adapter is not hostile.ADAPTER:
            asked = Look(Path("x"), Members("*"), adapter, settle(None, "m"), limits)
            assert heard(told(asked)).adapter is ADAPTERS[name]
