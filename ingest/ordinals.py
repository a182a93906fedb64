"""Number equal records of a file that have no source id, so that none is lost."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from workbench.model.record import Record

_Marks: TypeAlias = npt.NDArray[np.uint64]
_MARK = np.dtype("<u8")
# Half a key is enough: a collision would only give a record a needless, but stable, number.
_OF_KEY, _OCTETS = np.dtype(">u8"), 8


class Ordinals:
    """Numbers equal records without a source id, in the order of their file.

    Exact duplicates in a file are real. Reading the same file again gives the same numbers, so that nothing changes.
    """

    def __init__(self, kept: bytes = b"") -> None:
        """Continue from what `kept` returned, or start from nothing."""
        marks, times = np.unique(np.frombuffer(kept, _MARK), return_counts=True)
        self._seen = _Seen(marks)
        again = times > 1
        self._more: dict[int, int] = dict(zip(marks[again].tolist(), (times[again] - 1).tolist(), strict=True))

    def kept(self) -> bytes:
        """The state to store so that further units of the file can be numbered later: 8 bytes for each record."""
        more = np.fromiter(self._more, _MARK, len(self._more))
        again = np.repeat(more, list(self._more.values()))
        return np.sort(np.concatenate((*self._seen.parts, again))).tobytes()

    def numbered(self, records: Sequence[Record]) -> list[Record]:
        """The next records, each with its number among equal ones so far."""
        halves = b"".join(each.remembered()[1][:_OCTETS] for each in records if not each.source_id)
        marks = np.frombuffer(halves, _OF_KEY).astype(_MARK)
        unique, times = np.unique(marks, return_counts=True)
        old = self._seen.has(unique)
        self._seen.add(unique[~old])
        again = set(unique[old | (times > 1)].tolist())
        if not again:
            return [*records]
        known, each_mark = set(unique[old].tolist()), iter(marks.tolist())
        return [
            record if record.source_id or (mark := next(each_mark)) not in again else self._next(record, mark, known)
            for record in records
        ]

    def _next(self, record: Record, mark: int, known: set[int]) -> Record:
        """A record that has equal ones, with its number; `known` are the marks of those before it."""
        if mark not in known:
            known.add(mark)
            return record
        ordinal = self._more[mark] = self._more.get(mark, 0) + 1
        return replace(record, ordinal=ordinal)


class _Seen:
    """A set of marks that takes 8 bytes for each: sorted `parts`, each more than twice as long as the next."""

    def __init__(self, marks: _Marks) -> None:
        self.parts = [marks]

    def has(self, marks: _Marks) -> npt.NDArray[np.bool_]:
        """Whether each of some marks is in it."""
        found = np.zeros(len(marks), bool)
        for part in filter(len, self.parts):
            at = np.minimum(np.searchsorted(part, marks), len(part) - 1)
            found |= part[at] == marks
        return found

    def add(self, marks: _Marks) -> None:
        """Add sorted marks that are not in it."""
        self.parts += [marks] if len(marks) else []
        while len(self.parts) > 1 and len(self.parts[-2]) <= 2 * len(self.parts[-1]):
            last, before = self.parts.pop(), self.parts[-1]
            before.resize(len(before) + len(last), refcheck=False)  # in place: no second copy of many
            before[-len(last) :] = last
            before.sort()
