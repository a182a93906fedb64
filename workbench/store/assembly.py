"""Put base columns into an order that depends on content alone, whatever kind of store the rows came from."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from workbench.store.columns import (
    UNSAID,
    About,
    Base,
    Bool,
    Claims,
    Columns,
    Ids,
    Int16,
    Int32,
    Int64,
    Least,
    Ties,
    least,
)
from workbench.store.texts import SortedTexts

N = TypeVar("N", bound=np.integer[Any])
R = TypeVar("R", About, Ties, Claims)


@dataclass(frozen=True)
class KeyOrder:
    """The store's record numbers in the order of their keys, which does not depend on the order of loads."""

    numbers: Int64
    keys: Ids

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
    order = np.lexsort((second, first))
    return KeyOrder(numbers[order], keys[order])


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
) -> tuple[SortedTexts, Claims]:
    """All texts of claims in alphabetical order, the empty one first, and the claims with indices into it.

    `texts` has the value and the scope of each claim in turn.
    """
    codes, values = _in_alphabet(*_numbered(texts))
    claims = Claims(kind, codes[::2].astype(np.int32), codes[1::2].astype(np.int32), entity, record, vis)
    kept = claims.take(record >= 0)  # drop erased records
    return values, kept.at(in_order_of_claims(kept))


def in_order_of_claims(claims: Claims) -> Int64:
    """The rows of claims in their order: by kind, value, entity, record, scope."""
    return np.lexsort((claims.scope, claims.record, claims.entity, claims.value, claims.kind)).astype(np.int64)


def _numbered(texts: Sequence[str]) -> tuple[Int64, list[str]]:
    """A number for each text, and the texts by number in order of first use, always with the empty text."""
    numbers = defaultdict(count(1).__next__, {"": 0})
    codes = np.fromiter(map(numbers.__getitem__, texts), dtype=np.int64, count=len(texts))
    return codes, list(numbers)


def _in_alphabet(codes: Int64, texts: Sequence[str]) -> tuple[Int64, SortedTexts]:
    """Renumber texts alphabetically: the new codes, and the texts in order."""
    order = sorted(range(len(texts)), key=texts.__getitem__)
    place = np.empty(len(texts), dtype=np.int64)
    place[order] = np.arange(len(texts))
    return place[codes], SortedTexts.of(map(texts.__getitem__, order))


def pruned(columns: Columns) -> Columns:
    """The columns without the ids, datasets, names and texts that no row uses: themselves, if all are used."""
    ties, claims = columns.ties, columns.claims
    used = (
        columns.present,
        used_of(len(columns.datasets), columns.dataset[columns.present]),
        used_of(len(columns.names), columns.about.schema, ties.schema, ties.role_a, ties.role_b, claims.kind),
        used_of(len(columns.values), np.array([UNSAID]), claims.value, claims.scope),
    )
    if all(each.all() for each in used):
        return columns
    (place, kept), (number, datasets), (words, names), (text, texts) = map(renumbered, used)
    word = words.astype(np.int16)
    return Columns(
        ids=columns.ids[kept],
        number=columns.number[kept],
        records=columns.records,
        dataset=number[columns.dataset[kept]],
        datasets=tuple(columns.datasets[n] for n in datasets.tolist()),
        names=tuple(columns.names[n] for n in names.tolist()),
        values=columns.values.at(texts),
        about=replace(columns.about, entity=place[columns.about.entity], schema=word[columns.about.schema]),
        ties=replace(
            ties,
            a=place[ties.a],
            b=place[ties.b],
            role_a=word[ties.role_a],
            role_b=word[ties.role_b],
            schema=word[ties.schema],
        ),
        claims=replace(
            claims,
            kind=word[claims.kind],
            value=text[claims.value],
            scope=text[claims.scope],
            entity=place[claims.entity],
        ),
        present=np.ones(len(kept), dtype=bool),
    )


def base_of(columns: Columns, keys: Ids) -> Base:
    """The base columns of a revision: without what no row uses, and with numbers of the smallest types.

    `keys` are those of the records, in order. How many records and datasets there are decides the types of their
    numbers here; the largest one decides those of the store's own numbers.
    """
    columns, record = pruned(columns), least(max(len(keys) - 1, 0))

    def fitted(rows: R) -> R:
        return replace(rows, record=rows.record.astype(record, copy=False), vis=_fitted(rows.vis))

    fit = replace(
        columns,
        number=_fitted(columns.number),
        records=_fitted(columns.records),
        dataset=columns.dataset.astype(least(max(len(columns.datasets) - 1, 0)), copy=False),
        about=fitted(columns.about),
        ties=fitted(columns.ties),
        claims=fitted(columns.claims),
    )
    return Base(fit, keys)


def _fitted(numbers: Least) -> Least:
    return numbers.astype(least(int(numbers.max(initial=0))), copy=False)


def used_of(n: int, *numbers: NDArray[np.integer[Any]]) -> Bool:
    """A mask of the numbers below n that occur in any of the arrays."""
    used = np.zeros(n, dtype=bool)
    for each in numbers:
        used[each] = True
    return used


def each_once(numbers: NDArray[N]) -> NDArray[N]:
    """Each of some numbers once, in order. For many numbers this is several times as fast as `np.unique`."""
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def renumbered(used: Bool) -> tuple[Int32, Int64]:
    """The new number by each used old one, and the old numbers in the order of the new."""
    return np.cumsum(used, dtype=np.int32) - np.int32(1), np.flatnonzero(used)
