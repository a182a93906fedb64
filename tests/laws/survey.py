"""Everything asked of a few cases, to learn which functions break which law."""

from collections.abc import Callable, Iterator, Sequence
from difflib import unified_diff
from itertools import product

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.laws.asking import ask
from tests.laws.cases import Case, cases
from tests.laws.catalogue import Pools
from tests.laws.stages import Stage, stages_of
from tests.laws.walk import Question

LAWS = (1, 2)

# A page is drawn for every other case, and once: it takes thirty times as long as any other answer.
DRAWN = {"export.chart.export", "export.chart.chart_html", "export.chart_html"}

_PICKS = st.lists(st.integers(0, 5_000), min_size=10, max_size=10)
_TURNS = 2
_ANYWAY = tuple(HealthCheck)
_ONCE = settings(deadline=None, derandomize=True, database=None, phases=[Phase.generate], suppress_health_check=_ANYWAY)

Broken = dict[tuple[int, str], str]
Heard = Callable[[str, bytes], None]


class _Never(Exception):
    """Is raised by nothing."""


def nobody(name: str, told: bytes) -> None:
    """Does not listen."""


def survey(
    questions: Sequence[Question],
    examples: int,
    crash: type[Exception] = _Never,
    heard: Heard = nobody,
    enough: Callable[[Broken, int], bool] = lambda broken, cases: False,
) -> Broken:
    """The first difference that each function shows, by law and name; an error of kind `crash` is one too.

    `heard` is told each answer of a store as it is, by what was asked; nothing more is asked
    once `enough` says so of what is broken after so many cases.
    """
    broken: Broken = {}
    number = 0

    def listen(name: str, told: bytes) -> None:
        heard(f"{number} {name}", told)

    @settings(_ONCE, max_examples=examples)
    @given(case=cases(), picks=_PICKS)
    def look(case: Case, picks: list[int]) -> None:
        nonlocal number
        if enough(broken, number):
            return
        number += 1
        stages_of(case)
        for question, law in product(questions, LAWS):
            if (law, question.name) not in broken:
                found = _tried(question, law, case, picks, crash, listen)
                if found:
                    broken[law, question.name] = found

    look()
    return broken


def _tried(question: Question, law: int, case: Case, picks: list[int], crash: type[Exception], heard: Heard) -> str:
    try:
        return difference(question, law, case, picks, heard)
    except crash as error:
        return f"{type(error).__name__}: {error}"


def hunt(question: Question, law: int) -> Callable[[], None]:
    """A test that looks for the smallest case in which a function breaks a law."""

    @settings(suppress_health_check=_ANYWAY)
    @given(case=cases(), picks=_PICKS)
    def smallest(case: Case, picks: list[int]) -> None:
        assert not difference(question, law, case, picks)

    smallest.__name__ = f"{question.name}, law {law}"
    return smallest


def difference(question: Question, law: int, case: Case, picks: list[int], heard: Heard = nobody) -> str:
    """How two answers differ that a law says are the same; "" if they do not."""
    drawn = question.drawn or question.name in DRAWN
    if drawn and picks[0] % 2:
        return ""
    pools = Pools(case, picks[0])
    for pair, (one, other) in enumerate(_pairs(question, law, case)):
        for turn in range(1 if drawn else _TURNS):
            turned = [pick + 31 * turn for pick in picks]
            mine = ask(question, one, pools, turned)
            heard(f"{question.name} {law} {pair} {turn}", mine)
            theirs = ask(question, other, pools, turned)
            if mine != theirs:
                lines = (each.decode("utf-8", "replace").splitlines() for each in (mine, theirs))
                return "\n".join(list(unified_diff(*lines, "as it is", "as it should be", lineterm="", n=2))[:40])
    return ""


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
