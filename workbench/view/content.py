"""Read a whole view, some thousand records at a time: for tables and exports."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from workbench.model.numbers import Place
from workbench.model.ontology import ontology
from workbench.store.columns import Bool, Int32, Int64
from workbench.store.types import SourcedRecord
from workbench.view.answers import Summary
from workbench.view.asking import question
from workbench.view.snapshot import Snapshot
from workbench.view.view import View

_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Described:
    """A canonical entity and the records about it, ordered by key; a stub has none."""

    summary: Summary
    records: tuple[SourcedRecord, ...]


@question
def entities(view: View, schema: str = "") -> Iterator[Described]:
    """Every entity, stubs included, in order of ids; with `schema`, only those of it or of one that extends it."""
    snapshot = view.snapshot()
    place, record = snapshot.about
    order = np.argsort(place, kind="stable")
    place, record = place[order], record[order]
    places = np.arange(len(snapshot.nodes))
    if schema:
        places = places[np.append(_of(snapshot, schema), False)[snapshot.schema]]  # -1, a stub, picks the last: False
    for start in range(0, len(places), _AT_ONCE):
        some = places[start : start + _AT_ONCE]
        first, last = np.searchsorted(place, [some[0], some[-1] + 1]).tolist()
        yield from _described(view, snapshot, some, place[first:last], record[first:last])


def _described(view: View, snapshot: Snapshot, some: Int64, place: Int64, record: Int32) -> Iterator[Described]:
    among = np.isin(place, some)
    place, record = place[among], record[among]
    keys = snapshot.keys_of(record.tolist())
    where = {keys[number]: Place(p) for number, p in zip(record.tolist(), place.tolist(), strict=True)}
    records: dict[Place, list[SourcedRecord]] = {Place(p): [] for p in some.tolist()}
    for each in view.records(sorted(where)):
        records[where[each.key]].append(each)
    summaries = view.summaries([snapshot.id_at(p) for p in records])
    yield from (Described(summary, tuple(records[p])) for p, summary in zip(records, summaries, strict=True))


@question
def relationships(view: View, schema: str = "") -> Iterator[SourcedRecord]:
    """Every relationship, ordered by key; with `schema`, only those of it or of one that extends it."""
    snapshot = view.snapshot()
    wanted = _of(snapshot, schema) if schema else np.ones(len(snapshot.names), dtype=bool)
    keys = sorted(snapshot.keys_of(snapshot.relating(wanted).tolist()).values())
    for start in range(0, len(keys), _AT_ONCE):
        yield from view.records(keys[start : start + _AT_ONCE])


def roles(snapshot: Snapshot, sourced: SourcedRecord) -> dict[str, list[str]]:
    """By role of a record, the canonical ids that fill it, in order; NotFound for a record outside the view."""
    fillers: dict[str, set[str]] = {}
    for role in sourced.record.roles:
        fillers.setdefault(role.name, set()).add(snapshot.canonical(sourced.record.referent(role.ref)))
    return {name: sorted(ids) for name, ids in sorted(fillers.items())}


def _of(snapshot: Snapshot, schema: str) -> Bool:
    """A mask over the snapshot's names: those of the schema and of all that extend it."""
    known, names = ontology(), snapshot.names
    return np.array([name in known.schemata and known.is_a(name, schema) for name in names], dtype=bool)
