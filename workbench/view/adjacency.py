"""Who is tied to whom, in arrays."""

from dataclasses import dataclass

import numpy as np

from workbench.store.columns import Int32
from workbench.store.steps import Places, Steps


@dataclass(frozen=True)
class Csr:
    """Neighbours of entity i: `indices[indptr[i]:indptr[i + 1]]`, by the ties that `tie` numbers.

    A walk goes in it as it goes in a store; see `workbench.view.walking.Neighbours`.
    """

    indptr: Int32
    indices: Int32
    tie: Int32

    @property
    def ties(self) -> Places:
        """How many ties stand at each entity."""
        return np.diff(self.indptr)

    def steps(self, places: Places) -> Steps:
        """All steps from some entities."""
        slots, of = ranges(self.indptr[places], self.indptr[places + 1])
        return Steps(places[of], self.indices[slots], self.tie[slots])

    def bridges(self, some: Places, others: Places) -> Steps:
        """The steps from some entities to some others."""
        found = self.steps(some)
        return found.take(np.isin(found.far, others))


def ranges(starts: Places, ends: Places) -> tuple[Places, Places]:
    """All numbers from each start to before its end, and of each the place of the start among `starts`."""
    counts = ends - starts
    of = np.repeat(np.arange(len(starts)), counts)
    return np.arange(len(of)) + (starts - (np.cumsum(counts) - counts))[of], of
