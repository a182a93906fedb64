"""Leads are pairs without a recorded tie, with a probability that holds in hold-outs; without signal there are none."""

import json

import pytest

from tests.analytics.cases import eid, person, rows_of, seen, thing, tie
from tests.analytics.friends import GROUPS, SIZE, friends, pairs_of_friends
from workbench.analytics import Finding, predict
from workbench.analytics.chances import share
from workbench.analytics.links.learning import QUESTIONS
from workbench.analytics.predict import PredictedTie
from workbench.analytics.projection import positions_of
from workbench.errors import UsageError
from workbench.model.record import Record

FRIENDS = friends(agencies=2)


@pytest.fixture(scope="module")
def found() -> Finding[PredictedTie]:
    """What is predicted of friends of whom two agencies tell."""
    with seen(FRIENDS) as view:
        return predict(view, limit=10)


def _place(entity: str) -> int:
    return {eid(f"f{n}", agency): n for n in range(GROUPS * SIZE) for agency in ("AAA", "BBB")}[entity]


def test_the_first_leads_are_within_groups_and_have_no_recorded_tie(found: Finding[PredictedTie]) -> None:
    pairs = [tuple(sorted((_place(row.a), _place(row.b)))) for row in found.results]
    assert len(pairs) == 10
    assert all(a // SIZE == b // SIZE for a, b in pairs), "those who have most friends in common"
    assert not set(pairs) & set(pairs_of_friends())


def test_probabilities_fall_and_lie_in_their_intervals(found: Finding[PredictedTie]) -> None:
    said = [row.probability for row in found.results]
    assert said == sorted(said, reverse=True)
    assert all(0 < row.low <= row.probability <= row.high < 1 for row in found.results)


def test_as_many_are_expected_in_all_as_are_missing(found: Finding[PredictedTie]) -> None:
    """A tenth of all ties is not in the view: of 99 that are, 11 are missing."""
    assert found.measured["expected_in_all"] == pytest.approx(99 / 9, abs=0.5)


def test_it_tells_of_how_many_pairs_they_are_the_first_and_who_errs(found: Finding[PredictedTie]) -> None:
    said, n = found.measured, GROUPS * SIZE
    assert said["silent"] == ""
    assert said["candidates"] == n * (n - 1) // 2 - 99
    assert said["expected_among_shown"] == pytest.approx(sum(row.probability for row in found.results), abs=0.06)
    assert {each["group"] for each in found.errors} > {"AAA", "BBB", "seldom observed"}
    assert all(each["wrong"] <= each["named"] for each in found.errors)
    texts = [each.text for each in found.reliance]
    assert any(f"of {said['candidates']:,} pairs" in text and "expected to be true" in text for text in texts)


def test_a_lead_rests_on_the_records_that_tie_both_to_shared_contacts(found: Finding[PredictedTie]) -> None:
    by_key = {each.key(): each for each in FRIENDS}
    for row in found.results:
        ends = [
            {_place(each.referent(role.ref)) for role in each.roles} for each in map(by_key.get, row.records) if each
        ]
        assert len(ends) == len(row.records) >= 2 * row.contacts > 0
        assert all({_place(row.a), _place(row.b)} & each for each in ends)
    ties = {each.key() for each in FRIENDS if each.roles}
    assert set(found.records) == ties, "a probability is learnt from all of them"


def test_each_agency_is_left_out_in_turn(found: Finding[PredictedTie]) -> None:
    assert {agency for row in found.results for agency, _ in row.without} == {"AAA", "BBB"}
    assert found.results[0].cell("without", {}) == "nothing to say without AAA, BBB", "half of the ties tell nothing"


def test_it_survives_json_and_comes_out_the_same_again(found: Finding[PredictedTie]) -> None:
    assert Finding.from_dict(json.loads(json.dumps(found.to_dict()))) == found
    with seen(FRIENDS[::-1]) as view:
        assert rows_of(predict(view, limit=10)) == rows_of(found)


def housed(groups: int = GROUPS) -> list[Record]:
    """Persons of whom all that is known is who lives where, as friends know each other."""
    pairs = [(a, b) for a, b in pairs_of_friends() if a // SIZE < groups]
    homes = [thing("Address", f"h{n}", full=f"Street {n}") for n in range(len(pairs))]
    ends = [(f"f{end}", f"h{n}") for n, pair in enumerate(pairs) for end in pair]
    return [*homes, *(tie("Residence", resident=end, place=home) for end, home in ends)]


def test_nothing_is_predicted_from_where_people_live() -> None:
    persons = [each for each in friends() if not each.roles]
    with seen([*persons, *housed()]) as view:
        assert len(positions_of(view, "persons", False).edges.a) == len(pairs_of_friends())
        told = predict(view)
        assert "too few ties to learn from: 0" in told.measured["silent"]
        assert not told.records


def test_who_share_a_home_are_no_lead() -> None:
    with seen(friends()) as view:
        first = predict(view, limit=1).results[0]
    ends = [next(f"f{n}" for n in range(GROUPS * SIZE) if eid(f"f{n}") == each) for each in first.entities]
    home = [thing("Address", "home", full="Quay 1"), *(tie("Residence", resident=each, place="home") for each in ends)]
    with seen([*friends(), *home]) as view:
        again = predict(view, limit=1_000)
        assert again.results
        assert first.entities not in [row.entities for row in again.results]


@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_is_said_of_few_ties(question: str) -> None:
    records = [person(p) for p in "abcd"] + [tie("Family", person=x, relative=y) for x, y in ("ac", "bc", "ad", "bd")]
    with seen(records) as view:
        told = predict(view, question=question)
        assert told.results == ()
        assert "too few" in told.measured["silent"]
        assert told.reliance[0].text == f"Nothing is said: {told.measured['silent']}."


def test_nothing_is_said_where_ties_are_drawn_by_lot() -> None:
    """Everybody in a ring knows the next and the one across: nobody is likelier tied to anybody."""
    n = 60
    pairs = {tuple(sorted((a, (a + step) % n))) for a in range(n) for step in (1, 7 + a % 5)}
    records = [person(f"p{each}") for each in range(n)]
    with seen([*records, *(tie("Family", person=f"p{a}", relative=f"p{b}") for a, b in pairs)]) as view:
        told = predict(view)
        assert told.results == ()
        assert told.measured["hold_outs"] == 20
        assert told.measured["silent"]


def test_a_tie_that_was_set_aside_is_recorded_all_the_same(found: Finding[PredictedTie]) -> None:
    """Two who pay each other through an exchange house have a tie, although that carries nothing."""
    first = found.results[0]
    one, other = (f"f{_place(each)}" for each in (first.a, first.b))
    records = [thing("BankAccount", f"k{n}", iban=f"NL00X{n:04}") for n in range(14)]
    records += [tie("Transfer", payerAccount=f"k{n}", beneficiaryAccount="k0") for n in range(1, 14)]
    paid = tie("Transfer", payer=one, payerAccount="k1", beneficiary=other, beneficiaryAccount="k0")
    with seen([*FRIENDS, *records, paid]) as view:
        again = predict(view, limit=10)
        assert again.results[0] != first
        assert (first.a, first.b) not in {(row.a, row.b) for row in again.results}


def test_the_ties_of_one_meeting_are_hidden_together() -> None:
    """Twelve meetings of five, drawn by lot: whoever was at one has all its ties, so that hiding one would tell it."""
    n, many = 60, 24
    met = [[(7 * meeting + step * (5 + meeting % 3)) % n for step in range(5)] for meeting in range(many)]
    records = [person(f"p{each}") for each in range(n)] + [thing("Event", f"m{each}") for each in range(many)]
    records += [
        tie("Involvement", involved=f"p{who}", event=f"m{meeting}", capacity="contact")
        for meeting, some in enumerate(met)
        for who in some
    ]
    with seen(records) as view:
        assert predict(view).measured["silent"]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"missing": 0}, "missing"),
        ({"missing": 0.6}, "missing"),
        ({"question": "past"}, "question"),
        ({"limit": 0}, "limit"),
    ],
)
def test_a_wrong_question_is_refused(given: dict[str, object], named: str) -> None:
    with seen([person("a")]) as view, pytest.raises(UsageError) as refused:
        predict(view, **given)  # type: ignore[arg-type]
    assert refused.value.field == named


def test_shares_are_told_in_two_places() -> None:
    assert [share(each) for each in (0.314, 0.0051, 0.0004)] == ["0.31", "0.01", "under 0.01"]
    row = PredictedTie("a", "b", 0.314, 0.2, 0.4, 1, (("AAA", 0.08), ("BBB", 0.31)), ("r",))
    cells = [row.cell(name, {"a": "Ann", "b": "Bo"}) for name in ("a", "probability", "without", "contacts", "records")]
    assert cells == ["Ann", "0.31", "0.08 without AAA", "1", "1"]
    assert PredictedTie("a", "b", 0.3, 0.2, 0.4, 1, (), ("r",)).cell("without", {}) == "not looked at"
