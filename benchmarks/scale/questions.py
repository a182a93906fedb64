"""The commands that ask for little: each is measured at every size, beside the same command about nothing."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from benchmarks.scale.choice import Asked, Chosen, Name, Walk
from benchmarks.scale.logged import looked
from benchmarks.scale.processes import Cost, Ran, Terms, middle
from benchmarks.scale.stores import Made
from benchmarks.scale.wide import HOPS

_NOTHING = "zzqqzzqqzz"  # a text that nothing has
# How much a start varies from one process to the next, in seconds. Less than this is not told apart.
NOISE = 0.02


@dataclass(frozen=True)
class Subject:
    """A store, and whom it is asked about."""

    made: Made
    chosen: Chosen
    name: Name


Words = Callable[[Subject, int], Sequence[str]]
Count = Callable[[Subject, Sequence[str], Ran], int]


@dataclass(frozen=True)
class Question:
    """A command, the same about nothing, and what its time is divided by: `unit`, "" for nothing.

    `words` and `idle` take the number of the run: each asks about another typical entity.
    """

    name: str
    words: Words
    idle: Words
    unit: str = ""
    count: Count = lambda subject, words, ran: 0


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians for one question at one size: the command, the same about nothing (`start`), and the time less start-up.

    Start-up is the same about nothing in the smallest store. `less_s` is the median of the differences of each run in
    seconds by the clock of the run, `units` how many candidates or entities there were, `us_each` the median of
    microseconds for each of them.
    """

    records: int
    cost: Cost
    start: Cost
    less_s: float
    units: float
    us_each: float


def questions() -> Sequence[Question]:
    """All commands that are measured, and what each asks."""
    idle = _about_loner
    return (
        Question("search NUMBER", lambda s, i: ("search", _typical(s, i).number), _about_nothing),
        Question("show", lambda s, i: ("show", _typical(s, i).id), idle("show")),
        Question(
            "neighbours --hops 1", lambda s, i: _walk(_typical(s, i).id, 1), idle("neighbours"), "entity", _entities
        ),
        Question("show HUB", lambda s, i: ("show", s.chosen.hub), idle("show")),
        Question(
            "neighbours HUB --hops 1", lambda s, i: _walk(s.chosen.hub, 1), idle("neighbours"), "entity", _entities
        ),
        Question("search NAME", lambda s, i: ("search", s.name.text), _about_nothing, "candidate", _candidates),
        Question(
            "neighbours --hops 3",
            lambda s, i: _walk(_wide(s, i).id, HOPS),
            idle("neighbours", "--hops", str(HOPS)),
            "entity",
            _entities,
        ),
        Question(
            "paths",
            lambda s, i: ("paths", _wide(s, i).id, _wide(s, i).other),
            _between_loners,
            "entity looked at",
            _looked,
        ),
    )


def measure(question: Question, subjects: Sequence[Subject], terms: Terms) -> list[Measured]:
    """Ask a question at each size, in rounds over all sizes; one process before each is not measured."""
    told: list[list[tuple[Cost, Cost, int]]] = [[] for _ in subjects]
    for run in range(terms.runs):
        for subject, rows in zip(subjects, told, strict=True):
            rows.append(_once(question, subject, run))
    starts = [start for _, start, _ in told[0]]  # of the smallest store: what grows with the store is no start-up
    return [_measured(subject, rows, starts, terms) for subject, rows in zip(subjects, told, strict=True)]


def _once(question: Question, subject: Subject, run: int) -> tuple[Cost, Cost, int]:
    words, idle = question.words(subject, run), question.idle(subject, run)
    units = question.count(subject, words, subject.made.ask(*words))  # this brings the file's pages into memory
    start = subject.made.ask(*idle).cost
    return subject.made.ask(*words).cost, start, units


def _measured(
    subject: Subject, rows: Sequence[tuple[Cost, Cost, int]], smallest: Sequence[Cost], terms: Terms
) -> Measured:
    costs, starts, units = zip(*rows, strict=True)
    less = [terms.took(cost) - terms.took(start) for cost, start in zip(costs, smallest, strict=True)]
    each = [max(part, NOISE) / many * 1e6 for part, many in zip(less, units, strict=True) if many]
    return Measured(
        records=subject.made.note["records"],
        cost=middle(costs),
        start=middle(starts),
        less_s=median(less),
        units=median(units),
        us_each=median(each) if each else 0.0,
    )


def exponent(found: Sequence[Measured]) -> float | None:
    """The slope of the logarithm of the time, less start-up, over that of the records; None at one size.

    A time counts as at least `NOISE`.
    """
    if len(found) < 2:
        return None
    x, y = [math.log(each.records) for each in found], [math.log(max(each.less_s, NOISE)) for each in found]
    mx, my = fmean(x), fmean(y)
    return sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / sum((a - mx) ** 2 for a in x)


# -- what is asked, and what is counted in an answer --------------------------------------------


def _typical(subject: Subject, run: int) -> Asked:
    return subject.chosen.typical[run % len(subject.chosen.typical)]


def _wide(subject: Subject, run: int) -> Walk:
    return subject.chosen.walks[run % len(subject.chosen.walks)]


def _walk(entity: str, hops: int) -> Sequence[str]:
    return ("neighbours", entity, "--hops", str(hops))


def _about_loner(*words: str) -> Words:
    first, *rest = words
    return lambda subject, run: (first, subject.made.loners[0], *rest)


def _about_nothing(subject: Subject, run: int) -> Sequence[str]:
    return ("search", _NOTHING)


def _between_loners(subject: Subject, run: int) -> Sequence[str]:
    return ("paths", *subject.made.loners)


def _entities(subject: Subject, words: Sequence[str], ran: Ran) -> int:
    return len(ran.answer["entities"])


def _candidates(subject: Subject, words: Sequence[str], ran: Ran) -> int:
    return subject.name.candidates


def _looked(subject: Subject, words: Sequence[str], ran: Ran) -> int:
    return looked(subject.made, *words)
