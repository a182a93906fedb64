"""A cache, in memory, of the base columns of the revisions used last."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from workbench.store.columns import Columns

_REVISIONS_KEPT = 3


class KeptColumns:
    """Caches the base columns of revisions; each is read again only when its stamp changes."""

    def __init__(self, read: Callable[[int], Columns]) -> None:
        self._read = read
        self._kept: OrderedDict[tuple[int, Hashable], Columns] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, revision: int, stamp: Hashable) -> Columns:
        """The columns of a revision; `stamp` must change with access to it, and if the number is used again."""
        key = (revision, stamp)
        with self._lock:
            columns = self._kept.get(key)
            if columns is None:
                columns = self._kept[key] = self._read(revision)
            self._kept.move_to_end(key)
            while len(self._kept) > _REVISIONS_KEPT:
                self._kept.popitem(last=False)
        return columns
