"""How two entities are connected: the shortest paths, step by step, with their records."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple, Self

import networkx as nx
import numpy as np

from workbench.analytics.finding import Finding, Row, frozen
from workbench.analytics.following import follow
from workbench.analytics.projection import Projection, everyone, has_every_tie
from workbench.analytics.steps import Step, Trail, path_of, trail_along, trail_in
from workbench.analytics.support import finding_on
from workbench.errors import StoreError, UsageError
from workbench.model.numbers import Place
from workbench.resolve.common import CommonValue, common_values
from workbench.store.steps import Places, Steps
from workbench.store.types import SourcedRecord
from workbench.view.asking import question
from workbench.view.view import View
from workbench.view.walking import Walker

_LONGER_BY = 3  # than the shortest: paths up to this are looked for, but where money is followed


@dataclass(frozen=True, slots=True)
class FoundPath(Row):
    """One path: its steps, and the weakest grade on it; "" where a record on it has none."""

    length: int
    weakest: str
    steps: tuple[Step, ...]

    @property
    def entities(self) -> tuple[str, ...]:
        """The ids of the entities on it, in order."""
        return tuple(dict.fromkeys(end for step in self.steps for end in (step.start, step.end)))

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Self:
        """The path that JSON says."""
        return cls(**frozen(said) | {"steps": tuple(map(Step.from_dict, said["steps"]))})


@dataclass(frozen=True, slots=True)
class Walked:
    """The finding of a search for paths, the trail of each of them, and the records of all trails by key.

    `in_time` says whether something that flows was followed.
    """

    finding: Finding[FoundPath]
    trails: tuple[Trail, ...]
    records: Mapping[str, SourcedRecord]
    in_time: bool

    @property
    def rows_told(self) -> Any:
        """The paths that are told."""
        return self.finding.results


@question
def paths(
    view: View, a: str, b: str, projection: str = "all", count_common: bool = False, k: int = 3
) -> Finding[FoundPath]:
    """The k shortest simple paths between two entities, with everybody in the projection.

    Each step shows one record, the grade on which the step is weakest, its date, amount and currency;
    `weakest` is the weakest grade on a path. They are up to `longer_by` steps
    longer than the shortest. By Yen's algorithm (1971). NotFound for an entity that this view has
    not; UsageError for one that the projection has not.

    In `money` a path follows the money: from a to b, and never back in time. Those of fewest
    steps come first, of these the one that is there earliest. A date without a time is any time of
    its day (or month, or year); a payment without a date is at any time, and its step `undated`.
    Where too many payments lie between the two, `limit_reached` in what is measured is true: paths
    of more than `steps_searched` steps were not looked for, and there may be one.
    """
    return walked(view, a, b, projection, count_common, k).finding


@question
def walked(view: View, a: str, b: str, projection: str = "all", count_common: bool = False, k: int = 3) -> Walked:
    """The same paths, with all records of each step."""
    if k < 1:
        raise UsageError("a search for paths needs k of 1 or more", "k")
    search = _through_ties if has_every_tie(projection) else _through_projection
    found = search(view, projection, _Asked(a, b, count_common, k))
    records = _records(view, found.trails)
    kept = [path_of(trail, records, found.in_time) for trail in found.trails]
    finding = finding_on(
        sorted(records),
        {each.record.marking for each in records.values()},
        kind="paths",
        asked={"projection": projection, "a": a, "b": b, "count_common": count_common, "k": k},
        measured=found.limits,
        revision=view.revision,
        results=[FoundPath(len(path.steps), path.weakest, path.steps) for path in kept],
        set_aside=found.set_aside,
    )
    return Walked(finding, found.trails, records, found.in_time)


class _Asked(NamedTuple):
    """From whom to whom, and how many paths."""

    a: str
    b: str
    count_common: bool
    k: int


class _Found(NamedTuple):
    """The paths of a search, where it ended, and the common values that it left out."""

    trails: tuple[Trail, ...]
    limits: Mapping[str, Any]
    set_aside: tuple[CommonValue, ...]
    in_time: bool = False


def _records(view: View, trails: Iterable[Trail]) -> Mapping[str, SourcedRecord]:
    """The records of some trails by key; StoreError where one of them is no longer seen."""
    wanted = set[str]().union(*(trail.records for trail in trails))
    records = {each.key: each for each in view.records(sorted(wanted))}
    if records.keys() != wanted or not all(ways for trail in trails for ways in trail.steps):
        raise StoreError("who may see what changed while this was read: run it again")
    return records


_EITHER_WAY = {"longer_by": _LONGER_BY, "limit_reached": False}


def _through_ties(view: View, projection: str, asked: _Asked) -> _Found:
    """By all ties as they stand: the view walks, in the store if that can walk, and through no common value."""
    _refuse_one(projection, asked, *(view.canonical(each) for each in (asked.a, asked.b)))
    common = () if asked.count_common else common_values(view)
    between = view.between(asked.a, asked.b, [value.entity for value in common if value.entity])
    if between is None:
        return _Found((), _EITHER_WAY, common)
    nodes = islice(simple_paths(between.walker, between.a, between.b), asked.k)
    return _Found(tuple(trail_along(between.along(each)) for each in nodes), _EITHER_WAY, common)


def _through_projection(view: View, projection: str, asked: _Asked) -> _Found:
    """By what a projection makes of ties; where it is directed, what flows is followed in time."""
    found = everyone(view, projection, asked.count_common, ends=(asked.a, asked.b))
    start, end = found.node(asked.a), found.node(asked.b)
    _refuse_one(projection, asked, start, end)
    if found.directed:
        nodes, limits = _forward(view, found, start, end, asked.k)
    else:
        nodes, limits = list(islice(simple_paths(Walker(found.neighbours), start, end), asked.k)), _EITHER_WAY
    return _Found(tuple(trail_in(found, each) for each in nodes), limits, found.set_aside, found.directed)


def _refuse_one(projection: str, asked: _Asked, start: object, end: object) -> None:
    if start == end:
        both = f"{asked.a} and {asked.b}"
        raise UsageError(f"{both} are one in the projection {projection!r}: name two different entities")


def _forward(
    view: View, found: Projection, start: Place, end: Place, k: int
) -> tuple[Sequence[Sequence[Place]], Mapping[str, Any]]:
    """The paths of money, and where the search for them ended."""
    followed = follow(view, found, start, end, k)
    limits = {"limit_reached": followed.searched is not None}
    searched = {} if followed.searched is None else {"steps_searched": followed.searched}
    return [way.nodes for way in followed.ways], limits | searched


def simple_paths(walker: Walker, start: Place, end: Place) -> Iterator[list[Place]]:
    """Simple paths between two entities, shortest first, up to a few steps longer than the shortest.

    A path of n steps only visits entities whose distances from both ends add up to n at most;
    so the search stays in that part, which a walk from both ends finds, and which grows with n.
    """
    shortest: int | None = None
    for longer_by in range(_LONGER_BY + 1):
        part = walker.between(start, end, longer_by)
        if part is None:
            return
        for nodes in nx.shortest_simple_paths(_graph(part.places, walker.among(part.places)), start, end):
            shortest = len(nodes) - 1 if shortest is None else shortest
            if len(nodes) - 1 > shortest + longer_by:
                break
            if len(nodes) - 1 == shortest + longer_by:
                yield nodes


def _graph(places: Places, ties: Steps) -> "nx.Graph[Place]":
    """A graph of some entities, whose neighbours come in order."""
    graph: nx.Graph[Place] = nx.Graph()
    graph.add_nodes_from(places.tolist())
    pairs = np.unique(np.sort(np.stack([ties.near, ties.far], axis=1), axis=1), axis=0)
    graph.add_edges_from(pairs.tolist())
    return graph
