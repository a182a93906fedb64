"""A cache, in memory, of what was read of the revisions used last: base columns, scores."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from workbench.store.types import Moment

T = TypeVar("T")

_REVISIONS_KEPT = 3


class Kept(Generic[T]):
    """Caches something of revisions; each is read again only when its moment changes.

    `read` reads that of a revision at a moment.
    """

    def __init__(self, read: Callable[[int, Moment], T]) -> None:
        self._read = read
        self._kept: OrderedDict[tuple[int, Moment], T] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, revision: int, moment: Moment) -> T:
        """That of a revision; see `Moment`, which changes with access to it, and if its number is used again."""
        key = (revision, moment)
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                found = self._kept[key] = self._read(revision, moment)
            self._kept.move_to_end(key)
            while len(self._kept) > _REVISIONS_KEPT:
                self._kept.popitem(last=False)
        return found
