"""A cache, in memory, of the base columns of the revisions used last."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from workbench.store.columns import Base
from workbench.store.types import Moment

_REVISIONS_KEPT = 3


class KeptColumns:
    """Caches the base columns of revisions; each is read again only when its moment changes.

    `read` reads the columns of a revision at a moment.
    """

    def __init__(self, read: Callable[[int, Moment], Base]) -> None:
        self._read = read
        self._kept: OrderedDict[tuple[int, Moment], Base] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, revision: int, moment: Moment) -> Base:
        """The columns of a revision; see `Moment`, which changes with access to it, and if its number is used again."""
        key = (revision, moment)
        with self._lock:
            columns = self._kept.get(key)
            if columns is None:
                columns = self._kept[key] = self._read(revision, moment)
            self._kept.move_to_end(key)
            while len(self._kept) > _REVISIONS_KEPT:
                self._kept.popitem(last=False)
        return columns
