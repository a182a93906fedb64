"""Hill climbing from random partitions: for small networks, of which no search by seeds may find the best partition.

For some networks of a few dozen members Louvain finds the best partition with no seed; about one in ten climbs from a
random partition finds it. Then climbs start from what two good partitions have in common, as what good ones agree on
is mostly right (Ovelgoenne and Geyer-Schulz 2013).
"""

import numpy as np

from workbench.analytics.engines.network import Float64
from workbench.store.columns import Bool, Int64

_WORK = 8_000  # members of all partitions from which climbs start together
_ROUNDS, _CROSSED = 8, 48  # rounds of crossing good partitions, and climbs in each
_GOOD = 24  # the best different partitions, which are crossed
_LOOSE = 0.3  # the largest share of members that are then put anywhere
_DIGITS = 6


def climb(gains: Float64, known: Int64, rng: np.random.Generator) -> Int64:
    """The best of many climbs: the group of each member, named by its first member.

    `gains` has, for each pair of members, what the partition is worth more if they are in one group. `known` are
    partitions from which climbs start too, each a row that names groups by the place of a member.
    """
    n = len(gains)
    groups = np.concatenate([known, _anywhere(rng, min(_WORK // n, 4 * n), n)])
    good, worth = _climbed(gains, groups, rng)
    for _ in range(_ROUNDS):
        kept = _best(worth)
        found, worth_of_found = _climbed(gains, _crossed(good[kept], rng), rng)
        good, worth = np.concatenate([good[kept], found]), np.concatenate([worth[kept], worth_of_found])
    best = good[worth.argmax()]
    return np.array([int(np.argmax(best == label)) for label in best], np.int64)


def _anywhere(rng: np.random.Generator, climbs: int, n: int) -> Int64:
    """Random partitions of n members, each a row, of all numbers of groups."""
    return rng.integers(0, rng.integers(1, n, size=(climbs, 1), endpoint=True), size=(climbs, n))


def _best(worth: Float64) -> Int64:
    """The places of the best partitions that differ in worth, the best first."""
    return np.asarray(np.unique(-worth.round(_DIGITS), return_index=True)[1][:_GOOD], np.int64)


def _crossed(good: Int64, rng: np.random.Generator) -> Int64:
    """Partitions in which those are together who are so in two good ones, but for some who are anywhere."""
    n = good.shape[1]
    one, other = rng.integers(0, len(good), size=(2, _CROSSED))
    code = good[one] * n + good[other]
    together = (code[:, :, None] == code[:, None, :]).argmax(axis=2)
    loose: Bool = rng.random(code.shape) < rng.uniform(0, _LOOSE, size=(_CROSSED, 1))
    return np.asarray(np.where(loose, rng.integers(0, n, size=code.shape), together), np.int64)


def _climbed(gains: Float64, groups: Int64, rng: np.random.Generator) -> tuple[Int64, Float64]:
    """What is reached from some partitions, each a row, and what each is worth."""
    state = _Climbs(gains, groups)
    while state.move(rng) or state.merge():
        pass
    return state.reached()


class _Climbs:
    """Many partitions of n members at once, each of which improves with every step.

    `groups[c, v]` is the group of v in climb c; `gain[c, v, g]` is what v gains by its ties to the members of g.
    """

    def __init__(self, gains: Float64, groups: Int64) -> None:
        self._gains, self._rows, self._groups = gains, np.arange(len(groups)), groups
        self._gain: Float64 = gains @ self._members()

    def _members(self) -> Float64:
        """1.0 for each member and group it is in, else 0.0."""
        return np.asarray(self._groups[:, :, None] == np.arange(len(self._gains)), np.float64)

    def move(self, rng: np.random.Generator) -> bool:
        """Move each member to the group, possibly a new one, where it gains most; returns whether any moved."""
        moved = False
        for member in rng.permutation(len(self._gains)):
            at, here = self._gain[:, member], self._groups[:, member]
            to = at.argmax(axis=1)
            rows = np.flatnonzero(at[self._rows, to] > at[self._rows, here])
            if len(rows):
                self._gain[rows, :, here[rows]] -= self._gains[member]
                self._gain[rows, :, to[rows]] += self._gains[member]
                self._groups[rows, member] = to[rows]
                moved = True
        return moved

    def merge(self) -> bool:
        """Merge, in each partition, the two groups that gain most by it; returns whether any were merged."""
        n = len(self._gains)
        between = self._members().transpose(0, 2, 1) @ self._gain
        between[:, np.arange(n), np.arange(n)] = 0
        best = between.reshape(len(self._rows), -1).argmax(axis=1)
        gone, into = np.divmod(best, n)
        rows = np.flatnonzero(between[self._rows, gone, into] > 0)
        for row in rows.tolist():
            self._groups[row, self._groups[row] == gone[row]] = into[row]
        self._gain[rows, :, into[rows]] += self._gain[rows, :, gone[rows]]
        self._gain[rows, :, gone[rows]] = 0
        return len(rows) > 0

    def reached(self) -> tuple[Int64, Float64]:
        """The partitions, and what each is worth."""
        own = self._gain[self._rows[:, None], np.arange(len(self._gains)), self._groups]
        return self._groups, np.asarray(own.sum(axis=1), np.float64)
