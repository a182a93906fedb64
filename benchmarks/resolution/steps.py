"""The steps that `benchmarks.resolution.scale` measures, each run in a process of its own.

    python -m benchmarks.resolution.steps STEP PATH [PATH]

Prints JSON: the seconds of CPU and of the clock that the step itself took, without the start of Python, and what came
of it.
"""

import argparse
import hashlib
import json
import resource
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, TypeVar

import numpy as np

from benchmarks.resolution import plain
from benchmarks.resolution.resolving import joint, load_jobs
from workbench.access.viewer import Viewer
from workbench.model.ids import entity_id, judgement_id
from workbench.model.normal.names import Kind
from workbench.resolve.scoring import score
from workbench.resolve.scoring.engine import weighed
from workbench.scenario.registers.agencies import agencies
from workbench.store import registers
from workbench.store.columns import Bool, Int32
from workbench.store.scores import PERSON
from workbench.store.types import Judgement
from workbench.view.conflicts import conflicted
from workbench.view.identity import Verdict, effective, proposed, verdicts
from workbench.view.joining import smallest_joined
from workbench.view.scored import Scored
from workbench.view.spoken import forms_before, scored_before
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View
from workbench.view.who import records_about

T = TypeVar("T")
Told = dict[str, Any]

_CLOCKS = ("seconds", "seconds_by_the_clock")
# The share of all clusters that are made doubtful, and how often the identity of a view is made again.
_DOUBTFUL, _AGAIN = 0.01, 5


def _cpu() -> float:
    """The seconds of CPU of this process, and of those that it started and that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime


def _timed(work: Callable[[], T]) -> tuple[T, Told]:
    cpu, clock = _cpu(), perf_counter()
    made = work()
    spent = _cpu() - cpu, perf_counter() - clock
    return made, {name: round(each, 4) for name, each in zip(_CLOCKS, spent, strict=True)}


@contextmanager
def _opened(path: Path) -> Iterator[tuple[GraphStore, Viewer]]:
    """A store, with a cache beside it, and who sees all of it."""
    with closing(open_store(f"sqlite:///{path}", cache=path.parent / "columns")) as store:
        yield store, joint([each.code for each in agencies()])


def load(path: Path, folder: Path) -> Told:
    """Load the registers of a folder."""
    with _opened(path) as (store, viewer):
        return _timed(lambda: load_jobs(store, folder, viewer))[1]


def _score(path: Path, **how: bool) -> Told:
    with _opened(path) as (store, viewer):
        made, took = _timed(lambda: score(store, store.view(viewer), **how))
        clusters = "\n".join(map(repr, sorted(store.view(viewer).clusters())))
    who = hashlib.sha256(clusters.encode()).hexdigest()
    return took | {"compared": made.compared, "pairs": made.pairs, "who": who}


def train(path: Path) -> Told:
    """Score everything by a new model."""
    return _score(path, train=True)


def whole(path: Path) -> Told:
    """Score everything by the standing model."""
    return _score(path)


def new(path: Path) -> Told:
    """Score what is new by the standing model."""
    return _score(path, new=True)


def forms(path: Path, file: Path) -> Told:
    """Write the normal forms of all facets of persons: a line each, the number of the entity and the forms as JSON."""
    with _opened(path) as (store, viewer), file.open("w", encoding="utf-8") as lines:
        view = store.view(viewer)
        every = scored_before(view).facets
        persons = every.take(every.kind == PERSON)
        entities = dict(zip(persons.number.tolist(), persons.entity.tolist(), strict=True))
        for some in forms_before(view):
            lines.writelines(f"{entities[number]} {said}\n" for number, said in some.items() if number in entities)
    return {"facets": len(entities)}


def _read(file: Path) -> tuple[list[int], list[str]]:
    entities, said = list[int](), list[str]()
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            entity, _, each = line.rstrip("\n").partition(" ")
            entities.append(int(entity))
            said.append(each)
    return entities, said


def ours(file: Path) -> Told:
    """Find and score the pairs of facets, given their forms, as `workbench resolve` does."""
    entities, said = _read(file)
    found, took = _timed(lambda: weighed(said, entities, [True] * len(said), Kind.PERSON))
    return took | {"pairs": len(found.a)}


def beside(file: Path) -> Told:
    """The same with plain Splink."""
    _, said = _read(file)
    found, took = _timed(lambda: plain.found(said))
    return took | {"pairs": len(found[0])}


def doubt(path: Path, other: Path) -> Told:
    """Judge two members different in some of the clusters of a store; and the same in another store."""
    with _opened(path) as (store, viewer), _opened(other) as (beside, _):
        made = list(_judgements(store.view(viewer)))
        for each in made:
            store.add_judgement(each)
            beside.add_judgement(each)
    return {"judgements": len(made)}


def _judgements(view: View) -> Iterator[Judgement]:
    members = defaultdict[str, list[str]](list)
    for canonical, dataset, source in view.clusters():
        agency, _, name = dataset.partition("/")
        members[canonical].append(entity_id(agency, name, source))
    several = [each for _, each in sorted(members.items()) if len(each) > 1]
    many = max(1, round(len(members) * _DOUBTFUL))
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    for a, b, *_ in map(sorted, islice(several, 0, None, max(1, len(several) // many))):
        keys = tuple(sorted({*records_about(view, a), *records_about(view, b)}))
        name = judgement_id(a, b, "different", "measure", "measured", at)
        yield Judgement(name, a, b, "different", "measure", "measured", at, keys)


def identity(path: Path) -> Told:
    """Make the identity of new views, whose columns are at hand: the median of some, and the first before them."""
    return _again(path, lambda scored: scored)


def calm(path: Path) -> Told:
    """The same without the scores of components that are in doubt, but of those that judgements put there."""
    with _opened(path) as (store, viewer):
        kept = _without_doubt(store.view(viewer))
    return _again(path, lambda scored: replace(scored, best=scored.best.take(kept)))


def _again(path: Path, thinned: Callable[[Scored], Scored]) -> Told:
    with _opened(path) as (store, viewer):
        first, *later = [_identity(store.view(viewer), thinned) for _ in range(1 + _AGAIN)]
        doubtful = _doubtful(store.view(viewer), thinned)
    return first | {name: median(each[name] for each in later) for name in _CLOCKS} | {"first": first} | doubtful


def _identity(view: View, thinned: Callable[[Scored], Scored]) -> Told:
    """What it takes to make the scores and the identity; not to leave some scores out in between."""
    view._columns()
    scored, took = _timed(view._scored)
    view._access().made["scores"] = thinned(scored)
    made, then = _timed(view._identity)
    spent = {name: took[name] + then[name] for name in _CLOCKS}
    return spent | {"joins": len(made.standing.a), "refused": sum(map(len, made.refused))}


def _doubtful(view: View, thinned: Callable[[Scored], Scored]) -> Told:
    """How many components are in doubt, of how many."""
    labels, doubtful = _components(view, thinned(view._scored()), _judged(view))
    return {"in_doubt": f"{doubtful.sum()} of {len(np.unique(labels))}"}


def _without_doubt(view: View) -> Bool:
    """Which scores are of components that are not in doubt, or in which two members are judged to be different."""
    judged, scored = _judged(view), view._scored()
    labels, doubtful = _components(view, scored, [each for each in judged if each.same])
    doubtful[labels[[end for each in judged for end in (each.a, each.b)]]] = False
    return ~doubtful[labels[scored.best.a]]


def _judged(view: View) -> list[Verdict]:
    return verdicts(effective(registers.judgements(view._backend, view._scope())), view._columns())


def _components(view: View, scored: Scored, judged: Sequence[Verdict]) -> tuple[Int32, Bool]:
    """The label of each entity's component, and which labels are in doubt."""
    columns = view._columns()
    every, _ = proposed(columns, judged, registers.commons(view._backend, view._scope()), scored)
    labels = smallest_joined(len(columns.ids), every.a, every.b)
    apart = {(min(each.a, each.b), max(each.a, each.b)): "" for each in judged if not each.same}
    return labels, conflicted(columns, labels, every, apart)[0]


STEPS: dict[str, Callable[..., Told]] = {
    step.__name__: step for step in (load, train, whole, new, forms, ours, beside, doubt, identity, calm)
}


def main() -> None:
    """Do one step, and print what it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.resolution.steps")
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("paths", type=Path, nargs="+")
    options = parser.parse_args()
    print(json.dumps(STEPS[options.step](*options.paths)))


if __name__ == "__main__":
    main()
