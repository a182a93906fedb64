"""Which agencies hold something about the entities of a projection."""

from typing import NamedTuple

import numpy as np

from workbench.analytics.projection import Projection
from workbench.store.assembly import each_once
from workbench.store.columns import Int64
from workbench.view.patterns import pair_codes
from workbench.view.snapshot import Snapshot


class Knowing(NamedTuple):
    """Which agency has a referent of which entity: places and numbers of `names`, each pair once, in order."""

    place: Int64
    agency: Int64
    names: list[str]


def knowing(snapshot: Snapshot) -> Knowing:
    """Which agencies have a referent of each entity of a snapshot; agencies are numbered by name."""
    names, agency = np.unique([each.agency for each in snapshot.datasets], return_inverse=True)
    places, known = snapshot.places(snapshot.present), agency[snapshot.dataset_of(snapshot.present)]
    codes = each_once(pair_codes(places, known, len(names)))
    return Knowing(codes // max(len(names), 1), codes % max(len(names), 1), names.tolist())


def agencies_of(found: Projection, labels: Int64) -> list[tuple[str, ...]]:
    """For each group of a projection's nodes, the agencies of which a member has a referent, by name.

    `labels` has the group of each node. Groups come the largest first, equals by their first node.
    """
    known, group = knowing(found.snapshot), np.full(len(found.snapshot.nodes), -1, np.int64)
    group[found.nodes] = np.unique(labels, return_inverse=True)[1]
    of = group[known.place]
    pairs = np.unique(np.column_stack([of, known.agency])[of >= 0], axis=0)
    sizes, first = np.bincount(group[found.nodes]), np.unique(labels)
    order = np.lexsort((first, -sizes))
    starts, ends = (np.searchsorted(pairs[:, 0], order, side) for side in ("left", "right"))
    return [
        tuple(known.names[number] for number in pairs[start:end, 1].tolist())
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]
