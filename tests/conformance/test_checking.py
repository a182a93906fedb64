"""Clusters to check: which are large or loosely joined, compared with counting every pair."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from random import Random

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.oracle.identity import NAMES_A_THING, People, clusters
from tests.conformance.oracle.operations import root_of
from tests.conformance.oracle.stand_in import score
from tests.conformance.test_identity import (
    ALL,
    FILES,
    IDS,
    KEYS,
    OPEN,
    account,
    holdings,
    holds,
    judged,
    listings,
    person,
    view_of,
)
from tests.conformance.test_parts import HIDDEN, shared_accounts
from tests.stores import examples
from workbench.errors import NotFound
from workbench.model.ontology import ontology
from workbench.model.record import Record, Value
from workbench.store.types import CommonEntry, Judgement
from workbench.view import checking
from workbench.view.checking import clusters_to_check, to_check
from workbench.view.store import GraphStore
from workbench.view.view import View
from workbench.view.who import everyone, members_of

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
_MANY = settings(suppress_health_check=[*HealthCheck])
_EVERY = 1_000


@pytest.fixture
def _all_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every cluster of two or more be one to check."""
    monkeypatch.setattr(checking, "SEVERAL", 2)
    monkeypatch.setattr(checking, "LARGE", 1)


_NUMBERS = {
    "Person": (
        ("innCode", tuple(f"77000000{n}" for n in range(6))),
        ("passportNumber", ("P1234567", "Q7654321", "R1122334")),
    ),
    "Company": (
        ("vatCode", tuple(f"NL00000000{n}B01" for n in range(6))),
        ("leiCode", ("LEI000001", "LEI000002", "LEI000003")),
    ),
    "BankAccount": (("iban", ("NL91ABNA0417164300",)),),
}


Told = dict[frozenset[str], int]  # the referents of clusters, and how many pairs of them are joined


def told(view: View) -> Told:
    """What a view says of all its clusters; the same as of each of them alone."""
    found = clusters_to_check(view, _EVERY)
    assert found.total == len(found.clusters)
    members = members_of(view, [each.entity.id for each in found.clusters])
    for each in found.clusters:
        n = len(members[each.entity.id])
        assert (each.shape.referents, each.shape.pairs) == (n, n * (n - 1) // 2)
        for one in members[each.entity.id]:
            assert to_check(view, one) == each.shape
    return {frozenset(members[each.entity.id]): each.shape.joined for each in found.clusters}


def counted(people: People, known: Sequence[frozenset[str]], judgements: Sequence[Judgement]) -> Told:
    """The same by trying every pair of each cluster."""
    found, joins = {}, [(rule, {a, b}) for _, rule, _, a, b in people.joins(judgements) if a != b]
    legal = {each.record.entity for each in people.records if is_legal(each.record)}
    for cluster in known:
        inside = [(rule, pair) for rule, pair in joins if pair <= cluster]
        if len(cluster) > 1 and cluster & legal and not any(rule in NAMES_A_THING for rule, _ in inside):
            found[cluster] = sum(any({*two} == pair for _, pair in inside) for two in combinations(cluster, 2))
    return found


def is_legal(record: Record) -> bool:
    """Whether a record is about a person or an organisation."""
    return not ontology().is_relationship(record.schema) and ontology().is_a(record.schema, "LegalEntity")


_ISSUERS = (("nl",), ("nl",), ("bg",), ())  # of the passports in each file


@st.composite
def numbered_ones(draw: st.DrawFn) -> Record:
    """Somebody or something with numbers that many have. One source id may be both."""
    schema = draw(st.sampled_from((*["Person"] * 3, *["Company"] * 6, "BankAccount")))
    file = draw(st.sampled_from(range(len(FILES))))
    said = {
        name: draw(st.lists(st.sampled_from(pool), min_size=1, max_size=2, unique=True))
        for name, pool in _NUMBERS[schema]
    }
    if schema == "Person":
        said["passportCountry"] = [*_ISSUERS[file]]
    values = {name: tuple(Value(text, text) for text in texts) for name, texts in said.items()}
    return Record(schema, FILES[file], draw(st.sampled_from(IDS)), values, OPEN, part=draw(st.sampled_from(("", "2"))))


@pytest.mark.usefixtures("_all_are_told")
@settings(max_examples=examples(20) * settings().max_examples, suppress_health_check=[*HealthCheck])
@given(
    records=st.lists(st.one_of(*[numbered_ones()] * 5, holdings()), min_size=6, max_size=16),
    shared=st.one_of(st.just([]), shared_accounts()),
    judgements=judged(),
    common=st.lists(listings(), max_size=1),
)
def test_every_pair_that_is_joined_directly_counts_once(
    new_store: Callable[[], GraphStore],
    records: list[Record],
    shared: list[Record],
    judgements: list[Judgement],
    common: list[CommonEntry],
) -> None:
    every = [*records, *shared, KEYS[0]]
    view = view_of(new_store(), every, judgements, common)
    found = view.records([each.key() for each in every])
    people = People(found, common)
    known = list(dict.fromkeys(clusters(found, judgements, common).values()))
    assert told(view) == counted(people, known, judgements)


def linked(view: View) -> Told:
    """What the joins say that a view tells one by one: who is joined by one identifier is joined to all who are."""
    chains: dict[tuple[str, ...], nx.Graph[str]] = {}
    for n, join in enumerate(everyone(view).joins):
        alone = (str(n),) if join.rule in ("judgement", "iban-holder", "score") else ()
        chains.setdefault((join.rule, join.value, *alone), nx.Graph()).add_edge(join.a, join.b)
    whole = nx.Graph(edge for graph in chains.values() for edge in graph.edges)
    pairs = {
        frozenset(two) for g in chains.values() for part in nx.connected_components(g) for two in combinations(part, 2)
    }
    legal = {each.record.entity for each in view.records(view.keys()) if is_legal(each.record)}
    things = {end for (rule, *_), graph in chains.items() if rule in NAMES_A_THING for end in graph}
    return {
        frozenset(part): sum(pair <= part for pair in pairs)
        for part in nx.connected_components(whole)
        if len(part) > 1 and part & legal and not part & things
    }


@pytest.mark.usefixtures("_all_are_told")
@_MANY
@given(
    records=st.lists(numbered_ones(), min_size=6, max_size=16),
    judgements=judged(),
    slips=st.booleans(),
    chance=st.randoms(use_true_random=False),
)
def test_what_counts_is_what_the_view_tells_of_its_joins(
    new_store: Callable[[], GraphStore],
    records: list[Record],
    judgements: list[Judgement],
    slips: bool,
    chance: Random,
) -> None:
    """With scores, and much that is hidden; and of one entity the same where only a part is looked up."""
    store, marked = new_store(), [replace(each, marking=chance.choice((OPEN, OPEN, OPEN, HIDDEN))) for each in records]
    view_of(store, [*marked, KEYS[0]], judgements)
    score(store, store.view(root_of(ALL)), slips=slips)
    for viewer in (ALL, root_of(ALL)):
        view = store.view(viewer)
        expected = linked(view)
        assert told(view) == expected
        for cluster in expected:
            assert to_check(store.view(viewer), min(cluster)) == to_check(view, min(cluster))


# -- rule by rule ------------------------------------------------------------------------------


def numbered(n: int, *numbers: int, schema: str = "Company") -> Record:
    """A company with numbers for VAT, which no two agencies dispute."""
    texts = [f"NL80000000{number:02}B01" for number in numbers]
    said = {"vatCode": tuple(Value(text, text) for text in texts)}
    return Record(schema, FILES[n % len(FILES)], f"c{n}", said, OPEN)


def chain(n: int) -> list[Record]:
    """Companies of which each has a number in common with the next."""
    return [numbered(each, each, each + 1) for each in range(n)]


@pytest.mark.parametrize(("n", "joined", "pairs"), [(6, 5, 15), (8, 7, 28), (21, 20, 210)])
def test_a_chain_is_loosely_joined(store: GraphStore, n: int, joined: int, pairs: int) -> None:
    view = view_of(store, chain(n))
    (found,) = clusters_to_check(view).clusters
    looks = "large and loosely joined" if n > 20 else "loosely joined"
    assert found.shape == checking.Shape(n, pairs, joined, looks)
    assert found.shape.why == f"{looks} ({n} referents, {joined} of their {pairs} pairs joined)"
    assert found.to_row()["pairs joined"] == f"{joined} of {pairs}"
    for each in chain(n):
        assert to_check(view, each.entity) == found.shape


def test_a_short_chain_is_not(store: GraphStore) -> None:
    """Five have 4 of 10 pairs."""
    view = view_of(store, [*chain(5), person(1)])
    assert clusters_to_check(view).clusters == ()
    assert to_check(view, chain(5)[0].entity) is to_check(view, person(1).entity) is None


def test_who_has_a_number_is_joined_to_all_who_have_it(store: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven, of whom each three in a row have one number: 6 + 5 of 21 pairs, which is not loose."""
    view = view_of(store, [numbered(n, n, n + 1, n + 2) for n in range(2, 9)])
    assert len(view.entity(numbered(2).entity).referents) == 7
    assert clusters_to_check(view).total == 0
    monkeypatch.setattr(checking, "LARGE", 6)
    (found,) = clusters_to_check(store.view(ALL)).clusters
    assert (found.shape.joined, found.shape.looks) == (11, "large")


def test_things_may_be_as_many_as_they_like(store: GraphStore) -> None:
    accounts = [replace(account(n, n % 4), source_id=f"k{n}") for n in range(30)]
    view = view_of(store, accounts)
    assert len(view.entity(accounts[0].entity).referents) == 30
    assert clusters_to_check(view).total == 0
    assert to_check(view, accounts[0].entity) is None


def test_people_who_are_judged_one_in_a_chain_are_told_and_events_are_not(store: GraphStore) -> None:
    people = [person(n, n % 4) for n in range(10, 17)]
    events = [replace(each, schema="Incident", source_id=f"e{each.source_id}") for each in people]
    said = [
        Judgement(f"{n:016x}", a.entity, b.entity, "same", "anna", "why", "2026", (a.key(),))
        for n, (a, b) in enumerate([*pairwise(people), *pairwise(events)])
    ]
    view = view_of(store, [*people, *events], said)
    (found,) = clusters_to_check(view).clusters
    assert found.entity.id == min(each.entity for each in people)
    assert (found.shape.referents, found.shape.joined) == (7, 6)


def test_the_largest_come_first_and_all_are_counted(store: GraphStore) -> None:
    longer = [replace(each, schema="Organization", source_id=f"o{each.source_id}") for each in chain(12)]
    others = [
        replace(each, properties={"leiCode": tuple(Value(f"LEI{v.value}", "x") for v in each.properties["vatCode"])})
        for each in longer
    ]
    view = view_of(store, [*chain(8), *others])
    first, second = clusters_to_check(view).clusters
    assert (first.shape.referents, second.shape.referents) == (12, 8)
    assert clusters_to_check(view, 1).clusters == (first,)
    assert clusters_to_check(view, 1).total == 2


def test_one_who_is_not_in_the_view_is_refused(store: GraphStore) -> None:
    with pytest.raises(NotFound):
        to_check(view_of(store, chain(2)), "0" * 20)
    assert clusters_to_check(store.view(ALL)).total == 0


def test_holders_of_one_account_are_joined_each_to_each(store: GraphStore) -> None:
    """Of six agencies, all by one account: nothing is loose about them."""
    files = [replace(FILES[0], agency=f"AGENCY{n}") for n in range(6)]
    held = [replace(each, dataset=file) for file in files for each in (person(1), account(2, 0), holds(1, 2, 0))]
    view = view_of(store, held)
    assert len(view.entity(held[0].entity).referents) == 6
    assert clusters_to_check(view).total == 0
