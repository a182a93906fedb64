"""Which values are shared by so many that they say nothing: counted in the view, and only as far as is asked."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.model.ontology import ontology
from workbench.store.assembly import each_once
from workbench.store.columns import Int64
from workbench.view.patterns import Pattern, TieIndex, is_of
from workbench.view.snapshot import Snapshot

NOT_COMMON = -1


@dataclass(frozen=True, slots=True)
class Sharing:
    """A way to be common: more than `limit` entities fill the first role of the ties beside an entity in the second.

    It is of one of the schemata, or of one that extends them; "" stands for a stub. `name` is the kind of value.
    """

    name: str
    ties: tuple[Pattern, ...]
    schemata: tuple[str, ...]
    limit: int

    def fits(self, schema: str) -> bool:
        """Whether an entity of this schema ("" for a stub) can be common in this way."""
        known = ontology()
        return any(schema == each or (each and schema and known.is_a(schema, each)) for each in self.schemata)

    def names(self) -> set[str]:
        """The schemata of its ties, with those that extend them."""
        known = ontology()
        return {name for name in known.schemata for each in self.ties if known.is_a(name, each.schema)}


def holders(snapshot: Snapshot, ties: TieIndex, sharing: Sharing) -> Int64:
    """By how many others each entity of a snapshot is shared; 0 if it is of none of the schemata.

    `ties` has the snapshot's ties as recorded.
    """
    pairs = ties.find(sharing.ties)
    value, holder = snapshot.places(pairs.y), snapshot.places(pairs.x)
    fits = is_of(snapshot, sharing.schemata)[value]
    value, _ = distinct(value[fits], holder[fits])
    return np.bincount(value, minlength=len(snapshot.nodes)).astype(np.int64)


def first_ways(snapshot: Snapshot, sharings: Sequence[Sharing]) -> Int64:
    """For each entity of a snapshot the index of the first way in which it is common; NOT_COMMON without any."""
    known, first = snapshot.shared, np.full(len(snapshot.nodes), NOT_COMMON)
    fresh = [each for each in sharings if each not in known]
    ties = TieIndex(snapshot.recorded) if fresh else None
    for way, each in enumerate(sharings):
        if ties and each not in known:
            known[each] = holders(snapshot, ties, each) > each.limit
        first[(first == NOT_COMMON) & known[each]] = way
    return first


def distinct(value: Int64, holder: Int64) -> tuple[Int64, Int64]:
    """Each pair of a value and another entity that holds it, once, ordered by value."""
    other, n = value != holder, int(holder.max(initial=0)) + 1
    codes = each_once(value[other] * n + holder[other])
    return codes // n, codes % n
