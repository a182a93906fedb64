"""The best groups of a small network by modularity (Newman and Girvan 2004), including ties.

The modularity of a network of n ties is the sum, over its groups, of (ties inside) / n - (sum of
degrees / 2n)². Times 4n² it is a whole number, so that equality is exact. No group of a best partition
spans two connected parts, so each part is searched by itself.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from workbench.scenario.picture import Ties

Group = frozenset[str]
Partition = frozenset[Group]

_STARTS = 150


def best_partitions(ties: Ties, elsewhere: int = 0) -> list[list[Partition]]:
    """For each connected part of a network, all partitions found to be best, in order.

    `elsewhere` is how many ties more the whole network has: the more, the larger the groups.
    """
    n = sum(map(len, ties.values())) // 2 + elsewhere
    return [_Part(ties, members, n).best() for members in components(ties)]


def components(ties: Ties) -> list[list[str]]:
    """The connected components, in order."""
    seen: set[str] = set()
    found = []
    for start in sorted(ties):
        if start not in seen:
            part = component(ties, start)
            seen |= part
            found.append(sorted(part))
    return found


def component(ties: Ties, start: str) -> set[str]:
    """The connected component of a member."""
    seen, waiting = {start}, [start]
    while waiting:
        new = ties.get(waiting.pop(), set()) - seen
        seen |= new
        waiting += sorted(new)
    return seen


class _Part:
    """A connected part of a network of n ties."""

    def __init__(self, ties: Ties, members: Sequence[str], n: int) -> None:
        self._ties, self._members, self._n = {a: sorted(ties[a]) for a in members}, members, n

    def best(self) -> list[Partition]:
        """The best partitions that climbs from random ones reach, and equally good ones next to them."""
        found = {self._climb(random.Random(start)) for start in range(_STARTS)}
        top = max(map(self._worth, found))
        found = {each for each in found if self._worth(each) == top}
        waiting = list(found)
        while waiting:
            beside = self._as_good_as(waiting.pop()) - found
            found |= beside
            waiting += beside
        return sorted(found, key=_in_order)

    def _worth(self, partition: Partition) -> int:
        """The modularity, times 4n²."""
        where = {member: group for group in partition for member in group}
        inside = sum(where[a] == where[b] for a in self._members for b in self._ties[a]) // 2
        return 4 * self._n * inside - sum(sum(len(self._ties[a]) for a in group) ** 2 for group in partition)

    def _climb(self, rng: random.Random) -> Partition:
        """From a random partition, move single members, then merge groups, until neither improves it."""
        order = list(self._members)
        most = rng.randint(1, len(order))
        state = _State(self._ties, {member: rng.randrange(most) for member in order}, self._n)
        while True:
            rng.shuffle(order)
            if not (state.move_for_the_better(order) or state.merge_for_the_better()):
                return state.partition()

    def _as_good_as(self, partition: Partition) -> set[Partition]:
        """Equally good partitions, one move or one merge away."""
        groups = sorted(map(sorted, partition))
        state = _State(self._ties, {m: number for number, group in enumerate(groups) for m in group}, self._n)
        return set(state.as_good())


class _State:
    """Members in numbered groups; gains of moves and merges are times 4n²."""

    def __init__(self, ties: dict[str, list[str]], of: dict[str, int], n: int) -> None:
        self._ties, self._of, self._n = ties, of, n
        self._degrees: Counter[int] = Counter()
        for member, group in of.items():
            self._degrees[group] += len(ties[member])

    def partition(self) -> Partition:
        """The current groups."""
        groups: dict[int, set[str]] = defaultdict(set)
        for member, group in self._of.items():
            groups[group].add(member)
        return frozenset(map(frozenset, groups.values()))

    def move_for_the_better(self, order: Iterable[str]) -> bool:
        """Move each member to where it gains most; returns whether any moved."""
        moved = False
        for member in order:
            gain, _, to = max(((gain, -to, to) for to, gain in self._moves(member)), default=(0, 0, 0))
            if gain > 0:
                self._put(member, to)
                moved = True
        return moved

    def merge_for_the_better(self) -> bool:
        """Merge the two groups that gain most by it; returns whether any were merged."""
        gain, a, b = max(((gain, a, b) for (a, b), gain in self._merges()), default=(0, 0, 0))
        if gain > 0:
            for member in [each for each, group in self._of.items() if group == a]:
                self._put(member, b)
        return gain > 0

    def as_good(self) -> Iterator[Partition]:
        """The partitions after each move or merge with a gain of 0."""
        for member in self._of:
            yield from (self._with({member: to}) for to, gain in list(self._moves(member)) if gain == 0)
        for (a, b), gain in self._merges():
            if gain == 0:
                yield self._with({member: b for member, group in self._of.items() if group == a})

    def _with(self, changed: dict[str, int]) -> Partition:
        return _State(self._ties, {**self._of, **changed}, self._n).partition()

    def _put(self, member: str, to: int) -> None:
        degree = len(self._ties[member])
        self._degrees[self._of[member]] -= degree
        self._degrees[to] += degree
        self._of[member] = to

    def _moves(self, member: str) -> Iterator[tuple[int, int]]:
        """The groups beside a member's own, and a new one, with what it gains there."""
        here, degree = self._of[member], len(self._ties[member])
        tied = Counter(self._of[other] for other in self._ties[member])
        alone = max(self._of.values()) + 1
        for to in [*sorted(tied.keys() - {here}), alone]:
            less = self._degrees[to] - self._degrees[here] + degree
            yield to, 4 * self._n * (tied[to] - tied[here]) - 2 * degree * less

    def _merges(self) -> list[tuple[tuple[int, int], int]]:
        """Groups with ties between them, with what their merger gains."""
        between: Counter[tuple[int, int]] = Counter()
        for a, others in self._ties.items():
            for b in others:
                if self._of[a] < self._of[b]:
                    between[self._of[a], self._of[b]] += 1
        gains = {
            (a, b): 4 * self._n * many - 2 * self._degrees[a] * self._degrees[b] for (a, b), many in between.items()
        }
        return sorted(gains.items())


def _in_order(partition: Partition) -> list[list[str]]:
    return sorted(map(sorted, partition))
