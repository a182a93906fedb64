"""Bring base columns up to date: those of an older revision, without records that ended, and with new ones.

Everything in base columns is in an order of its own (ids, keys, texts, rows by their records), and both sides are in
it. So they are merged: that is linear in the old ones, and nothing of them is sorted again. The result is what reading
the revision anew gives, byte for byte.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from workbench.model.record import Dataset
from workbench.store.assembly import in_order_of_claims, pruned, renumbered
from workbench.store.columns import About, Base, Claims, Columns, Int16, Int32, Int64, Rows, Ties
from workbench.store.texts import SortedTexts

R = TypeVar("R", bound=Rows)
T = TypeVar("T")
Array = NDArray[Any]


def brought_up_to_date(old: Base, ended: Int64, new: Base) -> Base:
    """The old columns without the records that ended, by the store's numbers, and with the new ones.

    No record of `new` may be in `old`. A number in `ended` that `old` does not have is left out.
    """
    kept = _without(old, ended)
    return _joined(kept, new) if len(new.keys) else kept


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
    return Base(pruned(left), base.keys[kept])


def _left(rows: Any, stands: NDArray[np.bool_], place: Int32) -> Any:
    """The rows of records that stand, with their new numbers."""
    taken = rows.take(stands[rows.record])
    return replace(taken, record=place[taken.record].astype(np.int64))


@dataclass(frozen=True, slots=True)
class _Union:
    """All of two lists in one order: how many there are, and the place in it of each of the old and of the new."""

    size: int
    old: Int64
    new: Int64

    def both(self, old: Array, new: Array) -> Array:
        """What belongs to each of the old and of the new, in the order of the union."""
        together = np.empty(self.size, dtype=old.dtype)
        together[self.old] = old
        together[self.new] = new
        return together


def _union(n: int, at: Int64, known: NDArray[np.bool_]) -> _Union:
    """The union of n old ones and some new: new i is the old one `at[i]` if it is known, else it comes before that."""
    fresh = at[~known]
    shift = np.cumsum(np.bincount(fresh, minlength=n + 1)[: n + 1])
    old = np.arange(n + 1) + shift
    new = old[at]
    new[~known] = fresh + np.arange(len(fresh))
    return _Union(n + len(fresh), old[:n], new)


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
    texts = SortedTexts(
        np.concatenate([old.octets, new.octets]),
        union.both(old.begin, new.begin + len(old.octets)),
        union.both(old.end, new.end + len(old.octets)),
    )
    return union, texts


def _of_names(old: Sequence[T], new: Sequence[T], order: Any) -> tuple[_Union, tuple[T, ...]]:
    every = sorted({*old, *new}, key=order)
    place = {each: number for number, each in enumerate(every)}
    numbers = (np.array([place[each] for each in some], dtype=np.int64) for some in (old, new))
    return _Union(len(every), *numbers), tuple(every)


def _by_name(dataset: Dataset) -> tuple[str, str]:
    return dataset.agency, dataset.name


def _joined(old: Base, new: Base) -> Base:
    """The union of two; no record is in both."""
    ours, theirs = old.columns, new.columns
    entities, records = _of_arrays(ours.ids, theirs.ids), _of_arrays(old.keys, new.keys)
    words, names = _of_names(ours.names, theirs.names, str)
    owners, datasets = _of_names(ours.datasets, theirs.datasets, _by_name)
    texts, values = _of_texts(ours.values, theirs.values)
    of_old = _Numbers.of(entities.old, words.old, texts.old, records.old)
    of_new = _Numbers.of(entities.new, words.new, texts.new, records.new)
    return Base(
        Columns(
            ids=entities.both(ours.ids, theirs.ids),
            number=entities.both(ours.number, theirs.number),
            records=records.both(ours.records, theirs.records),
            dataset=entities.both(
                owners.old.astype(np.int32)[ours.dataset], owners.new.astype(np.int32)[theirs.dataset]
            ),
            datasets=datasets,
            names=names,
            values=values,
            about=_by_record(of_old.about(ours.about), of_new.about(theirs.about)),
            ties=_by_record(of_old.ties(ours.ties), of_new.ties(theirs.ties)),
            claims=_claims(of_old.claims(ours.claims), of_new.claims(theirs.claims)),
            present=np.ones(entities.size, dtype=bool),
        ),
        records.both(old.keys, new.keys),
    )


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers in the union, by those of one side."""

    entity: Int32
    name: Int16
    text: Int32
    record: Int64

    @classmethod
    def of(cls, entity: Int64, name: Int64, text: Int64, record: Int64) -> "_Numbers":
        """These numbers, in the sizes that rows have."""
        return cls(entity.astype(np.int32), name.astype(np.int16), text.astype(np.int32), record)

    def about(self, rows: About) -> About:
        return About(self.entity[rows.entity], self.name[rows.schema], self.record[rows.record], rows.vis)

    def ties(self, rows: Ties) -> Ties:
        return Ties(
            *(self.entity[rows.a], self.entity[rows.b], self.name[rows.role_a], self.name[rows.role_b]),
            *(self.name[rows.schema], rows.day, self.record[rows.record], rows.vis),
        )

    def claims(self, rows: Claims) -> Claims:
        return Claims(
            *(self.name[rows.kind], self.text[rows.value], self.text[rows.scope]),
            *(self.entity[rows.entity], self.record[rows.record], rows.vis),
        )


def _inserted(old: R, at: Int64, new: R) -> R:
    """The old rows with the new ones before the places `at`, which rise."""
    return type(old)(*(np.insert(was, at, comes) for was, comes in zip(old.arrays(), new.arrays(), strict=True)))


def _by_record(old: Any, new: Any) -> Any:
    """The rows of both, each in the order of records, in that order."""
    return _inserted(old, np.searchsorted(old.record, new.record), new)


def _claims(old: Claims, new: Claims) -> Claims:
    """The claims of both, in order: only the runs of identifiers that new ones have are sorted."""
    both = _inserted(old, np.searchsorted(_identifiers(old), _identifiers(new)), new)
    every = np.arange(len(both.kind))
    rows = np.flatnonzero(np.isin(_identifiers(both), _identifiers(new)))
    every[rows] = rows[in_order_of_claims(both.at(rows))]
    return both.at(every)


def _identifiers(claims: Claims) -> Int64:
    """One number for the kind and value of each claim, in their order."""
    return (claims.kind.astype(np.int64) << 32) | claims.value
