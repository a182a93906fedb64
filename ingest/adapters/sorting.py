"""Put what is too much for memory in order: in parts, which wait on disk and are merged."""

import heapq
import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any, TypeVar

_T = TypeVar("_T")
_AT_ONCE = 100_000


def in_order(items: Iterable[_T], key: Callable[[_T], Any]) -> Iterator[_T]:
    """The items by their key; equal ones stay in the order in which they came."""
    rest = iter(items)
    with ExitStack() as open_:
        parts = list[Iterator[_T]]()
        while some := sorted(islice(rest, _AT_ONCE), key=key):
            if not parts and len(some) < _AT_ONCE:
                yield from some
                return
            file = open_.enter_context(TemporaryFile(prefix="workbench-"))
            for each in some:
                pickle.dump(each, file, pickle.HIGHEST_PROTOCOL)
            file.seek(0)
            parts.append(_read(file, len(some)))
        yield from heapq.merge(*parts, key=key)


def _read(file: IO[bytes], items: int) -> Iterator[Any]:
    for _ in range(items):
        yield pickle.load(file)  # noqa: S301 - written by this function's caller, in a file that nobody else can open
