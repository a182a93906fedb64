"""Count the elements of an XML document a second time."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import IO

from defusedxml.ElementTree import iterparse

from ingest.recount.counted import Counted, Told


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
    found, inside, path, filled = 0, 0, list[str](), 0
    for event, element in iterparse(stream, events=("start", "end")):
        if event == "start":
            path.append(element.tag.rpartition("}")[2])
            if not inside and _is_one(path, ways):
                found += 1
                inside = filled = len(path)
        else:
            if not inside and filled < len(path) and _is_one(path, alone):
                found += 1
                filled = len(path)
            inside = 0 if inside == len(path) else inside
            path.pop()
            filled = min(filled, len(path))
            element.clear()
    return Counted(found)


def _is_one(path: Sequence[str], ways: Collection[tuple[str, ...]]) -> bool:
    return any(tuple(path[-len(way) :]) == way for way in ways)
