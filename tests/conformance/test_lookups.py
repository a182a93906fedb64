"""What a store looks up by its indexes is what its base columns have, in every scope."""

from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.oracle.draw import worlds
from tests.conformance.oracle.operations import Delivery, Load, Operation, perform
from tests.conformance.test_identity import FILES, OPEN, person
from workbench.model.claims import FORBIDDING
from workbench.model.numbers import RevisionNumber
from workbench.model.record import Record, Role
from workbench.store import registers
from workbench.store.columns import Int64, Rows
from workbench.store.lookups import InColumns, Lookups, TooMany
from workbench.store.types import Scope
from workbench.view.store import GraphStore

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

_NAMED = ("schema", "kind", "role_a", "role_b")
_MANY = 1_000
_TIED = 3


def scopes(store: GraphStore, chance: Random) -> Iterator[Scope]:
    """Every revision to those who see everything, and to some who do not."""
    classes = [each.vis for each in store.backend.classes()]
    for revision in range(1, store.backend.published() + 1):
        for seen in (classes, chance.sample(classes, len(classes) // 2)):
            yield Scope(tuple(sorted(seen)), RevisionNumber(revision))


def rows(found: Rows, ask: Lookups) -> list[tuple[Any, ...]]:
    """Rows in order, with names for the numbers of names."""
    names, columns = ask.names(), []
    for field in found.__dataclass_fields__:
        column = getattr(found, field).tolist()
        columns.append([names[each] for each in column] if field in _NAMED else column)
    return sorted(zip(*columns, strict=True))


def numbers(found: Iterable[int]) -> Int64:
    return np.array(sorted(found), dtype=np.int64)


def both(store: GraphStore, scope: Scope) -> tuple[Lookups, Lookups]:
    """The store's lookups, and those in its base columns."""
    asked, columns = store.backend.lookups(scope), store.backend.columns(scope.revision)
    assert asked is not None
    return asked, InColumns(columns, scope, registers.judgements(store.backend, scope))


def compare(store: GraphStore, scope: Scope, chance: Random) -> None:
    asked, wanted = both(store, scope)
    everybody = store.backend.columns(scope.revision).number.tolist()
    some, others = (numbers(chance.sample(everybody, chance.randint(0, len(everybody)))) for _ in range(2))
    for entities in (some, others):
        compare_entities(asked, wanted, entities)
    schemata = chance.sample(["Call", "Holding", "Ownership", "Person", "Observation"], 2)
    assert rows(asked.ties(some, schemata), asked) == rows(wanted.ties(some, schemata), wanted)
    assert rows(asked.ties_between(some, others), asked) == rows(wanted.ties_between(some, others), wanted)
    compare_claims(asked, wanted, numbers(everybody), chance)
    compare_judgements(asked, wanted, numbers(everybody))


def compare_entities(asked: Lookups, wanted: Lookups, entities: Int64) -> None:
    known, found = asked.entities(entities), wanted.entities(entities)
    assert dict(zip(known.entity, known.id, strict=True)) == dict(zip(found.entity, found.id, strict=True))
    ids = [each.decode() for each in known.id.tolist()]
    assert asked.numbers_of(ids) == wanted.numbers_of(ids)
    assert {asked.datasets()[each] for each in known.dataset.tolist()} == {
        wanted.datasets()[each] for each in found.dataset.tolist()
    }
    assert set(asked.present(entities).tolist()) == set(wanted.present(entities).tolist())
    assert rows(asked.about(entities), asked) == rows(wanted.about(entities), wanted)
    assert rows(asked.claims_of(entities, _MANY), asked) == rows(wanted.claims_of(entities, _MANY), wanted)
    assert rows(asked.ties(entities, None), asked) == rows(wanted.ties(entities, None), wanted)
    assert (asked.tied(entities) >= tied_to_others(wanted, entities)).all()


def compare_judgements(asked: Lookups, wanted: Lookups, everybody: Int64) -> None:
    """Of each entity, of all, and of one that nobody knows; and which of all that were ever made are overridden."""
    known = [each.decode() for each in wanted.entities(everybody).id.tolist()]
    for entities in (*([each] for each in known), [*known, "unknown", "\ud800"], []):
        assert list(asked.judgements(entities)) == list(wanted.judgements(entities))
    ids = [each.id for each in wanted.judgements(known)]
    assert asked.outweighed(ids) == wanted.outweighed(ids)
    assert asked.outweighed(ids[1:]) == wanted.outweighed(ids[1:])
    assert asked.has_judgements() or not ids


def tied_to_others(ask: Lookups, entities: Int64) -> Int64:
    """How many ties in scope each entity has to another one: the least that is told of it."""
    ties = ask.ties(entities, None)
    others = ties.take(ties.a != ties.b)
    return np.array([((others.a == each) | (others.b == each)).sum() for each in entities.tolist()], dtype=np.int64)


def compare_claims(asked: Lookups, wanted: Lookups, entities: Int64, chance: Random) -> None:
    """Of identifiers that somebody in scope has, of some that only others may have, and of one that nobody has."""
    claims = rows(wanted.claims_of(entities, _MANY), wanted)
    known = sorted({(kind, value) for kind, value, *_ in claims if kind not in FORBIDDING})
    some = {*chance.sample(known, len(known) // 2), ("passport", "P1234567"), ("phone", "31612345678"), ("id", "771")}
    assert rows(asked.claiming(some, _MANY), asked) == rows(wanted.claiming(some, _MANY), wanted)


@settings(suppress_health_check=[*HealthCheck])
@given(operations=worlds(), chance=st.randoms(use_true_random=False))
def test_a_store_looks_up_what_its_columns_have(
    new_store: Callable[[], GraphStore], operations: list[Operation], chance: Random
) -> None:
    store = new_store()
    for each in operations:
        perform(store, each)
    for scope in scopes(store, chance):
        compare(store, scope, chance)


def loaded(store: GraphStore, *records: Record) -> tuple[Lookups, Lookups]:
    perform(store, Load("A", (Delivery("one.csv", "2026-01-01", (records,)),)))
    classes = tuple(each.vis for each in store.backend.classes())
    return both(store, Scope(classes, RevisionNumber(store.backend.published())))


def meeting(*who: str) -> Record:
    """A record that gives all of them one role, and so ties nobody."""
    return Record("Observation", FILES[0], "", {}, OPEN, tuple(Role("observed", each) for each in who))


def test_whoever_a_record_ties_is_found_by_it(store: GraphStore) -> None:
    """Also those who are tied to nobody, and those after the first pair."""
    call = Record("Call", FILES[0], "", {}, OPEN, (*(Role("caller", each) for each in "123"), Role("receiver", "6")))
    asked, wanted = loaded(store, meeting("1", "2", "3", "4"), meeting("4", "5"), call)
    ids = [Record("Person", FILES[0], each, {}, OPEN).entity for each in "123456"]
    for number in wanted.numbers_of(ids).values():
        entity = numbers([number])
        assert rows(asked.ties(entity, None), asked) == rows(wanted.ties(entity, None), wanted)
        assert asked.tied(entity).tolist() >= tied_to_others(wanted, entity).tolist()
        assert asked.present(entity).tolist() == [number]


def test_whoever_has_any_of_a_records_identifiers_is_found_by_it(store: GraphStore) -> None:
    said = {"passportNumber": "P1234567", "idNumber": "771234", "taxNumber": "55667788", "innCode": "500100732259"}
    asked, wanted = loaded(store, person(1, **said), person(2, passportNumber="P1234567"), person(3, idNumber="71234"))
    every = rows(wanted.claims_of(numbers(wanted.numbers_of([person(1).entity]).values()), _MANY), wanted)
    assert len(every) == len(said)
    for kind, value, *_ in every:
        assert rows(asked.claiming([(kind, value)], _MANY), asked) == rows(
            wanted.claiming([(kind, value)], _MANY), wanted
        )


def test_what_is_not_there_yet_or_not_any_more_is_not_found(store: GraphStore) -> None:
    """A person, two that are tied, and two that are tied to nobody, by records of the second revision alone."""
    call = Record("Call", FILES[0], "c", {}, OPEN, (Role("caller", "2"), Role("receiver", "3")))
    loaded(store, person(9))
    loaded(store, person(1, passportNumber="P1234567"), call, meeting("4", "5"))
    perform(store, Load("A", (), ((FILES[0], "", "2026-01-02"),)))
    classes = tuple(each.vis for each in store.backend.classes())
    for revision, n in ((1, 0), (2, 5), (3, 0)):
        asked, _ = both(store, Scope(classes, RevisionNumber(revision)))
        ids = [Record("Person", FILES[0], each, {}, OPEN).entity for each in "12345"]
        entities = numbers(asked.numbers_of(ids).values())
        assert len(asked.present(entities)) == n
        claimed = asked.claims_of(entities, _MANY), asked.claiming([("passport", "P1234567")], _MANY)
        counts = [len(each.entity) for each in (asked.about(entities), *claimed)]
        assert [*counts, len(asked.ties(entities, None).a)] == ([1, 1, 1, 3] if n else [0, 0, 0, 0])


def test_more_rows_than_asked_for_are_refused(store: GraphStore) -> None:
    calls = [
        Record("Call", FILES[0], f"c{n}", {}, OPEN, (Role("caller", "1"), Role("receiver", "2"))) for n in range(4)
    ]
    same = [person(n, passportNumber="P1234567", idNumber="771234") for n in (1, 2)]
    asked, _ = loaded(store, *calls, *same)
    entities = numbers(asked.numbers_of([each.entity for each in same]).values())
    assert len(asked.ties(entities, None, 4).record) == len(asked.claims_of(entities, 4).record) == 4
    assert len(asked.claiming([("passport", "P1234567")], 2).record) == 2
    for ask in (
        lambda: asked.ties(entities, None, _TIED),
        lambda: asked.claims_of(entities, _TIED),
        lambda: asked.claiming([("passport", "P1234567")], 1),
    ):
        with pytest.raises(TooMany):
            ask()
