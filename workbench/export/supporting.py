"""The records that something drawn rests on: who sees it, and how it is marked, follow from them."""

from collections.abc import Collection, Iterable, Iterator

import numpy as np

from workbench.resolve.joining import joining
from workbench.store.columns import About, Bool, Int64, Ties
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
    numbers = np.concatenate([_about(snapshot, drawn), _among(snapshot, drawn), _mentioning(snapshot, drawn)])
    known = snapshot.keys_of(np.unique(numbers).tolist())
    return tuple(sorted({*brought, *known.values(), *joining(view, on_the_way)}))


@question
def one_of_each(view: View, records: Iterable[str]) -> tuple[str, ...]:
    """Keys of one of these records for each marking that they have by each agency, sorted; and of those not seen.

    They are seen together by whoever sees all of them together, until one is re-marked.
    """
    snapshot, wanted = view.snapshot(), set(records)
    known = _numbered(snapshot, wanted)
    rows = _rows_of(snapshot, np.array(sorted(known.values()), dtype=np.int64))
    vis = np.concatenate([part.vis[at] for part, at in rows])
    record = np.concatenate([part.record[at] for part, at in rows])
    first = record[np.unique(vis, return_index=True)[1]]
    return tuple(sorted({*snapshot.keys_of(first.tolist()).values(), *(wanted - known.keys())}))


def _on_the_way(view: View, records: list[str]) -> Bool:
    """A mask over the columns' entities: all referents of what some records are about or tie."""
    snapshot = view.snapshot()
    if len(records) < _MANY:
        return snapshot.mask_of(_tied_by(view, records))
    numbers = np.array(sorted(_numbered(snapshot, records).values()), dtype=np.int64)
    (about, told), (ties, tied) = _rows_of(snapshot, numbers)
    mask = np.zeros(len(snapshot.columns.ids), dtype=bool)
    mask[about.entity[told]] = mask[ties.a[tied]] = mask[ties.b[tied]] = True
    return snapshot.with_referents(mask)


def _tied_by(view: View, records: list[str]) -> Iterator[str]:
    """Ids of what some records are about or tie."""
    for each in view.records(records):
        yield each.record.entity
        yield from (each.record.referent(role.ref) for role in each.record.roles)


def _numbered(snapshot: Snapshot, records: Collection[str]) -> dict[str, int]:
    """The numbers of those of some records that the snapshot has, by key."""
    wanted, columns = set(records), snapshot.columns
    every = np.union1d(columns.about.record, columns.ties.record).tolist()
    return {key: number for number, key in snapshot.keys_of(every).items() if key in wanted}


def _rows_of(snapshot: Snapshot, numbers: Int64) -> tuple[tuple[About, Bool], tuple[Ties, Bool]]:
    """The rows of the columns that tell of some records: of what is said of entities, and of ties."""
    about, ties = snapshot.columns.about, snapshot.columns.ties
    return (about, np.isin(about.record, numbers)), (ties, np.isin(ties.record, numbers))


def _about(snapshot: Snapshot, drawn: Bool) -> Int64:
    about = snapshot.columns.about
    return about.record[drawn[about.entity]]


def _among(snapshot: Snapshot, drawn: Bool) -> Int64:
    shown = drawn[snapshot.nodes]
    return snapshot.record[shown[snapshot.a] & shown[snapshot.b]]


def _mentioning(snapshot: Snapshot, drawn: Bool) -> Int64:
    """Records that refer to an entity of which no other record drawn tells."""
    told, ties = np.zeros(len(drawn), dtype=bool), snapshot.columns.ties
    told[snapshot.columns.about.entity] = True
    shown = drawn[snapshot.nodes]
    rows = shown[snapshot.a] & shown[snapshot.b]
    told[snapshot.nodes[snapshot.a[rows]]] = told[snapshot.nodes[snapshot.b[rows]]] = True
    alone = drawn & ~snapshot.with_referents(told)
    return ties.record[alone[ties.a] | alone[ties.b]]
