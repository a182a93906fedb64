"""The two laws (design §5), for every function that reads a view.

1. What it answers is what it answers of a store that holds only what the viewer may see, up to
   the revision, to one from whom nothing is hidden; and of one without what has been superseded
   or withdrawn, where history itself is not the question.
2. Other hidden things change no answer by a byte, whenever they were loaded.

All functions are asked about the same cases, drawn once. Where one breaks a law its own test
looks for the smallest case.
"""

import pytest
from hypothesis import settings

from tests.laws.catalogue import fill
from tests.laws.survey import LAWS, Broken, hunt, survey
from tests.laws.walk import NOT_ASKED, Question, every_question, questions

QUESTIONS = questions()
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")


@pytest.fixture(scope="session")
def broken() -> Broken:
    return survey(QUESTIONS, max(16, settings().max_examples // 10))


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
