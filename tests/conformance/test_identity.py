"""Identity in a view, compared with trying every pair, and rule by rule."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.oracle.draw import values
from tests.conformance.oracle.identity import clusters
from tests.conformance.oracle.operations import Delivery, Load, perform
from tests.selection import NEO4J
from tests.stores import examples
from workbench import resolve
from workbench.access.viewer import Viewer
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset, Record, Role, Value
from workbench.store.types import CommonEntry, Judgement
from workbench.view.joining import smallest_joined
from workbench.view.joins import MOST_ACCOUNT_HOLDERS
from workbench.view.store import GraphStore
from workbench.view.view import View

OPEN = parse_marking("OPEN//REL A")
ALL = Viewer(name="all", agencies=frozenset("A"), level="SECRET")
FILES = (Dataset("A", "one"), Dataset("A", "two"), Dataset("B", "one"), Dataset("C", "one"))
IDS = ("1", "2", "3")
KEYS = [Record("Person", file, each, {}, OPEN) for file in FILES for each in IDS]

_PERSON = {
    "passportNumber": ("P1234567", "Q7654321"),
    "passportCountry": ("nl", "bg"),
    "idNumber": ("771234", "771235"),
    "country": ("nl", "bg"),
    "birthDate": ("1980", "1982-01-01", "1983-06-15"),
    "gender": ("male", "female"),
}
_COMPANY = {"idNumber": ("771234", "771235"), "country": ("nl",)}
_ACCOUNT = {"iban": ("NL91ABNA0417164300", "CY17002001280000001200527600")}


@st.composite
def abouts(draw: st.DrawFn) -> Record:
    schema = draw(st.sampled_from(("Person", "Person", "Person", "Person", "Company", "BankAccount")))
    pools = {"Person": _PERSON, "Company": _COMPANY, "BankAccount": _ACCOUNT}[schema]
    names = draw(st.lists(st.sampled_from(sorted(pools)), unique=True, min_size=1, max_size=4))
    properties = {name: draw(values(pools[name])) for name in names}
    return Record(schema, draw(st.sampled_from(FILES)), draw(st.sampled_from(IDS)), properties, OPEN)


@st.composite
def holdings(draw: st.DrawFn) -> Record:
    schema, who, what = draw(st.sampled_from((("Holding", "holder", "held"), ("Ownership", "owner", "asset"))))
    roles = (Role(who, draw(st.sampled_from(IDS))), Role(what, draw(st.sampled_from(IDS))))
    return Record(schema, draw(st.sampled_from(FILES)), "", {}, OPEN, roles)


@st.composite
def verdicts(draw: st.DrawFn) -> Judgement:
    pair = st.sampled_from([record.entity for record in KEYS])
    number = draw(st.integers(0, 99))
    verdict = draw(st.sampled_from(("same", "same", "different", "unsure")))
    return Judgement(f"{number:016x}", draw(pair), draw(pair), verdict, "anna", "why", "2026", (KEYS[0].key(),))


@st.composite
def judged(draw: st.DrawFn) -> list[Judgement]:
    """Some judgements; each `same` may override some of those `different`, about whomever they are."""
    said = draw(st.lists(verdicts(), max_size=4, unique_by=lambda j: j.id))
    apart = [each.id for each in said if each.verdict == "different"]
    overrides = st.sets(st.sampled_from(apart)) if apart else st.just(set[str]())
    return [replace(j, overrides=tuple(sorted(draw(overrides)))) if j.verdict == "same" else j for j in said]


@st.composite
def listings(draw: st.DrawFn) -> CommonEntry:
    values = st.sampled_from((*_ACCOUNT["iban"], "nl91 abna 0417 1643 00", *(record.entity for record in KEYS)))
    return CommonEntry(draw(st.sampled_from(("account", "phone"))), draw(values), "A", str(OPEN), "an exchange house")


def view_of(
    store: GraphStore,
    records: list[Record],
    judgements: list[Judgement] | None = None,
    common: list[CommonEntry] | None = None,
) -> View:
    perform(store, Load("A", (Delivery("one.csv", "2026-01-01", (tuple(records),)),)))
    for each in judgements or ():
        store.add_judgement(each)
    for entry in common or ():
        store.add_common(entry)
    return store.view(ALL)


@settings(max_examples=examples(3) * settings().max_examples, suppress_health_check=[*HealthCheck])
@given(
    records=st.lists(st.one_of(abouts(), abouts(), holdings()), min_size=4, max_size=14),
    judgements=judged(),
    common=st.lists(listings(), max_size=2, unique_by=lambda entry: entry.value),
)
def test_identity_is_that_of_trying_every_pair(
    new_store: Callable[[], GraphStore],
    records: list[Record],
    judgements: list[Judgement],
    common: list[CommonEntry],
) -> None:
    view = view_of(new_store(), [*records, KEYS[0]], judgements, common)
    found = view.records([each.key() for each in (*records, KEYS[0])])
    expected = clusters(found, judgements, common)
    assert [row[0] for row in view.clusters()] == sorted(min(expected[each]) for each in expected)
    assert {each: view.canonical(each) for each in expected} == {each: min(expected[each]) for each in expected}


def person(number: int, file: int = 0, **said: str) -> Record:
    properties = {name: (Value(text, text),) for name, text in said.items()}
    return Record("Person", FILES[file], str(number), properties, OPEN)


def account(number: int, file: int) -> Record:
    iban = Value("NL91ABNA0417164300", "NL91 ABNA 0417 1643 00")
    return Record("BankAccount", FILES[file], str(number), {"iban": (iban,)}, OPEN)


def holds(who: int, what: int, file: int) -> Record:
    return Record("Holding", FILES[file], "", {}, OPEN, (Role("holder", str(who)), Role("held", str(what))))


def joined(store: GraphStore, a: Record, b: Record, *others: Record, **judged: str) -> bool:
    evidence = (a.key(),)
    judgements = [Judgement("0" * 16, a.entity, b.entity, v, "anna", "why", "2026", evidence) for v in judged.values()]
    view = view_of(store, [a, b, *others], judgements)
    return view.canonical(a.entity) == view.canonical(b.entity)


PASSPORT = {"passportNumber": "P1234567"}


@pytest.mark.fewer_cases(reason="who is who is decided above the store", kind=NEO4J)
@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (person(1, 0, **PASSPORT), person(1, 2, **PASSPORT), True),
        (person(1, 0, **PASSPORT), person(1, 2, passportNumber="p 123-4567"), True),
        (person(1, 0, name="Ivan Petrov"), person(1, 2, name="Ivan Petrov"), False),
        (person(1, 0, birthDate="1980-01-01"), person(1, 2, birthDate="1980-01-01"), False),
        (person(1, 0, **PASSPORT, gender="male"), person(1, 2, **PASSPORT, gender="female"), False),
        (person(1, 0, **PASSPORT, gender="male"), person(1, 2, **PASSPORT, gender="other"), True),
        (person(1, 0, **PASSPORT, birthDate="1980-01-01"), person(1, 2, **PASSPORT, birthDate="1982-01-01"), True),
        (person(1, 0, **PASSPORT, birthDate="1980-01-01"), person(1, 2, **PASSPORT, birthDate="1982-01-03"), False),
        (person(1, 0, **PASSPORT, birthDate="1980"), person(1, 2, **PASSPORT, birthDate="1982-12-31"), True),
        (person(1, 0, **PASSPORT, passportCountry="nl"), person(1, 2, **PASSPORT, passportCountry="bg"), False),
        (person(1, 0, **PASSPORT, passportCountry="nl"), person(1, 2, **PASSPORT), True),
        (person(1, 0, **PASSPORT, idNumber="111111"), person(1, 1, **PASSPORT, idNumber="222222"), True),
    ],
)
def test_a_passport_joins_unless_something_forbids_it(store: GraphStore, a: Record, b: Record, same: bool) -> None:
    assert joined(store, a, b) is same


def test_two_documents_of_one_kind_and_country_from_one_agency_keep_apart(store: GraphStore) -> None:
    a = person(1, 0, **PASSPORT, idNumber="111111", country="nl")
    b = person(1, 1, **PASSPORT, idNumber="222222", country="nl")
    assert not joined(store, a, b)


def test_two_documents_of_two_agencies_keep_nobody_apart(store: GraphStore) -> None:
    a = person(1, 0, **PASSPORT, idNumber="111111", country="nl")
    b = person(1, 2, **PASSPORT, idNumber="222222", country="nl")
    assert joined(store, a, b)


@pytest.mark.fewer_cases(reason="who is who is decided above the store", kind=NEO4J)
@pytest.mark.parametrize("n", range(6))
def test_a_number_of_two_issuers_joins_nobody_by_way_of_one_who_has_both(store: GraphStore, n: int) -> None:
    """Whoever has both may not be either of two men: then who comes first, by id, is another one for each n."""
    woman = [person(n, 0, **PASSPORT, passportCountry=country, gender="female") for country in ("nl", "bg")]
    one = person(50 + n, 2, **PASSPORT, passportCountry="nl", gender="male")
    other = person(80 + n, 3, **PASSPORT, passportCountry="bg", gender="male")
    records = [woman[0], replace(woman[1], part="2"), one, other]
    view = view_of(store, records)
    assert len({view.canonical(each.entity) for each in records}) == 3
    assert len(set(clusters(view.records([each.key() for each in records]), []).values())) == 3


@pytest.mark.parametrize(("holders", "same"), [(2, True), (3, True), (4, False)])
def test_a_document_held_by_more_than_three_identifies_nobody(store: GraphStore, holders: int, same: bool) -> None:
    people = [person(n, n % 4, **PASSPORT) for n in range(holders)]
    assert joined(store, *people) is same


def test_an_account_number_joins_accounts_however_many(store: GraphStore) -> None:
    accounts = [account(n, file) for n in (1, 2) for file in range(4)]
    assert joined(store, *accounts)


def test_an_account_joins_its_only_holders_across_agencies(store: GraphStore) -> None:
    a, b = person(1, 0), person(1, 2)
    assert joined(store, a, b, account(2, 0), account(2, 2), holds(1, 2, 0), holds(1, 2, 2))


def test_an_account_joins_no_holders_within_an_agency(store: GraphStore) -> None:
    a, b = person(1, 0), person(1, 1)
    assert not joined(store, a, b, account(2, 0), account(2, 1), holds(1, 2, 0), holds(1, 2, 1))


def test_an_account_joins_no_two_of_an_agency_by_way_of_a_third(store: GraphStore) -> None:
    a, b, third = person(1, 0), person(1, 1), person(1, 2)
    shared = [each for file in (0, 1, 2) for each in (account(2, file), holds(1, 2, file))]
    assert not joined(store, a, b, third, *shared)
    assert store.view(ALL).canonical(a.entity) != store.view(ALL).canonical(third.entity)


def test_an_account_with_two_holders_in_one_file_joins_nobody(store: GraphStore) -> None:
    a, b = person(1, 0), person(1, 2)
    assert not joined(
        store, a, b, person(3, 2), account(2, 0), account(2, 2), holds(1, 2, 0), holds(1, 2, 2), holds(3, 2, 2)
    )


@pytest.mark.fewer_cases(reason="who is who is decided above the store", kind=NEO4J)
@pytest.mark.parametrize(
    ("kind", "value", "same"),
    [
        ("account", "NL91 ABNA 0417 1643 00", False),
        ("account", "nl91abna0417164300", False),
        ("account", "CY17002001280000001200527600", True),
        ("account", account(2, 2).entity, False),
        ("account", person(1, 0).entity, True),
        ("phone", "NL91ABNA0417164300", True),
    ],
)
def test_an_account_that_somebody_listed_as_common_joins_nobody(
    store: GraphStore, kind: str, value: str, same: bool
) -> None:
    a, b = person(1, 0), person(1, 2)
    records = [a, b, account(2, 0), account(2, 2), holds(1, 2, 0), holds(1, 2, 2)]
    view = view_of(store, records, common=[CommonEntry(kind, value, "A", str(OPEN), "an exchange house")])
    assert (view.canonical(a.entity) == view.canonical(b.entity)) is same
    assert view.canonical(account(2, 0).entity) == view.canonical(account(2, 2).entity), (
        "the account is one all the same"
    )
    if not same:
        (aside,) = view.snapshot().identity.set_aside
        assert (aside.kind, aside.value, len(aside.holders)) == ("iban-holder", "NL91ABNA0417164300", 2)
        store.remove_common(CommonEntry(kind, value, "A", str(OPEN), "an exchange house"))
        assert store.view(ALL).canonical(a.entity) == store.view(ALL).canonical(b.entity)


def test_a_list_that_a_viewer_may_not_see_changes_nothing_for_him(store: GraphStore) -> None:
    a, b = person(1, 0), person(1, 2)
    records = [a, b, account(2, 0), account(2, 2), holds(1, 2, 0), holds(1, 2, 2)]
    hidden = CommonEntry("account", "NL91ABNA0417164300", "B", "SECRET//REL B", "an exchange house")
    view = view_of(store, records, common=[hidden])
    assert view.canonical(a.entity) == view.canonical(b.entity)
    assert view.snapshot().identity.set_aside == ()


@pytest.mark.parametrize(("holders", "same"), [(12, True), (13, False)])
def test_an_account_of_more_persons_than_twelve_joins_none_of_them(store: GraphStore, holders: int, same: bool) -> None:
    files = [Dataset(f"AGENCY{n:02}", "one") for n in range(holders)]
    people = [replace(person(1), dataset=file) for file in files]
    accounts = [replace(account(2, 0), dataset=file) for file in files]
    view = view_of(store, [*people, *accounts, *(replace(holds(1, 2, 0), dataset=file) for file in files)])
    assert len({view.canonical(each.entity) for each in people}) == (1 if same else holders)


def test_the_limit_of_holders_is_that_of_common_accounts() -> None:
    rules = tomllib.loads(Path(resolve.__file__).with_name("common.toml").read_text("utf-8"))["rules"]
    limits = [
        each["limit"] for each in rules if each["kind"] == "account" and ["Holding", "holder", "held"] in each["ties"]
    ]
    assert limits == [MOST_ACCOUNT_HOLDERS]


def test_a_phone_joins_no_persons(store: GraphStore) -> None:
    phones = [Record("Phone", FILES[f], "9", {"number": (Value("+31612345678", "x"),)}, OPEN) for f in (0, 2)]
    assert not joined(store, person(1, 0), person(1, 2), *phones, holds(1, 9, 0), holds(1, 9, 2))


def test_a_value_that_could_not_be_cleaned_identifies_nobody(store: GraphStore) -> None:
    a, b = (Record("Person", FILES[f], "1", {"passportNumber": (Value(None, "P1234567"),)}, OPEN) for f in (0, 2))
    assert not joined(store, a, b)


def test_a_person_decides_against_a_number_and_not_against_a_veto(store: GraphStore) -> None:
    assert not joined(store, person(1, 0, **PASSPORT), person(1, 2, **PASSPORT), verdict="different")


def test_same_joins_what_no_number_joins(store: GraphStore) -> None:
    assert joined(store, person(1, 0, name="Nico"), person(1, 2, name="N. K."), verdict="same")


def test_same_does_not_overcome_a_veto(store: GraphStore) -> None:
    assert not joined(store, person(1, 0, gender="male"), person(1, 2, gender="female"), verdict="same")


def test_unsure_joins_nobody(store: GraphStore) -> None:
    assert not joined(store, person(1, 0), person(1, 2), verdict="unsure")


def test_a_judgement_is_stronger_than_a_number(store: GraphStore) -> None:
    """A man is judged the same as an unsexed record that a passport gives to a woman."""
    man, nobody = person(1, 0, gender="male"), person(1, 2, **PASSPORT)
    woman = person(1, 3, **PASSPORT, gender="female")
    assert joined(store, man, nobody, woman, verdict="same")
    assert store.view(ALL).canonical(woman.entity) == woman.entity


@settings(max_examples=examples(300))
@given(st.integers(1, 60), st.data())
def test_the_smallest_of_a_cluster_is_that_of_its_component(n: int, data: st.DataObject) -> None:
    number = st.integers(0, n - 1)
    pairs = data.draw(st.lists(st.tuples(number, number), max_size=2 * n))
    _same_components(n, pairs)


@pytest.mark.parametrize("seed", range(5))
def test_the_smallest_of_a_long_chain_is_found_in_whatever_order_it_is_joined(seed: int) -> None:
    order = np.random.default_rng(seed).permutation(5_000).tolist()
    _same_components(5_000, list(pairwise(order)))
    _same_components(5_000, [pair for place, pair in enumerate(pairwise(order)) if place % 7])


def _same_components(n: int, pairs: list[tuple[int, int]]) -> None:
    graph = nx.Graph(pairs)
    graph.add_nodes_from(range(n))
    wanted = {number: min(part) for part in nx.connected_components(graph) for number in part}
    a, b = np.array(pairs, dtype=np.int32).reshape(-1, 2).T
    assert smallest_joined(n, a, b).tolist() == [wanted[number] for number in range(n)]
