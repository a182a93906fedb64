"""Check that the laws fail without a filter: remove one, and ask all functions that read through it.

A function reads through a filter if it executes the changed code, and the filter holds something back from it if
that code would return something else there. A mutation concerns a function if one of its own answers changes.
The test of every concerned function must fail. What is superseded may change the answers of functions that are
about history: no law says otherwise, so others must show that filter.
"""

import multiprocessing
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from itertools import product
from time import monotonic
from typing import Any

from hypothesis import given, settings

from tests.laws import asking, stages
from tests.laws.asking import OF_HISTORY
from tests.laws.cases import VIEWERS, cases
from tests.laws.catalogue import Pools
from tests.laws.cuts import Mutation, changes, places
from tests.laws.seeded import PICKS as SEEDED
from tests.laws.seeded import seeded
from tests.laws.sight import Case
from tests.laws.stages import Stage, stages_of
from tests.laws.survey import LAWS, ONCE, PICKS, breaks, is_asked
from tests.laws.walk import Question
from tests.laws.watch import Watch

_FORK = multiprocessing.get_context("fork")  # what was played and heard is there in every process


@dataclass(frozen=True)
class Bite:
    """The result for a mutation: functions that read through it, are held back by it, are concerned, and are caught."""

    reads: frozenset[str]
    held: frozenset[str]
    concerned: frozenset[str]
    caught: frozenset[str]
    seconds: float

    @property
    def missed(self) -> frozenset[str]:
        """Functions whose test should have failed."""
        return self.concerned - self.caught


Held = tuple[int, str]  # in which case something is held back, from which function


@dataclass
class Trial:
    """Cases with their stores, and the answers of every function in the unchanged program."""

    questions: Sequence[Question]
    examples: int
    processes: int
    cases: list[tuple[Case, list[int]]] = field(default_factory=list)
    known: dict[tuple[int, str, str], str] = field(default_factory=dict)
    readers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # by place
    held: dict[str, set[Held]] = field(default_factory=lambda: defaultdict(set))  # by mutation

    def run(self, mutations: Sequence[Mutation]) -> Iterator[tuple[Mutation, Bite]]:
        """Try each of these."""
        self._draw()
        self._listen(mutations)
        yield from zip(mutations, self._in_processes(self._bite, mutations), strict=True)

    def _draw(self) -> None:
        """The seeded cases, and the drawn ones in which most is hidden and seen, in stores that no process has open."""
        drawn: list[tuple[Case, list[int]]] = []

        @settings(ONCE, max_examples=_DRAWN)
        @given(case=cases(), picks=PICKS)
        def look(case: Case, picks: list[int]) -> None:
            drawn.append((case, picks))

        look()
        drawn.sort(key=lambda each: _much(each[0]), reverse=True)
        by_viewer = [[each for each in drawn if each[0].viewer == viewer] for viewer, _ in VIEWERS]
        rich = [each for some in zip(*by_viewer, strict=False) for each in some]
        self.cases = [*((each, SEEDED) for each in seeded()), *rich][: self.examples]
        stages.keep(len(self.cases))
        for case, _ in self.cases:
            stages_of(case)
        stages.close_connections()

    def _listen(self, mutations: Sequence[Mutation]) -> None:
        """Ask everything of the program as it is, and see what it comes to meanwhile."""

        def heard(names: Sequence[Question]) -> tuple[dict[Any, str], Any]:
            watch, answers = Watch(mutations), {}
            for question, n in product(names, range(len(self.cases))):
                watch.asked = (n, question.name)
                for where in ("whole", "other", "older"):
                    answers[n, question.name, where] = self._answer(question, n, where)
            return answers, (dict(watch.readers), dict(watch.held))

        parts = [self.questions[n :: 4 * self.processes] for n in range(4 * self.processes)]
        for answers, (readers, held) in self._in_processes(heard, parts):
            self.known |= answers
            for place, names in readers.items():
                self.readers[place] |= names
            for mutation, where in held.items():
                self.held[mutation] |= where

    def _answer(self, question: Question, n: int, where: str) -> str:
        """What it answers of a store with hidden things; a crash is an answer too."""
        case, picks = self.cases[n]
        stage = stages_of(case).get(where)
        return _hash(question, stage, case, picks) if stage and is_asked(question, where, case) else ""

    def _bite(self, mutation: Mutation) -> Bite:
        """Ask each function from which something is held back, until its test fails."""
        started = monotonic()
        for change in changes(mutation):
            change.make()
        if mutation.writes:
            stages.forget()
        exempt = OF_HISTORY if mutation.kind == "superseded" else frozenset()
        reads = frozenset(name for place in places(mutation) for name in self.readers[place]) - exempt
        everywhere = {(n, name) for n in range(len(self.cases)) for name in reads}
        held = everywhere if mutation.writes else {(n, name) for n, name in self.held[mutation.name] if name in reads}
        asked: Counter[str] = Counter()
        concerned, caught = set[str](), set[str]()
        for n, question in product(range(len(self.cases)), self.questions):
            name = question.name
            if (n, name) not in held or name in caught or (name not in concerned and asked[name] == _ENOUGH):
                continue
            asked[name] += 1
            if self._changed(mutation, question, n):
                concerned.add(name)
                if any(_fails(question, law, *self.cases[n]) for law in LAWS):
                    caught.add(name)
        if mutation.writes:
            stages.close_all()
        sets = (reads, frozenset(name for _, name in held), frozenset(concerned), frozenset(caught))
        return Bite(*sets, monotonic() - started)

    def _changed(self, mutation: Mutation, question: Question, n: int) -> bool:
        """Whether its answer changes, in cases where such a mutation can show."""
        places = _SHOWS.get(mutation.kind, ("whole",))
        return any(self._answer(question, n, each) != self.known[n, question.name, each] for each in places)

    def _in_processes(self, work: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Any]:
        """Do work on each item, in a forked process."""
        _jobs[:] = [partial(work, item) for item in items]
        with _FORK.Pool(self.processes, maxtasksperchild=1) as pool:
            yield from pool.imap(_do, range(len(items)))


_DRAWN = 60
_ENOUGH = 3  # in so many cases a function is asked from whom something is held back, if no answer changes

# What came later is not there at the newest revision. Traces are of other hidden things, too.
_SHOWS = {"later": ("older",), "trace": ("whole", "other")}
_jobs: list[Callable[[], Any]] = []


def _do(number: int) -> Any:
    return _jobs[number]()


def _much(case: Case) -> int:
    """How much of a case is seen, and is hidden, whichever is less; and how much came later or was taken back."""
    records = case.records()
    seen = sum(case.sees(case.mark_of(record)) for record in records)
    kinds = {type(step.operation) for step in case.steps}
    return min(seen, len(records) - seen) + len(kinds)


def _hash(question: Question, stage: Stage, case: Case, picks: list[int]) -> str:
    turns = (0, 31) if "text" in question.parameters else (0,)
    try:
        pools = Pools(case, picks[0])
        told = b"".join(asking.ask(question, stage, pools, [pick + turn for pick in picks]).named() for turn in turns)
    except Exception as error:  # noqa: BLE001 - without its filters the program may do anything
        told = repr(error).encode("utf-8", "replace")
    return sha256(told).hexdigest()


def _fails(question: Question, law: int, case: Case, picks: list[int]) -> bool:
    """Whether its test finds a broken law; a crash counts as a failure."""
    try:
        return bool(breaks(question, law, case, picks))
    except Exception:  # noqa: BLE001 - the same
        return True
