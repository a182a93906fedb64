"""Cut a store's base columns down to what a view may see, and renumber them so that nothing hidden shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.model.numbers import ClassNumber
from workbench.store.assembly import pruned, renumbered, used_of
from workbench.store.columns import Columns, Int32, Int64, presence
from workbench.store.types import VisibilityClass


@dataclass(frozen=True)
class Numbers:
    """The store's numbers of a view's records, classes and entities, indexed by the view's numbers."""

    records: Int64
    classes: tuple[ClassNumber, ...]
    entities: Int64

    def allowed(self, classes: Iterable[ClassNumber]) -> list[ClassNumber]:
        """Translate the store's numbers of classes to the view's; classes that the view lacks are left out."""
        wanted = set(classes)
        return [ClassNumber(number) for number, vis in enumerate(self.classes) if vis in wanted]

    def of_entities(self, entities: NDArray[np.integer[Any]]) -> Int32:
        """Translate the store's numbers of entities to the view's; -1 for entities that the view lacks."""
        if not len(self.entities):
            return np.full(len(entities), -1, dtype=np.int32)
        order, theirs = self._ordered
        at = np.minimum(np.searchsorted(theirs, entities), len(theirs) - 1)
        return np.where(theirs[at] == entities, order[at], -1).astype(np.int32)

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
    about = columns.about.take(seen[columns.about.vis])
    ties = columns.ties.take(seen[columns.ties.vis])
    claims = columns.claims.take(seen[columns.claims.vis])
    present = presence(len(columns.ids), about, ties)
    return replace(columns, about=about, ties=ties, claims=claims, present=present)


def numbered(columns: Columns, known: Sequence[VisibilityClass]) -> tuple[Columns, Numbers]:
    """The columns of what rows use, with all numbers renewed from 0 without gaps: a gap would reveal something hidden.

    Records keep their order, entities are ordered by id, classes by agency and marking; `known` has all classes.
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
    return replace(
        columns,
        number=np.arange(len(columns.ids), dtype=np.int64),
        records=np.arange(len(records), dtype=np.int64),
        about=replace(about, record=place[about.record].astype(np.int64), vis=number[about.vis]),
        ties=replace(ties, record=place[ties.record].astype(np.int64), vis=number[ties.vis]),
        claims=replace(claims, record=place[claims.record].astype(np.int64), vis=number[claims.vis]),
    ), Numbers(columns.records[records], tuple(kept), columns.number)
