"""Bring base columns up to date: those of an older revision, without records that ended, and with new ones.

Everything in base columns is in an order of its own (ids, keys, texts, rows by their records), and both sides are in
it. So they are merged: that is linear in the old ones, and nothing of them is sorted again. The result is what reading
the revision anew gives, byte for byte. Long arrays are merged while they are written: fresh memory costs more than
the merging.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from workbench.model.record import Dataset
from workbench.store.assembly import base_of, renumbered
from workbench.store.column_layout import Array, Layout, Spliced, by_field
from workbench.store.columns import About, Base, Claims, Int16, Int32, Int64, Ties, least
from workbench.store.texts import SortedTexts

R = TypeVar("R", About, Ties, Claims)
T = TypeVar("T")


def brought_up_to_date(old: Base, ended: Int64, new: Base) -> Layout:
    """The old columns without the records that ended, by the store's numbers, and with the new ones.

    No record of `new` may be in `old`. A number in `ended` that `old` does not have is left out.
    """
    kept = _without(old, ended)
    return _joined(kept, new) if len(new.keys) else Layout.of(kept)


def _without(base: Base, ended: Int64) -> Base:
    columns = base.columns
    stands = ~np.isin(columns.records, ended)
    if stands.all():
        return base
    place, kept = renumbered(stands)
    left = replace(
        columns,
        records=columns.records[kept],
        about=_left(columns.about, stands, place),
        ties=_left(columns.ties, stands, place),
        claims=_left(columns.claims, stands, place),
        present=np.zeros(len(columns.ids), dtype=bool),
    )
    for entities in (left.about.entity, left.ties.a, left.ties.b):
        left.present[entities] = True
    return base_of(left, base.keys[kept])


def _left(rows: Any, stands: NDArray[np.bool_], place: Int32) -> Any:
    """The rows of records that stand, with their new numbers."""
    taken = rows.take(stands[rows.record])
    return replace(taken, record=place[taken.record])


@dataclass(frozen=True, slots=True)
class _Union:
    """All of two lists in one order: how many there are, and the place in it of each of the old and of the new.

    The new ones at `fresh` are not in the old list: each comes before the old one at its place in `at`.
    """

    size: int
    old: Int32
    new: Int32
    at: Int64
    fresh: Int64

    def both(self, old: Array, new: Array, number: Array | None = None) -> Spliced:
        """What belongs to each of the old and of the new, in the order of the union; see `_of_both`."""
        return Spliced(old, number, self.at, new[self.fresh].astype(_of_both(old, new), copy=False))


def _union(n: int, at: Int64, known: NDArray[np.bool_]) -> _Union:
    """The union of n old ones and some new: new i is the old one `at[i]` if it is known, else it comes before that."""
    fresh = np.flatnonzero(~known)
    before = at[fresh]
    runs = np.diff(before, prepend=0, append=n)
    old = np.arange(n, dtype=np.int32)
    old += np.repeat(np.arange(len(runs), dtype=np.int32), runs)
    new = np.empty(len(at), dtype=np.int32)
    new[known] = old[at[known]]
    new[fresh] = before + np.arange(len(fresh))
    return _Union(n + len(fresh), old, new, before, fresh)


def _of_arrays(old: Array, new: Array) -> _Union:
    """The union of two arrays, each in order and without repetition."""
    at = np.searchsorted(old, new)
    known = np.zeros(len(new), dtype=bool)
    within = at < len(old)
    known[within] = old[at[within]] == new[within]
    return _union(len(old), at, known)


def _of_texts(old: SortedTexts, new: SortedTexts) -> tuple[_Union, SortedTexts]:
    every = new[np.arange(len(new))].tolist()
    at = np.fromiter(map(old.place, every), dtype=np.int64, count=len(every))
    known = np.array([place < len(old) and old[place] == text for place, text in zip(at.tolist(), every, strict=True)])
    union = _union(len(old), at, known.astype(bool))
    return union, old.with_more(union.at, new.at(union.fresh))


def _of_names(old: Sequence[T], new: Sequence[T], order: Any) -> tuple[Int64, Int64, tuple[T, ...]]:
    """All names in their order, after the number in it of each of the old and of the new."""
    every = sorted({*old, *new}, key=order)
    place = {each: number for number, each in enumerate(every)}
    ours, theirs = (np.array([place[each] for each in some], dtype=np.int64) for some in (old, new))
    return ours, theirs, tuple(every)


def _by_name(dataset: Dataset) -> tuple[str, str]:
    return dataset.agency, dataset.name


def _joined(old: Base, new: Base) -> Layout:
    """The union of two; no record is in both."""
    ours, theirs = old.columns, new.columns
    entities, records = _of_arrays(ours.ids, theirs.ids), _of_arrays(old.keys, new.keys)
    words, new_words, names = _of_names(ours.names, theirs.names, str)
    owners, new_owners, datasets = _of_names(ours.datasets, theirs.datasets, _by_name)
    texts, values = _of_texts(ours.values, theirs.values)
    octets, offsets = values.tight()
    merge = _Merge(
        _Numbers(entities.old, words.astype(np.int16), texts.old, records.old),
        _Numbers(entities.new, new_words.astype(np.int16), texts.new, records.new),
        least(records.size - 1),
    )
    owner = least(len(datasets) - 1)
    dataset = entities.both(ours.dataset, new_owners.astype(owner)[theirs.dataset], owners.astype(owner))
    arrays: dict[str, Array | Spliced] = {
        "ids": entities.both(ours.ids, theirs.ids),
        "number": entities.both(ours.number, theirs.number),
        "records": records.both(ours.records, theirs.records),
        "dataset": dataset,
        "keys": records.both(old.keys, new.keys),
        "octets": octets,
        "offsets": offsets,
        **merge.by_record("about", ours.about, theirs.about),
        **merge.by_record("ties", ours.ties, theirs.ties),
        **merge.claims("claims", ours.claims, theirs.claims),
    }
    return Layout(names, datasets, arrays)


class _Numbers(NamedTuple):
    """The numbers in the union, by those of one side."""

    entity: Int32
    name: Int16
    text: Int32
    record: Int32


# What the numbers in a field of rows are of: a field of `_Numbers`. Others are the same on both sides.
_OF: Mapping[str, str] = {
    **dict.fromkeys(("entity", "a", "b"), "entity"),
    **dict.fromkeys(("schema", "role_a", "role_b", "kind"), "name"),
    **dict.fromkeys(("value", "scope"), "text"),
    "record": "record",
}


@dataclass(frozen=True, slots=True)
class _Merge:
    """Merges rows of two sides, by the numbers of each in the union."""

    old: _Numbers
    new: _Numbers
    of_records: "np.dtype[Any]"  # the type of their numbers

    def by_record(self, name: str, old: R, new: R) -> dict[str, Spliced]:
        """The rows of both, each in the order of records, in that order."""
        places = _places((_Looked(old.record, self.old.record),), (self.new.record[new.record],))
        return self._inserted(name, old, places, new)

    def claims(self, name: str, old: Claims, new: Claims) -> dict[str, Spliced]:
        """The claims of both, each in their order, in that order."""
        fields = ("kind", "value", "entity", "record", "scope")  # see `assembly.in_order_of_claims`
        ours = [_Looked(getattr(old, each), getattr(self.old, _OF[each])) for each in fields]
        theirs = [getattr(self.new, _OF[each])[getattr(new, each)] for each in fields]
        return self._inserted(name, old, _places(ours, theirs), new)

    def _inserted(self, name: str, old: R, at: Int64, new: R) -> dict[str, Spliced]:
        """The fields of the old rows with the new ones before the places `at`, which rise."""
        made = []
        for each in fields(old):
            was, comes, of = getattr(old, each.name), getattr(new, each.name), _OF.get(each.name)
            number = getattr(self.old, of) if of else None
            kind = self.of_records if of == "record" else _of_both(was, comes)
            here = getattr(self.new, of)[comes] if of else comes
            made.append(Spliced(was, number, at, here.astype(kind, copy=False)))
        return by_field(name, made)


def _of_both(old: Array, new: Array) -> "np.dtype[Any]":
    """The type that has room for both: the smallest, as each has the smallest that has room for its own."""
    return np.promote_types(old.dtype, new.dtype)


class _Looked(NamedTuple):
    """Numbers of an array, each looked up in another where it is asked for."""

    array: Array
    number: Array

    def at(self, rows: Int64) -> Array:
        """The numbers of some rows."""
        found: Array = self.number[self.array[rows]]
        return found


def _places(old: Sequence[_Looked], new: Sequence[Array]) -> Int64:
    """How many old rows come before each new one; the arrays are what rows are ordered by, the first first."""
    low, high = np.zeros(len(new[0]), dtype=np.int64), np.full(len(new[0]), len(old[0].array))
    while len(rows := np.flatnonzero(low < high)):
        middle = (low[rows] + high[rows]) // 2
        before = _come_before([each.at(middle) for each in old], [each[rows] for each in new])
        low[rows[before]] = middle[before] + 1
        high[rows[~before]] = middle[~before]
    return low


def _come_before(one: Sequence[Array], other: Sequence[Array]) -> NDArray[np.bool_]:
    """Which rows of the one come before those of the other, side by side."""
    before, equal = np.zeros(len(one[0]), dtype=bool), np.ones(len(one[0]), dtype=bool)
    for mine, theirs in zip(one, other, strict=True):
        before |= equal & (mine < theirs)
        equal &= mine == theirs
    return before
