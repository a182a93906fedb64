"""The records behind an answer: their keys, and the handling codes that they hand on."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from workbench.analytics.finding import Finding, Row
from workbench.analytics.projection import Projection
from workbench.model.marking import Marking, union_of_handling
from workbench.store.columns import Int64
from workbench.store.snapshot import Snapshot
from workbench.store.view import View


def finding(
    view: View,
    projection: Projection,
    kind: str,
    parameters: Mapping[str, Any],
    results: Iterable[Row],
    rows: Iterable[int],
    seed: int = 0,
) -> Finding:
    """The finding that rests on these ties of the projection's snapshot."""
    used = np.unique(np.fromiter(rows, np.int64))
    snapshot = projection.snapshot
    return Finding(
        kind=kind,
        parameters={"projection": projection.name, **parameters},
        seed=seed,
        revision=view.revision,
        results=tuple(results),
        records=snapshot.keys(used.astype(np.int32)),
        set_aside=tuple(value.to_row() for value in projection.set_aside),
        handling=union_of_handling(markings(view, snapshot, snapshot.record[used])),
    )


def markings(view: View, snapshot: Snapshot, records: Int64) -> tuple[Marking, ...]:
    """The different markings of records, by number: one record of each class of visibility is read."""
    examples: dict[int, int] = {}
    for part in (snapshot.columns.ties, snapshot.columns.about):
        rows = np.flatnonzero(np.isin(part.record, records))
        classes, first = np.unique(part.vis[rows], return_index=True)
        examples |= dict(zip(classes.tolist(), part.record[rows[first]].tolist(), strict=True))
    keys = snapshot.keys_of(sorted(set(examples.values())))
    found = {each.record.marking for each in view.records(sorted(keys.values()))}
    return tuple(sorted(found, key=str))
