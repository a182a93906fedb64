"""Verdicts on leads: an accepted one is a record with an author, which no analysis reads."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import workbench
from tests.analytics.cases import EVERYBODY, eid, filled, load, person, tie
from tests.analytics.friends import friends
from tests.laws.answers import answer
from tests.stores import fresh_url
from workbench.access.viewer import Viewer
from workbench.analytics import ANALYSES, lead, predict
from workbench.analytics.judged_leads import KIND, judged_leads, verdicts_on
from workbench.errors import UsageError, WorkbenchError
from workbench.model.marking import parse_marking
from workbench.model.record import Basis
from workbench.session import Session
from workbench.view.store import GraphStore

ANNA = Viewer(name="anna", agencies=frozenset({"AAA"}), level="SECRET")
ALICE = Viewer(name="alice", agencies=frozenset({"AAA"}), level="SECRET")
LOWER = Viewer(name="adam", agencies=frozenset({"AAA"}), level="OPEN")
BORIS = Viewer(name="boris", agencies=frozenset({"BBB"}), level="SECRET")


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The store of friends of one agency, and of somebody whom nobody knows."""
    found = fresh_url(tmp_path)
    filled(found, [*friends(), person("alone")]).close()
    return found


@pytest.fixture
def store(url: str) -> Iterator[GraphStore]:
    opened = workbench.open(url, EVERYBODY).store
    yield opened
    opened.close()


def session(store: GraphStore, viewer: Viewer = ANNA) -> Session:
    return Session(store, lambda: viewer)


def first(case: Session) -> tuple[str, str]:
    """The ends of the first lead."""
    (found,) = case.predict(limit=1).results
    return found.a, found.b


def answers(case: Session) -> dict[str, bytes]:
    """What all analyses and questions answer."""
    a, b = eid("f0"), eid("f1")
    about = {"paths": (a, b), "group": (a,), "lead": (a, b)}
    found = {name: getattr(case, each.called)(*about.get(name, ())) for name, each in ANALYSES.items()}
    found |= {"paths of all": case.paths(a, b, projection="all"), "groups of all": case.communities("all")}
    found |= {"graph": case.graph("all"), "around": case.neighbours(a, 9), "snapshot": case.view.snapshot()}
    found |= {"stats": case.stats(), "digest": case.digest(), "history": case.history(), "frame": case.frame()}
    return {name: answer(each, {}) for name, each in found.items()}


def test_an_accepted_lead_is_an_assessment_with_its_author_and_its_records(store: GraphStore) -> None:
    case = session(store)
    (found,) = case.predict(limit=1).results
    made = case.judge_lead(found.a, found.b, "accepted", " seen at the quay ")
    assert case.judged_leads() == (made,)
    assert (made.a, made.b, made.verdict, made.by) == (*sorted((found.a, found.b)), "accepted", "anna")
    assert made.why == "seen at the quay"
    assert set(made.evidence) >= set(found.records)
    assert made.assessment is not None
    record, provenance = made.assessment.record, made.assessment.provenance
    assert record.basis is Basis.ASSESSMENT
    assert record.values()["summary"] == ["seen at the quay"]
    assert {role.ref for role in record.roles} == {found.a, found.b}
    assert (provenance.loaded_by, provenance.loaded_at) == ("anna", made.at)
    assert (str(record.dataset), str(record.marking)) == ("AAA/assessments", "OPEN//REL AAA")
    assert made.assessment.key == record.key() not in case.view.keys()


def test_its_marking_is_as_strict_as_those_of_its_records_today(store: GraphStore) -> None:
    case = session(store)
    made = case.judge_lead(*first(case), "accepted", "seen")
    store.remark(made.evidence[:1], parse_marking("SECRET//REL AAA//HC H1"))
    (now,) = session(store).judged_leads()
    assert now.assessment is not None
    assert str(now.assessment.record.marking) == "SECRET//REL AAA//HC H1"
    assert not session(store, LOWER).judged_leads()


def test_no_analysis_and_no_question_reads_it(store: GraphStore) -> None:
    before = answers(session(store))
    case = session(store)
    for found in case.predict(limit=5).results:
        case.judge_lead(found.a, found.b, "accepted", "seen")
    assert len(session(store).judged_leads()) == 5
    assert answers(session(store)) == before


def test_the_newest_verdict_of_each_person_counts(store: GraphStore) -> None:
    anna, alice = session(store), session(store, ALICE)
    a, b = first(anna)
    anna.judge_lead(a, b, "accepted", "seen")
    alice.judge_lead(b, a, "parked", "ask again")
    anna.judge_lead(b, a, "rejected", "it was his brother")
    told = [(each.by, each.verdict, each.assessment is not None) for each in alice.judged_leads()]
    assert told == [("anna", "rejected", False), ("alice", "parked", False)]
    assert [each.version for each in store.view(ANNA).documents(KIND) if each.by == "anna"] == [3], (
        "the old one, taken back, the new one"
    )


def test_the_newest_verdict_counts_also_if_the_two_are_known_by_other_referents_since(store: GraphStore) -> None:
    both = Viewer(name="anna", agencies=frozenset({"AAA", "BBB"}), level="SECRET")
    case = session(store, both)
    ends = [(each.a, each.b) for each in case.predict(limit=8).results]
    for a, b in ends:
        case.judge_lead(a, b, "accepted", "seen")
    load(store, "BBB", [each for each in friends(agencies=2) if each.dataset.agency == "BBB"])
    case = session(store, both)
    for a, b in ends:
        case.judge_lead(a, b, "rejected", "it was his brother")
    assert len(store.view(both).documents(KIND)) > len(ends), "some are documents of another name"
    assert [each.verdict for each in case.judged_leads()] == ["rejected"] * len(ends)


def test_of_verdicts_on_leads_that_are_one_since_the_newest_counts(tmp_path: Path) -> None:
    store = filled(fresh_url(tmp_path), [replace(each, properties={}) for each in friends()])
    case = session(store)
    one, other = ((each.a, each.b) for each in case.predict(limit=2).results)
    case.judge_lead(*one, "accepted", "seen")
    case.judge_lead(*other, "rejected", "it was his brother")
    assert [each.verdict for each in case.judged_leads()] == ["rejected", "accepted"]
    for a, b in zip(one, other, strict=True):
        case.same(a, b, "one photo")
    assert [each.verdict for each in session(store).judged_leads()] == ["rejected"]
    store.close()


def test_it_rests_on_the_records_that_join_whom_it_is_about_too(store: GraphStore) -> None:
    """Who may not see that two are one is not told of a verdict that follows from it."""
    others = [each for each in friends(agencies=2) if each.dataset.agency == "BBB" and not each.roles]
    load(store, "BBB", others)
    case = session(store, Viewer(name="joint", agencies=frozenset({"AAA", "BBB"}), level="SECRET"))
    made = case.judge_lead(*first(case), "accepted", "seen")
    records = [each.record for each in case.records(made.evidence)]
    named = {each.referent(role.ref) for each in records for role in each.roles}
    joined = {each.entity for each in records if not each.roles}
    (document,) = case.view.documents(KIND)
    assert {each for end in document.body["ends"] for each in end} <= joined
    referents = {each.id for entity in named for each in case.entity(entity).referents}
    assert joined == referents
    assert joined & {each.entity for each in others}


def test_a_new_verdict_takes_the_old_one_back_also_from_who_may_not_see_the_new_one(store: GraphStore) -> None:
    case = session(store)
    a, b = first(case)
    case.judge_lead(a, b, "accepted", "seen")
    assert [each.verdict for each in session(store, LOWER).judged_leads()] == ["accepted"]
    names = {eid(f"f{n}"): f"f{n}" for n in range(48)}
    known = {frozenset(role.ref for role in each.roles) for each in friends() if each.roles}
    third = next(each for each in names.values() if not {frozenset((names[end], each)) for end in (a, b)} & known)
    ties = [tie("Associate", marking="SECRET", person=names[end], associate=third) for end in (a, b)]
    load(store, "AAA", ties)
    made = session(store).judge_lead(a, b, "rejected", "two men of one name")
    assert {each.key() for each in ties} <= set(made.evidence)
    assert session(store).judged_leads() == (made,)
    assert session(store, LOWER).judged_leads() == ()


def test_verdicts_are_told_beside_later_findings_of_the_same_question(store: GraphStore) -> None:
    case = session(store)
    a, b = first(case)
    made = case.judge_lead(a, b, "rejected", "no")
    assert verdicts_on(case.view, predict(case.view)) == (made,)
    assert verdicts_on(case.view, lead(case.view, b, a)) == (made,)
    assert not verdicts_on(case.view, predict(case.view, missing=0.2, question="future"))
    assert not verdicts_on(case.view, lead(case.view, a, eid("alone")))
    assert not verdicts_on(case.view, case.communities())


def test_who_misses_one_of_its_records_is_not_told(store: GraphStore) -> None:
    case = session(store)
    made = case.judge_lead(*first(case), "accepted", "seen")
    assert session(store, ALICE).judged_leads() == (made,)
    assert session(store, LOWER).judged_leads() == (made,)
    store.remark(made.evidence[-1:], parse_marking("SECRET//REL AAA"))
    assert len(session(store, ALICE).judged_leads()) == 1
    assert not session(store, LOWER).judged_leads()
    assert not session(store, BORIS).judged_leads()


def test_what_only_two_agencies_see_together_is_judged_by_both_and_told_to_neither(tmp_path: Path) -> None:
    apart = [replace(each, marking=parse_marking("OPEN", each.dataset.agency)) for each in friends(agencies=2)]
    store = filled(fresh_url(tmp_path), [*(each for each in friends(agencies=2) if not each.roles), *apart])
    both = Viewer(name="joint", agencies=frozenset({"AAA", "BBB"}), level="SECRET")
    case = session(store, both)
    made = [case.judge_lead(each.a, each.b, "accepted", "seen").evidence for each in case.predict(limit=50).results]
    own = {viewer.name: set(store.view(viewer).keys()) for viewer in (ANNA, BORIS)}
    of_one = {name: {each for each in made if keys.issuperset(each)} for name, keys in own.items()}
    assert {each.evidence for each in judged_leads(store.view(both))} == set(made)
    for viewer in (ANNA, BORIS):
        assert {each.evidence for each in judged_leads(store.view(viewer))} == of_one[viewer.name]
    assert set(made) - of_one["anna"] - of_one["boris"]
    store.close()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"b": eid("alone")}, "no lead between the two, asked in this way: one of the two has no tie"),
        ({"b": eid("nobody")}, "no entity"),
        ({"verdict": "maybe"}, "no verdict 'maybe'"),
        ({"why": "  "}, "needs a reason"),
        ({"question": "future"}, "no lead between the two, asked in this way: what is predicted is no better"),
    ],
)
def test_there_is_no_verdict_without_a_lead_or_a_reason(store: GraphStore, wrong: dict[str, str], why: str) -> None:
    case = session(store)
    a, b = first(case)
    with pytest.raises(WorkbenchError, match=why):
        case.judge_lead(**{"a": a, "b": b, "verdict": "accepted", "why": "seen", **wrong})
    assert not case.judged_leads()


def test_two_with_a_recorded_tie_and_one_entity_are_no_lead(store: GraphStore) -> None:
    case = session(store)
    tied = sorted(case.graph().edges())[0]
    for ends, why in ((tied, "recorded tie"), (tied[:1] * 2, "one entity")):
        with pytest.raises(UsageError, match=why):
            case.judge_lead(*ends, "accepted", "seen")


def test_a_session_for_reading_judges_nothing(store: GraphStore) -> None:
    case = session(store)
    ends = first(case)
    for reading in (case.within(["AAA"]), Session(store, lambda: ANNA, revision=case.view.revision)):
        with pytest.raises(UsageError, match="for reading"):
            reading.judge_lead(*ends, "accepted", "seen")
    assert not case.judged_leads()
