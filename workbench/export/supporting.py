"""The records that something drawn rests on: who sees it, and how it is marked, follow from them."""

from collections.abc import Iterable, Iterator

import numpy as np

from workbench.resolve.joining import joining
from workbench.store.columns import Bool, Int64
from workbench.view.asking import question
from workbench.view.snapshot import Snapshot
from workbench.view.view import View

# From so many records on it is quicker to go through the columns than to read the records.
_MANY = 2_000


@question
def supporting(view: View, entities: Iterable[str], records: Iterable[str] = ()) -> tuple[str, ...]:
    """Keys of the records that a drawing of these entities rests on, sorted.

    They are those about the entities, those of the relationships among them, `records` (of
    what put them there: a path, a lead), and those by which the referents of one entity are
    one, be it drawn or on the way of `records`.
    """
    snapshot, brought = view.snapshot(), sorted(set(records))
    drawn = snapshot.mask_of(entities)
    on_the_way = drawn | _on_the_way(view, brought)
    numbers = np.concatenate([snapshot.records_about(drawn), _among(snapshot, drawn), _mentioning(snapshot, drawn)])
    known = snapshot.keys_of(np.unique(numbers).tolist())
    return tuple(sorted({*brought, *known.values(), *joining(view, on_the_way)}))


@question
def one_of_each(view: View, records: Iterable[str]) -> tuple[str, ...]:
    """Keys of one of these records for each marking that they have by each agency, sorted; and of those not seen.

    They are seen together by whoever sees all of them together, until one is re-marked.
    """
    snapshot, wanted = view.snapshot(), set(records)
    known = snapshot.numbered(wanted)
    first = snapshot.one_of_each_class(_array(known.values()))
    return tuple(sorted({*snapshot.keys_of(first.tolist()).values(), *(wanted - known.keys())}))


def _on_the_way(view: View, records: list[str]) -> Bool:
    """A mask over the columns' entities: all referents of what some records are about or tie."""
    snapshot = view.snapshot()
    if len(records) < _MANY:
        return snapshot.mask_of(_tied_by(view, records))
    return snapshot.with_referents(snapshot.told_of(_array(snapshot.numbered(records).values())))


def _tied_by(view: View, records: list[str]) -> Iterator[str]:
    """Ids of what some records are about or tie."""
    for each in view.records(records):
        yield each.record.entity
        yield from (each.record.referent(role.ref) for role in each.record.roles)


def _array(numbers: Iterable[int]) -> Int64:
    return np.array(sorted(numbers), dtype=np.int64)


def _among(snapshot: Snapshot, drawn: Bool) -> Int64:
    shown = drawn[snapshot.nodes]
    return snapshot.record[shown[snapshot.a] & shown[snapshot.b]]


def _mentioning(snapshot: Snapshot, drawn: Bool) -> Int64:
    """Records that refer to an entity of which no other record drawn tells."""
    told, shown = snapshot.described, drawn[snapshot.nodes]
    rows = shown[snapshot.a] & shown[snapshot.b]
    told[snapshot.nodes[snapshot.a[rows]]] = told[snapshot.nodes[snapshot.b[rows]]] = True
    return snapshot.records_naming(drawn & ~snapshot.with_referents(told))
