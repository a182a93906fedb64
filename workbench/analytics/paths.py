"""The shortest paths between two entities, step by step, with their records."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple, Self, TypeVar

import networkx as nx
import numpy as np

from workbench.analytics.finding import Finding, Row, frozen
from workbench.analytics.following import follow
from workbench.analytics.projection import Projection, everyone, has_every_tie
from workbench.analytics.steps import Step, Trail, path_of, trail_along, trail_in
from workbench.analytics.support import finding_on
from workbench.errors import StoreError, UsageError, naming
from workbench.model.asked import whole
from workbench.model.numbers import Place
from workbench.resolve.common import Beside, CommonValue, common_beside, listed_entities, ways
from workbench.store.steps import Places, Steps
from workbench.store.types import SourcedRecord
from workbench.view.asking import question
from workbench.view.view import View
from workbench.view.walking import Walker

T = TypeVar("T")

_LONGER_BY = 3  # paths up to this many steps longer than the shortest are searched for, except for money


@dataclass(frozen=True, slots=True)
class FoundPath(Row):
    """One path: its steps, and the weakest grade on it, "" if a record on it has none."""

    length: int
    weakest: str
    steps: tuple[Step, ...]

    @property
    def entities(self) -> tuple[str, ...]:
        """The ids of the entities on it, in order."""
        return tuple(dict.fromkeys(end for step in self.steps for end in (step.start, step.end)))

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Self:
        """The path from JSON values."""
        return cls(**frozen(said) | {"steps": tuple(map(Step.from_dict, said["steps"]))})


@dataclass(frozen=True, slots=True)
class Walked:
    """The finding of a search for paths, the trail of each path, and the records of all trails, by key.

    `in_time` if money was followed forward in time.
    """

    finding: Finding[FoundPath]
    trails: tuple[Trail, ...]
    records: Mapping[str, SourcedRecord]
    in_time: bool

    @property
    def rows_told(self) -> Any:
        """The paths, to be counted in the trace."""
        return self.finding.results


@question
def paths(
    view: View, a: str, b: str, projection: str = "all", count_common: bool = False, k: int = 3
) -> Finding[FoundPath]:
    """The k shortest simple paths between two entities, by Yen's algorithm (1971); outsiders are not left out.

    Each step shows one record, the weakest grade of the step, and the record's date, amount and
    currency; `weakest` is the weakest grade on the path. Paths are at most `longer_by` steps longer
    than the shortest. NotFound for an entity that is not in this view, UsageError for one that is not
    in the projection.

    In the projection `money` a path follows the money from a to b, never back in time. Paths with the
    fewest steps come first, and among these the earliest arrival. A date without a time is any time of
    its day (or month, or year). A payment without a date can be at any time, and its step is `undated`.
    If too many payments lie between the two, `limit_reached` in `measured` is true: paths of more than
    `steps_searched` steps were not searched for, and there may be some.
    """
    return walked(view, a, b, projection, count_common, k).finding


@question
def walked(view: View, a: str, b: str, projection: str = "all", count_common: bool = False, k: int = 3) -> Walked:
    """As `paths`, with all records of each step."""
    k = whole(k, "k")
    if a == b:
        raise UsageError("both ends of the path are the same entity: name two different ones", "b")
    search = _through_ties if has_every_tie(projection) else _through_projection
    answer = search(view, projection, _Asked(a, b, count_common, k))
    records = _records(view, answer.trails)
    kept = [path_of(trail, records, answer.in_time) for trail in answer.trails]
    finding = finding_on(
        sorted(records),
        {each.record.marking for each in records.values()},
        kind="paths",
        asked={"projection": projection, "a": a, "b": b, "count_common": count_common, "k": k},
        measured=answer.limits,
        revision=view.revision,
        results=[FoundPath(len(path.steps), path.weakest, path.steps) for path in kept],
        set_aside=answer.set_aside,
    )
    return Walked(finding, answer.trails, records, answer.in_time)


class _Asked(NamedTuple):
    """The question: both ends, whether common values count, and the number of paths."""

    a: str
    b: str
    count_common: bool
    k: int


class _Found(NamedTuple):
    """The paths of a search, its limits, and the common values that were left out."""

    trails: tuple[Trail, ...]
    limits: Mapping[str, Any]
    set_aside: tuple[CommonValue | Beside, ...]
    in_time: bool = False


def _records(view: View, trails: Iterable[Trail]) -> Mapping[str, SourcedRecord]:
    """The records of some trails, by key; StoreError if one is no longer visible."""
    wanted = set[str]().union(*(trail.records for trail in trails))
    records = {each.key: each for each in view.records(sorted(wanted))}
    if records.keys() != wanted or not all(ways for trail in trails for ways in trail.steps):
        raise StoreError("markings changed while this was read: run it again")
    return records


_EITHER_WAY = {"longer_by": _LONGER_BY, "limit_reached": False}


def _through_ties(view: View, projection: str, asked: _Asked) -> _Found:
    """Search along all ties, with a walk of the view that passes through no common value.

    Those that are set aside are the ones tied to the paths, or to both ends if there is no path.
    """
    _refuse_one(projection, asked, *_ends(asked, view.canonical))
    shut, common = ((), ()) if asked.count_common else (tuple(listed_entities(view)), ways())
    between = view.between(asked.a, asked.b, shut, common)
    nodes = islice(simple_paths(between.walker, between.a, between.b), asked.k) if between else ()
    trails = tuple(trail_along(between.along(each)) for each in nodes) if between else ()
    beside = {each for trail in trails for each in trail.entities} or {asked.a, asked.b}
    return _Found(trails, _EITHER_WAY, () if asked.count_common else common_beside(view, sorted(beside)))


def _through_projection(view: View, projection: str, asked: _Asked) -> _Found:
    """Search along the edges of a projection; if it is directed, forward in time."""
    projected = everyone(view, projection, asked.count_common, ends=(asked.a, asked.b))
    start, end = _ends(asked, projected.node)
    _refuse_one(projection, asked, start, end)
    if projected.directed:
        nodes, limits = _forward(view, projected, start, end, asked.k)
    else:
        nodes, limits = list(islice(simple_paths(Walker(projected.neighbours), start, end), asked.k)), _EITHER_WAY
    return _Found(tuple(trail_in(projected, each) for each in nodes), limits, projected.set_aside, projected.directed)


def _ends(asked: _Asked, of: Callable[[str], T]) -> tuple[T, T]:
    """What stands for each of the two ends; NotFound names the one that is not there."""
    with naming("a", known_as="entity"):
        start = of(asked.a)
    with naming("b", known_as="entity"):
        return start, of(asked.b)


def _refuse_one(projection: str, asked: _Asked, start: object, end: object) -> None:
    if start == end:
        both = f"{asked.a} and {asked.b}"
        raise UsageError(f"{both} are the same in the projection {projection!r}: name two different entities", "b")


def _forward(
    view: View, projected: Projection, start: Place, end: Place, k: int
) -> tuple[Sequence[Sequence[Place]], Mapping[str, Any]]:
    """The paths of money, and the limits of the search."""
    followed = follow(view, projected, start, end, k)
    limits = {"limit_reached": followed.searched is not None}
    searched = {} if followed.searched is None else {"steps_searched": followed.searched}
    return [way.nodes for way in followed.ways], limits | searched


def simple_paths(walker: Walker, start: Place, end: Place) -> Iterator[list[Place]]:
    """Simple paths between two entities, shortest first, up to a few steps longer than the shortest.

    A path of n steps visits only entities whose distances from both ends add up to at most n. So the
    search stays in that part of the network, which a walk from both ends finds, and widens it with n.
    """
    shortest: int | None = None
    for longer_by in range(_LONGER_BY + 1):
        part = walker.between(start, end, longer_by)
        if part is None:
            return
        ends = (part.places.tolist().index(each) for each in (start, end))
        for nodes in nx.shortest_simple_paths(_graph(part.places, walker.among(part.places)), *ends):
            shortest = len(nodes) - 1 if shortest is None else shortest
            if len(nodes) - 1 > shortest + longer_by:
                break
            if len(nodes) - 1 == shortest + longer_by:
                yield [Place(int(part.places[node])) for node in nodes]


def _graph(places: Places, ties: Steps) -> "nx.Graph[int]":
    """A graph of some entities, each by its index in `places`, with neighbours in order."""
    index = np.zeros(int(places.max()) + 1, dtype=np.int64)
    index[places] = np.arange(len(places))
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(places)))
    pairs = np.unique(np.sort(index[np.stack([ties.near, ties.far], axis=1)], axis=1), axis=0)
    graph.add_edges_from(pairs.tolist())
    return graph
