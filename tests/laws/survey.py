"""Ask every function about a few cases, to find which of them break which law."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from difflib import unified_diff
from itertools import product
from traceback import format_exc
from zlib import crc32

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.laws.asking import OF_HISTORY, Told, ask
from tests.laws.cases import VIEWERS, cases
from tests.laws.catalogue import Pools
from tests.laws.seeded import PICKS as SEEDED
from tests.laws.seeded import seeded
from tests.laws.sight import Case
from tests.laws.stages import Stage, scenes, stages_of
from tests.laws.walk import Question
from tests.selection import EVERYTHING, PART
from tests.stores import KIND, SQLITE
from workbench.view import checking

LAWS = (1, 2)
_PAIRS = {1: (("whole", "bare"), ("older", "then"), ("whole", "present")), 2: (("whole", "other"),)}
_OLDER, _OF_ROOT = ("older", "then"), ("bare", "then", "present")
_ALL = ("whole", "older", "bare", "then", "other", "present")
# Each of these once for what reads through a view, by viewer: it is the same code on every store, and takes its time.
_FEWER = (("whole", "bare", "other"), ("whole", "older", "then", "present"), ())

# A page is drawn for every other case, and once: it takes thirty times as long as any other answer.
DRAWN = {"export.chart.export", "export.chart.chart_html", "export.chart_html"}

PICKS = st.lists(st.integers(0, 5_000), min_size=10, max_size=10)
_TURNS = 2 if KIND == SQLITE else 1
_ANYWAY = tuple(HealthCheck)
ONCE = settings(
    deadline=None,
    derandomize=not PART,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=_ANYWAY,
)

Heard = dict[str, list[Told] | str]  # by stage: answers, or how the function crashed
Broken = dict[tuple[int, str], str]


@contextmanager
def small_clusters_told() -> Iterator[None]:
    """Let clusters of two be large, until the end: none of the laws' has many referents."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(checking, "SEVERAL", 2)
        patched.setattr(checking, "LARGE", 1)
        yield


def survey(questions: Sequence[Question], examples: int, most: int) -> Broken:
    """The first difference that each function shows, by law and name; a crash is one too.

    In the seeded cases, and in as many drawn ones; in no more of them once so many are found.
    """
    broken: Broken = {}

    @settings(ONCE, max_examples=max(1, examples), phases=ONCE.phases if examples else [Phase.explicit])
    @seeds
    @given(case=cases(), picks=PICKS)
    def look(case: Case, picks: list[int]) -> None:
        if len(broken) >= most:
            return
        asked = [question for question in questions if any((law, question.name) not in broken for law in LAWS)]
        heard = _hear_all(asked, case, picks)
        for question, law in product(asked, LAWS):
            found = (_difference(question, pair, heard[question.name]) for pair in _PAIRS[law])
            for each in filter(None, found):
                broken.setdefault((law, question.name), each)

    look()
    return broken


def seeds(test: Callable[..., None]) -> Callable[..., None]:
    """The seeded cases come first."""
    for case in seeded():
        test = example(case=case, picks=SEEDED)(test)
    return test


def hunt(question: Question, law: int) -> Callable[[], None]:
    """A test that searches for the smallest case in which a function breaks a law."""

    @settings(suppress_health_check=_ANYWAY)
    @given(case=cases(), picks=PICKS)
    def smallest(case: Case, picks: list[int]) -> None:
        assert not breaks(question, law, case, picks)

    smallest.__name__ = f"{question.name}, law {law}"
    return smallest


def breaks(question: Question, law: int, case: Case, picks: list[int]) -> str:
    """How a function breaks a law in a case whose stores are kept; "" if it does not."""
    stages = stages_of(case)
    for pair in _PAIRS[law]:
        if all(name in stages and is_asked(question, name, case) for name in pair):
            found = _difference(
                question, pair, {name: _hear(question, name, stages[name], case, picks) for name in pair}
            )
            if found:
                return found
    return ""


def _hear_all(questions: Sequence[Question], case: Case, picks: list[int]) -> dict[str, Heard]:
    """The answers of functions in all stages of a case, by name; each store is made and discarded in turn."""
    heard: dict[str, Heard] = {question.name: {} for question in questions}
    for stages in scenes(case):
        for (name, stage), question in product(stages.items(), questions):
            is_left = (_is_drawn(question) and picks[0] % 2) or not _is_asked_now(question, name, case)
            if is_asked(question, name, case) and not is_left:
                heard[question.name][name] = _tried(question, name, stage, case, picks)
        for stage in stages.values():
            stage.throw_away()
    return heard


def _tried(question: Question, name: str, stage: Stage, case: Case, picks: list[int]) -> list[Told] | str:
    try:
        return _hear(question, name, stage, case, picks)
    except Exception:  # noqa: BLE001 - it is told by the test of this function alone
        return format_exc()


def _hear(question: Question, name: str, stage: Stage, case: Case, picks: list[int]) -> list[Told]:
    """What a function answers in a stage, asked with other arguments at each turn."""
    pools = Pools(case, picks[0])
    looked = stage.seen_by(case.viewer, case.purpose) if _is_looked_at(question, name) else stage
    is_asked_again = question.parameters and not _is_drawn(question) and (EVERYTHING or _is_of_view(question))
    turns = _TURNS if is_asked_again else 1
    return [ask(question, looked, pools, [pick + 31 * turn for pick in picks]) for turn in range(turns)]


def _difference(question: Question, pair: tuple[str, str], heard: Heard) -> str:
    """How answers that a law requires to be equal differ between two stages; "" if they are equal or not asked."""
    one, other = (heard.get(name) for name in pair)
    if not one or not other or ("present" in pair and question.name in OF_HISTORY):
        return ""
    if isinstance(one, str) or isinstance(other, str):
        return one if isinstance(one, str) else str(other)
    told = Told.without_history if "present" in pair else Told.named
    for mine, theirs in zip(map(told, one), map(told, other), strict=True):
        if mine != theirs:
            lines = (each.decode("utf-8", "replace").splitlines() for each in (mine, theirs))
            return "\n".join(list(unified_diff(*lines, "as it is", "as it should be", lineterm="", n=2))[:40])
    return ""


def is_asked(question: Question, name: str, case: Case) -> bool:
    """Whether a function is asked in this stage of a case."""
    return not (question.now and name in _OLDER) and (KIND == SQLITE or name in _in_fewer(question, case))


def _is_asked_now(question: Question, name: str, case: Case) -> bool:
    """Whether the survey asks a function in this stage: by day as on Neo4j, at night everywhere."""
    return EVERYTHING or name in _in_fewer(question, case)


def _is_of_view(question: Question) -> bool:
    return question.name.startswith(("View.", "GraphStore."))


def _in_fewer(question: Question, case: Case) -> Sequence[str]:
    """Where a function is asked at least: a view everywhere; what reads through it by two viewers, in fewer stages."""
    if _is_of_view(question):
        return _ALL
    viewer = [viewer for viewer, _ in VIEWERS].index(case.viewer)
    return _FEWER[(crc32(question.name.encode()) + viewer) % len(_FEWER)]


def _is_looked_at(question: Question, name: str) -> bool:
    """Whether the viewer himself must ask, because the answer shows the viewer or the function writes."""
    return name in _OF_ROOT and (question.drawn or question.writes)


def _is_drawn(question: Question) -> bool:
    return question.drawn or question.name in DRAWN
