"""Columns that a store keeps in memory: of the last few revisions that were asked for."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from workbench.store.columns import Columns

_REVISIONS_KEPT = 3


class KeptColumns:
    """The base columns of revisions, each read once for as long as its stamp stays as it is."""

    def __init__(self, read: Callable[[int], Columns]) -> None:
        self._read = read
        self._kept: OrderedDict[tuple[int, Hashable], Columns] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, revision: int, stamp: Hashable) -> Columns:
        """The columns of a revision; the stamp changes with access to it, and where it is another of this number."""
        key = (revision, stamp)
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                found = self._kept[key] = self._read(revision)
            self._kept.move_to_end(key)
            while len(self._kept) > _REVISIONS_KEPT:
                self._kept.popitem(last=False)
        return found
