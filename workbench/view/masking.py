"""Cut a store's base columns down to what a view may see, and renumber them so that nothing hidden shows."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from workbench.model.marking import Marking
from workbench.model.numbers import ClassNumber, RecordNumber
from workbench.store.assembly import each_once, pruned, renumbered, used_of
from workbench.store.columns import About, Bool, Claims, Columns, Ids, Int32, Int64, Ties, presence
from workbench.store.types import VisibilityClass

R = TypeVar("R", About, Ties, Claims)
_DIGITS = 32  # of a key
_SPARSE = 8  # from so many numbers of the store on for each of the view, they are searched


def _no_keys() -> Ids:
    return np.zeros(0, dtype="S16")


@dataclass(frozen=True)
class Numbers:
    """The store's numbers of a view's records, classes and entities, indexed by the view's numbers."""

    records: Int64
    classes: tuple[ClassNumber, ...]
    entities: Int64
    base_keys: Ids = field(default_factory=_no_keys)
    of_base: Int64 = field(
        default_factory=lambda: np.zeros(0, dtype=np.int64)
    )  # the place of each record's key in `base_keys`
    here: Bool | None = None  # the records that a view within another has; None for all

    def allowed(self, classes: Iterable[ClassNumber]) -> list[ClassNumber]:
        """Translate the store's numbers of classes to the view's; classes that the view lacks are left out."""
        wanted = set(classes)
        return [ClassNumber(number) for number, vis in enumerate(self.classes) if vis in wanted]

    def within(self, columns: Columns) -> "Numbers":
        """The same numbers, for a view within this one that has these columns."""
        parts = (columns.about, columns.ties, columns.claims)
        return replace(self, here=used_of(len(self.records), *(part.record for part in parts)))

    def among(self, records: Sequence[RecordNumber] | Int64) -> Int64:
        """Those of some numbers that are numbers of records here, each once, in order."""
        wanted = each_once(np.asarray(records, dtype=np.int64))
        wanted = wanted[(wanted >= 0) & (wanted < len(self.records))]
        return wanted if self.here is None else wanted[self.here[wanted]]

    def keys_of(self, records: Int64) -> dict[RecordNumber, str]:
        """The keys of some records that are here, by the view's numbers."""
        told = self.base_keys[self.of_base[records]].tobytes().hex()
        keys = [told[at : at + _DIGITS] for at in range(0, len(told), _DIGITS)]
        return dict(zip(records.tolist(), keys, strict=True))

    def markings(self, known: Sequence[VisibilityClass]) -> tuple[Marking, ...]:
        """The marking of each class, by the view's numbers; `known` has all classes."""
        markings = {each.vis: each.marking for each in known if each.marking}
        return tuple(markings[vis] for vis in self.classes)

    def of_entities(self, entities: NDArray[np.integer[Any]]) -> Int32:
        """Translate the store's numbers of entities to the view's; -1 for entities that the view lacks."""
        if not len(self.entities):
            return np.full(len(entities), -1, dtype=np.int32)
        if (place := self._place) is not None:
            return place[np.where((entities >= 0) & (entities < len(place)), entities, -1)]
        order, theirs = self._ordered
        at = np.minimum(np.searchsorted(theirs, entities), len(theirs) - 1)
        return np.where(theirs[at] == entities, order[at], -1).astype(np.int32)

    @cached_property
    def _place(self) -> Int32 | None:
        """The view's numbers by the store's, where the view has many of these: nothing is searched then."""
        n = int(self.entities.max()) + 1
        if n > _SPARSE * len(self.entities):
            return None
        place = np.full(n + 1, -1, dtype=np.int32)  # the last is that of none
        place[self.entities] = np.arange(len(self.entities))
        return place

    @cached_property
    def _ordered(self) -> tuple[Int64, Int64]:
        """The view's numbers in the order of the store's, and the store's in order."""
        order = np.argsort(self.entities)
        return order, self.entities[order]


def masked(columns: Columns, allowed: Iterable[ClassNumber]) -> Columns:
    """The rows of the allowed visibility classes; entities keep their numbers."""
    parts = (columns.about, columns.ties, columns.claims)
    classes = max(int(part.vis.max(initial=0)) for part in parts) + 1
    seen = np.zeros(classes, dtype=bool)
    seen[[vis for vis in allowed if vis < classes]] = True
    if all(seen[part.vis].all() for part in parts) and columns.present.all():
        return columns  # nothing is hidden, so nothing is copied
    about = columns.about.take(seen[columns.about.vis])
    ties = columns.ties.take(seen[columns.ties.vis])
    claims = columns.claims.take(seen[columns.claims.vis])
    present = presence(len(columns.ids), about, ties)
    return replace(columns, about=about, ties=ties, claims=claims, present=present)


def leaving_out(columns: Columns, records: Collection[RecordNumber]) -> Columns:
    """The columns without the rows of some records; entities keep their numbers."""
    if not records:
        return columns
    gone = np.array(sorted(records), np.int64)

    def rest(rows: R) -> R:
        return rows.take(~np.isin(rows.record, gone))

    about, ties, claims = rest(columns.about), rest(columns.ties), rest(columns.claims)
    present = presence(len(columns.ids), about, ties)
    return replace(columns, about=about, ties=ties, claims=claims, present=present)


def numbered(columns: Columns, known: Sequence[VisibilityClass], keys: Ids) -> tuple[Columns, Numbers]:
    """The columns of what rows use, with all numbers renewed from 0 without gaps: a gap would reveal something hidden.

    Records keep their order, entities are ordered by id, classes by agency and marking; `known` has all classes.
    `keys` are those of the records before they are renumbered.
    """
    classes = [each.vis for each in sorted(known, key=lambda each: (each.agency, str(each.marking), each.vis))]
    columns = pruned(columns)
    about, ties, claims = columns.about, columns.ties, columns.claims
    n = max((int(part.record.max(initial=-1)) for part in (about, ties, claims)), default=-1) + 1
    place, records = renumbered(used_of(n, about.record, ties.record, claims.record))
    used = used_of(max(classes, default=-1) + 1, about.vis, ties.vis, claims.vis)
    kept = [vis for vis in classes if used[vis]]
    number = np.zeros(len(used), dtype=np.int32)
    number[kept] = np.arange(len(kept), dtype=np.int32)

    def renewed(rows: R) -> R:
        record = rows.record.astype(np.int32, copy=False) if len(records) == n else place[rows.record]
        return replace(rows, record=record, vis=number[rows.vis])

    return replace(
        columns,
        number=np.arange(len(columns.ids), dtype=np.int64),
        records=np.arange(len(records), dtype=np.int64),
        dataset=columns.dataset.astype(np.int32, copy=False),
        about=renewed(about),
        ties=renewed(ties),
        claims=renewed(claims),
    ), Numbers(columns.records[records].astype(np.int64), tuple(kept), columns.number.astype(np.int64), keys, records)
