"""Many texts in alphabetical order as arrays that open at once: a text is decoded where it is asked for."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

Octets = NDArray[np.uint8]
Places = NDArray[np.int64]
# How many texts are gathered at a time: an index of their octets takes eight times their room.
_AT_ONCE = 1 << 16
_Number = int | np.integer[Any]
_Numbers = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class SortedTexts:
    """Texts in alphabetical order, each once. Text i is `octets[begin[i]:end[i]]` in UTF-8, which sorts as texts do."""

    octets: Octets
    begin: Places
    end: Places

    @classmethod
    def of(cls, texts: Iterable[str]) -> "SortedTexts":
        """These texts, which must be in alphabetical order, each once."""
        parts = [text.encode("utf-8", "surrogatepass") for text in texts]
        sizes = np.fromiter(map(len, parts), dtype=np.int64, count=len(parts))
        return cls.packed(np.frombuffer(b"".join(parts), dtype=np.uint8), _offsets(sizes))

    @classmethod
    def packed(cls, octets: Octets, offsets: Places) -> "SortedTexts":
        """Texts without gaps: text i is `octets[offsets[i]:offsets[i + 1]]`."""
        return cls(octets, offsets[:-1], offsets[1:])

    def __len__(self) -> int:
        return len(self.begin)

    @overload
    def __getitem__(self, number: _Number) -> str: ...
    @overload
    def __getitem__(self, number: _Numbers) -> NDArray[np.object_]: ...
    def __getitem__(self, number: _Number | _Numbers) -> str | NDArray[np.object_]:
        """The text with a number, or an array of the texts with some numbers."""
        if not isinstance(number, np.ndarray):
            return self._text(int(number))
        distinct, place = np.unique(number, return_inverse=True)
        decoded = np.empty(len(distinct), dtype=object)
        decoded[:] = [self._text(each) for each in distinct.tolist()]
        return decoded[place]

    def _text(self, number: int) -> str:
        if number >= len(self):
            raise IndexError(f"there are {len(self)} texts, and none with the number {number}")
        return self.octets[self.begin[number] : self.end[number]].tobytes().decode("utf-8", "surrogatepass")

    def place(self, text: str) -> int:
        """How many texts come before this one."""
        return bisect_left(self, text)

    def find(self, text: str) -> int:
        """The number of a text; -1 if it is not here."""
        at = self.place(text)
        return at if at < len(self) and self[at] == text else -1

    def at(self, numbers: _Numbers) -> "SortedTexts":
        """The texts with these numbers, which must rise, and nothing of the others."""
        octets, offsets = SortedTexts(self.octets, self.begin[numbers], self.end[numbers]).tight()
        return SortedTexts.packed(octets.copy() if octets is self.octets else octets, offsets)

    def with_more(self, at: Places, others: "SortedTexts") -> "SortedTexts":
        """These texts and others, each of them before the text of these at its place in `at`; the places rise."""
        (octets, offsets), (theirs, bounds) = self.tight(), others.tight()
        cuts = [0, *offsets[at].tolist(), len(octets)]
        parts = [octets[begin:end] for begin, end in pairwise(cuts)]
        more = [theirs[begin:end] for begin, end in pairwise(bounds.tolist())]
        in_turn = [part for both in zip(parts, [*more, theirs[:0]], strict=True) for part in both]
        return SortedTexts.packed(np.concatenate(in_turn), _offsets(np.insert(np.diff(offsets), at, np.diff(bounds))))

    def tight(self) -> tuple[Octets, Places]:
        """The octets of these texts alone, and the offsets by which `packed` finds them again.

        They are not copied if nothing else is with them.
        """
        if self._is_tight():
            return self.octets, np.append(self.begin, len(self.octets))
        parts = [self._octets(first, first + _AT_ONCE) for first in range(0, len(self), _AT_ONCE)]
        return np.concatenate([np.zeros(0, np.uint8), *parts]), _offsets(self.end - self.begin)

    def _is_tight(self) -> bool:
        ends = np.concatenate([self.begin, [len(self.octets)]])
        return bool(ends[0] == 0 and np.array_equal(ends[1:], self.end))

    def _octets(self, first: int, last: int) -> Octets:
        begin, sizes = self.begin[first:last], self.end[first:last] - self.begin[first:last]
        offsets = _offsets(sizes)
        rows: Places = np.repeat(begin - offsets[:-1], sizes) + np.arange(offsets[-1])
        return np.asarray(self.octets[rows], np.uint8)


def _offsets(sizes: Places) -> Places:
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes, dtype=np.int64)])
