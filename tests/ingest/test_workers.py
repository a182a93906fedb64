"""Files that are read at once: the number of workers changes nothing but the time."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import LoadReport
from ingest.ahead import Ahead
from ingest.formats import ADAPTERS
from ingest.jobs import run_jobs
from ingest.process import Process
from tests.ingest import hostile
from tests.ingest.desk import Desk, totals
from tests.ingest.packing import PACK, tarred, zipped
from tests.stores import NEO4J
from workbench.access.viewer import local_viewer
from workbench.errors import UsageError

pytestmark = pytest.mark.night(reason="other processes know no store, and a server takes long", kind=NEO4J)

MANIFEST = """
adapter = "csv"
{dataset}
[[files]]
pattern = "*.csv"
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
properties = {{ name = "name" }}
"""
ROWS = ["1,Ann", "2,Bob", "1,Anna", "3", '4,"D', "5,E\nf", ""]
CONTENT = st.lists(st.sampled_from(ROWS), max_size=4).map(lambda rows: "\n".join(["id,name", *rows, ""]).encode())


def as_it_is(content: bytes) -> tuple[str, bytes]:
    return ".csv", content


def compressed(content: bytes) -> tuple[str, bytes]:
    return ".csv.xz", PACK["xz"](content)


def in_a_zip(content: bytes) -> tuple[str, bytes]:
    return ".zip", zipped({"a.csv": content, "b.csv": content + b"9,Z\n", "c.txt": "x"})


def in_a_tar(content: bytes) -> tuple[str, bytes]:
    return ".tgz", PACK["gz"](tarred({"b.csv": content, "a.csv.zst": PACK["zst"](content + b"8,Y\n")}))


def damaged(content: bytes) -> tuple[str, bytes]:
    return ".csv.gz", PACK["gz"](content)[:-5]


FILES = st.lists(
    st.tuples(st.sampled_from([as_it_is, compressed, in_a_zip, in_a_tar, damaged]), CONTENT).map(
        lambda each: each[0](each[1])
    ),
    min_size=1,
    max_size=5,
)


@pytest.fixture(scope="module")
def processes() -> Iterator[Mapping[int, Ahead]]:
    """One and four processes, which read files of any size."""
    with closing(Ahead()) as one, closing(Ahead()) as four:
        for each in (one, four):
            each._worth_it = each._small = 0
        yield {1: one, 4: four}


def told(desk: Desk, report: LoadReport) -> list[Any]:
    """What everybody sees of a load, but for what chance decides: ids of units in quarantine depend on the store."""
    kept = sorted((unit.locator, unit.reason, unit.message, unit.raw) for unit in desk.view().quarantine())
    return [replace(report, seconds=0, revision=None), desk.view().digest(), kept]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=FILES, named=st.booleans(), again=st.booleans())
def test_the_number_of_workers_changes_nothing(
    processes: Mapping[int, Ahead], tmp_path_factory: pytest.TempPathFactory, files: Any, named: bool, again: bool
) -> None:
    folder, found = tmp_path_factory.mktemp("files"), list[list[Any]]()
    paths = [folder / f"{n}{ending}" for n, (ending, _) in enumerate(files)]
    for path, (_, content) in zip(paths, files, strict=True):
        path.write_bytes(content)
    (folder / "m.toml").write_text(MANIFEST.format(dataset='dataset = "d"' if named else ""), "utf-8")
    for workers, ahead in processes.items():
        desk = Desk(tmp_path_factory.mktemp("store"))
        if again:
            desk.load(*paths[::2], manifest=folder / "m.toml", delivered="2026-01-01")
        options = {"manifest": folder / "m.toml", "delivered": "2026-01-02", "ahead": ahead, "workers": workers}
        found.append(told(desk, desk.load(*paths, **options)))
        desk.store.close()
    assert found[0] == found[1]


def test_files_are_read_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many processes as are asked for, and one that opens files before their turn; each file is asked for once."""
    made, asked = list[Process](), list[str]()
    begin, ask = Process.__init__, Process.ask

    def noted(process: Process) -> None:
        made.append(process)
        begin(process)

    def also_noted(process: Process, each: Any) -> None:
        asked.append(f"{type(each).__name__} {getattr(each, 'path', None) or each.source.path}")
        ask(process, each)

    monkeypatch.setattr(Process, "__init__", noted)
    monkeypatch.setattr(Process, "ask", also_noted)
    paths = [desk.write(f"{n}.csv.gz", PACK["gz"](f"id,name\n{n},Ann\n".encode())) for n in range(5)]
    manifest = desk.write("m.toml", MANIFEST.format(dataset='dataset = "d"'))
    report = desk.load(*paths, manifest=manifest, workers=3)
    assert totals(report) == {"read": 5, "accepted": 5}
    assert 2 <= len(made) <= 4
    assert sorted(asked) == sorted([f"{what} {path}" for path in paths for what in ("Asked", "Look")])


def test_a_file_that_ends_its_process_is_refused_among_others(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ADAPTERS, "hostile", hostile.ADAPTER)  # type: ignore[arg-type] # a dict, which nobody changes
    said = ["a\n", "b\nsegfault\n", "c\n", "kill\n", "d\n"]
    paths = [desk.write(f"{n}", content) for n, content in enumerate(said)]
    report = desk.load(*paths, adapter="hostile", manifest=desk.write("m.toml", hostile.MANIFEST), workers=4)
    assert [(each.accepted, *each.reasons) for each in report.files] == [
        (1,),
        (0, "reader crashed"),
        (1,),
        (0, "reader crashed"),
        (1,),
    ]


@pytest.mark.parametrize("workers", [0, -1, 65, True, 1.5, "2", None])
def test_a_number_of_workers_that_cant_be_is_refused(desk: Desk, workers: Any) -> None:
    with pytest.raises(UsageError, match="workers must be a whole number from 1 to 64"):
        desk.load(desk.folder / "x", adapter="ftm", workers=workers)


def test_loads_of_a_batch_say_how_many(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    used = list[int]()
    begin = Ahead.begin

    def noted(ahead: Ahead, workers: int) -> None:
        used.append(workers)
        begin(ahead, workers)

    monkeypatch.setattr(Ahead, "begin", noted)
    desk.write("e.json", '{"id": "a", "schema": "Person", "properties": {"name": ["Ann"]}}\n')
    table = '[[loads]]\nfiles = ["e.json"]\nadapter = "ftm"\n'
    batch = desk.write("batch.toml", f"{table}workers = 4\n{table}")
    reports = list(run_jobs(desk.store, Path(batch), local_viewer(()), by="tester"))
    assert (len(reports), used) == (2, [4, 1])
