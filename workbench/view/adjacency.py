"""Adjacency arrays: which entities are tied to which."""

from dataclasses import dataclass

import numpy as np

from workbench.store.columns import Int32, Int64
from workbench.store.steps import Places, Steps


@dataclass(frozen=True)
class Csr:
    """Compressed adjacency: the neighbours of entity i are `indices[indptr[i]:indptr[i + 1]]`.

    `tie` has the number of the tie to each neighbour. It can be walked: see `workbench.view.walking.Neighbours`.
    """

    indptr: Int32
    indices: Int32
    tie: Int32

    @property
    def size(self) -> int:
        """The number of entities."""
        return len(self.indptr) - 1

    def ties_of(self, places: Places) -> Places:
        """The number of ties of some entities."""
        return self.indptr[places + 1] - self.indptr[places]

    def steps(self, places: Places) -> Steps:
        """All steps from some entities."""
        slots, of = ranges(self.indptr[places], self.indptr[places + 1])
        return Steps(places[of], self.indices[slots], self.tie[slots])

    def bridges(self, some: Places, others: Places) -> Steps:
        """The steps from some entities to some others."""
        steps = self.steps(some)
        return steps.take(np.isin(steps.far, others))

    def in_order(self, places: Places) -> Places:
        """These entities in order."""
        return np.sort(places)


def ranges(starts: Places, ends: Places) -> tuple[Int64, Int64]:
    """All integers in the half-open ranges from `starts` to `ends`, and for each the index of its range."""
    counts = ends - starts
    of = np.repeat(np.arange(len(starts)), counts)
    return np.asarray(np.arange(len(of)) + (starts - (np.cumsum(counts) - counts))[of], dtype=np.int64), of
