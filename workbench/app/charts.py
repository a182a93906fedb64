"""Charts in the store: they save themselves, and reopen by name in another view.

What is kept are entities and record keys, never canonical ids: each thing on the canvas is
kept as all of its referents, and reopens as whatever the reader's view makes of them. A
chart, its name included, is seen by those who may see every record behind it: also those of
the paths, leads and findings that put something on it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

import numpy as np

from workbench.app.chart import Chart, Filters, Lead
from workbench.errors import NotFound
from workbench.export.supporting import supporting
from workbench.model.marking import Level, Marking
from workbench.store.types import Document
from workbench.view.asking import question, writing
from workbench.view.snapshot import Snapshot
from workbench.view.store import GraphStore
from workbench.view.view import View

KIND = "chart"
_NOBODY = "LOCAL"


@writing
def save(
    store: GraphStore, view: View, name: str, chart: Chart, records: Iterable[str] = (), standing: str = ""
) -> Document:
    """Keep a chart under a name, as its author's: what was kept. StoreBusy while a load runs.

    `records` are the keys of those that the name may tell of, whatever is on the chart now. `standing` is when
    the version was kept that this one follows, "" for a new chart: where the author kept another one under this
    name since then, in another session, that one stays, and this one gets a name of its own.
    """
    named = sorted(set(records))
    keys = sorted({*named, *evidence(view, chart)})
    kept = body(view, chart) | {"named": named}
    agencies = sorted(view.viewer.agencies) or [_NOBODY]
    with store.lease():  # the author's other sessions save too
        now = store.view(view.viewer, purpose=view.purpose)
        free, at = _free(now, name, standing), datetime.now(UTC).isoformat(timespec="microseconds")
        document = Document(KIND, free, 0, view.viewer.name, at, kept)
        store.save_document(document, agencies[0], _marking(now, keys), keys)
    return document


def _free(now: View, name: str, standing: str) -> str:
    """The name, or if another session's chart has it, the first of NAME (2), NAME (3) ... that none has."""
    mine = {each.name: each.at for each in now.documents(KIND) if each.by == now.viewer.name}
    if mine.get(name, standing) == standing:
        return name
    return next(other for n in count(2) if (other := f"{name} ({n})") not in mine)


@question
def saved(view: View) -> tuple[Document, ...]:
    """Charts that this view sees, newest first."""
    return tuple(sorted(view.documents(KIND), key=lambda each: (each.at, each.name, each.by), reverse=True))


@question
def evidence(view: View, chart: Chart) -> tuple[str, ...]:
    """Keys of the records behind a chart: of what is on it, and of what put it there.

    Those that were superseded since, or that the view does not see, stay among them.
    """
    leads = {key for lead in chart.leads for key in lead.records}
    return tuple(sorted(chart.records.union(supporting(view, chart.entities, leads))))


@question
def body(view: View, chart: Chart) -> dict[str, Any]:
    """A chart as a document: entities by all of their referents, all else by their numbers."""
    snapshot = view.snapshot()
    number = {entity: n for n, entity in enumerate(chart.entities)}
    filters = chart.filters
    return {
        "entities": [snapshot.referents(each) for each in chart.entities],
        "hidden": sorted(number[entity] for entity in chart.hidden),
        "positions": [list(chart.positions.get(entity, ())) for entity in chart.entities],
        "path": [number.get(chart.start), number.get(chart.end), chart.projection, chart.choice],
        "leads": [
            [number[x.a], number[x.b], x.score, *x.records] for x in chart.leads if x.a in number and x.b in number
        ],
        "records": sorted(chart.records),
        "filters": {
            "agencies": sorted(filters.agencies),
            "schemata": sorted(filters.schemata),
            "relationships": sorted(filters.relationships),
            "since": filters.since,
            "until": filters.until,
        },
    }


@question
def reopened(view: View, kept: Mapping[str, Any]) -> Chart:
    """The chart of a document as this view sees it; what it does not see is not on it.

    A lead is on it where the view sees all of its records.
    """
    snapshot = view.snapshot()
    found = [_canonical(snapshot, referents) for referents in kept["entities"]]
    places = {e: (at[0], at[1]) for e, at in zip(found, kept["positions"], strict=True) if e and at}
    start, end, projection, choice = kept["path"]
    name = _names(found)
    return Chart(
        entities=tuple(dict.fromkeys(entity for entity in found if entity)),
        hidden=frozenset(filter(None, map(name, kept["hidden"]))),
        positions=places,
        start=name(start),
        end=name(end),
        projection=projection,
        choice=choice,
        filters=_filters(snapshot, kept["filters"]),
        leads=tuple({(lead.a, lead.b): lead for lead in _leads(view, name, kept["leads"])}.values()),
        records=frozenset(kept.get("records", ())),
    )


def _leads(view: View, name: Callable[[int | None], str], kept: Sequence[Sequence[Any]]) -> Iterator[Lead]:
    """The leads between two entities of the view whose records it sees; what rests on none is no lead."""
    seen = {each.key for each in view.records(sorted({key for _, _, _, *keys in kept for key in keys}))}
    for a, b, score, *keys in kept:
        lead = Lead(name(a), name(b), score, tuple(keys))
        if lead.a and lead.b and lead.a != lead.b and keys and seen.issuperset(keys):
            yield lead


def _filters(snapshot: Snapshot, kept: Mapping[str, Any]) -> Filters:
    """Kept filters without the agencies and schemata of which the view has nothing."""
    relationships = frozenset(snapshot.names[n] for n in np.unique(snapshot.tie_schema).tolist())
    return Filters(
        agencies=snapshot.agencies.intersection(kept["agencies"]),
        schemata=frozenset(snapshot.schemata).intersection(kept["schemata"]),
        relationships=relationships.intersection(kept["relationships"]),
        since=str(kept["since"]),
        until=str(kept["until"]),
    )


def _names(found: Sequence[str]) -> Callable[[int | None], str]:
    return lambda number: "" if number is None else found[number]


def _canonical(snapshot: Snapshot, referents: Iterable[str]) -> str:
    """What a view calls the first of these entities that it sees; "" if it sees none."""
    for referent in referents:
        try:
            return snapshot.canonical(referent)
        except NotFound:
            continue
    return ""


def _marking(view: View, keys: Sequence[str]) -> Marking:
    """Level, compartments and handling of all that a chart rests on; for the author's agencies.

    What the author does not see counts as of the highest level; its own marking holds beside this one.
    """
    known = view.markings_of(keys)
    found = set(known.values())
    return Marking(
        level=max(each.level for each in found) if found and known.keys() >= set(keys) else Level.SECRET,
        releasable=view.viewer.agencies,
        compartments=frozenset[str]().union(*(each.compartments for each in found)),
        handling=frozenset[str]().union(*(each.handling for each in found)),
    )
