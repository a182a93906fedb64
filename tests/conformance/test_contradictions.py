"""Judgements that contradict one another are told to who sees both, and to nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.analytics.cases import EVERYBODY, eid, person, store_of, thing
from workbench.access.viewer import Viewer
from workbench.errors import NotFound, UsageError
from workbench.model.record import Record
from workbench.resolve import Contradiction, contradictions, contradictions_of, explain, judge, judge_all, undo
from workbench.view.store import GraphStore
from workbench.view.view import View

PASSPORT = {"passportNumber": "NX1234567", "country": "nl"}
A, B, C, D, E = eid("a"), eid("b", "BBB"), eid("c", "CCC"), eid("d", "DDD"), eid("e")
# What boris sees of a and c beside what everybody sees, and nobody else but the joint viewer.
SECRETS = {
    each: thing("Person", each, agency, "SECRET//REL BBB", note="seen")
    for each, agency in zip("ac", ("AAA", "CCC"), strict=True)
}
ANNA, BORIS = (
    Viewer(name=n, agencies=frozenset(of), level="SECRET") for n, of in (("anna", ["AAA"]), ("boris", ["BBB"]))
)
JOINT = EVERYBODY
KEYS = {"a": person("a").key(), "b": person("b", "BBB").key(), "c": person("c", "CCC").key()}


def people(**said: dict[str, str]) -> list[Record]:
    """A record of each, one agency each, and what only boris sees."""
    agencies = {"a": "AAA", "b": "BBB", "c": "CCC", "d": "DDD", "e": "AAA"}
    return [*(person(each, agency, **said.get(each, {})) for each, agency in agencies.items()), *SECRETS.values()]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    opened = store_of(tmp_path, people())
    yield opened
    opened.close()


def told(found: tuple[Contradiction, ...]) -> list[tuple[str, ...]]:
    return [(each.different.id, *(same.id for same in each.same)) for each in found]


def said(store: GraphStore, who: Viewer, a: str, b: str, verdict: str, *evidence: str) -> str:
    return judge(store, store.view(who), a, b, verdict, "a photo", evidence=evidence).id


def hidden(store: GraphStore, a: str = A, b: str = C) -> str:
    """What boris judged different by what anna does not see."""
    return said(store, BORIS, a, b, "different", *(each.key() for each in SECRETS.values()))


def test_a_same_against_a_hidden_different_is_put_before_who_sees_both(store: GraphStore) -> None:
    against = hidden(store)
    one = said(store, ANNA, A, C, "same")
    (found,) = contradictions(store.view(JOINT))
    assert (found.different.id, [each.id for each in found.same]) == (against, [one])
    assert (found.different.by, found.same[0].by, found.same[0].why) == ("boris", "anna", "a photo")
    assert [(each.rule, each.value) for each in found.by] == [(f"judgement {against}", f"judgement {one}")]
    for each in (A, C):
        assert contradictions_of(store.view(JOINT), each) == (found,)
    assert contradictions_of(store.view(JOINT), B) == ()
    assert found.by[0] in explain(store.view(JOINT), A, C)


def test_each_of_several_who_said_different_is_named_where_it_contradicts(store: GraphStore) -> None:
    one = said(store, ANNA, A, C, "same")
    against = [said(store, who, A, C, "different") for who in (BORIS, JOINT)]
    found = contradictions(store.view(JOINT))
    assert sorted(each.different.id for each in found) == sorted(against)
    for each in found:
        assert [(by.rule, by.value) for by in each.by] == [(f"judgement {each.different.id}", f"judgement {one}")]


def test_who_sees_one_of_the_two_is_told_nothing(store: GraphStore) -> None:
    hidden(store)
    said(store, ANNA, A, C, "same")
    for each in (A, C):
        assert contradictions(store.view(ANNA)) == contradictions_of(store.view(ANNA), each) == ()
    assert store.view(ANNA).canonical(A) == store.view(ANNA).canonical(C)
    with pytest.raises(NotFound):
        contradictions_of(store.view(ANNA), "0" * 20)


def test_by_way_of_other_judgements(store: GraphStore) -> None:
    against = hidden(store)
    ids = [each.id for each in judge_all(store, store.view(ANNA), _rows((A, B), (B, D), (D, C))).made]
    assert told(contradictions(store.view(JOINT))) == [(against, *sorted(ids))]
    (found,) = contradictions(store.view(JOINT))
    ends = [{each.a, each.b} for each in found.by]
    assert ends == [{A, B}, {B, D}, {D, C}]
    assert [each.verdict for each in found.by].count("different") == 1
    for each in (A, B, C, D):
        assert contradictions_of(store.view(JOINT), each) == (found,)
    assert contradictions_of(store.view(JOINT), E) == ()


def _rows(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"a": a, "b": b, "verdict": "same", "why": "a photo"} for a, b in pairs]


def test_by_way_of_an_identifier_on_either_side(tmp_path: Path) -> None:
    """b and c have one passport, so that a, if it is b, is c too."""
    store = store_of(tmp_path, people(b=PASSPORT, c=PASSPORT))
    against = hidden(store)
    assert contradictions(store.view(JOINT)) == ()
    one = said(store, ANNA, A, B, "same")
    (found,) = contradictions(store.view(JOINT))
    assert (found.different.id, [each.id for each in found.same]) == (against, [one])
    assert [(each.rule, each.value) for each in found.by] == [
        ("judgement", one),
        (f"judgement {against}", "passport NX1234567"),
    ]
    store.close()


def test_a_different_against_identifiers_alone_contradicts_no_judgement(tmp_path: Path) -> None:
    store = store_of(tmp_path, people(a=PASSPORT, c=PASSPORT))
    hidden(store)
    said(store, ANNA, B, D, "same")
    assert contradictions(store.view(JOINT)) == ()
    store.close()


def test_what_a_veto_keeps_apart_too_is_told(tmp_path: Path) -> None:
    """b, of another sex than a, is c by a passport."""
    woman = {**PASSPORT, "gender": "female"}
    store = store_of(tmp_path, people(a={"gender": "male"}, b=woman, c=PASSPORT))
    against, one = hidden(store), said(store, ANNA, A, B, "same")
    (found,) = contradictions(store.view(JOINT))
    assert told((found,)) == [(against, one)]
    assert "different sex" in {each.rule for each in found.by}
    store.close()


def test_it_ends_with_either_of_the_two_or_an_override(store: GraphStore) -> None:
    against, one = hidden(store), said(store, ANNA, A, C, "same")
    with pytest.raises(UsageError):
        said(store, JOINT, A, C, "same")
    over = judge(store, store.view(JOINT), A, C, "same", "asked both", override=True).id
    assert contradictions(store.view(JOINT)) == contradictions(store.view(BORIS)) == ()
    undo(store, store.view(JOINT), over)
    assert told(contradictions(store.view(JOINT))) == [(against, one)]
    undo(store, store.view(BORIS), against)
    assert contradictions(store.view(JOINT)) == ()
    hidden(store)
    assert told(contradictions(store.view(JOINT)))
    undo(store, store.view(ANNA), one)
    assert contradictions(store.view(JOINT)) == ()


def test_a_different_that_is_said_later_contradicts_as_well_and_the_newest_comes_first(store: GraphStore) -> None:
    first = said(store, ANNA, A, B, "same"), said(store, JOINT, A, B, "different")
    second = said(store, ANNA, D, E, "same"), said(store, JOINT, D, E, "different")
    assert told(contradictions(store.view(JOINT))) == [(different, same) for same, different in (second, first)]


def test_an_entity_alone_is_asked_as_in_the_whole_view(store: GraphStore) -> None:
    hidden(store)
    judge_all(store, store.view(ANNA), _rows((A, B), (B, C), (D, E)))
    whole, views = store.view(JOINT), [store.view(JOINT) for _ in range(5)]
    every = contradictions(whole)
    for entity, alone in zip((A, B, C, D, E), views, strict=True):
        assert contradictions_of(alone, entity) == contradictions_of(whole, entity)
        assert "identity" not in alone._access().made or _has_no_lookups(alone)
        assert contradictions_of(alone, entity) == (every if entity in (A, B, C) else ())


def _has_no_lookups(view: View) -> bool:
    return view._backend.lookups(view._scope()) is None
