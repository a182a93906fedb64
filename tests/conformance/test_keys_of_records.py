"""A snapshot tells the keys of the records of its view, by their numbers, and of no others."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.analytics.cases import EVERYBODY, person, store_of, tie
from workbench.model.marking import parse_marking
from workbench.model.record import Record
from workbench.view.store import GraphStore

NUMBERS = range(-1, 50)
LOW = EVERYBODY.model_copy(update={"level": "OPEN"})
RECORDS = [
    person("a"),
    person("b"),
    tie("Family", person="a", relative="b"),
    person("c", "BBB"),
    person("d", "BBB", marking="SECRET//REL AAA,BBB"),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    with closing(store_of(tmp_path, RECORDS)) as opened:
        yield opened


def test_they_are_numbered_in_the_order_of_their_keys(store: GraphStore) -> None:
    snapshot = store.view(EVERYBODY).snapshot()
    expected = sorted(record.key() for record in RECORDS)
    assert list(snapshot.keys_of(NUMBERS).items()) == list(enumerate(expected))
    assert snapshot.keys_of([2, 0, 2]) == {0: expected[0], 2: expected[2]}


def test_those_of_hidden_records_are_not_told(store: GraphStore) -> None:
    snapshot = store.view(LOW).snapshot()
    assert list(snapshot.keys_of(NUMBERS).values()) == sorted(record.key() for record in RECORDS[:4])


@pytest.mark.parametrize(("agency", "own"), [("AAA", RECORDS[:3]), ("BBB", RECORDS[3:])])
def test_a_view_within_another_tells_its_own(store: GraphStore, agency: str, own: list[Record]) -> None:
    within = store.view(EVERYBODY).within([agency])
    told = within.snapshot().keys_of(NUMBERS)
    assert list(told.values()) == sorted(record.key() for record in own) == list(within.keys())


def test_one_that_may_be_seen_no_longer_is_not_told(store: GraphStore) -> None:
    view = store.view(LOW)
    snapshot = view.snapshot()
    assert RECORDS[3].key() in snapshot.keys_of(NUMBERS).values()
    store.remark([RECORDS[3].key()], parse_marking("SECRET//REL AAA,BBB", "BBB"))
    assert list(snapshot.keys_of(NUMBERS).values()) == sorted(record.key() for record in RECORDS[:3])
