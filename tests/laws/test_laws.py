"""The two laws (design §5), for every function that reads a view.

1. What it answers is what it answers of a store that holds only what the viewer may see.
2. Other hidden things change no answer by a byte, whenever they were loaded.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.laws.cases import Case, cases
from tests.laws.catalogue import Pools, Question, ask, fill, questions
from tests.laws.stages import Stage, stages_of

QUESTIONS = questions()
_LAW = settings(max_examples=max(20, settings().max_examples // 5), suppress_health_check=[*HealthCheck])
PICKS = st.lists(st.integers(0, 5_000), min_size=10, max_size=10)
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")


def test_every_parameter_can_be_filled() -> None:
    for question in QUESTIONS:
        for parameter in question.parameters:
            fill(question, parameter)


# A page is drawn for some cases only: it takes a hundred times as long as any other answer.
DRAWN = {"export.chart.export", "export.chart.chart_html", "export.chart_html", "export.export_view"}


def agree(question: Question, case: Case, picks: list[int], one: Stage, other: Stage) -> None:
    pools = Pools(case)
    if question.name in DRAWN and picks[0] % 4:
        return
    for turn in range(2):
        turned = [pick + 31 * turn for pick in picks]
        assert ask(question, one, pools, turned) == ask(question, other, pools, turned)


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
@_LAW
@given(case=cases(), picks=PICKS)
def test_law_1_only_what_is_seen_is_read(question: Question, case: Case, picks: list[int]) -> None:
    stages = stages_of(case)
    bare = stages.bare.seen_by(case.viewer, case.purpose) if question.writes else stages.bare
    agree(question, case, picks, stages.whole, bare)
    if stages.older and not question.writes and question.name != "GraphStore.view":
        agree(question, case, picks, *stages.older)


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
@_LAW
@given(case=cases(), picks=PICKS)
def test_law_2_hidden_things_change_nothing(question: Question, case: Case, picks: list[int]) -> None:
    stages = stages_of(case)
    agree(question, case, picks, stages.whole, stages.other)
