"""The records behind many edges of a projection: found for all edges at once, and then looked up."""

from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np

from workbench.analytics.projection import Projection
from workbench.model.numbers import Place, RecordNumber
from workbench.store.assembly import each_once
from workbench.store.columns import Int64
from workbench.view.adjacency import ranges
from workbench.view.patterns import pair_codes

Pair = tuple[Place, Place]


class Behind:
    """Looks up the records behind edges; those that `Projection.rows_between` finds for one pair of nodes."""

    def __init__(self, found: Projection) -> None:
        edges, self._n = found.edges, max(len(found.snapshot.nodes), 1)
        self._directed = found.directed
        codes = pair_codes(edges.a, edges.b, self._n).tolist()
        self._edge = {code: number for number, code in enumerate(codes)}
        self._start, self._records = (each.tolist() for each in _by_edge(found))

    def records(self, pairs: Iterable[Pair]) -> frozenset[RecordNumber]:
        """The numbers of the records behind the edges between some pairs of nodes, in either direction."""
        edges = (self._edge.get(a * self._n + b) for pair in pairs for a, b in self._ways(*pair))
        some = (self._records[self._start[each] : self._start[each + 1]] for each in edges if each is not None)
        return frozenset(chain.from_iterable(some))

    def _ways(self, a: Place, b: Place) -> Iterator[Pair]:
        yield min(a, b), max(a, b)
        if self._directed:
            yield max(a, b), min(a, b)


def _by_edge(found: Projection) -> tuple[Int64, Int64]:
    """Where the records of each edge start, and the records."""
    edge, row = rows_of_edges(found)
    record = found.snapshot.record.astype(np.int64)
    most = int(record.max(initial=0)) + 1
    every = each_once(edge * most + record[row])
    return np.searchsorted(every // most, np.arange(len(found.edges.a) + 1)).astype(np.int64), every % most


def rows_of_edges(found: Projection) -> tuple[Int64, Int64]:
    """Each edge by its index, and each tie of the snapshot behind it; a pair may come several times."""
    reasons = found.edges.reasons()
    order = np.argsort(reasons.leg, kind="stable")
    rows = reasons.row[order]
    start = np.searchsorted(reasons.leg[order], np.arange(int(reasons.leg.max(initial=-1)) + 2))
    edges, ties = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for legs in reasons.cuts:  # every leg of every derivation is in one of them
        slots, of = ranges(start[legs], start[legs + 1])
        edges.append(reasons.edge[of].astype(np.int64))
        ties.append(rows[slots].astype(np.int64))
    return np.concatenate(edges), np.concatenate(ties)
