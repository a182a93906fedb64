"""Count the nodes and links of graphs in XML a second time."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import IO
from xml.parsers import expat

from ingest.recount.counted import Counted, Told

_CHUNK = 1 << 18


def count_graph(**parents: str) -> Callable[[IO[bytes], Told], Counted]:
    """A count of elements by the name of the element that each stands in, which stands in another such one or in none.

    For example `node="graph"` are nodes in graphs, and those in graphs in nodes.
    """
    return partial(_count, parents)


def _count(parents: Mapping[str, str], stream: IO[bytes], told: Told) -> Counted:
    counter = _Counter(parents)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = counter.begin, counter.end
    while chunk := stream.read(_CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return Counted(counter.found)


class _Counter:
    """Follows the elements that are open."""

    def __init__(self, parents: Mapping[str, str]) -> None:
        self.found = self._inside = 0
        self._parents = parents
        self._open = list[tuple[str, bool]]()

    def begin(self, tag: str, attributes: object) -> None:
        """An element begins."""
        name, parent = tag.rpartition(":")[2], self._open[-1][0] if self._open else ""
        is_one = bool(parent) and self._parents.get(name) == parent and self._counts(parent)
        self.found += is_one
        self._inside += is_one
        self._open.append((name, is_one))

    def end(self, tag: str) -> None:
        """An element ends."""
        self._inside -= self._open.pop()[1]

    def _counts(self, parent: str) -> bool:
        """Whether an element counts in its parent: one that counts itself, or one right in such a one or in none."""
        if parent in self._parents:
            return self._open[-1][1]
        return not self._inside or (len(self._open) > 1 and self._open[-2][1])
