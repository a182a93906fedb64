"""Put base columns into an order that depends on content alone, whatever kind of store the rows came from."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.store.columns import About, Claims, Int16, Int32, Int64, Ties


@dataclass(frozen=True)
class KeyOrder:
    """The store's record numbers in the order of their keys, which does not depend on the order of loads."""

    numbers: Int64

    @cached_property
    def _places(self) -> Int64:
        places = np.full(int(self.numbers.max(initial=-1)) + 2, -1, dtype=np.int64)
        places[self.numbers] = np.arange(len(self.numbers))
        return places

    def of(self, numbers: NDArray[np.integer[Any]]) -> Int64:
        """The index of each of the store's record numbers; -1 for a record that was erased meanwhile."""
        return np.asarray(self._places[np.minimum(numbers, len(self._places) - 1)], np.int64)


def in_order_of_keys(numbers: Int64, keys: NDArray[np.bytes_]) -> KeyOrder:
    """The order of records by their keys of 16 bytes."""
    first, second = np.ascontiguousarray(keys).view(">u8").reshape(-1, 2).T
    return KeyOrder(numbers[np.lexsort((second, first))])


def about_in_order(about: About) -> About:
    """The rows about entities, ordered by record; rows of erased records (-1) are dropped."""
    kept = about.take(about.record >= 0)
    return kept.at(np.argsort(kept.record, kind="stable"))


def ties_in_order(ties: Ties) -> Ties:
    """Ties, ordered by record, then ends, then roles; rows of erased records (-1) are dropped."""
    ties = ties.take(ties.record >= 0)
    ties = ties.at(np.argsort(ties.record, kind="stable"))
    beside = np.concatenate([[False], ties.record[1:] == ties.record[:-1], [False]])
    rows = np.flatnonzero(beside[1:] | beside[:-1])
    order = np.lexsort(
        (ties.role_b[rows], ties.role_a[rows], ties.b[rows], ties.a[rows], ties.record[rows]),
    )
    every = np.arange(len(ties.record))
    every[rows] = rows[order]
    return ties.at(every)


def claims_in_order(
    kind: Int16, texts: Sequence[str], entity: Int32, record: Int64, vis: Int32
) -> tuple[NDArray[np.object_], Claims]:
    """All texts of claims in alphabetical order, the empty one first, and the claims with indices into it.

    `texts` has the value and the scope of each claim in turn.
    """
    codes, values = _in_alphabet(*_numbered(texts))
    value, scope = codes[::2].astype(np.int32), codes[1::2].astype(np.int32)
    order = np.lexsort((record, entity, value, kind))
    order = order[record[order] >= 0]  # drop erased records
    return values, Claims(kind[order], value[order], scope[order], entity[order], record[order], vis[order])


def _numbered(texts: Sequence[str]) -> tuple[Int64, list[str]]:
    """A number for each text, and the texts by number in order of first use, always with the empty text."""
    numbers = defaultdict(count(1).__next__, {"": 0})
    codes = np.fromiter(map(numbers.__getitem__, texts), dtype=np.int64, count=len(texts))
    return codes, list(numbers)


def _in_alphabet(codes: Int64, texts: Sequence[str]) -> tuple[Int64, NDArray[np.object_]]:
    """Renumber texts alphabetically: the new codes, and the texts in order."""
    order = np.array(sorted(range(len(texts)), key=texts.__getitem__), dtype=np.int64)
    place = np.empty(len(texts), dtype=np.int64)
    place[order] = np.arange(len(texts))
    return place[codes], np.array(texts, dtype=object)[order]
