"""Walking from entity to entity by their ties, a step at a time, in a store or in arrays.

Entities are numbers; the source of a walk says what they stand for. What is found in one
source is what the same walk finds in another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np

from workbench.model.numbers import Place
from workbench.store.columns import Bool, Int32
from workbench.store.steps import Places, Steps, all_steps
from workbench.view.answers import Tie


class Neighbours(Protocol):
    """What a walk asks: the neighbours of a set, among entities of numbers from 0 below the length of `ties`."""

    @property
    def ties(self) -> Places:
        """How many ties stand at each entity, about."""

    def steps(self, places: Places) -> Steps:
        """All steps from some entities."""

    def bridges(self, some: Places, others: Places) -> Steps:
        """The steps from some entities to some others."""


class Source(Neighbours, Protocol):
    """The neighbours in a view, and what a view calls them."""

    def ids(self, places: Places) -> Sequence[str]:
        """The ids of some entities."""

    def named(self, steps: Steps) -> Sequence[Tie]:
        """The ties behind steps."""


class Reached(NamedTuple):
    """Entities that were reached, in order of their numbers, and the ties by which that was."""

    places: Places
    steps: Steps


@dataclass(frozen=True)
class Walk:
    """Entities that were reached, and the ties by which that was; in order of their ids where no path is walked."""

    source: Source
    reached: Places
    steps: Steps

    @property
    def rows_told(self) -> Any:
        """The entities that are told."""
        return self.reached

    @cached_property
    def entities(self) -> tuple[str, ...]:
        """Ids of the entities."""
        return tuple(self.source.ids(self.reached))

    @cached_property
    def ties(self) -> tuple[Tie, ...]:
        """The ties, ordered by record, roles and ends."""
        return tuple(sorted(self.source.named(self.steps), key=lambda t: (t.record, t.role_a, t.role_b, t.a, t.b)))


@dataclass(frozen=True)
class Between:
    """What lies between two entities that are connected: on the shortest ways, and on longer ones as far as one asks.

    `walker` goes from `a` to `b`, by the numbers of the source.
    """

    shortest: Walk
    walker: "Walker"
    a: Place
    b: Place

    @property
    def rows_told(self) -> Any:
        """The entities on the shortest ways."""
        return self.shortest.reached

    def longer_by(self, ties: int) -> Walk:
        """What lies on the shortest ways and on those of at most so many ties more.

        An entity lies on one if its steps from both ends add up to no more.
        """
        found = self.walker.between(self.a, self.b, ties)
        return Walk(self.shortest.source, *found) if found else self.shortest

    def along(self, places: Sequence[Place]) -> Walk:
        """One of the paths there, in its order, and all ties between each entity on it and the next."""
        return Walk(self.shortest.source, *self.walker.along(np.array(places)))


# An entity with so many ties is asked which of some others it knows before it is asked for all that it knows.
_CROWD = 500
# So many ties at most are told of before they are needed: that is sooner than to ask again.
_UNASKED = 500


class Walker:
    """One walk, in which each tie is kept once, from the end where one stood first; none leads to what is `shut`.

    Sent again between the same two, it asks for what it does not know yet.
    """

    def __init__(self, source: Neighbours, shut: Bool | None = None) -> None:
        self._source = source
        # whose ties are all known; where one does not go, none is asked for
        self._looked: Bool = np.zeros(len(source.ties), dtype=bool) if shut is None else shut.copy()
        self._known = Steps(_NOWHERE, _NOWHERE, _NOWHERE)

    def around(self, entity: Place, hops: int) -> Reached:
        """What is within some hops of an entity."""
        side = _Side(len(self._looked), entity)
        for _ in range(hops):
            self._look(self._unknown(side.frontier))
            side.step(self._known)
        return Reached(np.flatnonzero(side.level >= 0), self._known)

    def between(self, a: Place, b: Place, longer_by: int = 0) -> Reached | None:
        """The entities whose steps from `a` and from `b` add up to the fewest there are, or so many more.

        With all ties among them that lie on such a way. None where no way leads from one to the other. The two sides
        are walked towards each other, the one with fewer ties first.
        """
        self._known = self._known.take(self._looked[self._known.near])  # without the bridges of another time
        sides = [_Side(len(self._looked), each) for each in (a, b)]
        fewest = 0 if a == b else None
        while (steps := sum(side.steps for side in sides)) < (np.inf if fewest is None else fewest + longer_by):
            side, other = sorted(sides, key=lambda each: self._ties_of(each.frontier))
            if not len(side.frontier):  # it has seen all that there is to reach
                break
            may_end = longer_by == 0 if fewest is None else steps + 1 == fewest + longer_by
            is_bridged = may_end and self._bridge(side, other)
            if is_bridged and fewest is None and side.is_tied_to(other, self._known):
                fewest = steps + 1
            if is_bridged and fewest is not None:
                break
            self._walk_on(side, other, of_both=is_bridged)  # where the frontiers are not tied, both have to go on
            fewest = side.steps_to(other) if fewest is None else fewest
        return None if fewest is None else self._on_the_way(a, b, fewest + longer_by)

    def among(self, places: Places) -> Steps:
        """All ties among entities that it has reached, those too by which it did not go; some perhaps twice."""
        unknown = self._unknown(places)
        found = all_steps([self._known, self._source.bridges(unknown, unknown)])
        wanted = np.zeros(len(self._looked), dtype=bool)
        wanted[places] = True
        return found.take(wanted[found.near] & wanted[found.far])

    def along(self, places: Places) -> Reached:
        """A path that it has found, and all ties between each entity on it and the next."""
        place = np.full(len(self._looked), -1, dtype=np.int64)
        place[places] = np.arange(len(places))
        near, far = place[self._known.near], place[self._known.far]
        return Reached(places, self._known.take((near >= 0) & (far >= 0) & (abs(near - far) == 1)))

    def _on_the_way(self, a: Place, b: Place, steps: int) -> Reached:
        """What lies on ways of so many steps at most, all ties of which are known."""
        known = self._known
        there, back = (_levels(len(self._looked), known, each, steps) for each in (a, b))
        on = (there >= 0) & (back >= 0) & (there + back <= steps)
        one, other = known.near, known.far
        fits = np.minimum(there[one] + back[other], there[other] + back[one]) < steps
        return Reached(np.flatnonzero(on), known.take(on[one] & on[other] & fits))

    def _walk_on(self, side: "_Side", other: "_Side", of_both: bool) -> None:
        """Go one step further on one side; the ties of both frontiers are asked for where both are needed, or few."""
        both = np.concatenate([side.frontier, other.frontier])
        if of_both or self._ties_of(both) <= _UNASKED:
            self._look(self._unknown(np.unique(both)))
        self._look(self._unknown(side.frontier))
        side.step(self._known)

    def _bridge(self, side: "_Side", other: "_Side") -> bool:
        """Get to know all ties from one frontier to the other, but not all of a crowd; False where that is no gain."""
        frontier, others = self._unknown(side.frontier), self._unknown(other.frontier)
        crowded = self._source.ties[frontier] >= _CROWD
        crowd = frontier[crowded]
        if not len(crowd) or len(others) * (2 + len(crowd)) > self._ties_of(crowd):
            return False
        self._look(frontier[~crowded])
        others = self._unknown(others)
        found = self._source.bridges(crowd, others)
        again = np.isin(found.far, crowd) & np.isin(found.near, others) & (found.near > found.far)
        self._known = all_steps([self._known, found.take(~again)])
        return True

    def _look(self, fresh: Places) -> None:
        """Ask for the ties at entities; one between two of them is told of twice."""
        if not len(fresh):
            return
        found = self._source.steps(fresh)
        among = np.zeros(len(self._looked), dtype=bool)
        among[fresh] = True
        again = self._looked[found.far] | (among[found.far] & (found.near > found.far))
        self._looked[fresh] = True
        self._known = all_steps([self._known, found.take(~again)])

    def _unknown(self, places: Places) -> Places:
        """Those of some entities not all of whose ties are known."""
        return places[~self._looked[places]]

    def _ties_of(self, places: Places) -> int:
        return int(self._source.ties[places].sum())


_NOWHERE: Places = np.zeros(0, dtype=np.int64)


class _Side:
    """What has been reached from one end, and in how many steps; -1 for what has not."""

    def __init__(self, size: int, start: Place) -> None:
        self.level: Int32 = np.full(size, -1, dtype=np.int32)
        self.level[start] = 0
        self.frontier: Places = np.array([start])
        self.steps = 0

    def step(self, known: Steps) -> None:
        """Go one step further; all ties at the frontier are known."""
        ends = np.concatenate([known.far[self._at_frontier(known.near)], known.near[self._at_frontier(known.far)]])
        self.steps += 1
        self.level[ends[self.level[ends] < 0]] = self.steps
        self.frontier = np.flatnonzero(self.level == self.steps)

    def steps_to(self, other: "_Side") -> int | None:
        """The fewest steps from one end to the other among the ways that meet at this frontier."""
        met = self.frontier[other.level[self.frontier] >= 0]
        return self.steps + int(other.level[met].min()) if len(met) else None

    def is_tied_to(self, other: "_Side", known: Steps) -> bool:
        """Whether a tie leads from this frontier to what the other side has reached."""
        there = self._at_frontier(known.near) & (other.level[known.far] >= 0)
        back = self._at_frontier(known.far) & (other.level[known.near] >= 0)
        return bool((there | back).any())

    def _at_frontier(self, places: Places) -> Bool:
        return np.asarray(self.level[places] == self.steps, dtype=bool)


def _levels(size: int, known: Steps, start: Place, most: int) -> Int32:
    """How many steps each entity is from one, up to `most`; -1 for those farther off."""
    side = _Side(size, start)
    while len(side.frontier) and side.steps < most:
        side.step(known)
    return side.level
