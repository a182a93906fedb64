"""The smallest sets of agencies that suffice for things: every set is tried, none is inferred.

Sufficing is not monotone: one more agency can forbid a join, or remove what forbids one. So a set counts
only if it was tried, and is the smallest only if every smaller one was tried.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, combinations
from math import comb
from typing import NamedTuple

import numpy as np

from workbench.store.columns import Bool, Int64

Subset = tuple[str, ...]

ALL_OF = 6  # all sets are tried of up to this many agencies
_MOST_SETS = 128  # sets of two or more agencies that are tried of more agencies,
_MOST_DROPS = 64  # and further sets that are tried to reduce one that suffices

SMALLEST, SMALLEST_FOUND = "smallest", "smallest found"


class Sufficing(NamedTuple):
    """The sets that suffice for a thing; SMALLEST if every smaller set was tried, else SMALLEST_FOUND."""

    sets: list[Subset]
    tried: str


# A mask of the numbered things that a set has; and the agencies that hold the records of a thing.
Suffices = Callable[[Subset, Int64], Bool]
Holders = Callable[[int], frozenset[str]]


class Sets:
    """The sets of some agencies, and those tried so far, for all kinds of things together."""

    def __init__(self, agencies: Sequence[str]) -> None:
        self.agencies = tuple(sorted(agencies))
        self.tried: set[Subset] = set()
        self.limit_reached = False

    @property
    def possible(self) -> int:
        """The number of all sets."""
        return int(2 ** len(self.agencies) - 1)

    def left(self, most: int) -> int:
        """How many more sets of two or more agencies may be tried, if `most` may be in all."""
        if len(self.agencies) <= ALL_OF:
            return self.possible
        return max(0, most - sum(len(each) > 1 for each in self.tried))

    def allows(self, subset: Subset, most: int) -> bool:
        """Whether a set may be tried: tried before, of one agency, or within the limit. Notes it as tried."""
        allowed = len(subset) == 1 or subset in self.tried or self.left(most) > 0
        self.limit_reached |= not allowed
        if allowed:
            self.tried.add(subset)
        return allowed

    def others(self, size: int) -> Iterable[Subset]:
        """All sets of a size if all of them may be tried, else those that have been."""
        known = sorted(each for each in self.tried if len(each) == size)
        is_within = comb(len(self.agencies), size) - len(known) <= self.left(_MOST_SETS)
        self.limit_reached |= not is_within
        return combinations(self.agencies, size) if is_within else known

    def smallest(self, n: int, suffices: Suffices, holders: Holders) -> list[Sufficing]:
        """For each of n things the smallest sets that suffice; all agencies together always do.

        For up to six agencies these are all sets without a smaller sufficing one in them. For more, they are the
        smallest that were met; sets of the agencies that hold a thing's records are tried first.
        """
        search = _Search(self, n, suffices)
        if len(self.agencies) <= ALL_OF:
            search.try_every_set()
        else:
            search.try_sets_of([holders(i) for i in range(n)])
        return [search.sufficing(i, holders) for i in range(n)]


class _Search:
    """The search for some things of one kind, with the sets found so far."""

    def __init__(self, sets: Sets, n: int, suffices: Suffices) -> None:
        self._sets, self._suffices = sets, suffices
        self._found: list[list[Subset]] = [[] for _ in range(n)]
        self._of_size: Counter[int] = Counter()

    def try_every_set(self) -> None:
        """Try each set for each thing for which no subset of it suffices."""
        agencies = self._sets.agencies
        for subset in chain.from_iterable(combinations(agencies, size) for size in range(1, len(agencies))):
            parts = set(subset)
            open_to = [i for i, found in enumerate(self._found) if not (found and any(map(parts.issuperset, found)))]
            self._try(subset, open_to)

    def try_sets_of(self, holders: Sequence[frozenset[str]]) -> None:
        """Try sets, the smallest first and up to the limit, for each thing for which no smaller one suffices.

        Of each size, sets of a thing's holders come first; the others follow only if all of them can be tried.
        """
        for size in range(1, len(self._sets.agencies)):
            open_to = [i for i, each in enumerate(self._found) if not each]
            pools = Counter(holders[i] for i in open_to)
            ordered = sorted(pools, key=lambda pool: (-pools[pool], sorted(pool)))
            candidates = chain.from_iterable(combinations(sorted(pool), size) for pool in ordered)
            tried = self._try_each(candidates, open_to, set())
            if open_to:
                tried = self._try_each(self._sets.others(size), open_to, tried)
            self._of_size[size] = len(tried)

    def _try_each(self, candidates: Iterable[Subset], items: Sequence[int], tried: set[Subset]) -> set[Subset]:
        for subset in candidates:
            if subset in tried:
                continue
            if not self._sets.allows(subset, _MOST_SETS):
                break
            self._try(subset, items)
            tried.add(subset)
        return tried

    def _try(self, subset: Subset, items: Sequence[int]) -> None:
        if items and self._sets.allows(subset, _MOST_SETS):
            has = self._suffices(subset, np.array(items, np.int64)).tolist()
            for i, is_enough in zip(items, has, strict=True):
                if is_enough:
                    self._found[i].append(subset)

    def sufficing(self, i: int, holders: Holders) -> Sufficing:
        """The smallest sets for a thing; if none was met, one set from which no agency can be dropped."""
        agencies = self._sets.agencies
        if len(agencies) <= ALL_OF:
            return Sufficing(self._found[i] or [agencies], SMALLEST)
        sets = self._found[i] or [self._minimised(i, tuple(sorted(holders(i))))]
        smaller = range(1, len(sets[0]))
        every = all(self._of_size[size] == comb(len(agencies), size) for size in smaller)
        return Sufficing(sets, SMALLEST if every else SMALLEST_FOUND)

    def _minimised(self, i: int, holders: Subset) -> Subset:
        """The holders, or all agencies if those do not suffice, without each agency that can be dropped, one by one."""
        kept = holders if holders and self._has(i, holders) else self._sets.agencies
        while True:
            fewer = (tuple(each for each in kept if each != agency) for agency in kept)
            smaller = next((each for each in fewer if each and self._has(i, each)), None)
            if smaller is None:
                return kept
            kept = smaller

    def _has(self, i: int, subset: Subset) -> bool:
        if not self._sets.allows(subset, _MOST_SETS + _MOST_DROPS):
            return False
        return bool(self._suffices(subset, np.array([i], np.int64))[0])
