"""Judgements by the batch: all in one publication or none, and each mistake with its place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.analytics.cases import EVERYBODY, eid, person, store_of, thing
from workbench.access.viewer import Viewer
from workbench.errors import NotFound, UsageError
from workbench.resolve import explain, judge, judge_all, judgements_of, undo
from workbench.view.store import GraphStore

ANNA, BORIS = (EVERYBODY.model_copy(update={"name": name}) for name in ("anna", "boris"))
ABC = Viewer(name="abc", agencies=frozenset({"AAA", "BBB", "CCC"}), level="SECRET")
A, B, C, D, HIDDEN = eid("a"), eid("b", "BBB"), eid("c", "CCC"), eid("d", "DDD"), eid("hidden", "DDD")
SECRET = thing("Person", "hidden", "DDD", marking="SECRET//REL DDD", name="Dora")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    records = [person("a"), person("b", "BBB"), person("c", "CCC"), person("d", "DDD"), SECRET]
    found = store_of(tmp_path, records)
    yield found
    found.close()


def row(a: str, b: str, verdict: str = "same", why: str = "photo", **more: Any) -> dict[str, Any]:
    return {"a": a, "b": b, "verdict": verdict, "why": why, **more}


def clusters(store: GraphStore, *of: str) -> list[str]:
    view = store.view(EVERYBODY)
    return [view.canonical(each) for each in of]


def test_all_of_a_batch_is_one_publication(store: GraphStore) -> None:
    before = store.view(ANNA).history()
    done = judge_all(store, store.view(ANNA), [row(A, B), row(C, D, "different"), row(A, D, "unsure")])
    assert [each.verdict for each in done.made] == ["same", "different", "unsure"]
    assert {each.by for each in done.made} == {"anna"}
    assert store.view(ANNA).judgements() == tuple(sorted(done.made, key=lambda each: each.id))
    assert [token for token, _ in store.view(ANNA).history()] == [*(token for token, _ in before), done.revision]
    a, b, c = clusters(store, A, B, C)
    assert a == b != c


def test_a_batch_rests_on_what_stood_before_it(store: GraphStore) -> None:
    one, two = judge_all(store, store.view(ANNA), [row(A, B), row(B, C)]).made
    assert two.evidence == tuple(sorted((person("b", "BBB").key(), person("c", "CCC").key())))
    assert one.evidence == tuple(sorted((person("a").key(), person("b", "BBB").key())))
    given = judge_all(store, store.view(ANNA), [row(A, D, "unsure", evidence=[SECRET.key()])]).made[0]
    assert given.evidence == tuple(sorted((person("a").key(), person("d", "DDD").key(), SECRET.key())))


def test_what_stands_already_changes_nothing(store: GraphStore) -> None:
    rows = [row(A, B), row(C, D, "different"), row(A, D, "unsure")]
    judge_all(store, store.view(ANNA), rows)
    before = store.view(ANNA).digest(), store.view(ANNA).history()
    again = judge_all(store, store.view(ANNA), [row(each["b"], each["a"], each["verdict"], "again") for each in rows])
    assert (again.made, again.unchanged, again.revision) == ((), 3, "")
    assert (store.view(ANNA).digest(), store.view(ANNA).history()) == before
    assert judge_all(store, store.view(ANNA), []).revision == ""
    more = judge_all(store, store.view(ANNA), [row(A, B), row(B, D, "unsure"), row(D, B, "unsure")])
    assert (len(more.made), more.unchanged) == (1, 2)
    assert len(judge_all(store, store.view(BORIS), [row(A, B)]).made) == 1, "another person's is another judgement"


def test_what_somebody_overrode_does_not_stand(store: GraphStore) -> None:
    judge(store, store.view(ANNA), A, B, "different", "father and son")
    judge(store, store.view(BORIS), A, B, "same", "one man", override=True)
    assert len(judge_all(store, store.view(ANNA), [row(A, B, "different")]).made) == 1
    with pytest.raises(UsageError, match="second person"):
        judge_all(store, store.view(BORIS), [row(A, B)])
    (made,) = judge_all(store, store.view(BORIS), [row(A, B, override=True)]).made
    assert len(made.overrides) == 1


def test_every_mistake_is_told_at_once_and_nothing_is_judged(store: GraphStore) -> None:
    before = store.view(ANNA).digest(), store.view(ANNA).history()
    wrong = [
        row(A, B),
        row(A, "0" * 20, line=7),
        row(A, C, "equal", line=9),
        row(A, C, why=" "),
        row(A, A),
        row(A, C, evidence=["none"]),
        row(A, C, override="yes"),
        row(A, C, overide=True),
        row(A, C, why=None),
        {"a": A},
    ]
    with pytest.raises(UsageError) as refused:
        judge_all(store, store.view(ANNA), wrong)
    told = refused.value.message.removeprefix("nothing is judged, for 11 mistakes: ").split("; ")
    assert [each.partition(":")[0] for each in told] == [
        *("line 7", "line 9", "row 4", "row 5", "row 6", "row 7", "row 8", "row 9", "row 10", "row 10", "row 10"),
    ]
    assert told[0] == f"line 7: {NotFound('entity', '0' * 20).message}"
    assert told[-3:] == [
        "row 10: no verdict '': one of different, same, unsure",
        "row 10: a judgement needs a reason: say why",
        f"row 10: {NotFound('entity', '').message}",
    ]
    assert refused.value.field == "rows"
    assert (store.view(ANNA).digest(), store.view(ANNA).history()) == before


@pytest.mark.parametrize("unknown", ["0" * 20, HIDDEN])
def test_an_unknown_and_a_hidden_one_are_refused_alike(store: GraphStore, unknown: str) -> None:
    with pytest.raises(NotFound) as refused:
        judge_all(store, store.view(ABC), [row(A, B), row(B, unknown)])
    assert refused.value.message == f"row 2: {NotFound('entity', unknown).message}"
    assert store.view(ABC).judgements() == ()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_same_against_a_different_of_its_batch_is_refused(store: GraphStore, order: tuple[int, int]) -> None:
    rows = [row(A, B, line=2), row(B, A, "different", "two photos", line=3)]
    for override in (False, True):
        with pytest.raises(UsageError, match=r"line 2: .*judged (them )?different \(line 3: two photos\)"):
            judge_all(store, store.view(ANNA), [{**rows[at], "override": override} for at in order])
    assert store.view(ANNA).judgements() == ()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_chain_of_rows_against_a_different_is_refused(store: GraphStore, order: tuple[int, ...]) -> None:
    rows = [row(A, B), row(B, C), row(C, A, "different")]
    with pytest.raises(UsageError, match="second person"):
        judge_all(store, store.view(ANNA), [rows[at] for at in order])
    judge(store, store.view(BORIS), A, C, "different", "father and son")
    with pytest.raises(UsageError, match="father and son"):
        judge_all(store, store.view(ANNA), [rows[at] for at in order if at < 2])


def test_a_row_may_override_another_person(store: GraphStore) -> None:
    apart = judge(store, store.view(BORIS), A, C, "different", "father and son", evidence=[SECRET.key()])
    rows = [row(A, B, evidence=[person("d", "DDD").key()]), row(B, C, override=True)]
    with pytest.raises(UsageError, match="boris judged them different"):
        judge_all(store, store.view(BORIS), rows)
    first, second = judge_all(store, store.view(ANNA), rows).made
    assert (first.overrides, second.overrides) == ((), (apart.id,))
    assert {*apart.evidence, *first.evidence} <= {*second.evidence}
    assert len(set(clusters(store, A, B, C))) == 1
    for each in (first, second):
        undo(store, store.view(ANNA), each.id)
    assert store.view(ANNA).judgements() == (apart,)


def test_a_hidden_different_is_not_told_of(store: GraphStore) -> None:
    judge(store, store.view(ANNA), A, B, "different", "an informant", evidence=[SECRET.key()])
    assert judge_all(store, store.view(ABC), [row(A, B)]).made[0].overrides == ()


def test_rows_that_tell_one_entity_apart_are_against_each_other(tmp_path: Path) -> None:
    """An identifier makes three one; a row says that two of them are not."""
    passport = {"passportNumber": "NX1234567", "passportCountry": "nl"}
    store = store_of(
        tmp_path, [person("a", **passport), person("b", "BBB", **passport), person("c", "CCC", **passport)]
    )
    assert len(set(clusters(store, A, B, C))) == 1
    with pytest.raises(UsageError, match="row 2: they have been judged different"):
        judge_all(store, store.view(ANNA), [row(A, B), row(B, C), row(A, C, "different")])
    judge_all(store, store.view(ANNA), [row(A, B), row(A, C, "different")])
    assert len(set(clusters(store, A, B, C))) == 2
    store.close()


@pytest.mark.parametrize("rows", [5, "rows", {"a": A}, [5], [None], None])
def test_what_is_no_list_of_rows_is_refused(store: GraphStore, rows: Any) -> None:
    with pytest.raises(UsageError, match=r"rows=") as refused:
        judge_all(store, store.view(ANNA), rows)
    assert refused.value.field == "rows"


def test_unsure_is_told_of_an_entity_and_of_two(store: GraphStore) -> None:
    made = judge(store, store.view(ANNA), A, B, "unsure", "alike")
    assert judgements_of(store.view(ANNA), A) == judgements_of(store.view(ANNA), B) == (made,)
    (reason,) = explain(store.view(BORIS), A, B)
    assert (reason.verdict, reason.rule, reason.value) == ("unsure", "judgement", made.id)
    assert {reason.a, reason.b} == {A, B}
    assert reason.records == made.evidence
    assert explain(store.view(BORIS), A, C) == judgements_of(store.view(BORIS), C) == ()


def test_unsure_is_told_of_two_that_are_one_by_others(store: GraphStore) -> None:
    judge(store, store.view(ANNA), A, C, "same", "photo")
    apart = judge(store, store.view(ANNA), C, B, "unsure", "alike")
    assert [each.value for each in explain(store.view(ANNA), A, B)] == [apart.id], "of all that they stand for"
    judge(store, store.view(BORIS), C, B, "same", "two photos")
    assert [each.verdict for each in explain(store.view(ANNA), C, B)] == ["same", "unsure"]
    assert len(judgements_of(store.view(ANNA), B)) == 3


def test_unsure_with_hidden_evidence_is_not_told(store: GraphStore) -> None:
    judge(store, store.view(ANNA), A, B, "unsure", "an informant", evidence=[SECRET.key()])
    assert judgements_of(store.view(ABC), A) == explain(store.view(ABC), A, B) == ()
