"""After waiting for the lease, units are selected again: a unit that another took out is not taken twice."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ingest import load
from ingest.options import Options
from ingest.quarantine import discard, replay
from tests.ingest.desk import Desk, reasons, totals
from tests.waiting import waiting
from workbench.access.viewer import local_viewer
from workbench.store.types import Quarantined
from workbench.view.store import GraphStore, open_store

pytestmark = pytest.mark.each_store(reason="each store has a lease of its own")

ROWS = "a,b,day\n" + "x,y,03/04/2026\n" * 3  # equal rows are units of their own
MANIFEST = """
adapter = "csv"
agency = "NKP"
dataset = "calls"
[[files]]
pattern = "*.csv"
[[files.records]]
name = "call"
schema = "Call"
roles = {{ caller = {{ id = "{{a}}" }}, receiver = {{ id = "{{b}}" }} }}
properties = {{ date = {{ column = "day", format = "{format}" }} }}
"""
LEFT_OUT = "not replayed, because they were replayed, discarded or loaded again meanwhile: {}"


@pytest.fixture
def right(desk: Desk) -> Path:
    """Three calls in quarantine, and the manifest that can read them."""
    wrong = desk.write("m/wrong.toml", MANIFEST.format(format="%Y"))
    assert totals(desk.load(desk.write("c.csv", ROWS), manifest=wrong)) == {"read": 3, "quarantined": 3}
    return desk.write("m/right.toml", MANIFEST.format(format="%d/%m/%Y"))


@pytest.fixture
def other(desk: Desk) -> Iterator[GraphStore]:
    """The desk's store, opened by somebody else."""
    with closing(open_store(desk.url)) as found:
        yield found


def units(desk: Desk) -> tuple[Quarantined, ...]:
    return desk.view().quarantine()


def n_of_calls(desk: Desk) -> int:
    return desk.view().stats().relationships.get("Call", 0)


def test_units_are_replayed_once(desk: Desk, right: Path, other: GraphStore) -> None:
    view = desk.view()
    with waiting(desk.store, lambda: replay(other, view, by="late", manifest=right)) as late:
        assert totals(replay(desk.store, view, by="first", manifest=right)) == {"read": 3, "accepted": 3}
    assert n_of_calls(desk) == 3
    assert late.result().files == ()
    assert late.result().messages == (LEFT_OUT.format(3),)


def test_what_another_left_is_replayed(desk: Desk, right: Path, other: GraphStore) -> None:
    view, one = desk.view(), units(desk)[0].id
    with waiting(desk.store, lambda: replay(other, view, by="late", manifest=right)) as late:
        replay(desk.store, view, [one], by="first", manifest=right)
    assert totals(late.result()) == {"read": 2, "accepted": 2}
    assert late.result().messages == (LEFT_OUT.format(1),)
    assert n_of_calls(desk) == 3


def test_what_was_discarded_does_not_come_in(desk: Desk, right: Path, other: GraphStore) -> None:
    view, one = desk.view(), units(desk)[0].id
    with waiting(desk.store, lambda: replay(other, view, [one], by="late", manifest=right)) as late:
        discard(desk.store, view, [one], by="first", why="no call")
    assert late.result().messages == (LEFT_OUT.format(1),)
    assert n_of_calls(desk) == 0


def test_what_came_in_is_not_discarded(desk: Desk, right: Path, other: GraphStore) -> None:
    view, ids = desk.view(), [each.id for each in units(desk)]
    with waiting(desk.store, lambda: discard(other, view, ids, by="late", why="no call")) as late:
        replay(desk.store, view, ids[:2], by="first", manifest=right)
    assert [each.id for each in late.result()] == ids[2:]
    assert n_of_calls(desk) == 2
    (entry,) = (each for each in desk.view().loads() if each.by == "late")
    assert len(entry.files) == 1


def test_a_repair_is_of_the_unit_that_was_seen(desk: Desk, right: Path, other: GraphStore) -> None:
    view, one = desk.view(), units(desk)[0].id
    wrong, repaired = desk.folder / "m/wrong.toml", b"x,y,03/04/2026\n"
    with waiting(desk.store, lambda: replay(other, view, [one], by="late", manifest=right, raw=repaired)) as late:
        replay(desk.store, view, [one], by="first", manifest=wrong, raw=b"x,y,soon\n")
    assert late.result().messages == (LEFT_OUT.format(1),)
    assert [each.raw for each in units(desk) if each.id == one] == [b"x,y,soon\n"]


def test_a_load_that_waits_releases_what_is_in_quarantine_then(desk: Desk, right: Path, other: GraphStore) -> None:
    path = desk.folder / "c.csv"
    options = Options(viewer=local_viewer(()), by="late", manifest=right)
    with waiting(desk.store, lambda: load(other, [path], **options)) as late:
        replay(desk.store, desk.view(), by="first", manifest=right)
    assert totals(late.result()) == {"read": 3, "unchanged": 3}
    assert (n_of_calls(desk), units(desk), reasons(late.result())) == (3, (), {})
