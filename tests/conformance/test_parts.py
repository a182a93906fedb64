"""Who is who is the same whether it is computed for the whole view or around the entities that are asked for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.oracle.draw import VIEWERS, worlds
from tests.conformance.oracle.operations import Operation, perform, root_of
from tests.conformance.oracle.stand_in import score
from tests.conformance.test_against_oracle import SEARCHES
from tests.conformance.test_identity import (
    FILES,
    IDS,
    KEYS,
    OPEN,
    abouts,
    account,
    holdings,
    judged,
    listings,
    person,
    view_of,
)
from workbench.errors import NotFound
from workbench.model.marking import parse_marking
from workbench.model.record import Record, Role
from workbench.resolve.common import ways
from workbench.resolve.explain import explain
from workbench.resolve.joining import joining
from workbench.resolve.judgements import contradicted, grounds, grounds_of_each
from workbench.store.backend import Backend
from workbench.store.columns import Ties
from workbench.store.sqlite.lookups import SqliteLookups
from workbench.store.types import CommonEntry, Judgement
from workbench.view import checking, common_near, parts
from workbench.view.around import among, around, ties_with
from workbench.view.behind import records_behind
from workbench.view.beside import shared_among, shared_beside
from workbench.view.checking import to_check
from workbench.view.present import present
from workbench.view.proposing import may_also_be
from workbench.view.sharing import Sharing
from workbench.view.store import GraphStore
from workbench.view.view import View
from workbench.view.who import (
    different_between,
    judgements_about,
    members_of,
    records_about,
    records_naming,
    records_of_each,
    who_is,
)

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
_MANY = settings(suppress_health_check=[*HealthCheck])
HIDDEN = parse_marking("SECRET//REL B")
_VIEWS = 4  # of a store that are compared: which, is drawn
_ALONE = 6  # entities of a view that are asked about one by one


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let even a value of few ties take several questions, and a cluster of two be large."""
    monkeypatch.setattr(common_near, "_AT_ONCE", 1)
    monkeypatch.setattr(common_near, "_MORE", 2)
    monkeypatch.setattr(checking, "SEVERAL", 2)
    monkeypatch.setattr(checking, "LARGE", 1)


def views(store: GraphStore, tokens: list[str]) -> Iterator[tuple[View, View]]:
    """Views for each viewer and purpose, now and at each revision, twice: whole, and to be asked in parts."""
    for viewer in VIEWERS:
        for purpose in viewer.purposes:
            for token in (None, *tokens):
                try:
                    whole, in_parts = (store.view(viewer, purpose=purpose, revision=token) for _ in range(2))
                except NotFound:
                    continue
                whole._identity()
                yield whole, in_parts


def compare(whole: View, in_parts: View, chance: Random) -> None:
    """Everything that a part answers is what the whole view answers, and the whole was not needed."""
    entities = sorted({row[0] for row in whole.clusters()} | {each.entity for each in KEYS})
    known = [each for each in entities if whole._columns().index_of(each) >= 0]
    assert in_parts.summaries(known) == whole.summaries(known)
    for entity in chance.sample(known, min(len(known), _ALONE)):
        assert in_parts.entity(entity) == whole.entity(entity)
        assert in_parts.canonical(entity) == whole.canonical(entity)
    for entity in chance.sample(known, min(len(known), 2)):
        assert may_also_be(in_parts, entity) == may_also_be(whole, entity)
        assert to_check(in_parts, entity) == to_check(whole, entity)
    for entity in chance.sample(sorted(set(entities) - set(known)), min(len(entities) - len(known), 2)):
        with pytest.raises(NotFound):
            in_parts.canonical(entity)
    some = chance.sample(entities, min(len(entities), _ALONE))
    for ask in (members_of, records_behind, judgements_about):
        assert ask(in_parts, some) == ask(whole, some)
    compare_reasons(whole, in_parts, some, known, chance)
    assert joining(in_parts, known[:_ALONE]) == joining(whole, known[:_ALONE])
    compare_kinds(whole)
    for text in chance.sample(SEARCHES, 3):
        assert in_parts.search(text, 3) == whole.search(text, 3)
    assert_in_parts(in_parts)


def compare_reasons(whole: View, in_parts: View, some: Sequence[str], known: Sequence[str], chance: Random) -> None:
    """Why entities are or are not one, and on what judgements rest; `some` may be unknown or hidden."""
    cut = len(some) // 2
    assert different_between(in_parts, some[:cut], some[cut:]) == different_between(whole, some[:cut], some[cut:])
    for _ in range(_ALONE if len(known) > 1 else 0):
        a, b = chance.sample(known, 2)
        for ask in (explain, contradicted):
            assert ask(in_parts, a, b) == ask(whole, a, b)
        for about in (who_is, grounds, records_of_each):
            assert about(in_parts, [a, b]) == about(whole, [a, b])
        one_by_one = {each: records_about(whole, each) or records_naming(whole, each) for each in (a, b)}
        assert records_of_each(in_parts, [a, b]) == one_by_one
    firsts, others = ([chance.choice(known) for _ in known[:3]] for _ in range(2))
    each_two = zip(firsts, others, strict=True)
    assert grounds_of_each(in_parts, firsts, others) == [grounds(whole, each) for each in each_two]


def assert_in_parts(view: View) -> None:
    """The whole view was not needed, where the store has lookups."""
    assert "identity" not in view._access().made or view._backend.lookups(view._scope()) is None


def compare_walks(whole: View, in_parts: View, chance: Random) -> None:
    """Every walk that asks the store as it goes finds what a walk in the whole view finds."""
    entities = sorted({row[0] for row in whole.clusters()})
    for entity in chance.sample(entities, min(len(entities), _ALONE)):
        for hops in range(4):
            near, wanted = in_parts.neighbours(entity, hops), whole.neighbours(entity, hops)
            assert (near.entities, near.ties) == (wanted.entities, wanted.ties)
    for _ in range(_ALONE if len(entities) > 2 else 0):
        a, b, shut = chance.sample(entities, 3)
        shut = chance.choice(((), (shut,), (shut, a)))
        few = [replace(way, limit=chance.choice((0, 1))) for way in ways()]
        assert between(in_parts, a, b, shut) == between(whole, a, b, shut)
        assert between(in_parts, a, b, shut, few) == between(whole, a, b, shut, few)
        for shared in (shared_beside, shared_among):
            assert shared(in_parts, [a, b], few) == shared(whole, [a, b], few)
    compare_drawings(whole, in_parts, entities, chance)
    assert_in_parts(in_parts)


def compare_drawings(whole: View, in_parts: View, entities: Sequence[str], chance: Random) -> None:
    """What a chart of some entities shows of their ties and neighbours is what it shows of them in the whole view."""
    others = [*entities, *(each.entity for each in KEYS)]
    some, drawn = (chance.sample(others, min(len(others), _ALONE)) for _ in range(2))
    mine, theirs = among(in_parts, some), among(whole, some)
    assert (mine.entities, mine.ties) == (theirs.entities, theirs.ties)
    for left_out in (drawn, ()):
        assert around(in_parts, some, left_out) == around(whole, some, left_out)
    assert ties_with(in_parts, some, drawn) == ties_with(whole, some, drawn)


def compare_kinds(whole: View) -> None:
    """The markings and schemata that an index tells are those of the columns, and those that are shown."""
    kinds, columns = Backend.kinds(whole._backend, whole._scope()), whole._columns()
    assert whole._backend.kinds(whole._scope()) == kinds
    schemata = {columns.names[number] for rows in (columns.about, columns.ties) for number in rows.schema.tolist()}
    assert (present(whole).schemata, present(whole).agencies) == (schemata, set(whole.stats().agencies))


def between(view: View, a: str, b: str, without: Sequence[str], common: Sequence[Sharing] = ()) -> object:
    """The entities and ties between two entities, on the shortest paths and on longer ones."""
    found = view.between(a, b, without, common)
    if found is None:
        return None
    walks = (found.shortest, *(found.longer_by(more) for more in range(3)))
    return [(set(each.entities), each.ties) for each in walks]


def scored(store: GraphStore, slips: bool) -> str:
    """Score all that there is; returns the token."""
    root = root_of(VIEWERS[0])
    return score(store, store.view(root, purpose=root.purposes[0]), slips=slips)


@_MANY
@given(operations=worlds(), slips=st.booleans(), chance=st.randoms(use_true_random=False))
def test_a_part_of_a_view_answers_as_the_whole(
    new_store: Callable[[], GraphStore], operations: list[Operation], slips: bool, chance: Random
) -> None:
    """Also where all was scored meanwhile."""
    store, n = new_store(), chance.randint(0, len(operations) + 1)
    tokens = [perform(store, each) for each in operations[:n]]
    tokens += [scored(store, slips)] if n <= len(operations) else []
    tokens = [each for each in (*tokens, *(perform(store, each) for each in operations[n:])) if each]
    every = list(views(store, tokens))
    for whole, in_parts in chance.sample(every, min(len(every), _VIEWS)):
        compare(whole, in_parts, chance)
        compare_walks(whole, in_parts, chance)


@st.composite
def shared_accounts(draw: st.DrawFn) -> list[Record]:
    """An account that persons of several agencies hold."""
    records = []
    for file in draw(st.lists(st.sampled_from(FILES), min_size=2, max_size=3, unique=True)):
        holder, held = draw(st.sampled_from(IDS)), draw(st.sampled_from(("8", "9")))
        schema, who, what = draw(st.sampled_from((("Holding", "holder", "held"), ("Ownership", "owner", "asset"))))
        records += [
            replace(person(1), dataset=file, source_id=holder),
            replace(account(9, 0), dataset=file, source_id=held),
            Record(schema, file, "", {}, OPEN, (Role(who, holder), Role(what, held))),
        ]
    return records


@st.composite
def accounts_listed(draw: st.DrawFn) -> CommonEntry:
    """One of these accounts, or one that nobody has, on the list of common values by its id."""
    listed = replace(account(draw(st.sampled_from((8, 9, 7))), 0), dataset=draw(st.sampled_from(FILES)))
    return CommonEntry("account", listed.entity, "A", str(OPEN), "an exchange house")


@_MANY
@given(
    records=st.lists(st.one_of(abouts(), abouts(), holdings()), max_size=10),
    shared=shared_accounts(),
    judgements=judged(),
    common=st.lists(st.one_of(listings(), accounts_listed()), max_size=2, unique_by=lambda entry: entry.value),
    chance=st.randoms(use_true_random=False),
)
def test_a_part_weighs_what_the_whole_weighs(
    new_store: Callable[[], GraphStore],
    records: list[Record],
    shared: list[Record],
    judgements: list[Judgement],
    common: list[CommonEntry],
    chance: Random,
) -> None:
    again = [replace(each, part="again") for each in chance.sample(records, len(records) // 2)]
    store, every = new_store(), [*again, *records, *shared, KEYS[0]]
    hidden = chance.sample(range(len(every) - 1), min(len(every) - 1, chance.choice((0, 0, 2))))
    marked = [replace(each, marking=HIDDEN) if n in hidden else each for n, each in enumerate(every)]
    whole = view_of(store, marked, judgements, common)
    whole._identity()
    compare(whole, store.view(whole.viewer), chance)
    compare_walks(whole, store.view(whole.viewer), chance)


def test_of_a_value_of_very_many_only_some_ties_are_read(store: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    some_ties = SqliteLookups.some_ties

    def counted(self: SqliteLookups, *asked: Any) -> Ties:
        found = some_ties(self, *asked)
        read.append(len(found.a))
        return found

    monkeypatch.setattr(SqliteLookups, "some_ties", counted)
    file, held = FILES[0], replace(account(9, 0), dataset=FILES[0])
    holders = [replace(person(n, 0), dataset=file, source_id=f"holder {n}") for n in range(200)]
    ties = [
        Record("Ownership", file, "", {}, OPEN, (Role("owner", each.source_id), Role("asset", held.source_id)))
        for each in holders
    ]
    view = view_of(store, [held, *holders, *ties])
    few = [replace(way, limit=3) for way in ways()]
    assert list(shared_beside(view, [holders[0].entity], few)) == [held.entity]
    if isinstance(store.backend.lookups(view._scope()), SqliteLookups):
        assert 0 < sum(read) < 20


def test_a_component_of_very_many_is_found_in_the_whole_view(
    store: GraphStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    chain = [person(n, n % 2, passportNumber=f"P{n:07}", idNumber=f"{n + 1:07}") for n in range(8)]
    again = [person(n, 2 + n % 2, passportNumber=f"P{n + 1:07}") for n in range(8)]
    whole = view_of(store, [*chain, *again])
    wanted = whole.snapshot().canonical(chain[0].entity)
    monkeypatch.setattr(parts, "_ROOM", 0)
    monkeypatch.setattr(parts, "_ROOM_EACH", 0)
    in_parts = store.view(whole.viewer)
    with caplog.at_level("INFO", parts.__name__):
        assert in_parts.canonical(chain[0].entity) == wanted
    if store.backend.lookups(in_parts._scope()) is not None:
        assert "the whole view is read" in caplog.text
    assert "identity" in in_parts._access().made


def test_a_walk_may_be_the_first_question(store: GraphStore) -> None:
    whole = view_of(store, [*shared_holding(), KEYS[0]])
    one, other, held = (each.entity for each in shared_holding()[:3])
    assert set(store.view(whole.viewer).neighbours(one).entities) == {one, held}
    found = store.view(whole.viewer).between(one, other)
    assert found is not None
    assert set(found.shortest.entities) == {one, other, held}
    assert among(store.view(whole.viewer), [one, held]).entities == tuple(sorted((one, held)))
    assert {each.neighbour for each in around(store.view(whole.viewer), [held])} == {one, other}


def shared_holding() -> list[Record]:
    """Two persons, and an account that both hold."""
    file = FILES[0]
    persons = [replace(person(n, 0), dataset=file, source_id=name) for n, name in ((1, "p"), (2, "q"))]
    held = replace(account(9, 0), dataset=file, source_id="h")
    ties = [Record("Holding", file, "", {}, OPEN, (Role("holder", each), Role("held", "h"))) for each in "pq"]
    return [*persons, held, *ties]
