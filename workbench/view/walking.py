"""Walk from entity to entity along ties, one step at a time, in a store or in arrays.

Entities are numbers, whose meaning the source of the walk defines. A walk finds the same in every source.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np

from workbench.model.numbers import Place
from workbench.store.assembly import each_once
from workbench.store.columns import Bool, Int32, all_rows
from workbench.store.steps import Places, Steps
from workbench.view.answers import Tie
from workbench.view.sharing import Sharing


class Neighbours(Protocol):
    """What a walk needs: the neighbours of sets of entities.

    Entities are numbered from 0 to `size`, which grows with an answer that brings new ones.
    """

    @property
    def size(self) -> int:
        """The number of entities that have a number."""

    def ties_of(self, places: Places) -> Places:
        """About how many ties each of some entities has."""

    def steps(self, places: Places) -> Steps:
        """All steps from some entities."""

    def bridges(self, some: Places, others: Places) -> Steps:
        """The steps from some entities to some others."""

    def in_order(self, places: Places) -> Places:
        """These entities in the order of their ids."""


class Source(Neighbours, Protocol):
    """The neighbours in a view, with their ids and ties as a view shows them."""

    def find(self, entities: Sequence[str]) -> Places:
        """The numbers of some entities, by the id of any referent; -1 for those that are not in the view."""

    def ids(self, places: Places) -> Sequence[str]:
        """The ids of some entities."""

    def named(self, steps: Steps) -> Sequence[Tie]:
        """The ties behind steps."""

    def ways(self, sharings: Sequence[Sharing]) -> Callable[[Places], Places]:
        """What tells the index of the first way in which each of some entities is common, or NOT_COMMON."""


class Reached(NamedTuple):
    """The entities that a walk reached, ordered by id, and the steps it took."""

    places: Places
    steps: Steps


@dataclass(frozen=True)
class Walk:
    """The entities that a walk reached, and its ties. Entities are ordered by id, those of a path as on the path."""

    source: Source
    reached: Places
    steps: Steps

    @property
    def rows_told(self) -> Any:
        """The entities, to be counted in the trace."""
        return self.reached

    @cached_property
    def entities(self) -> tuple[str, ...]:
        """The ids of the entities."""
        return tuple(self.source.ids(self.reached))

    @cached_property
    def ties(self) -> tuple[Tie, ...]:
        """The ties, ordered by record, roles and ends."""
        return tuple(sorted(self.source.named(self.steps), key=lambda t: (t.record, t.role_a, t.role_b, t.a, t.b)))


@dataclass(frozen=True)
class Between:
    """What lies between two connected entities: on the shortest paths, and on longer ones if asked.

    `walker` walks from `a` to `b`, which are numbers of the source.
    """

    shortest: Walk
    walker: "Walker"
    a: Place
    b: Place

    @property
    def rows_told(self) -> Any:
        """The entities on the shortest paths, to be counted in the trace."""
        return self.shortest.reached

    def longer_by(self, ties: int) -> Walk:
        """The entities and ties on the shortest paths, and on paths with up to this many more ties.

        An entity is on such a path if its distances from both ends add up to at most that length.
        """
        reached = self.walker.between(self.a, self.b, ties)
        return Walk(self.shortest.source, *reached) if reached else self.shortest

    def along(self, places: Sequence[Place]) -> Walk:
        """The entities of one path, in order, and all ties between each and the next."""
        return Walk(self.shortest.source, *self.walker.along(np.array(places)))


# Entities with at least this many ties are first asked only for their ties to the other side.
_CROWD = 500
# Up to this many ties are fetched before they are needed: faster than another query.
_UNASKED = 500


class Walker:
    """A walk that keeps each tie once, from the end visited first, and does not go on from entities that are `shut`,
    except for `ends`.

    It starts at entities that have a number when it is made. A second search between the same two entities asks only
    for what it does not know yet.
    """

    def __init__(
        self, source: Neighbours, shut: Callable[[Places], Bool] | None = None, ends: Sequence[Place] = ()
    ) -> None:
        self._source, self._shut = source, shut
        # entities whose ties are all known, or never asked for because they are shut
        self._looked: Bool = np.zeros(0, dtype=bool)
        self._met = self._looked  # entities of which it is known whether they are shut
        self._known = Steps(_NOWHERE, _NOWHERE, _NOWHERE)
        self._grow()
        self._met[list(ends)] = True  # never shut

    def _grow(self) -> None:
        """Take in entities that have got a number."""
        more = self._source.size - len(self._looked)
        if more:
            fresh = np.zeros(more, dtype=bool)
            self._looked, self._met = (np.concatenate([each, fresh]) for each in (self._looked, self._met))

    def _meet(self, places: Places) -> None:
        """Find out which of some entities are shut."""
        if self._shut is not None:
            fresh = each_once(places[~self._met[places]])
            self._met[fresh] = True
            self._looked[fresh[self._shut(fresh)]] = True

    def around(self, entity: Place, hops: int) -> Reached:
        """The entities within some hops of an entity."""
        side = _Side(entity, self._source.size)
        for _ in range(hops):
            if not len(side.frontier):  # nothing more can be reached
                break
            self._look(self._unknown(side.frontier))
            side.step(self._known, self._source.size)
        return Reached(self._source.in_order(np.flatnonzero(side.level >= 0)), self._known)

    def between(self, a: Place, b: Place, longer_by: int = 0) -> Reached | None:
        """The entities and ties on the shortest paths from `a` to `b`, and on paths up to `longer_by` ties longer.

        None if there is no path. A bidirectional breadth-first search: the side with fewer ties goes first.
        """
        self._known = self._known.take(self._looked[self._known.near])  # without the bridges of an earlier search
        sides = [_Side(each, self._source.size) for each in (a, b)]
        fewest = 0 if a == b else None
        while (steps := sum(side.steps for side in sides)) < (np.inf if fewest is None else fewest + longer_by):
            side, other = sorted(sides, key=lambda each: self._ties_of(each.frontier))
            if not len(side.frontier):  # nothing more can be reached
                break
            may_end = longer_by == 0 if fewest is None else steps + 1 == fewest + longer_by
            is_bridged = may_end and self._bridge(side, other)
            if is_bridged and fewest is None and side.is_tied_to(other, self._known):
                fewest = steps + 1
            if is_bridged and fewest is not None:
                break
            self._walk_on(side, other, of_both=is_bridged)  # frontiers without a tie between them: both must go on
            fewest = side.steps_to(other) if fewest is None else fewest
        return None if fewest is None else self._on_the_way(a, b, fewest + longer_by)

    def among(self, places: Places) -> Steps:
        """All ties among reached entities, including those that the walk did not use; some may occur twice."""
        unknown = self._unknown(places)
        steps = all_rows([self._known, self._source.bridges(unknown, unknown)])
        self._grow()
        wanted = np.zeros(len(self._looked), dtype=bool)
        wanted[places] = True
        return steps.take(wanted[steps.near] & wanted[steps.far])

    def along(self, places: Places) -> Reached:
        """The entities of a path that was found, and all ties between each and the next."""
        place = np.full(len(self._looked), -1, dtype=np.int64)
        place[places] = np.arange(len(places))
        near, far = place[self._known.near], place[self._known.far]
        return Reached(places, self._known.take((near >= 0) & (far >= 0) & (abs(near - far) == 1)))

    def _on_the_way(self, a: Place, b: Place, steps: int) -> Reached:
        """The entities and ties on paths of at most this many steps; all their ties are known by now."""
        known = self._known
        there, back = (_levels(len(self._looked), known, each, steps) for each in (a, b))
        on = (there >= 0) & (back >= 0) & (there + back <= steps)
        one, other = known.near, known.far
        fits = np.minimum(there[one] + back[other], there[other] + back[one]) < steps
        return Reached(self._source.in_order(np.flatnonzero(on)), known.take(on[one] & on[other] & fits))

    def _walk_on(self, side: "_Side", other: "_Side", of_both: bool) -> None:
        """Take a step on one side; asks for the ties of both frontiers if both are needed or there are few."""
        both = np.concatenate([side.frontier, other.frontier])
        if of_both or self._ties_of(both) <= _UNASKED:
            self._look(self._unknown(each_once(both)))
        self._look(self._unknown(side.frontier))
        side.step(self._known, self._source.size)

    def _bridge(self, side: "_Side", other: "_Side") -> bool:
        """Learn all ties between the two frontiers, without all ties of a crowd; False if that would not save work."""
        frontier, others = self._unknown(side.frontier), self._unknown(other.frontier)
        crowded = self._source.ties_of(frontier) >= _CROWD
        crowd = frontier[crowded]
        if not len(crowd) or len(others) * (2 + len(crowd)) > self._ties_of(crowd):
            return False
        self._look(frontier[~crowded])
        others = self._unknown(others)
        bridges = self._source.bridges(crowd, others)
        self._grow()
        again = np.isin(bridges.far, crowd) & np.isin(bridges.near, others) & (bridges.near > bridges.far)
        self._known = all_rows([self._known, bridges.take(~again)])
        return True

    def _look(self, fresh: Places) -> None:
        """Ask for all ties of some entities, and drop the second copy of each tie between two of them."""
        if not len(fresh):
            return
        steps = self._source.steps(fresh)
        self._grow()
        self._meet(steps.far)
        among = np.zeros(len(self._looked), dtype=bool)
        among[fresh] = True
        again = self._looked[steps.far] | (among[steps.far] & (steps.near > steps.far))
        self._looked[fresh] = True
        self._known = all_rows([self._known, steps.take(~again)])

    def _unknown(self, places: Places) -> Places:
        """Those of some entities whose ties are not all known."""
        return places[~self._looked[places]]

    def _ties_of(self, places: Places) -> int:
        return int(self._source.ties_of(places).sum())


_NOWHERE: Places = np.zeros(0, dtype=np.int64)


class _Side:
    """What one end of a search has reached: `level` is the distance of each entity, -1 if it was not reached.

    Entities beyond the end of `level` were not reached either: its last item, which is no entity's, stands for them.
    """

    def __init__(self, start: Place, size: int) -> None:
        self.level = _unreached(size + 1)
        self.level[start] = 0
        self.frontier: Places = np.array([start])
        self.steps = 0

    def step(self, known: Steps, size: int) -> None:
        """Take one step, among `size` entities; all ties at the frontier must be known."""
        if size >= len(self.level):
            self.level = np.concatenate([self.level, _unreached(size + 1 - len(self.level))])
        ends = np.concatenate([known.far[self._at_frontier(known.near)], known.near[self._at_frontier(known.far)]])
        self.steps += 1
        self.frontier = each_once(ends[self.level[ends] < 0])
        self.level[self.frontier] = self.steps

    def steps_to(self, other: "_Side") -> int | None:
        """The length of the shortest path that meets the other side at this frontier; None if none does."""
        met = self.frontier[other.levels(self.frontier) >= 0]
        return self.steps + int(other.level[met].min()) if len(met) else None

    def is_tied_to(self, other: "_Side", known: Steps) -> bool:
        """Whether a tie leads from this frontier to an entity that the other side has reached."""
        there = self._at_frontier(known.near) & (other.levels(known.far) >= 0)
        back = self._at_frontier(known.far) & (other.levels(known.near) >= 0)
        return bool((there | back).any())

    def levels(self, places: Places) -> Int32:
        """The distance of some entities."""
        return self.level.take(places, mode="clip")

    def _at_frontier(self, places: Places) -> Bool:
        return np.asarray(self.levels(places) == self.steps, dtype=bool)


def _levels(size: int, known: Steps, start: Place, most: int) -> Int32:
    """The distance of each entity from one, up to `most`; -1 for those farther away."""
    side = _Side(start, size)
    while len(side.frontier) and side.steps < most:
        side.step(known, size)
    return side.level[:size]


def _unreached(n: int) -> Int32:
    return np.full(n, -1, dtype=np.int32)
