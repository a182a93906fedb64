"""The card of a lead: its parts add up, and what it is without a record is what a store without it says."""

import pytest

from tests.analytics.cases import eid, person, seen, thing, tie
from tests.analytics.friends import friends
from workbench.analytics import Finding, lead, predict
from workbench.analytics.chances import NOTHING_TO_SAY, RECORDED
from workbench.analytics.lacking import Lacking, asked_for, lacking
from workbench.analytics.lead import OfLead
from workbench.analytics.leads import Lead, first_leads, probabilities
from workbench.errors import NotFound, UsageError
from workbench.model.record import Record
from workbench.view.resting import without_records

FRIENDS = friends(agencies=2)


@pytest.fixture(scope="module")
def card() -> Finding[OfLead]:
    """The card of the first lead among friends."""
    with seen(FRIENDS) as view:
        first = predict(view, limit=1).results[0]
        return lead(view, first.a, first.b)


def of(card: Finding[OfLead], what: str) -> list[OfLead]:
    return [row for row in card.results if row.what == what]


def test_it_has_the_probability_of_the_prediction(card: Finding[OfLead]) -> None:
    with seen(FRIENDS) as view:
        (row,) = predict(view, limit=1).results
    said = card.measured
    assert (said["probability"], said["low"], said["high"]) == (row.probability, row.low, row.high)
    assert {each.records[0] for each in of(card, "record")} == set(row.records)
    assert set(card.records) == {each.key() for each in FRIENDS if each.roles}
    assert f"The probability is {row.probability:.2f}" in card.reliance[0].text


@pytest.mark.parametrize("what", ["contact", "feature"])
def test_parts_add_up_to_the_whole(card: Finding[OfLead], what: str) -> None:
    parts = [row.part or 0 for row in of(card, what)]
    assert sum(parts) == pytest.approx(1, abs=0.01)
    assert parts == sorted(parts, reverse=True)


def test_its_contacts_rest_on_its_records(card: Finding[OfLead]) -> None:
    assert {key for row in of(card, "contact") for key in row.records} == {row.records[0] for row in of(card, "record")}


@pytest.mark.parametrize("which", range(3))
def test_without_a_record_it_is_what_a_store_without_that_record_says(card: Finding[OfLead], which: int) -> None:
    row = of(card, "record")[which]
    (gone,) = row.records
    with seen([each for each in FRIENDS if each.key() != gone]) as view:
        apart = lead(view, card.asked["a"], card.asked["b"])
        assert apart.measured["silent"] or apart.measured["probability"] == row.probability
        assert bool(apart.measured["silent"]) == isinstance(row.probability, str)


def test_a_pair_that_is_tied_without_the_record_is_said_to_be() -> None:
    """Thirteen share a phone, which is common; without one of them it is not, and ties the others."""
    with seen(FRIENDS) as view:
        first = predict(view, limit=1).results[0]
    named = {each.entity: each for each in FRIENDS if not each.roles}
    ends = [named[each] for each in first.entities]
    crowd = [person(f"p{n}") for n in range(11)]
    phone = thing("Phone", "taxi", number="+31655555555")
    held = [tie("Holding", holder=each.source_id, held="taxi") for each in [*ends, *crowd]]
    with seen([*FRIENDS, *crowd, phone, *held]) as view:
        asked = asked_for("persons", "missing", False, 0.1, 0)
        found = lacking(view, asked)
        (one,) = (each for each in first_leads(found, 50).leads if _named(found, each) == first.entities)
        assert probabilities(found, found, [one]) == [one.probability]
        without = lacking(without_records(view, [held[-1].key()]), asked)
        assert probabilities(found, without, [one]) == [RECORDED]
        gone = lacking(view.within(["CCC"]), asked)
        assert probabilities(found, gone, [one]) == [NOTHING_TO_SAY]


def _named(found: Lacking, one: Lead) -> tuple[str, str]:
    ids = found.projected.snapshot.id_at
    return ids(one.a), ids(one.b)


def test_where_nobody_is_between_it_rests_on_paths_of_three_or_on_the_ties_of_both() -> None:
    with seen(FRIENDS) as view:
        far = [row for row in predict(view, limit=1_000).results if not row.contacts]
        assert far
        assert all(row.records for row in far)
        card = lead(view, far[0].a, far[0].b)
        assert not of(card, "contact")
        assert [row.records[0] for row in of(card, "record")] == list(far[0].records[:12])


@pytest.mark.parametrize(
    ("records", "ends", "why"),
    [
        (FRIENDS, ("f0", "f0"), "one entity"),
        ([*FRIENDS, person("alone")], ("f0", "alone"), "no tie in this projection"),
        ([person(p) for p in "ab"], ("a", "b"), "too few ties"),
    ],
)
def test_it_says_why_there_is_nothing_to_say(records: list[Record], ends: tuple[str, str], why: str) -> None:
    with seen(records) as view:
        told = lead(view, *map(eid, ends))
        assert told.results == ()
        assert why in told.measured["silent"]


def test_two_with_a_recorded_tie_are_no_lead() -> None:
    a, b = (role.ref for role in next(each for each in FRIENDS if each.roles).roles)
    with seen(FRIENDS) as view:
        assert "recorded tie" in lead(view, eid(a), eid(b)).measured["silent"]


def test_who_is_not_there_is_refused_by_name() -> None:
    with seen([*FRIENDS, tie("Family", person="f0", relative="f1")]) as view:
        with pytest.raises(NotFound) as refused:
            lead(view, eid("f0"), "nobody")
        assert refused.value.field == "b"
        with pytest.raises(UsageError, match="no question 'past'"):
            lead(view, eid("f0"), eid("f1"), question="past")
