"""A snapshot as the ground of a walk."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from workbench.store.columns import NO_DAY
from workbench.store.snapshot import Snapshot
from workbench.store.types import Tie
from workbench.store.walking import Ground, Places, Steps


def ground_of(snapshot: Snapshot) -> Ground:
    """Entities are their places in the snapshot; the shape of a tie is its row."""
    csr = snapshot.csr

    def steps(places: Places) -> Steps:
        counts = csr.indptr[places + 1] - csr.indptr[places]
        offsets = np.cumsum(counts) - counts
        slots = np.arange(int(counts.sum())) + np.repeat(csr.indptr[places] - offsets, counts)
        near, rows = np.repeat(places, counts), csr.tie[slots]
        return Steps(near, csr.indices[slots], snapshot.record[rows], rows, snapshot.a[rows] == near)

    def ids(places: Places) -> list[str]:
        return snapshot.columns.ids_of(snapshot.nodes[places])

    def named(steps: Steps) -> Sequence[Tie]:
        names, keys = snapshot.columns.names, snapshot.keys_of(np.unique(steps.record).tolist())
        return [
            Tie(
                keys[int(snapshot.record[row])],
                names[snapshot.tie_schema[row]],
                snapshot.id_at(int(snapshot.a[row])),
                snapshot.id_at(int(snapshot.b[row])),
                names[snapshot.role_a[row]],
                names[snapshot.role_b[row]],
                day_text(int(snapshot.day[row])),
            )
            for row in steps.shape.tolist()
            if int(snapshot.record[row]) in keys  # access to it may have been taken away meanwhile
        ]

    return Ground(np.diff(csr.indptr), steps, ids, named)


def day_text(day: int) -> str:
    """A tie's day as ISO text; "" where it is not known."""
    return "" if day == int(NO_DAY) else date.fromordinal(day).isoformat()
