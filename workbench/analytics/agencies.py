"""Which agencies hold something about the entities of a projection."""

import numpy as np

from workbench.analytics.projection import Projection
from workbench.store.columns import Int64


def agencies_of(found: Projection, labels: Int64) -> list[tuple[str, ...]]:
    """For each group of a projection's nodes, the agencies of which a member has a referent, by name.

    `labels` has the group of each node. Groups come the largest first, equals by their first node.
    """
    snapshot = found.snapshot
    names, agency = np.unique([each.agency for each in snapshot.datasets], return_inverse=True)
    group = np.full(len(snapshot.nodes), -1, np.int64)
    group[found.nodes] = np.unique(labels, return_inverse=True)[1]
    of, known = group[snapshot.places(snapshot.present)], agency[snapshot.dataset_of(snapshot.present)]
    pairs = np.unique(np.column_stack([of, known])[of >= 0], axis=0)
    sizes, first = np.bincount(group[found.nodes]), np.unique(labels)
    order = np.lexsort((first, -sizes))
    starts, ends = (np.searchsorted(pairs[:, 0], order, side) for side in ("left", "right"))
    told = names.tolist()
    return [
        tuple(told[number] for number in pairs[start:end, 1].tolist())
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]
