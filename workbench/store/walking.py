"""Walking from entity to entity by their ties, a step at a time, in a store or in a snapshot.

Entities are numbers; whoever gives the ground says what they stand for. What is found on one
ground is what the same walk finds on the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.store.columns import NO_DAY, Bool, Int32, Rows
from workbench.store.types import Tie

Places = NDArray[np.integer[Any]]


class Shape(NamedTuple):
    """What a tie is: schema and roles of its record, and how a graph draws it (type "": not at all)."""

    schema: str
    role_a: str
    role_b: str
    type: str = ""
    forward: bool = True


@dataclass(frozen=True, slots=True)
class Steps(Rows):
    """Ties, each from the end where one stands (`near`) to the other (`far`); `forward` where that is from its `a`.

    `shape` says what the tie is, in numbers of whoever tells of it.
    """

    near: Places
    far: Places
    record: Places
    shape: Places
    forward: Bool

    @property
    def ends(self) -> tuple[Places, Places]:
        """The entities at the ends `a` and `b` of each tie."""
        return np.where(self.forward, self.near, self.far), np.where(self.forward, self.far, self.near)


def all_steps(parts: Sequence[Steps]) -> Steps:
    """The steps of all parts, of which there is one at least."""
    return Steps(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Steps)))


@dataclass(frozen=True, slots=True)
class Ground:
    """Where one walks, among entities of numbers from 0 below the length of `ties`.

    `ties` tells how many ties stand at each entity; `steps` gives all steps from some of them,
    `ids` their ids, and `named` the ties behind steps.
    """

    ties: Places
    steps: Callable[[Places], Steps]
    ids: Callable[[Places], Sequence[str]]
    named: Callable[[Steps], Sequence[Tie]]


@dataclass(frozen=True)
class Walk:
    """Entities that were reached, in order of their ids, and the ties by which that was."""

    ground: Ground
    reached: Places
    steps: Steps

    @cached_property
    def entities(self) -> tuple[str, ...]:
        """Ids of the entities."""
        return tuple(self.ground.ids(self.reached))

    @cached_property
    def ties(self) -> tuple[Tie, ...]:
        """The ties, ordered by record, roles and ends."""
        return tuple(sorted(self.ground.named(self.steps), key=lambda t: (t.record, t.role_a, t.role_b, t.a, t.b)))


class Walker:
    """One walk; each tie is kept once, from the end where one stood first."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._looked = np.zeros(len(ground.ties), dtype=bool)  # whose ties are all known
        self._steps: list[Steps] = []

    def around(self, entity: int, hops: int) -> Walk:
        """What is within some hops of an entity."""
        side = _Side(len(self._looked), entity)
        for _ in range(hops):
            self._walk_on(side)
        return Walk(self._ground, np.flatnonzero(side.level >= 0), self._known)

    def between(self, a: int, b: int, longer_by: int, most: int) -> Walk | None:
        """The entities whose steps from `a` and from `b` add up to the fewest there are, or so many more.

        With all ties among them that lie on such a way. None where the two are more than `most`
        steps apart. The two sides are walked towards each other, the one with fewer ties first.
        """
        sides = tuple(_Side(len(self._looked), each) for each in (a, b))
        fewest: int | None = None
        while sum(side.steps for side in sides) < (most if fewest is None else fewest + longer_by):
            side = min(sides, key=lambda each: int(self._ground.ties[each.frontier].sum()))
            if not len(side.frontier):  # it has seen all that there is to reach
                break
            self._walk_on(side)
            fewest = _fewest(*(each.level for each in sides))
        return None if fewest is None else self._on_the_way(a, b, fewest + longer_by)

    def _on_the_way(self, a: int, b: int, steps: int) -> Walk:
        """What lies on ways of so many steps at most, all ties of which are known."""
        known = self._known
        there, back = (_levels(len(self._looked), known, each, steps) for each in (a, b))
        on = (there >= 0) & (back >= 0) & (there + back <= steps)
        one, other = known.near, known.far
        fits = np.minimum(there[one] + back[other], there[other] + back[one]) < steps
        return Walk(self._ground, np.flatnonzero(on), known.take(on[one] & on[other] & fits))

    @property
    def _known(self) -> Steps:
        return all_steps([*self._steps, _NONE])

    def _walk_on(self, side: "_Side") -> None:
        """Go one step further on one side."""
        fresh = side.frontier[~self._looked[side.frontier]]
        if len(fresh):
            self._look(fresh)
        side.step(self._known)

    def _look(self, fresh: Places) -> None:
        """Ask for the ties at entities; one between two of them is told of twice."""
        found = self._ground.steps(fresh)
        among = np.zeros(len(self._looked), dtype=bool)
        among[fresh] = True
        again = self._looked[found.far] | (among[found.far] & (found.near > found.far))
        self._looked[fresh] = True
        self._steps.append(found.take(~again))


_NOWHERE: Places = np.zeros(0, dtype=np.int64)
_NONE = Steps(_NOWHERE, _NOWHERE, _NOWHERE, _NOWHERE, np.zeros(0, dtype=bool))


class _Side:
    """What has been reached from one end, and in how many steps; -1 for what has not."""

    def __init__(self, size: int, start: int) -> None:
        self.level: Int32 = np.full(size, -1, dtype=np.int32)
        self.level[start] = 0
        self.frontier: Places = np.array([start])
        self.steps = 0

    def step(self, known: Steps) -> None:
        here = self.level == self.steps
        ends = np.concatenate([known.far[here[known.near]], known.near[here[known.far]]])
        self.steps += 1
        self.level[ends[self.level[ends] < 0]] = self.steps
        self.frontier = np.flatnonzero(self.level == self.steps)


def _levels(size: int, known: Steps, start: int, most: int) -> Int32:
    """How many steps each entity is from one, up to `most`; -1 for those farther off."""
    side = _Side(size, start)
    while len(side.frontier) and side.steps < most:
        side.step(known)
    return side.level


def _fewest(there: Int32, back: Int32) -> int | None:
    """The fewest steps from one end to the other among the ways that meet."""
    met = np.flatnonzero((there >= 0) & (back >= 0))
    return int((there[met] + back[met]).min()) if len(met) else None


def day_text(day: int) -> str:
    """A tie's day as ISO text; "" where it is not known."""
    return "" if day == int(NO_DAY) else date.fromordinal(day).isoformat()
