"""The two laws (design §5), for every function that reads a view.

1. What it answers is what it answers of a store that holds only what the viewer may see, up to
   the revision, to one from whom nothing is hidden; and of one without what has been superseded
   or withdrawn, where history itself is not the question.
2. Other hidden things change no answer by a byte, whenever they were loaded.

All functions are asked about the same cases, drawn once. Where one breaks a law its own test
looks for the smallest case.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.answers import answer
from tests.laws.cases import REVIEW, cases
from tests.laws.catalogue import fill
from tests.laws.seeded import seeded
from tests.laws.sight import Case, within
from tests.laws.stages import play, stages_of
from tests.laws.survey import LAWS, ONCE, Broken, hunt, survey
from tests.laws.walk import NOT_ASKED, Question, every_question, questions
from tests.store.oracle.operations import root_of

QUESTIONS = questions()
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")


@pytest.fixture(scope="session")
def broken(request: pytest.FixtureRequest) -> Broken:
    """What is broken among the functions that this run asks about."""
    specs = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    asked = {str(params["question"]) for params in specs if "question" in params}
    return survey([question for question in QUESTIONS if question.name in asked], max(6, settings().max_examples // 20))


def test_the_walk_comes_everywhere() -> None:
    asked = {question.name for question in QUESTIONS}
    assert asked | set(NOT_ASKED) == {question.name for question in every_question()}
    assert {name.split(".")[0] for name in asked} == {
        *("GraphStore", "Session", "View"),
        *("analytics", "app", "export", "ingest", "resolve", "session", "store"),
    }


def test_every_parameter_can_be_filled() -> None:
    for question in QUESTIONS:
        for parameter in question.parameters:
            fill(question, parameter)


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_the_law_holds(broken: Broken, question: Question, law: int) -> None:
    found = broken.get((law, question.name))
    if found:
        hunt(question, law)()
        pytest.fail(found)


@settings(ONCE, max_examples=12)
@given(case=cases(), agencies=st.sampled_from(("A", "B", "C", "AB", "AC", "")))
def test_a_view_within_agencies_is_one_of_their_records_alone(case: Case, agencies: str) -> None:
    whole = stages_of(case).whole.without_history()
    alone = play(within(case, frozenset(agencies)), root_of(case.viewer), REVIEW).without_history()
    assert answer(whole.view().within(agencies), whole.names) == answer(alone.view(), alone.names)
    alone.throw_away()


@pytest.mark.parametrize("case", seeded(), ids=lambda case: case.viewer.name)
def test_a_store_tells_the_keys_of_what_is_seen_alone(case: Case) -> None:
    whole, (older, _) = stages_of(case).whole, stages_of(case).older
    for stage in (whole, older):
        scope = stage.view()._scope()
        told = stage.store._keys_of(scope, range(1, 1_000)).values()
        assert sorted(told) == sorted(key for key, _, _ in stage.store._keys(scope))


@pytest.mark.parametrize("case", seeded(), ids=lambda case: case.viewer.name)
def test_a_store_gives_the_quarantine_of_those_agencies_alone(case: Case) -> None:
    found = stages_of(case).whole.store._quarantined(["A"])
    assert {unit.agency for unit in found} <= {"A"}
