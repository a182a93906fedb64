"""Everything asked of a few cases, to learn which functions break which law."""

from collections.abc import Callable, Iterable, Iterator
from difflib import unified_diff

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.laws.cases import Case, cases
from tests.laws.catalogue import Pools, Question, ask
from tests.laws.stages import Stage, stages_of

LAWS = (1, 2)

# A page is drawn for some cases only: it takes thirty times as long as any other answer.
DRAWN = {"export.chart.export", "export.chart.chart_html", "export.chart_html", "export.export_view"}

_PICKS = st.lists(st.integers(0, 5_000), min_size=10, max_size=10)
_TURNS = 2

Broken = dict[tuple[int, str], str]


def survey(questions: Iterable[Question], examples: int, crashes: tuple[type[Exception], ...] = ()) -> Broken:
    """The first difference that each function shows, by law and name; an error of `crashes` is one."""
    broken: Broken = {}

    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=[*HealthCheck]
    )
    @given(case=cases(), picks=_PICKS)
    def look(case: Case, picks: list[int]) -> None:
        for question in questions:
            for law in LAWS:
                if (law, question.name) in broken:
                    continue
                try:
                    found = difference(question, law, case, picks)
                except crashes as error:
                    found = f"{type(error).__name__}: {error}"
                if found:
                    broken[law, question.name] = found

    look()
    return broken


def hunt(question: Question, law: int) -> Callable[[], None]:
    """A test that looks for the smallest case in which a function breaks a law."""

    @settings(suppress_health_check=[*HealthCheck])
    @given(case=cases(), picks=_PICKS)
    def smallest(case: Case, picks: list[int]) -> None:
        assert not difference(question, law, case, picks)

    smallest.__name__ = f"{question.name}, law {law}"
    return smallest


def difference(question: Question, law: int, case: Case, picks: list[int]) -> str:
    """How two answers differ that a law says are the same; "" if they do not."""
    if question.name in DRAWN and picks[0] % 4:
        return ""
    pools = Pools(case)
    for one, other in _pairs(question, law, case):
        for turn in range(_TURNS):
            turned = [pick + 31 * turn for pick in picks]
            mine, theirs = ask(question, one, pools, turned), ask(question, other, pools, turned)
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
    # What is written bears the name and the agency of who writes: he must be the same.
    yield stages.whole, stages.bare.seen_by(case.viewer, case.purpose) if question.writes else stages.bare
    if stages.older and not question.writes and question.name != "GraphStore.view":
        yield stages.older
