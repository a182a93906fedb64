"""The two laws (design §5), for every function that reads a view.

1. What it answers is what it answers of a store that holds only what the viewer may see, up to
   the revision, to one from whom nothing is hidden.
2. Other hidden things change no answer by a byte, whenever they were loaded.

All functions are asked about the same cases, drawn once. Where one breaks a law its own test
looks for the smallest case.
"""

import pytest
from hypothesis import settings

from tests.laws.catalogue import Question, fill, questions
from tests.laws.survey import LAWS, Broken, hunt, survey

QUESTIONS = questions()
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")


@pytest.fixture(scope="session")
def broken() -> Broken:
    return survey(QUESTIONS, max(16, settings().max_examples // 10))


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
