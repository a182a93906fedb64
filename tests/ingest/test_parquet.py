"""Parquet files: what their values say, and what is refused."""

import io
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.account import Account
from ingest.formats import ADAPTERS
from ingest.manifest import FileSpec
from ingest.quarantine import replay
from ingest.shapes import Row
from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.tables import parquet_of
from tests.ingest.test_adapters import Memory
from workbench.errors import FileRefused


def rows(table: pa.Table) -> list[Row]:
    content = parquet_of(table)
    found = [
        item
        for item in ADAPTERS["parquet"].read(Memory("t.parquet", content), FileSpec(pattern="*"), Account())
        if isinstance(item, Row)
    ]
    assert ADAPTERS["parquet"].count(io.BytesIO(content), FileSpec(pattern="*")).units == len(found) == table.num_rows
    return found


def one(value: Any, kind: pa.DataType | None = None) -> str:
    (row,) = rows(pa.table({"a": pa.array([value], kind)}))
    assert not isinstance(row.fields, dict)
    return row.faults.get("a", "").partition(":")[0] or next(iter(row.fields))


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (12, pa.int64(), "12"),
        (2**63 + 1, pa.uint64(), "9223372036854775809"),
        (12.0, pa.float64(), "12"),
        (0.1, pa.float64(), "0.1"),
        (1234567890123456.0, pa.float64(), "a number of more than 15 digits"),
        (float("nan"), pa.float64(), ""),
        (Decimal("1.50"), pa.decimal128(10, 2), "1.50"),
        (None, pa.string(), ""),
        (True, pa.bool_(), "true"),
        ("00123", pa.string(), "00123"),
        ("NA", pa.string(), "NA"),
        (b"caf\xc3\xa9", pa.binary(), "café"),
        (b"\xff\x00", pa.binary(), "ff00"),
        (date(2026, 3, 1), pa.date32(), "2026-03-01"),
        (datetime(2026, 3, 1, 14, 5), pa.timestamp("us"), "2026-03-01T14:05:00"),  # noqa: DTZ001
        (
            datetime(2026, 3, 1, 14, 5, tzinfo=timezone(timedelta(hours=2))),
            pa.timestamp("us", "Europe/Sofia"),
            "2026-03-01T12:05:00+00:00",
        ),
        (timedelta(seconds=90), pa.duration("s"), "90"),
        ("a", pa.dictionary(pa.int8(), pa.string()), "a"),
    ],
)
def test_a_value_is_as_it_is_kept(value: Any, kind: pa.DataType, text: str) -> None:
    assert one(value, kind) == text


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (pa.timestamp("us"), 2**62),
        (pa.timestamp("us", "UTC"), -(2**62)),
        (pa.timestamp("ms"), 2**60),
        (pa.date32(), 2**31 - 1),
        (pa.duration("s"), 2**62),
    ],
)
def test_a_day_that_is_none_spoils_no_other_row(kind: pa.DataType, number: int) -> None:
    wrong = pa.array([0, number], kind)
    _, row = rows(pa.table({"a": wrong, "b": ["x", "y"]}))
    assert (list(row.fields), dict(row.faults)) == (["", "y"], {"a": "a date that is none: correct it"})
    nested = [
        pa.StructArray.from_arrays([wrong, pa.array(["x", "y"])], ["at", "name"]),
        pa.ListArray.from_arrays([0, 1, 2], wrong),
        pa.MapArray.from_arrays([0, 1, 2], ["k", "k"], wrong),
        pa.DictionaryArray.from_arrays([0, 1], wrong),
    ]
    _, row = rows(pa.table(dict(zip("abcd", nested, strict=True))))
    text = str(number)
    assert row.fields == {"a": {"at": text, "name": "y"}, "b": [text], "c": {"k": text}, "d": text}


def test_a_zone_that_nobody_knows() -> None:
    assert one(5, pa.timestamp("us", "Nowhere/At_all")) == "a date that is none"


def test_two_fields_of_one_name_are_refused() -> None:
    inner = pa.StructArray.from_arrays([pa.array([1]), pa.array([2])], ["x", "x"])
    with pytest.raises(FileRefused, match="two columns named 'x'"):
        rows(pa.table({"a": inner}))


def test_moments_to_the_nanosecond_are_read() -> None:
    (row,) = rows(pa.table({"a": pa.array([1_700_000_000_123_456_789], pa.timestamp("ns", "UTC"))}))
    assert list(row.fields) == ["2023-11-14T22:13:20.123456789+00:00"]
    assert datetime.fromtimestamp(1_700_000_000, UTC).isoformat().startswith("2023-11-14T22:13:20")


@given(st.lists(st.tuples(st.text(st.characters(codec="utf-8")), st.integers(-(2**63), 2**63 - 1)), max_size=9))
def test_all_rows_come_in_order_whatever_the_groups_are(values: list[tuple[str, int]]) -> None:
    table = pa.table({"a": pa.array([a for a, _ in values], pa.string()), "b": pa.array([b for _, b in values])})
    table = table.set_column(1, "b", pa.array([b for _, b in values], pa.int64()))
    content = parquet_of(table)
    found = list(ADAPTERS["parquet"].read(Memory("t.parquet", content), FileSpec(pattern="*"), Account()))[1:]
    assert len(found) == len(values)
    for item, (a, b) in zip(found, values, strict=True):
        assert not isinstance(item, Row) or list(item.fields) == [a, str(b)]
        assert isinstance(item, Row) == ("\0" not in a)


NESTED = """
adapter = "parquet"
dataset = "d"
[[files]]
pattern = "*"
{more}
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
properties = {{ name = "person.name", phone = {{ column = "phones.number", country = "nl" }} }}
"""


def test_lists_and_structures_are_trees(desk: Desk) -> None:
    value = {
        "id": [1, 2],
        "person": [{"name": "Ann", "tall": True}, {"name": "Bo", "tall": None}],
        "phones": [[{"number": "0612345678"}, {"number": "0612345679"}], []],
        "more": [[("k", 1.0)], None],
    }
    table = pa.table(
        {
            "id": value["id"],
            "person": value["person"],
            "phones": value["phones"],
            "more": pa.array(value["more"], pa.map_(pa.string(), pa.float64())),
        }
    )
    path = desk.write("t.parquet", parquet_of(table))
    report = desk.load(path, manifest=desk.write("m.toml", NESTED.format(more="")))
    assert totals(report) == {"read": 2, "quarantined": 2}
    assert reasons(report) == {"unknown key: more.k": 1, "unknown key: more": 1}
    (unit, _) = desk.view().quarantine()
    raw = unit.raw.replace(b', "more": {"k": "1"}', b"")
    mended = desk.write("m.toml", NESTED.format(more='ignore = ["person.tall", "more"]'))
    report = replay(desk.store, desk.view(), [unit.id], by="tester", manifest=mended, raw=raw)
    assert totals(report) == {"read": 1, "accepted": 1}
    assert totals(replay(desk.store, desk.view(), by="tester", manifest=mended)) == {"read": 1, "accepted": 1}
    found = [value.value for each in desk.records() for value in each.record.properties.get("phone", ())]
    assert sorted(map(str, found)) == ["+31612345678", "+31612345679"]


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1" + b"x" * 50, b"a,b\n1,2\n", b""])
def test_what_is_no_parquet_file_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused, match=r"t\.parquet"):
        list(ADAPTERS["parquet"].read(Memory("t.parquet", content), FileSpec(pattern="*"), Account()))


def test_a_file_that_was_cut_off_is_refused() -> None:
    content = parquet_of(pa.table({"a": ["x"] * 100}))
    with pytest.raises(FileRefused, match="delivered whole"):
        list(ADAPTERS["parquet"].read(Memory("t.parquet", content[:-10]), FileSpec(pattern="*"), Account()))
