"""Hill climbing from random partitions: for small networks, of which no search by seeds may find the best partition.

For some networks of a few dozen members Louvain finds the best partition with no seed; about one in ten climbs from a
random partition finds it.
"""

import numpy as np

from workbench.analytics.engines.network import Float64
from workbench.store.columns import Int64

_CLIMBS = 128


def climb(gains: Float64, rng: np.random.Generator) -> Int64:
    """The best of many climbs: the group of each member, named by its first member.

    `gains` has, for each pair of members, what the partition is worth more if they are in one group.
    """
    state = _Climbs(gains, rng)
    while state.move(rng) or state.merge():
        pass
    labels = state.best()
    return np.array([int(np.argmax(labels == label)) for label in labels], np.int64)


class _Climbs:
    """Many partitions of n members at once, each of which improves with every step.

    `groups[c, v]` is the group of v in climb c; `gain[c, v, g]` is what v gains by its ties to the members of g.
    """

    def __init__(self, gains: Float64, rng: np.random.Generator) -> None:
        n = len(gains)
        climbs = min(_CLIMBS, 4 * n)
        self._gains, self._rows = gains, np.arange(climbs)
        self._groups = rng.integers(0, rng.integers(1, n, size=(climbs, 1), endpoint=True), size=(climbs, n))
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

    def best(self) -> Int64:
        """The groups of the partition with the highest modularity."""
        n = len(self._gains)
        own = self._gain[self._rows[:, None], np.arange(n), self._groups].sum(axis=1)
        return np.asarray(self._groups[own.argmax()], np.int64)
