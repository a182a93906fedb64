"""What decides who is who around some entities: judgements wherever they are, and nothing hidden, later or past."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pytest

from tests.conformance.oracle.operations import Delivery, Load, perform
from tests.conformance.test_identity import ALL, FILES, OPEN, account, holds, person, view_of
from workbench.errors import NotFound
from workbench.model.marking import parse_marking
from workbench.model.record import Record, Role
from workbench.resolve.common import ways
from workbench.resolve.explain import explain
from workbench.resolve.joining import joining
from workbench.resolve.judgements import contradicted, grounds
from workbench.store import registers
from workbench.store.lookups import InColumns
from workbench.store.types import Judgement
from workbench.view.around import among, around, ties_with
from workbench.view.beside import shared_among
from workbench.view.store import GraphStore
from workbench.view.view import View
from workbench.view.who import different_between, judgements_about, members_of, who_is

HIDDEN = parse_marking("SECRET//REL B")


def test_a_part_has_the_judgements_about_its_own_and_what_overrides_them_elsewhere(store: GraphStore) -> None:
    """Whoever is asked about, at each revision; what the viewer does not see counts for nothing."""
    a, b, c, d, e, f, x = (person(n, n % 4) for n in range(7))
    e, f = (replace(each, properties=person(0, 0, passportNumber="P1234567").properties) for each in (e, f))
    hidden = replace(x, marking=HIDDEN)
    view_of(store, [a, b, c, d, e, f, hidden])

    def said(number: int, verdict: str, pair: tuple[Record, Record], on: Record, *overrides: str) -> Judgement:
        ends = (each.entity for each in pair)
        return Judgement(f"{number:016x}", *ends, verdict, "anna", "why", "2026", (on.key(),), overrides)

    def same(token: str | None = None) -> set[frozenset[str]]:
        """Who is one with another, asked about each in a view of its own."""
        ids = [each.entity for each in (a, b, c, d, e, f)]
        found = {each: frozenset(members_of(store.view(ALL, revision=token), [each])[each]) for each in ids}
        assert all(found[other] == found[each] for each in ids for other in found[each])
        return {each for each in found.values() if len(each) > 1}

    joined, apart = said(1, "same", (a, b), a), said(2, "different", (e, f), e)
    tokens = [store.add_judgement(each) for each in (joined, apart)]
    ab, cd, ef = (frozenset(each.entity for each in pair) for pair in ((a, b), (c, d), (e, f)))
    store.add_judgement(said(3, "same", (c, d), hidden, apart.id))
    assert same() == {ab}
    beside = said(4, "same", (d, c), c, apart.id)
    tokens.append(store.add_judgement(beside))
    tokens += [store.withdraw_judgement(each.id) for each in (joined, beside)]
    assert [same(token) for token in tokens] == [{ab, ef}, {ab}, {ab, cd, ef}, {cd, ef}, set()]


def test_whether_something_hidden_is_known_changes_no_judgement(new_store: Callable[[], GraphStore]) -> None:
    """A judgement is told by what the viewer sees of it, also where the store knows nothing of one of its ends."""
    a, b = person(1), person(2)
    judgement = Judgement("1" * 16, a.entity, b.entity, "different", "anna", "why", "2026", (a.key(),))
    for hidden in ((), (replace(b, marking=HIDDEN),)):
        view = view_of(new_store(), [a, *hidden], [judgement])
        assert judgements_about(view, [b.entity]) == (judgement,)
        assert different_between(view, [b.entity], [a.entity]) == [judgement]


def test_what_is_hidden_changes_no_order(new_store: Callable[[], GraphStore]) -> None:
    """Reasons come in the same order, whichever word the store has met first."""
    said = (
        {"passportNumber": "P1234567"},
        {"passportNumber": "P1234567", "idNumber": "771234"},
        {"idNumber": "771234"},
    )
    seen = [person(n, n, **each, country="nl") for n, each in enumerate(said)]
    for first in ({"passportNumber": "Q7654321"}, {"idNumber": "999999"}):
        store = new_store()
        perform(
            store, Load("A", (Delivery("one.csv", "2026-01-01", ((replace(person(9, **first), marking=HIDDEN),),)),))
        )
        found = who_is(view_of(store, seen), [seen[1].entity])
        assert [each.rule for each in found.joins] == ["id", "passport"]


def test_who_is_hidden_is_in_no_walk(store: GraphStore) -> None:
    seen, hidden = person(1), replace(person(2), marking=HIDDEN)
    view = view_of(store, [seen, hidden])
    assert among(view, [seen.entity, hidden.entity]).entities == (seen.entity,)
    with pytest.raises(NotFound):
        store.view(view.viewer).neighbours(hidden.entity)


def test_judgements_are_told_in_the_order_of_their_ids(store: GraphStore) -> None:
    """However far from who is asked about they are."""
    ids = [person(n).entity for n in range(3)]
    far, near = (
        Judgement(each * 16, *ends, "same", "anna", "why", "2026", (person(0).key(),))
        for each, ends in (("1", ids[1:]), ("2", ids[:2]))
    )
    view = view_of(store, [person(n) for n in range(3)], [near, far])
    for each in ids:
        assert [join.value for join in who_is(store.view(view.viewer), [each]).joins] == [far.id, near.id]


def test_judgements_about_others_are_not_read(store: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b, c = (person(n) for n in range(3))
    view = view_of(
        store, [a, b, c], [Judgement("1" * 16, a.entity, b.entity, "same", "anna", "why", "2026", (a.key(),))]
    )
    if not isinstance(store.backend.lookups(view._scope()), InColumns):  # which has all of them at hand
        monkeypatch.delattr(registers, "judgements")
    assert members_of(view, [b.entity]) == {b.entity: tuple(sorted((a.entity, b.entity)))}
    assert joining(view, [a.entity]) == (a.key(),)
    assert [each.value for each in explain(view, a.entity, b.entity)] == ["1" * 16]
    assert explain(view, a.entity, c.entity) == ()
    assert set(grounds(view, [b.entity])) == {a.key(), b.key()}
    assert contradicted(view, a.entity, c.entity) == []


# Each pair is joined or kept apart by what comes later.
FORBIDDEN = [person(n, passportNumber="P1234567") for n in (1, 2)]
JOINED = [person(3, passportNumber="Q7654321"), person(4)]
HOLDERS = [person(5), person(1, 2)]
CALLERS = [person(6), person(7)]
OWNED = Record("LegalEntity", FILES[0], "owned", {}, OPEN)
OWNS = Record("Ownership", FILES[0], "", {}, OPEN, (Role("owner", "6"), Role("asset", "owned")))
UNKNOWN = [person(n) for n in (9, 10, 11)]
ACCOUNTS = [Record("BankAccount", FILES[0], each, {}, OPEN) for each in ("payer", "other", "one more", "payee")]


def later() -> Iterator[Record]:
    """What forbids a join or makes one, who holds an account, somebody unknown, what is a company, calls, payments."""
    for each, year in zip(FORBIDDEN, ("1960", "1980"), strict=True):
        yield replace(each, part="later", properties=person(1, birthDate=year).properties)
    yield replace(JOINED[1], part="later", properties=JOINED[0].properties)
    yield replace(holds(5, 8, 0), part="later")
    yield replace(UNKNOWN[0], part="later")
    yield replace(OWNED, schema="Company", part="later")
    ties = [("Call", "caller", "receiver", *ends) for ends in (("6", "7"), ("7", "6"), ("10", "11"))]
    paid = (("payer", "other"), ("payer", "one more"), ("other", "payee"), ("one more", "payee"))
    ties += [("Payment", "payerAccount", "beneficiaryAccount", *ends) for ends in paid]
    for n, (schema, one, other, a, b) in enumerate(ties):
        yield Record(schema, FILES[0], f"tie {n}", {}, OPEN, (Role(one, a), Role(other, b)), part="later")


BEFORE = (
    *(*FORBIDDEN, *JOINED, *HOLDERS, *CALLERS, *ACCOUNTS, OWNED, OWNS),
    *(account(8, 0), account(8, 2), holds(1, 8, 2)),
)


def check(fresh: Callable[[], View], is_later: bool) -> None:
    """Whether a view counts with what comes later, asked of a fresh one each time."""
    one, other = (each.entity for each in CALLERS)
    unknown = [each.entity for each in UNKNOWN]
    referents = [len(members_of(fresh(), [e.entity])[e.entity]) for e in (*FORBIDDEN, *JOINED, *HOLDERS)]
    assert referents == ([1, 1, 2, 2, 2, 2] if is_later else [2, 2, 1, 1, 1, 1])
    assert set(members_of(fresh(), unknown)) == (set(unknown) if is_later else set())
    owned = {OWNED.entity: "Company" if is_later else "LegalEntity"}
    beside = {each.neighbour: each.schema for each in around(fresh(), [one])}
    assert beside == owned | ({other: "Person"} if is_later else {})
    assert ties_with(fresh(), [one], [other]) == ({one: 2} if is_later else {})
    few, ends = [replace(way, limit=1) for way in ways()], {ACCOUNTS[0].entity, ACCOUNTS[-1].entity}
    assert set(shared_among(fresh(), sorted(ends), few)) == (ends if is_later else set())


def test_what_comes_later_counts_in_no_part(store: GraphStore) -> None:
    """Neither what joins or forbids it, nor who holds an account, nor a tie; nor do they when they have gone."""
    loads = (
        Load("A", (Delivery("one.csv", "2026-01-01", (BEFORE,)),)),
        Load("A", (Delivery("one.csv", "2026-01-02", (tuple(later()),)),)),
        Load("A", (), ((FILES[0], "later", "2026-01-03"),)),
    )
    for token, is_later in [(perform(store, each), at == 1) for at, each in enumerate(loads)]:
        check(partial(store.view, ALL, revision=token), is_later)


def test_what_is_hidden_counts_in_no_part(store: GraphStore) -> None:
    hidden = [replace(each, marking=HIDDEN) for each in later()]
    perform(store, Load("A", (Delivery("one.csv", "2026-01-01", ((*BEFORE, *hidden),)),)))
    check(partial(store.view, ALL), False)
