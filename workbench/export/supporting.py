"""The records that a drawing rests on: they decide who may see it, and how it is marked."""

from collections.abc import Iterable, Iterator

import numpy as np

from workbench.resolve.joining import joining
from workbench.store.columns import Bool, Int64
from workbench.view.asking import question
from workbench.view.snapshot import Snapshot
from workbench.view.view import View

# With at least this many records, going through the columns is faster than reading the records.
_MANY = 2_000


@question
def supporting(view: View, entities: Iterable[str], records: Iterable[str] = ()) -> tuple[str, ...]:
    """The keys of the records that a drawing of these entities rests on, sorted.

    These are the records about the entities, the relationships among them, `records` (the records
    that put the entities there, such as those of a path), and the records that join the referents of
    any entity that is drawn or that `records` mention.
    """
    snapshot, brought = view.snapshot(), sorted(set(records))
    drawn = snapshot.mask_of(entities)
    on_the_way = drawn | _on_the_way(view, brought)
    numbers = np.concatenate([snapshot.records_about(drawn), _among(snapshot, drawn), _mentioning(snapshot, drawn)])
    known = snapshot.keys_of(np.unique(numbers).tolist())
    return tuple(sorted({*brought, *known.values(), *joining(view, on_the_way)}))


@question
def one_of_each(view: View, records: Iterable[str]) -> tuple[str, ...]:
    """One key for each combination of agency and marking among these records, and all keys not visible here, sorted.

    Until a record is re-marked, whoever may see the records returned may see all of `records`.
    """
    snapshot, wanted = view.snapshot(), set(records)
    known = snapshot.numbered(wanted)
    first = snapshot.one_of_each_class(_array(known.values()))
    return tuple(sorted({*snapshot.keys_of(first.tolist()).values(), *(wanted - known.keys())}))


def _on_the_way(view: View, records: list[str]) -> Bool:
    """A mask over entity numbers: all referents of the entities that some records are about or tie."""
    snapshot = view.snapshot()
    if len(records) < _MANY:
        return snapshot.mask_of(_tied_by(view, records))
    return snapshot.with_referents(snapshot.told_of(_array(snapshot.numbered(records).values())))


def _tied_by(view: View, records: list[str]) -> Iterator[str]:
    """The ids of the entities that some records are about or tie."""
    for each in view.records(records):
        yield each.record.entity
        yield from (each.record.referent(role.ref) for role in each.record.roles)


def _array(numbers: Iterable[int]) -> Int64:
    return np.array(sorted(numbers), dtype=np.int64)


def _among(snapshot: Snapshot, drawn: Bool) -> Int64:
    shown = drawn[snapshot.nodes]
    return snapshot.record[shown[snapshot.a] & shown[snapshot.b]]


def _mentioning(snapshot: Snapshot, drawn: Bool) -> Int64:
    """Records that refer to a drawn entity that is a stub."""
    told, shown = snapshot.described, drawn[snapshot.nodes]
    rows = shown[snapshot.a] & shown[snapshot.b]
    told[snapshot.nodes[snapshot.a[rows]]] = told[snapshot.nodes[snapshot.b[rows]]] = True
    return snapshot.records_naming(drawn & ~snapshot.with_referents(told))
