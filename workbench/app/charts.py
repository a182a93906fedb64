"""Charts in the store: they are saved automatically, and can be reopened in another view.

A chart stores entities and record keys, never canonical ids: each entity on the canvas is stored as all
of its referents, and reopens as the entity that the reader's view makes of them. A chart and its name are
visible only to those who may see every record behind it, including the records of the paths, leads and
findings that put something on it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from workbench.app.chart import Chart, Filters, Lead
from workbench.errors import NotFound
from workbench.export.supporting import supporting
from workbench.model.marking import Level, Marking, strictest
from workbench.store.types import Document
from workbench.view.access import answer
from workbench.view.asking import question, writing
from workbench.view.present import present
from workbench.view.store import GraphStore
from workbench.view.view import View
from workbench.view.who import members_of

KIND = "chart"
_NOBODY = "LOCAL"
_OF_STUBS = "Thing"  # the schema that is shown for an entity without a record


@writing
def save(
    store: GraphStore, view: View, name: str, chart: Chart, records: Iterable[str] = (), standing: str = ""
) -> Document:
    """Save a chart under a name, for its author; returns the document. StoreBusy while a load runs.

    `records` are keys of records that the name may reveal, whatever is on the chart now. `standing` is the time of
    the version that this one follows, "" for a new chart. If another session of the author has saved a chart under
    this name since then, that one stays, and this one gets another name.
    """
    named = sorted(set(records))
    keys = sorted({*named, *evidence(view, chart)})
    kept = body(view, chart) | {"named": named}
    agencies = sorted(view.viewer.agencies) or [_NOBODY]
    with store.lease():  # the author's other sessions may save too
        now = store.view(view.viewer, purpose=view.purpose)
        free, at = _free(now, name, standing), datetime.now(UTC).isoformat(timespec="microseconds")
        document = Document(KIND, free, 0, view.viewer.name, at, kept)
        store.save_document(document, agencies[0], _marking(now, keys), keys)
    return document


def _free(now: View, name: str, standing: str) -> str:
    """The name; if another session's chart has it, the first free one of NAME (2), NAME (3) ..."""
    mine = {each.name: each.at for each in now.documents(KIND) if each.by == now.viewer.name}
    if mine.get(name, standing) == standing:
        return name
    return next(other for n in count(2) if (other := f"{name} ({n})") not in mine)


@question
def saved(view: View) -> tuple[Document, ...]:
    """The charts that this view sees, newest first."""
    return tuple(sorted(view.documents(KIND), key=lambda each: (each.at, each.name, each.by), reverse=True))


@question
def evidence(view: View, chart: Chart) -> tuple[str, ...]:
    """The keys of the records behind a chart: of everything on it, and of what put it there.

    Records that were superseded, or that the view does not see, are included.
    """
    leads = {key for lead in chart.leads for key in lead.records}
    return tuple(sorted(chart.records.union(supporting(view, chart.entities, leads))))


@question
def body(view: View, chart: Chart) -> dict[str, Any]:
    """A chart as a document: each entity as all of its referents, and references to entities as their numbers."""
    members = members_of(view, chart.entities)
    number = {entity: n for n, entity in enumerate(chart.entities)}
    filters = chart.filters
    return {
        "entities": [list(_all_of(members, each)) for each in chart.entities],
        "hidden": sorted(number[entity] for entity in chart.hidden),
        "positions": [list(chart.positions.get(entity, ())) for entity in chart.entities],
        "path": [number.get(chart.start), number.get(chart.end), chart.projection, chart.choice],
        "leads": [[number[x.a], number[x.b], *x.records] for x in chart.leads if x.a in number and x.b in number],
        "records": sorted(chart.records),
        "filters": {
            "agencies": sorted(filters.agencies),
            "schemata": sorted(filters.schemata),
            "relationships": sorted(filters.relationships),
            "since": filters.since,
            "until": filters.until,
            "accepted": filters.accepted,
        },
    }


@answer
def reopened(view: View, kept: Mapping[str, Any]) -> Chart:
    """The chart of a document, without entities that this view does not see.

    A lead is on it only if the view sees all of its records.
    """
    members = members_of(view, sorted({each for referents in kept["entities"] for each in referents}))
    names = [next((members[each][0] for each in referents if each in members), "") for referents in kept["entities"]]
    places = {e: (at[0], at[1]) for e, at in zip(names, kept["positions"], strict=True) if e and at}
    start, end, projection, choice = kept["path"]
    name = _names(names)
    return Chart(
        entities=tuple(dict.fromkeys(entity for entity in names if entity)),
        hidden=frozenset(filter(None, map(name, kept["hidden"]))),
        positions=places,
        start=name(start),
        end=name(end),
        projection=projection,
        choice=choice,
        filters=_filters(view, kept["filters"]),
        leads=tuple({(lead.a, lead.b): lead for lead in _leads(view, name, kept["leads"])}.values()),
        records=frozenset(kept.get("records", ())),
    )


def _leads(view: View, name: Callable[[int | None], str], kept: Sequence[Sequence[Any]]) -> Iterator[Lead]:
    """The leads between two entities of the view whose records it sees; a lead without records is dropped."""
    seen = {each.key for each in view.records(sorted({key for _, _, *keys in kept for key in keys}))}
    for a, b, *keys in kept:
        lead = Lead(name(a), name(b), tuple(keys))
        if lead.a and lead.b and lead.a != lead.b and keys and seen.issuperset(keys):
            yield lead


def _filters(view: View, kept: Mapping[str, Any]) -> Filters:
    """Saved filters without agencies and schemata that the view has no record of."""
    here = present(view)
    return Filters(
        agencies=here.agencies.intersection(kept["agencies"]),
        schemata=(here.schemata | {_OF_STUBS}).intersection(kept["schemata"]),
        relationships=here.schemata.intersection(kept["relationships"]),
        since=str(kept["since"]),
        until=str(kept["until"]),
        accepted=bool(kept.get("accepted", False)),
    )


def _names(found: Sequence[str]) -> Callable[[int | None], str]:
    return lambda number: "" if number is None else found[number]


def _all_of(members: Mapping[str, Sequence[str]], entity: str) -> Sequence[str]:
    if entity not in members:
        raise NotFound("entity", entity, "entity")
    return members[entity]


def _marking(view: View, keys: Sequence[str]) -> Marking:
    """The marking of a chart, for the author's agencies: level, compartments and handling of all its records.

    A record that the author does not see counts as SECRET; its own marking applies in addition.
    """
    known = view.markings_of(keys)
    every = strictest(known.values(), view.viewer.agencies)
    return every if known and known.keys() >= set(keys) else replace(every, level=Level.SECRET)
