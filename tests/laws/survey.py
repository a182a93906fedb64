"""Everything asked of a few cases, to learn which functions break which law."""

from collections.abc import Callable, Iterator, Sequence
from difflib import unified_diff
from itertools import product
from traceback import format_exc

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.laws.asking import ask
from tests.laws.cases import cases
from tests.laws.catalogue import Pools
from tests.laws.seeded import PICKS as SEEDED
from tests.laws.seeded import seeded
from tests.laws.sight import Case
from tests.laws.stages import Stage, stages_of
from tests.laws.walk import Question

LAWS = (1, 2)

# A page is drawn for every other case, and once: it takes thirty times as long as any other answer.
DRAWN = {"export.chart.export", "export.chart.chart_html", "export.chart_html"}

PICKS = st.lists(st.integers(0, 5_000), min_size=10, max_size=10)
_TURNS = 2
_ANYWAY = tuple(HealthCheck)
ONCE = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=_ANYWAY,
)

Broken = dict[tuple[int, str], str]


def survey(questions: Sequence[Question], examples: int) -> Broken:
    """The first difference that each function shows, by law and name; a crash is one too."""
    broken: Broken = {}

    @settings(ONCE, max_examples=examples)
    @seeds
    @given(case=cases(), picks=PICKS)
    def look(case: Case, picks: list[int]) -> None:
        for question, law in product(questions, LAWS):
            if (law, question.name) not in broken:
                found = _tried(question, law, case, picks)
                if found:
                    broken[law, question.name] = found

    look()
    return broken


def seeds(test: Callable[..., None]) -> Callable[..., None]:
    """The seeded cases come first."""
    for case in seeded():
        test = example(case=case, picks=SEEDED)(test)
    return test


def _tried(question: Question, law: int, case: Case, picks: list[int]) -> str:
    try:
        return difference(question, law, case, picks)
    except Exception:  # noqa: BLE001 - it is told by the test of this function alone
        return format_exc()


def hunt(question: Question, law: int) -> Callable[[], None]:
    """A test that looks for the smallest case in which a function breaks a law."""

    @settings(suppress_health_check=_ANYWAY)
    @given(case=cases(), picks=PICKS)
    def smallest(case: Case, picks: list[int]) -> None:
        assert not difference(question, law, case, picks)

    smallest.__name__ = f"{question.name}, law {law}"
    return smallest


def difference(question: Question, law: int, case: Case, picks: list[int], always: bool = False) -> str:
    """How two answers differ that a law says are the same; "" if they do not, or (not `always`) nobody asks."""
    if not always and _is_drawn(question) and picks[0] % 2:
        return ""
    pools = Pools(case, picks[0])
    for one, other in _pairs(question, law, case):
        for turn in range(_TURNS if question.parameters and not _is_drawn(question) else 1):
            turned = [pick + 31 * turn for pick in picks]
            mine = ask(question, one, pools, turned)
            theirs = ask(question, other, pools, turned)
            if mine != theirs:
                lines = (each.decode("utf-8", "replace").splitlines() for each in (mine, theirs))
                return "\n".join(list(unified_diff(*lines, "as it is", "as it should be", lineterm="", n=2))[:40])
    return ""


def _is_drawn(question: Question) -> bool:
    return question.drawn or question.name in DRAWN


def _pairs(question: Question, law: int, case: Case) -> Iterator[tuple[Stage, Stage]]:
    """Stores in which a function must answer the same."""
    stages = stages_of(case)
    if law == 2:
        yield stages.whole, stages.other
        return
    yield stages.whole, _looked_at(question, case, stages.bare)
    if stages.older and not question.now:
        yield stages.older[0], _looked_at(question, case, stages.older[1])
    if stages.present:
        yield stages.whole.without_history(), _looked_at(question, case, stages.present.without_history())


def _looked_at(question: Question, case: Case, stage: Stage) -> Stage:
    """A store looked at by one from whom nothing is hidden; by the viewer himself if it shows who looks or writes."""
    return stage.seen_by(case.viewer, case.purpose) if question.drawn or question.writes else stage
