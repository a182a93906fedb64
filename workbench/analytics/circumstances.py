"""What two nodes of a projection have in common that makes no tie: phones that both called, places where both were.

`projections.toml` says of each kind by which steps a node comes to a thing. A record that is behind a tie does not
count: otherwise a tie that is hidden to be found again would be told by the record that made it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.analytics.engines import Network
from workbench.analytics.links.common import InCommon
from workbench.analytics.projection import Projection, circumstances_of
from workbench.model.numbers import Place
from workbench.store.columns import NO_DAY, Bool, Int64
from workbench.view.adjacency import ranges
from workbench.view.patterns import Pairs, Pattern, TieIndex

_DAYS = 4_000_000  # more than there are days: a place on a day is a thing of its own


@dataclass(frozen=True)
class Circumstance:
    """One kind: which node of the network came to which thing, by which tie of the snapshot."""

    node: Int64
    thing: Int64
    row: Int64

    def in_common(self, n: int) -> InCommon:
        """The same as a feature of pairs of n nodes."""
        return InCommon.of(n, self.node, self.thing)

    def shared(self, a: int, b: int) -> Iterator[tuple[Place, tuple[int, ...]]]:
        """The things that two nodes have in common, and the ties by which they came to each."""
        mine, yours = (np.unique(self.thing[self.node == each]) for each in (a, b))
        for thing in np.intersect1d(mine, yours).tolist():
            rows = self.row[(self.thing == thing) & ((self.node == a) | (self.node == b))]
            yield Place(thing // _DAYS), tuple(np.unique(rows).tolist())


def circumstances(found: Projection, network: Network) -> Mapping[str, Circumstance]:
    """Each kind of the projection, by name; `network` is that of the projection."""
    tables = circumstances_of(found.name)
    if not tables:
        return {}
    walks = _Walks(found, network)
    return {name: walks.circumstance(table) for name, table in tables.items()}


class _Walks:
    """Follows steps from the nodes of a network, along records that are behind no tie."""

    def __init__(self, found: Projection, network: Network) -> None:
        snapshot = self._snapshot = found.snapshot
        self._ties = TieIndex(snapshot)
        self._place = np.full(len(snapshot.nodes), -1, np.int64)
        self._place[network.nodes] = np.arange(network.n)
        self._behind: Bool = np.zeros(int(snapshot.record.max(initial=0)) + 1, bool)
        self._behind[found.records(found.edges.rows)] = True
        self._no_thing = found.edges.place >= 0
        self._no_thing[[snapshot.position(each.entity) for each in found.set_aside if each.entity]] = True

    def circumstance(self, table: Mapping[str, Any]) -> Circumstance:
        """What nodes come to by any way of a kind; on a day, if the kind says so."""
        parts = zip(*(self._walked(way) for way in table["ways"]), strict=True)
        node, thing, row = (np.concatenate(each) for each in parts)
        if not table.get("day", False):
            return Circumstance(node, thing * _DAYS, row)
        day = self._snapshot.day[row].astype(np.int64)
        dated = day != NO_DAY
        return Circumstance(node[dated], (thing * _DAYS + day)[dated], row[dated])

    def _walked(self, way: Sequence[Sequence[str]]) -> tuple[Int64, Int64, Int64]:
        """The nodes that come to a thing by one or two steps, the thing, and the tie of the last step."""
        *before, last = (self._ties.find([Pattern(*step)]) for step in way)
        node, carrier = self._carried(before)
        last = last.take(~self._behind[self._snapshot.record[last.row]] & ~self._no_thing[last.y])
        order = np.argsort(last.x, kind="stable")
        starts, ends = (np.searchsorted(last.x[order], carrier, side) for side in ("left", "right"))
        slots, of = ranges(starts, ends)
        return node[of], last.y[order[slots]].astype(np.int64), last.row[order[slots]]

    def _carried(self, before: Sequence[Pairs]) -> tuple[Int64, Int64]:
        """Each node, and who takes the last step for it: itself, or what it holds."""
        if not before:
            own = np.flatnonzero(self._place >= 0)
            return self._place[own], own.astype(np.int64)
        kept = before[0].take(self._place[before[0].x] >= 0)
        return self._place[kept.x], kept.y.astype(np.int64)
