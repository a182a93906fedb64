"""Very wide tables, rows and lines are read in linear time, or refused by a stated limit."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

import pytest

from ingest.formats import ADAPTERS
from ingest.manifest import Manifest, read_manifest, settle
from ingest.mapping import read as mapped
from ingest.shapes import Reject
from tests.ingest.desk import Desk, reasons
from workbench.errors import FileRefused
from workbench.model.record import Record

WIDTH = 100_000
MANIFEST = """
adapter = "csv"
dataset = "d"
[[files]]
pattern = "*"
ignore = {ignore}
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
properties = {{ name = "name" }}
"""


@pytest.fixture(autouse=True)
def not_for_ever() -> Iterator[None]:
    """End a test after a minute of CPU time: a quadratic algorithm takes far longer at these sizes."""

    def end(_: int, __: FrameType | None) -> NoReturn:
        pytest.fail("it computes for a minute already")

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, 60)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


def names(more: int) -> list[str]:
    return ["id", "name", *(f"c{n}" for n in range(more))]


def manifest(folder: Path, ignored: int = 0) -> Manifest:
    path = folder / "m.toml"
    path.write_text(MANIFEST.format(ignore=json.dumps(names(ignored)[2:])), "utf-8")
    return settle(read_manifest(path), "m.toml")


def read(folder: Path, adapter: str, text: str, how: Manifest | None = None) -> list[Record | Reject]:
    path = folder / "t.csv"
    path.write_text(text, "utf-8")
    return list(mapped(ADAPTERS[adapter], path, how or settle(None, "-").within("d")))


def test_a_wide_table_is_read(tmp_path: Path) -> None:
    row = ["1", "Ann", *["x"] * WIDTH]
    (record,) = read(tmp_path, "csv", f"{','.join(names(WIDTH))}\n{','.join(row)}\n", manifest(tmp_path, WIDTH))
    assert isinstance(record, Record)


@pytest.mark.parametrize(
    ("columns", "reason", "message"),
    [
        ([*names(WIDTH), "id"], "duplicate header", "two columns are named 'id'"),
        (names(WIDTH), "unknown column", "maps column 'c0'"),
        (names(WIDTH)[1:], "missing column", f"has name, c0, .* and {WIDTH + 1 - 20} more$"),
        (["id", "name" * 1_000], "bad header", "the name of column 2 has 4000 characters, more than 1000"),
    ],
)
def test_a_wide_table_is_refused_at_once(tmp_path: Path, columns: list[str], reason: str, message: str) -> None:
    with pytest.raises(FileRefused, match=message) as caught:
        read(tmp_path, "csv", f"{','.join(columns)}\n1,Ann\n", manifest(tmp_path))
    assert caught.value.reason == reason
    assert len(str(caught.value)) < 1_000


def test_a_wide_graph_is_read(tmp_path: Path) -> None:
    columns = [f"c{n}:int" for n in range(WIDTH)]
    (record,) = read(tmp_path, "neo4j-csv", f":ID,{','.join(columns)},:LABEL\n1{',2' * WIDTH},Ship\n")
    assert isinstance(record, Record)
    assert len(record.properties["description"]) == WIDTH


def test_a_wide_row_is_one_unit(tmp_path: Path) -> None:
    (found,) = read(tmp_path, "csv", f"id,name\n1{',x' * 1_000_000}\n", manifest(tmp_path))
    assert isinstance(found, Reject)
    assert found.reason == "ragged row"


def test_a_key_that_stands_twice_among_many_is_found(tmp_path: Path) -> None:
    keys = [f'"k{n}": 1' for n in (*range(WIDTH), WIDTH - 1)]
    (found,) = read(tmp_path, "ftm", f"{{{', '.join(keys)}}}\n")
    assert isinstance(found, Reject)
    assert (found.reason, found.message) == (
        "key stands twice",
        f"key 'k{WIDTH - 1}' stands twice: keep the one that holds",
    )


def test_a_relationship_of_too_many_is_kept_apart(desk: Desk) -> None:
    """Its ties would be as many as pairs of them."""
    payers = [f"p{n}" for n in range(WIDTH)]
    lines = [
        {"id": "a", "schema": "Payment", "properties": {"payer": payers, "beneficiary": ["b"]}},
        {"id": "b", "schema": "Person", "properties": {"name": ["Ann"], "addressEntity": payers[:2_000]}},
    ]
    report = desk.load(desk.write("e.json", "\n".join(map(json.dumps, lines))), adapter="ftm")
    assert reasons(report) == {"too many roles": 1}
    assert report.messages[0].startswith("e.json:1: this Payment ties 100001 to one another, more than 1000")
