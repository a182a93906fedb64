"""Who took over the contacts of a number: how many, from when, and how often chance alone would do that."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import comb

import pytest

from tests.analytics.cases import eid, seen, thing, tie
from workbench.app.successors import Succession, succession
from workbench.model.record import Record

ALL = 60  # phones of the view


@contextmanager
def asked(records: list[Record]) -> Iterator[Succession]:
    phones = [thing("Phone", f"p{n}", number=f"+3161234{n:04}") for n in range(ALL)]
    with seen([*phones, *records]) as view:
        yield succession(view, eid("p0"))


def calls(who: str, numbers: range, day: str) -> list[Record]:
    return [tie("Call", caller=who, receiver=f"p{n}", date=day) for n in numbers]


def by_hand(taken: int, mine: int, theirs: int) -> float:
    """The chance of so many or more in common, counted out, for any one of all."""
    ways = sum(comb(mine, k) * comb(ALL - mine, theirs - k) for k in range(taken, min(mine, theirs) + 1))
    return min(1.0, ALL * ways / comb(ALL, theirs))


@pytest.mark.parametrize("own", [0, 3, 20])
@pytest.mark.parametrize("taken", [2, 5])
def test_the_chance_counts_all_contacts_of_the_other(taken: int, own: int) -> None:
    records = calls("p0", range(10, 21), "2026-01-05") + calls("p1", range(10, 10 + taken), "2026-02-01")
    with asked(records + calls("p1", range(30, 30 + own), "2026-01-02")) as found:
        assert found.last == "2026-01-05"
        (one,) = found.found
        assert (one.entity, one.taken, one.contacts, one.since) == (eid("p1"), taken, 11, "2026-02-01")
        assert one.chance == pytest.approx(by_hand(taken, 11, taken + own))


def test_who_met_them_before_took_nothing_over() -> None:
    records = calls("p0", range(10, 21), "2026-01-05") + calls("p1", range(10, 15), "2026-02-01")
    with asked(records + calls("p1", range(10, 14), "2026-01-04")) as found:
        assert not found.found
        assert found.compared == 1
