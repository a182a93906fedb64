"""A whole view read through, some thousand records at a time: for tables and exports."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from workbench.model.numbers import Place
from workbench.model.ontology import ontology
from workbench.store.columns import Bool, Int64
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
    """Every entity, stubs too, or those of a schema or one that extends it, in order of ids."""
    snapshot = view.snapshot()
    place, record = snapshot.about
    order = np.argsort(place, kind="stable")
    place, record = place[order], record[order]
    places = np.arange(len(snapshot.nodes))
    if schema:
        places = places[np.append(_of(snapshot, schema), False)[snapshot.schema]]  # a stub's number is -1
    for start in range(0, len(places), _AT_ONCE):
        some = places[start : start + _AT_ONCE]
        first, last = np.searchsorted(place, [some[0], some[-1] + 1]).tolist()
        yield from _described(view, snapshot, some, place[first:last], record[first:last])


def _described(view: View, snapshot: Snapshot, some: Int64, place: Int64, record: Int64) -> Iterator[Described]:
    among = np.isin(place, some)
    place, record = place[among], record[among]
    keys = snapshot.keys_of(record.tolist())
    where = {keys[number]: Place(p) for number, p in zip(record.tolist(), place.tolist(), strict=True)}
    found: dict[Place, list[SourcedRecord]] = {Place(p): [] for p in some.tolist()}
    for each in view.records(sorted(where)):
        found[where[each.key]].append(each)
    summaries = view.summaries([snapshot.id_at(p) for p in found])
    yield from (Described(summary, tuple(found[p])) for p, summary in zip(found, summaries, strict=True))


@question
def relationships(view: View, schema: str = "") -> Iterator[SourcedRecord]:
    """Every relationship's record, of a schema or one that extends it if it is given, ordered by key."""
    snapshot = view.snapshot()
    wanted = _of(snapshot, schema) if schema else np.ones(len(snapshot.names), dtype=bool)
    keys = sorted(snapshot.keys_of(snapshot.relating(wanted).tolist()).values())
    for start in range(0, len(keys), _AT_ONCE):
        yield from view.records(keys[start : start + _AT_ONCE])


def roles(snapshot: Snapshot, each: SourcedRecord) -> dict[str, list[str]]:
    """The canonical ids that fill the roles of a record, in order; NotFound if the snapshot's view does not see it."""
    found: dict[str, set[str]] = {}
    for role in each.record.roles:
        found.setdefault(role.name, set()).add(snapshot.canonical(each.record.referent(role.ref)))
    return {name: sorted(ids) for name, ids in sorted(found.items())}


def _of(snapshot: Snapshot, schema: str) -> Bool:
    """Which names of the columns are the schema, or one that extends it."""
    known, names = ontology(), snapshot.names
    return np.array([name in known.schemata and known.is_a(name, schema) for name in names], dtype=bool)
