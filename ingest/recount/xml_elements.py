"""Count the elements of an XML document a second time."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import IO
from xml.parsers import expat

from ingest.recount.counted import Counted, Told

_CHUNK = 1 << 18


def count_elements(*ways: str, alone: Sequence[str] = ()) -> Callable[[IO[bytes], Told], Counted]:
    """A count of the elements whose paths end in one of these, such as Stmt/Ntry, and which are in no other.

    Those whose paths end in one of `alone` count if none that counts is in them.
    """
    paths, by_themselves = ([tuple(way.split("/")) for way in some] for some in (ways, alone))
    return partial(_count, paths, alone=by_themselves)


def count_units(stream: IO[bytes], told: Told) -> Counted:
    """Count the elements that a manifest names as units."""
    return _count([tuple(way.split(".")) for way in told.units or ()], stream, told)


def _count(
    ways: Collection[tuple[str, ...]], stream: IO[bytes], told: Told, alone: Collection[tuple[str, ...]] = ()
) -> Counted:
    counter, parser = _Counter(ways, alone), expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = counter.begin, counter.end
    while chunk := stream.read(_CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return Counted(counter.found)


class _Counter:
    """Follows the elements that are open: `inside` is how deep the one is that counts, `filled` the last that did."""

    def __init__(self, ways: Collection[tuple[str, ...]], alone: Collection[tuple[str, ...]]) -> None:
        self.found = self._inside = self._filled = 0
        self._ways, self._alone, self._path = ways, alone, list[str]()

    def begin(self, tag: str, attributes: object) -> None:
        """An element begins."""
        self._path.append(tag.rpartition(":")[2])
        if not self._inside and self._is_one(self._ways):
            self.found += 1
            self._inside = self._filled = len(self._path)

    def end(self, tag: str) -> None:
        """An element ends."""
        deep = len(self._path)
        if not self._inside and self._filled < deep and self._is_one(self._alone):
            self.found += 1
            self._filled = deep
        self._inside = 0 if self._inside == deep else self._inside
        self._path.pop()
        self._filled = min(self._filled, deep - 1)

    def _is_one(self, ways: Collection[tuple[str, ...]]) -> bool:
        return any(tuple(self._path[-len(way) :]) == way for way in ways)
