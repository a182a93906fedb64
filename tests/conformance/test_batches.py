"""A batch of judgements is the same as its judgements one by one, in any order, where none of them is refused."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.conformance.oracle.operations import Delivery, Load, perform
from tests.stores import examples
from workbench.access.viewer import Viewer
from workbench.errors import UsageError
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset, Record, Value
from workbench.resolve import batch, judge, judge_all, judgements
from workbench.view.store import GraphStore

ANNA, BORIS = (Viewer(name=name, agencies=frozenset("A"), level="SECRET") for name in ("anna", "boris"))
LESS = Viewer(name="less", agencies=frozenset("A"), level="OPEN")
PASSPORTS = ("P1234567", "P7654321", "")


def person(number: int, passport: str) -> Record:
    """A person of a dataset of his own; every fourth is secret."""
    marking = parse_marking("SECRET//REL A" if number % 4 == 3 else "OPEN//REL A")
    said = {"passportNumber": passport, "passportCountry": "nl"} if passport else {"name": f"Person {number}"}
    properties = {name: (Value(text, text),) for name, text in said.items()}
    return Record("Person", Dataset("A", f"d{number}"), str(number), properties, marking)


Rows = list[dict[str, Any]]


def _what(drawn: tuple[list[Record], str]) -> tuple[frozenset[str], str]:
    return frozenset(each.source_id for each in drawn[0]), drawn[1]


@st.composite
def batches(draw: st.DrawFn) -> tuple[list[Record], Rows, Rows, list[int]]:
    """Records, what boris judged, rows for anna, and another order of the rows."""
    records = [person(n, draw(st.sampled_from(PASSPORTS))) for n in range(draw(st.integers(3, 6)))]
    ends = st.lists(st.sampled_from(records), min_size=2, max_size=2, unique_by=lambda each: each.source_id)

    def rows(most: int) -> Rows:
        verdicts = st.sampled_from(("same", "same", "different", "unsure"))
        what = st.lists(st.tuples(ends, verdicts), max_size=most, unique_by=_what)
        drawn = draw(what)
        # On evidence that is given: what is taken by default depends on what was judged before.
        keys = [tuple(each.key() for each in pair) for pair, _ in drawn]
        return [
            {"a": one.entity, "b": other.entity, "verdict": verdict, "why": "photos", "evidence": key}
            for ((one, other), verdict), key in zip(drawn, keys, strict=True)
        ]

    before, mine = rows(3), rows(6)
    return records, before, mine, draw(st.permutations(range(len(mine))))


def filled(store: GraphStore, records: Sequence[Record], before: Rows) -> GraphStore:
    perform(store, Load("A", (Delivery("one.csv", "2026-01-01", (tuple(records),)),)))
    for each in before:
        with suppress(UsageError):  # for a `same` against a `different`
            judge(store, store.view(BORIS), **each)
    return store


def said(store: GraphStore) -> list[object]:
    """What everybody sees of judgements and of who is who, without what is random."""
    told: list[object] = []
    for viewer in (ANNA, LESS):
        view = store.view(viewer)
        kept = [(*sorted((j.a, j.b)), j.verdict, j.by, j.why, j.evidence, j.overrides) for j in view.judgements()]
        told += [sorted(set(kept)), view.clusters()]
    return told


def batched(store: GraphStore, rows: Rows) -> str:
    """Judge a batch; whether that is refused."""
    before = said(store)
    try:
        done = judge_all(store, store.view(ANNA), rows)
    except UsageError:
        assert said(store) == before
        return "refused"
    assert len(done.made) + done.unchanged == len(rows)
    assert (done.revision == "") == (not done.made)
    return "done"


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judgements are made at one time: their ids follow from it, and decide between equals."""
    for module in (batch, judgements):
        monkeypatch.setattr(module, "judged_at", lambda: "2026-01-01T00:00:00+00:00")


@settings(max_examples=examples(3) * settings().max_examples, suppress_health_check=[*HealthCheck])
@given(batches())
def test_a_batch_is_its_judgements_one_by_one_in_any_order(
    new_store: Callable[[], GraphStore], drawn: tuple[list[Record], Rows, Rows, list[int]]
) -> None:
    records, before, rows, order = drawn
    told = []
    for mine in (rows, [rows[at] for at in order]):
        store = filled(new_store(), records, before)
        told.append((batched(store, mine), said(store)))
    assert told[0] == told[1]
    event(told[0][0])
    if told[0][0] == "done":
        apart = filled(new_store(), records, before)
        for at in order:
            judge(apart, apart.view(ANNA), **rows[at])
        assert said(apart) == told[0][1]
