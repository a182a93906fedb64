"""Walking from entity to entity by ties that the store tells of, without a snapshot of all of it.

A store answers for the ties at some entities (`GraphStore._ties_at`); who is one with whom the
view knows. What is found is what the same walk finds in a snapshot.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from workbench.store.types import Tie


class StoredTie(NamedTuple):
    """A tie as it stands: its record's number, schema and roles, ids of the entities at its ends.

    `row` tells apart what is the same otherwise.
    """

    record: int
    schema: str
    a: str
    b: str
    role_a: str
    role_b: str
    row: int = 0


# The ties that stand at some entities; ids of canonical entities; ids of an entity's referents; key and day of records.
TiesAt = Callable[[Sequence[str]], Iterable[StoredTie]]
CanonicalOf = Callable[[Sequence[str]], Sequence[str]]
MembersOf = Callable[[Iterable[str]], Sequence[str]]
SaidOf = Callable[[Sequence[int]], Mapping[int, tuple[str, str]]]


@dataclass(frozen=True)
class Walk:
    """Entities that were reached, in order of their ids, and the ties by which that was."""

    entities: tuple[str, ...]
    walked: tuple[StoredTie, ...]
    said_of: SaidOf

    @cached_property
    def ties(self) -> tuple[Tie, ...]:
        """The ties, ordered by record, roles and ends."""
        said = self.said_of(sorted({each.record for each in self.walked}))
        found = [Tie(said[t.record][0], t.schema, t.a, t.b, t.role_a, t.role_b, said[t.record][1]) for t in self.walked]
        return tuple(sorted(found, key=lambda t: (t.record, t.role_a, t.role_b, t.a, t.b)))


@dataclass(frozen=True, slots=True)
class Ground:
    """Where one walks: a view's ties, and who is one with whom in it."""

    ties_at: TiesAt
    canonical_of: CanonicalOf
    members_of: MembersOf
    said_of: SaidOf


class Walker:
    """Walks among the canonical entities of one view; what it has seen it does not ask for again."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._seen: set[str] = set()  # whose ties are all known
        self._as_one: dict[StoredTie, StoredTie] = {}  # between canonical ids
        self._beside: dict[str, dict[str, set[StoredTie]]] = defaultdict(lambda: defaultdict(set))

    def around(self, entity: str, hops: int) -> Walk:
        """What is within some hops of a canonical entity."""
        reached, frontier = {entity}, {entity}
        walked: set[StoredTie] = set()
        for _ in range(hops):
            self._look(frontier)
            walked.update(tie for each in frontier for ties in self._beside[each].values() for tie in ties)
            frontier = {other for each in frontier for other in self._beside[each]} - reached
            reached |= frontier
        return self._walk(reached, walked)

    def between(self, a: str, b: str, longer_by: int, most: int) -> Walk | None:
        """The entities whose steps from `a` and from `b` add up to the fewest there are, or so many more.

        With all ties among them that lie on such a way. None where the two are more than `most`
        steps apart. The two sides are walked towards each other, the narrower first.
        """
        sides = (_Side(a), _Side(b))
        fewest: int | None = None
        while sum(side.steps for side in sides) < (most if fewest is None else fewest + longer_by):
            side = min(sides, key=lambda each: len(each.frontier))
            if not side.frontier:  # it has seen all that there is to reach
                break
            self._look(side.frontier)
            side.step(self._beside)
            met = sides[0].level.keys() & sides[1].level.keys()
            fewest = min((sides[0].level[each] + sides[1].level[each] for each in met), default=None)
        return None if fewest is None else self._on_the_way(a, b, fewest + longer_by)

    def _on_the_way(self, a: str, b: str, steps: int) -> Walk:
        """What lies on ways of so many steps at most, all ties of which have been seen."""
        there, back = (_levels(self._beside, each, steps) for each in (a, b))
        on = {each for each, n in there.items() if n + back.get(each, steps + 1) <= steps}
        walked = {
            tie
            for each in on
            for other, ties in self._beside[each].items()
            if other in on and there[each] + 1 + back[other] <= steps
            for tie in ties
        }
        return self._walk(on, walked)

    def _look(self, entities: Set[str]) -> None:
        """Ask for the ties at entities that were not looked at yet."""
        fresh = sorted(entities - self._seen)
        self._seen.update(fresh)
        found = list(self._ground.ties_at(self._ground.members_of(fresh)))
        ends = self._ground.canonical_of([end for tie in found for end in (tie.a, tie.b)])
        for tie, a, b in zip(found, ends[::2], ends[1::2], strict=True):
            if a != b:
                self._as_one[tie] = tie._replace(a=a, b=b)
                self._beside[a][b].add(tie)
                self._beside[b][a].add(tie)

    def _walk(self, reached: Iterable[str], walked: Iterable[StoredTie]) -> Walk:
        ties = tuple(self._as_one[tie] for tie in walked)
        return Walk(tuple(sorted(reached)), ties, self._ground.said_of)


class _Side:
    """What has been reached from one end, and in how many steps."""

    def __init__(self, start: str) -> None:
        self.level = {start: 0}
        self.frontier = {start}
        self.steps = 0

    def step(self, beside: Mapping[str, Mapping[str, object]]) -> None:
        self.steps += 1
        self.frontier = {other for each in self.frontier for other in beside[each]} - self.level.keys()
        self.level.update(dict.fromkeys(self.frontier, self.steps))


def _levels(beside: Mapping[str, Mapping[str, object]], start: str, most: int) -> dict[str, int]:
    """How many steps from one entity others are, up to `most`."""
    side = _Side(start)
    while side.frontier and side.steps < most:
        side.step(beside)
    return side.level
