"""The second count, and adapters compared with it on damaged input."""

import io
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import intake
from ingest.formats import ADAPTERS
from ingest.intake import Intake
from ingest.manifest import Manifest, read_manifest, settle
from ingest.mapping import read as mapped
from ingest.recount import Counted, count_lines, count_table
from ingest.specs import Written
from ingest.units import units
from tests.ingest.desk import Desk, totals
from tests.stores import examples, leased
from workbench.errors import FileRefused, StoreError

MANIFEST = """
adapter = "csv"
dataset = "d"
[[files]]
pattern = "*"
encoding = "{encoding}"
line_breaks = 1
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
properties = {{ name = "name", birthDate = "born" }}
[[files.records]]
name = "stay"
schema = "Residence"
properties = {{ summary = "name" }}
roles = {{ resident = "person" }}
"""
TABLE = 'id,name,born\n1,"Ann, ""A""",1990\n2,Иван,1990-02\n\n3,"Cy\nLee",1990-02-03\n3,"Cy\nLee",1990-02-03\n'
ENCODINGS = ("utf-8", "windows-1251", "utf-16-le", "gb18030")


class Memory:
    """A file that is not one."""

    name = "t.csv"

    def __init__(self, content: bytes) -> None:
        self.content = content

    def open(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self.content)


@pytest.fixture(scope="module")
def manifests(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Manifest]:
    folder = tmp_path_factory.mktemp("manifests")
    return {encoding: settle(read_manifest(manifest(folder, encoding)), "m") for encoding in ENCODINGS}


def manifest(folder: Path, encoding: str = "utf-8") -> Path:
    path = folder / f"{encoding}.toml"
    path.write_text(MANIFEST.format(encoding=encoding), "utf-8")
    return path


@st.composite
def mutated(draw: st.DrawFn, original: bytes) -> bytes:
    """The bytes with a few cut, doubled, or replaced by characters with a meaning in tables."""
    content = bytearray(original)
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(content)))
        until = min(len(content), at + draw(st.integers(0, 4)))
        content[at:until] = draw(
            st.sampled_from([b"", b'"', b'""', b",", b"\n", b"\r", b"\0", b"\xff", b"\xd0", b'",', b"x"])
        )
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("", 0),
        ("h", 0),
        ("h\n", 0),
        ("h\n1", 1),
        ("\n\nh\n\n1\n\n\n2\n", 2),
        ("h\r1\r\n2\n\r3", 3),
        ('h\n"a\nb"\n"c""\n"\n', 2),
        ('h\n5" pipe\n6\n', 2),
        ('h,i\n1,"a\n2,b"\n', 1),
        ('h\n""\n', 1),
        ("h\n ,\n", 1),
        ('"h\ni"\n1\n', 1),
    ],
)
def test_rows_are_counted(monkeypatch: pytest.MonkeyPatch, content: str, rows: int) -> None:
    for chunk in (1, 2, 3, 1 << 20):
        monkeypatch.setattr("ingest.recount.tables._CHUNK", chunk)
        for encoding in ("utf-8", "utf-16", "utf-16-le", "cp1251"):
            assert count_table(io.BytesIO(content.encode(encoding)), Written(encoding=encoding)).units == rows


def test_lines_are_counted() -> None:
    assert count_lines(io.BytesIO(b""), Written()) == Counted(0)
    assert count_lines(io.BytesIO(b"\xef\xbb\xbf\n a\n\t\n\r\nb"), Written()) == Counted(2)


def test_a_count_of_lines_keeps_none() -> None:
    """A file may be larger than what a machine has of memory."""
    file = io.BytesIO(b"a line\n" * 200_000)
    tracemalloc.start()
    try:
        assert count_lines(file, Written()) == Counted(200_000)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


@settings(max_examples=examples(300))
@given(data=st.data(), encoding=st.sampled_from(ENCODINGS))
def test_every_row_is_one_unit_whatever_is_in_the_file(
    manifests: dict[str, Manifest], data: st.DataObject, encoding: str
) -> None:
    content = data.draw(mutated(TABLE.encode(encoding)))
    settled = manifests[encoding]
    items = mapped(ADAPTERS["csv"], Memory(content), settled)
    try:
        found = list(units(items))
    except FileRefused:
        return
    assert len(found) == count_table(io.BytesIO(content), Written(encoding=encoding)).units
    assert len({unit[0].locator if isinstance(unit, list) else unit.locator for unit in found}) == len(found)


@settings(max_examples=examples(300))
@given(text=st.text(alphabet='",\n\r;xж\0', max_size=24), encoding=st.sampled_from(ENCODINGS))
def test_any_text_is_cut_alike(manifests: dict[str, Manifest], text: str, encoding: str) -> None:
    content = ("id,name,born\n" + text).encode(encoding)
    try:
        found = list(units(mapped(ADAPTERS["csv"], Memory(content), manifests[encoding])))
    except FileRefused:
        return
    assert len(found) == count_table(io.BytesIO(content), Written(encoding=encoding)).units


@settings(max_examples=40)
@given(data=st.data())
def test_the_sums_of_a_load_add_up(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Load into a store twice: accepted units are unchanged the second time, and only those."""
    folder = tmp_path_factory.mktemp("load")
    content = data.draw(mutated(TABLE.encode()))
    with leased(folder) as url:
        desk = Desk(folder, url)
        path = desk.write("t.csv", content)
        how = manifest(folder)
        first, second = (totals(desk.load(path, manifest=how)) for _ in range(2))
        for found in (first, second):
            assert found["read"] == sum(n for name, n in found.items() if name != "read")
        assert second.get("accepted", 0) == 0
        assert second.get("unchanged", 0) == first.get("accepted", 0) + first.get("unchanged", 0)
        assert second.get("quarantined", 0) == first.get("quarantined", 0) == len(desk.view("LOCAL").quarantine())
        desk.store.close()


def test_a_load_whose_sums_do_not_add_up_fails(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ADAPTERS, "csv", replace(ADAPTERS["csv"], count=lambda *_: Counted(3, 8)))
    path = desk.write("t.csv", TABLE)
    with pytest.raises(StoreError, match="4 units were read, 4 have an outcome, and a second count finds 3"):
        desk.load(path, manifest=manifest(desk.folder))
    assert desk.store.agencies() == frozenset()
    monkeypatch.undo()
    assert totals(desk.load(path, manifest=manifest(desk.folder)))["read"] == 4


@pytest.mark.parametrize(("counted", "told"), [(0, 0), (2, 8)])
def test_a_unit_without_its_one_outcome_fails_the_load(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, counted: int, told: int
) -> None:
    """A counter that returns none, or two, for each unit."""
    count = Intake._count
    monkeypatch.setattr(Intake, "_count", lambda *given: [count(*given) for _ in range(counted)])
    path = desk.write("t.csv", TABLE)
    with pytest.raises(StoreError, match=f"4 units were read, {told} have an outcome, and a second count finds 4"):
        desk.load(path, manifest=manifest(desk.folder))
    assert desk.store.agencies() == frozenset()
    monkeypatch.undo()
    assert totals(desk.load(path, manifest=manifest(desk.folder)))["read"] == 4


def test_progress_is_told_after_each_batch_and_at_the_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_BATCH", 4)  # records: each row says two
    path, told = desk.write("t.csv", TABLE + "4,Di,1990\n"), list[tuple[str, int]]()
    desk.load(path, manifest=manifest(desk.folder), progress=lambda *given: told.append(given))
    assert told == [(str(path), read) for read in (2, 4, 5)]


def rewritten(path: Path) -> None:
    path.write_text(path.read_text("utf-8") + "4,Di,1990\n", "utf-8")


@pytest.mark.parametrize(("do", "reason"), [(Path.unlink, "missing file"), (rewritten, "changed")])
def test_a_file_that_goes_or_changes_while_it_is_read_is_refused_and_the_others_go_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, do: Callable[[Path], None], reason: str
) -> None:
    """Batches of it were written already: nothing of it stays."""
    monkeypatch.setattr(intake, "_BATCH", 2)
    paths, done = [desk.write(f"{n}.csv", TABLE.replace("Ann", f"Ann {n}")) for n in range(3)], list[str]()

    def progress(path: str, _: int) -> None:
        if path == str(paths[1]) and not done:
            done.append(path)
            do(paths[1])

    report = desk.load(*paths, manifest=manifest(desk.folder), progress=progress)
    assert [(each.read, each.refused) for each in report.files] == [(4, 0), (1, 1), (4, 0)]
    assert report.files[1].reasons == {reason: 1}
    assert not report.clean
    assert {each.record.locator.partition(":")[0] for each in desk.records()} == {"0.csv", "2.csv"}
    assert len(desk.view().loads()) == 1


def test_a_load_in_which_files_keep_changing_fails(desk: Desk) -> None:
    paths = [desk.write(f"{n}.csv", TABLE) for n in range(3)]
    with pytest.raises(StoreError, match=r"1\.csv changed while it was read.* 4 units of it had been read, so nothing"):
        desk.load(*paths, manifest=manifest(desk.folder), progress=lambda path, _: rewritten(Path(path)))
    assert desk.view("LOCAL").stats().records == 0
