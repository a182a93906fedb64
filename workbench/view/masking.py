"""The base columns of a store cut down to what a view may see, with numbers that tell of nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.model.numbers import ClassNumber
from workbench.store.columns import UNSAID, Bool, Columns, Int32, Int64, presence


@dataclass(frozen=True)
class Numbers:
    """The store's numbers of the records, classes and entities that a view numbers from 0."""

    records: Int64
    classes: tuple[ClassNumber, ...]
    entities: Int64

    def allowed(self, classes: Iterable[ClassNumber]) -> list[ClassNumber]:
        """The view's numbers of those of the store's classes that it has."""
        wanted = set(classes)
        return [ClassNumber(number) for number, vis in enumerate(self.classes) if vis in wanted]

    def of_entities(self, entities: NDArray[np.integer[Any]]) -> Int32:
        """The view's numbers of those of the store's entities; -1 for what it has not."""
        known = len(self._places) - 1
        return self._places[np.where((entities >= 0) & (entities < known), entities, known)]

    @cached_property
    def _places(self) -> Int32:
        places = np.full(int(self.entities.max(initial=-1)) + 2, -1, dtype=np.int32)
        places[self.entities] = np.arange(len(self.entities), dtype=np.int32)
        return places


def masked(columns: Columns, allowed: Iterable[ClassNumber]) -> Columns:
    """What a view sees whose visibility classes these are; entities keep their numbers."""
    parts = (columns.about, columns.ties, columns.claims)
    classes = max(int(part.vis.max(initial=0)) for part in parts) + 1
    seen = np.zeros(classes, dtype=bool)
    seen[[vis for vis in allowed if vis < classes]] = True
    about = columns.about.take(seen[columns.about.vis])
    ties = columns.ties.take(seen[columns.ties.vis])
    claims = columns.claims.take(seen[columns.claims.vis])
    present = presence(len(columns.ids), about, ties)
    return replace(columns, about=about, ties=ties, claims=claims, present=present)


def pruned(columns: Columns) -> Columns:
    """The same without the ids, datasets, names and texts that no row of it has."""
    place, kept = _renumbered(columns.present)
    number, datasets = _renumbered(_used(len(columns.datasets), columns.dataset[kept]))
    ties, claims = columns.ties, columns.claims
    words, names = _renumbered(
        _used(len(columns.names), columns.about.schema, ties.schema, ties.role_a, ties.role_b, claims.kind)
    )
    text, texts = _renumbered(_used(len(columns.values), np.array([UNSAID]), claims.value, claims.scope))
    word = words.astype(np.int16)
    return Columns(
        ids=columns.ids[kept],
        number=columns.number[kept],
        records=columns.records,
        dataset=number[columns.dataset[kept]],
        datasets=tuple(columns.datasets[n] for n in datasets.tolist()),
        names=tuple(columns.names[n] for n in names.tolist()),
        values=columns.values[texts],
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


def numbered(columns: Columns, classes: Sequence[ClassNumber]) -> tuple[Columns, Numbers]:
    """The same with all its numbers from 0 without gaps, which would tell of what is hidden.

    Records keep their order, entities that of their ids; classes, all of which are given, get that in which they
    are given.
    """
    about, ties, claims = columns.about, columns.ties, columns.claims
    n = max((int(part.record.max(initial=-1)) for part in (about, ties, claims)), default=-1) + 1
    place, records = _renumbered(_used(n, about.record, ties.record, claims.record))
    used = _used(max(classes, default=-1) + 1, about.vis, ties.vis, claims.vis)
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


def _used(n: int, *numbers: NDArray[np.integer[Any]]) -> Bool:
    """Which of n numbers stand in any of the arrays."""
    used = np.zeros(n, dtype=bool)
    for each in numbers:
        used[each] = True
    return used


def _renumbered(used: Bool) -> tuple[Int32, Int64]:
    """The new number of each one that is used, and the old numbers of those, in order."""
    return (np.cumsum(used) - 1).astype(np.int32), np.flatnonzero(used)
