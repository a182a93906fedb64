"""Count the elements of an XML document a second time."""

from collections.abc import Callable, Collection
from functools import partial
from typing import IO

from defusedxml.ElementTree import iterparse

from ingest.recount.counted import Counted, Told


def count_elements(*ways: str) -> Callable[[IO[bytes], Told], Counted]:
    """A count of the elements whose paths end in one of these, such as Stmt/Ntry, and which are in no other."""
    return partial(_count, tuple(tuple(way.split("/")) for way in ways))


def count_units(stream: IO[bytes], told: Told) -> Counted:
    """Count the elements that a manifest names as units."""
    return _count([tuple(way.split(".")) for way in told.units or ()], stream, told)


def _count(ways: Collection[tuple[str, ...]], stream: IO[bytes], told: Told) -> Counted:
    found, inside, path = 0, 0, list[str]()
    for event, element in iterparse(stream, events=("start", "end")):
        if event == "start":
            path.append(element.tag.rpartition("}")[2])
            is_one = not inside and any(tuple(path[-len(way) :]) == way for way in ways)
            found += is_one
            inside = len(path) if is_one else inside
        else:
            inside = 0 if inside == len(path) else inside
            path.pop()
            element.clear()
    return Counted(found)
