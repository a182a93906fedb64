"""Limits of a load: beyond one, it fails, changes nothing, and says which and what to do."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import dry_run, load
from ingest.limits import Limits, Most, limits_of
from ingest.report import LoadReport
from tests.ingest.desk import Desk, totals
from workbench.errors import DeliveryRefused, UsageError
from workbench.store.types import FileReport

GOOD = '{"id": "%d", "schema": "Person", "properties": {"name": ["Ann"]}}\n'
BAD = '{"id": "%d"}\n'


def delivery(desk: Desk, good: int, bad: int, name: str = "e.json") -> Path:
    return desk.write(name, "".join([*(GOOD % n for n in range(good)), *(BAD % n for n in range(bad))]))


@pytest.mark.parametrize(
    ("limits", "words", "field"),
    [
        ({"max_quarantined": 0}, "1 of 4 units can't be read, and at most 0 may be", "max_quarantined"),
        ({"max_quarantined": "24.9%"}, "1 of 4 units can't be read, and at most 24.9 % may be", "max_quarantined"),
        ({"min_units": 5}, "4 units were read, and at least 5 should be", "min_units"),
        ({"max_units": 3}, "4 units were read, and at most 3 should be", "max_units"),
        ({"min_files": 2}, "1 files were read, and at least 2 should be", "min_files"),
        ({"max_files": 0}, "1 files were read, and at most 0 should be", "max_files"),
    ],
)
@pytest.mark.parametrize("how", [load, dry_run])
def test_beyond_a_limit_nothing_is_changed(desk: Desk, limits: Any, words: str, field: str, how: Any) -> None:
    path = delivery(desk, 3, 1)
    with pytest.raises(DeliveryRefused) as refused:
        desk.load(path, how=how, adapter="ftm", agency="NKP", dataset="d", **limits)
    assert words in refused.value.message
    assert "nothing was changed" in refused.value.message
    assert refused.value.field == field
    assert isinstance(refused.value.report, LoadReport)
    assert totals(refused.value.report) == {"read": 4, "accepted": 3, "quarantined": 1}
    assert desk.store.agencies() == frozenset()
    view = desk.view("NKP")
    assert (view.loads(), view.quarantine(), view.stats().records) == ((), (), 0)


def test_at_a_limit_it_is_loaded(desk: Desk) -> None:
    path, more = delivery(desk, 3, 1), delivery(desk, 1, 0, "f.json")
    limits = {"max_quarantined": "20%", "min_units": 5, "max_units": 5, "min_files": 2, "max_files": 2}
    assert totals(desk.load(path, more, adapter="ftm", dataset="d", **limits))["read"] == 5
    assert totals(desk.load(path, adapter="ftm", dataset="e", max_quarantined=1))["quarantined"] == 1


def test_a_refused_file_counts_neither_as_a_file_nor_as_a_unit(desk: Desk) -> None:
    path, page = delivery(desk, 1, 0), desk.write("page.json", "<html>")
    with pytest.raises(DeliveryRefused, match="1 files were read, and at least 2"):
        desk.load(path, page, adapter="ftm", dataset="d", min_files=2)
    with pytest.raises(DeliveryRefused, match="1 units were read, and at least 2"):
        desk.load(path, page, adapter="ftm", dataset="d", min_units=2)


def test_an_earlier_delivery_stands(desk: Desk) -> None:
    said = {"adapter": "ftm", "agency": "NKP", "dataset": "d"}
    desk.load(delivery(desk, 5, 0), delivered="2026-01-01", **said)
    before = desk.view().digest()
    with pytest.raises(DeliveryRefused):
        desk.load(delivery(desk, 2, 0), delivered="2026-02-01", min_units=3, **said)
    assert desk.view().digest() == before
    assert len(desk.view().loads()) == 1


COUNTS = st.integers(0, 6)


@given(
    files=st.lists(st.tuples(COUNTS, COUNTS, st.booleans()), max_size=4),
    limits=st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("min_units", "max_units", "min_files", "max_files"), COUNTS)
    ),
    most=st.none() | COUNTS | st.sampled_from(["0%", "10%", "33.3%", "50%", "100%"]),
)
def test_limits_are_what_they_say(files: Any, limits: Any, most: Any) -> None:
    """Against a plain reading of what each means."""
    try:
        found = limits_of({**limits, "max_quarantined": most})
    except UsageError:
        assert any(limits.get(f"min_{k}", 0) > limits.get(f"max_{k}", 99) for k in ("units", "files"))
        return
    reports = [
        FileReport("f", "", read=1, refused=1)
        if is_refused
        else FileReport("f", "", read=a + b, accepted=a, quarantined=b)
        for a, b, is_refused in files
    ]
    read = [(a + b, b) for a, b, is_refused in files if not is_refused]
    units, bad = sum(n for n, _ in read), sum(b for _, b in read)
    share = Fraction(most[:-1]) / 100 if isinstance(most, str) else None
    wrong = [
        units < limits.get("min_units", 0),
        units > limits.get("max_units", 99),
        len(read) < limits.get("min_files", 0),
        len(read) > limits.get("max_files", 99),
        isinstance(most, int) and bad > most,
        share is not None and Fraction(bad) > share * units,
    ]
    assert (found.beyond(reports) is not None) == any(wrong)


@pytest.mark.parametrize("wrong", ["", "%", "5 percent", "-1", "101%", "1e3", "5%%", 1.5, True, -1, "٣%"])
def test_a_limit_that_is_none_is_refused(wrong: Any) -> None:
    with pytest.raises(UsageError, match="max_quarantined must be a number of units, or a share") as refused:
        limits_of({"max_quarantined": wrong})
    assert refused.value.field == "max_quarantined"


@pytest.mark.parametrize("wrong", ["5", 1.5, True, -1])
@pytest.mark.parametrize("name", ["min_units", "max_units", "min_files", "max_files"])
def test_a_count_is_a_whole_number(wrong: Any, name: str) -> None:
    with pytest.raises(UsageError, match=f"{name} must be a whole number, 0 or more: not ") as refused:
        limits_of({name: wrong})
    assert refused.value.field == name


def test_a_share_may_be_written_in_several_ways() -> None:
    assert limits_of({"max_quarantined": " 5 % "}) == Limits(Most(percent=Decimal(5)))
    assert limits_of({"max_quarantined": "12"}) == limits_of({"max_quarantined": 12}) == Limits(Most(12))
    assert limits_of({}) == Limits()
