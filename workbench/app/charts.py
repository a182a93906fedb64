"""Charts in the store: they are saved automatically, and can be reopened in another view.

A chart stores entities and record keys, never canonical ids: each entity on the canvas is stored as all
of its referents, and reopens as the entity that the reader's view makes of them. A chart and its name are
visible only to those who may see every record behind it, including the records of the paths, leads and
findings that put something on it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import count
from secrets import token_hex
from threading import Lock
from typing import Any

from workbench.app.chart import Chart, Derived, Group, Lead, Look
from workbench.app.colouring import said_of
from workbench.app.filters import Filters, sign
from workbench.errors import NotFound, UsageError
from workbench.export.supporting import supporting
from workbench.model.marking import Level, Marking, strictest
from workbench.store.types import Document
from workbench.view.access import answer
from workbench.view.asking import question, writing
from workbench.view.present import present
from workbench.view.store import GraphStore
from workbench.view.view import View
from workbench.view.who import members_of

KIND, VERSION = "chart", "chart version"
_NOBODY = "LOCAL"
_TURNS = Lock()  # whose turn it is to save a chart
_OF_STUBS = "Thing"  # the schema that is shown for an entity without a record


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a chart stands in the store: its id, its name, and the time of its newest version, "" for a new chart.

    `before` is the name that it had before a change of names, "" if it had none.
    """

    id: str
    name: str
    at: str = ""
    before: str = ""


@writing
def save(
    store: GraphStore,
    view: View,
    body: Mapping[str, Any],
    standing: Standing,
    records: Iterable[str],
    named: Iterable[str],
) -> Document:
    """Save a chart for its author, by its `body` in this view; returns the document. StoreBusy while a load runs.

    `records` are the keys of the records behind it, `named` those that its name may reveal, whatever is on it now. If
    another session of the author has saved a chart under this name since `standing`, that one stays, and this one gets
    another name. A chart that got another name leaves none behind under the old one.
    """
    may_reveal = sorted(set(named))
    keys = sorted({*may_reveal, *records})
    kept = {**body, "named": may_reveal}
    with _turn(store):  # the author's other sessions may save too
        now = store.view(view.viewer, purpose=view.purpose)
        free, at = _free(now, standing), _now()
        kept["id"] = standing.id if free == standing.name else new_id()  # two charts have two links
        document = Document(KIND, free, 0, view.viewer.name, at, kept)
        gone = [standing.before] if standing.before and standing.before != free else []
        store.save_document(document, _agency(view), _marking(now, keys), keys, gone)
    return document


@writing
def save_version(
    store: GraphStore, view: View, chart: Chart, standing: Standing, label: str, records: Iterable[str]
) -> Document:
    """Keep a chart as it is now under a label. UsageError for one that is taken, StoreBusy while a load runs."""
    if label in {each.body["label"] for each in versions(view, standing.id)}:
        raise UsageError(f"a version {label!r} is there already: choose another name, or delete that one")
    keys = sorted(set(records))
    kept = body(view, chart) | {"id": standing.id, "chart": standing.name, "label": label}
    document = Document(VERSION, f"{standing.id} {label}", 0, view.viewer.name, _now(), kept)
    with _turn(store):
        now = store.view(view.viewer, purpose=view.purpose)
        store.save_document(document, _agency(view), _marking(now, keys), keys)
    return document


@writing
def delete(store: GraphStore, view: View, document: Document) -> None:
    """Delete one's own chart with its versions, or a version, for all who may see it; UsageError for another's."""
    if document.by != view.viewer.name:
        raise UsageError(f"this chart is {document.by}'s: only its author can delete it")
    if document.kind == KIND:
        for each in versions(view, str(document.body.get("id", ""))):
            if each.by == document.by:
                store.drop_document(each.kind, each.name, each.by)
    store.drop_document(document.kind, document.name, document.by)


@contextmanager
def _turn(store: GraphStore) -> Iterator[None]:
    """The writer's lease. Sessions of this process take turns: who waits for the lease looks only now and then."""
    mine = _TURNS.acquire(timeout=store.patience)
    try:
        with store.lease():
            yield
    finally:
        if mine:
            _TURNS.release()


def new_id() -> str:
    """An id for a new chart: random, so that a link tells nothing."""
    return token_hex(8)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _agency(view: View) -> str:
    return min(view.viewer.agencies, default=_NOBODY)


def _free(now: View, standing: Standing) -> str:
    """The name; if another chart of the author has it, the first free one of NAME (2), NAME (3) ..."""
    found = _own(now, standing.name)
    if found is None or found.at == standing.at:
        return standing.name
    return next(other for n in count(2) if _own(now, other := f"{standing.name} ({n})") is None)


@question
def _own(view: View, name: str) -> Document | None:
    """The viewer's own chart of a name, if there is one."""
    mine = (each for each in view.documents(KIND, name) if each.by == view.viewer.name and each.body)
    return next(mine, None)


@question
def saved(view: View) -> tuple[Document, ...]:
    """The charts that this view sees, newest first."""
    return _newest(view, KIND)


@question
def newest(view: View) -> Document | None:
    """The viewer's own newest chart, if there is one."""
    return next((each for each in saved(view) if each.by == view.viewer.name), None)


@question
def versions(view: View, chart: str) -> tuple[Document, ...]:
    """The versions of a chart, by its id, that this view sees, newest first."""
    return tuple(each for each in _newest(view, VERSION) if each.body.get("id") == chart)


@question
def linked(view: View, chart: str) -> Document | None:
    """The chart with an id, as a link has it; None if there is none that this view sees."""
    return next((each for each in saved(view) if each.body.get("id") == chart), None)


def _newest(view: View, kind: str) -> tuple[Document, ...]:
    found = [each for each in view.documents(kind) if each.body]
    return tuple(sorted(found, key=lambda each: (each.at, each.name, each.by), reverse=True))


@question
def evidence(view: View, chart: Chart) -> tuple[str, ...]:
    """The keys of the records behind a chart: of everything on it, and of what put it there.

    Records that were superseded, or that the view does not see, are included.
    """
    leads = {key for each in chart.unrecorded for key in each.records}
    return tuple(sorted(chart.records.union(supporting(view, chart.entities, leads))))


@question
def body(view: View, chart: Chart) -> dict[str, Any]:
    """A chart as a document: each entity as all of its referents, and references to entities as their numbers."""
    members = members_of(view, chart.entities)
    return _body(chart, {each: _all_of(members, each) for each in chart.entities})


def _body(chart: Chart, referents: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    number = {entity: n for n, entity in enumerate(chart.entities)}
    return {
        "entities": [list(referents[each]) for each in chart.entities],
        "hidden": sorted(number[entity] for entity in chart.hidden),
        "pinned": sorted(number[entity] for entity in chart.pinned),
        "positions": [list(chart.positions.get(entity, ())) for entity in chart.entities],
        "path": [number.get(chart.start), number.get(chart.end), chart.projection, chart.choice],
        "leads": [[number[x.a], number[x.b], *x.records] for x in chart.leads if x.a in number and x.b in number],
        "derived": [_derived_body(each, number) for each in chart.derived if each.a in number and each.b in number],
        "between": chart.between,
        "layout": chart.layout,
        "groups": [[each.name, each.open, sorted(map(number.__getitem__, each.members))] for each in chart.groups],
        "marks": [[number[entity], mark] for entity, mark in chart.marks.items()],
        "notes": [[number[entity], note] for entity, note in chart.notes.items()],
        "text": chart.text,
        "look": asdict(chart.look),
        "records": sorted(chart.records),
        "filters": {**asdict(chart.filters), "without": sorted(chart.filters.without)},
    }


def _derived_body(each: Derived, number: Mapping[str, int]) -> dict[str, Any]:
    through = [number[entity] for entity in each.through if entity in number]
    ends = [number[each.a], number[each.b]]
    return {"ends": ends, "label": each.label, "records": list(each.records), "through": through}


@answer
def reopened(view: View, kept: Mapping[str, Any]) -> Chart:
    """The chart of a document, without entities that this view does not see.

    A lead or a derived tie is on it only if the view sees all of its records.
    """
    return _reopened(view, kept, members_of(view, sorted({each for some in kept["entities"] for each in some})))


@answer
def followed(view: View, steps: Sequence[Chart]) -> tuple[Chart, ...]:
    """Steps of a chart from an earlier view, each entity as what its id is part of now; () if any is not seen."""
    known = {entity for step in steps for entity in step.entities}
    keys = {key for step in steps for each in step.unrecorded for key in each.records}
    members = members_of(view, sorted(known))
    if not known <= members.keys() or len(view.records(sorted(keys))) < len(keys):
        return ()
    return tuple(_reopened(view, _body(step, {each: [each] for each in step.entities}), members) for step in steps)


def _reopened(view: View, kept: Mapping[str, Any], members: Mapping[str, Sequence[str]]) -> Chart:
    names = [next((members[each][0] for each in referents if each in members), "") for referents in kept["entities"]]
    places = {e: (at[0], at[1]) for e, at in zip(names, kept["positions"], strict=True) if e and at}
    start, end, projection, choice = kept["path"]
    name, found = _names(names), tuple(dict.fromkeys(entity for entity in names if entity))
    look = Look(**kept.get("look", {}))
    return Chart(
        entities=found,
        hidden=frozenset(filter(None, map(name, kept["hidden"]))),
        pinned=frozenset(filter(None, map(name, kept.get("pinned", ())))),
        positions=places,
        start=name(start),
        end=name(end),
        projection=projection,
        choice=choice,
        filters=_filters(view, kept["filters"], look, found if all(names) else ()),
        leads=tuple({(lead.a, lead.b): lead for lead in _leads(view, name, kept["leads"])}.values()),
        derived=tuple(_derived(view, name, kept.get("derived", ()))),
        between=bool(kept.get("between", False)),
        layout=str(kept.get("layout", "")),
        groups=tuple(_groups(name, kept.get("groups", ()))),
        marks=_texts(name, kept.get("marks", ())),
        notes=_texts(name, kept.get("notes", ())),
        text=str(kept.get("text", "")),
        look=look,
        records=frozenset(kept.get("records", ())),
    )


def _leads(view: View, name: Callable[[int | None], str], kept: Sequence[Sequence[Any]]) -> Iterator[Lead]:
    """The leads between two entities of the view whose records it sees; a lead without records is dropped."""
    seen = {each.key for each in view.records(sorted({key for _, _, *keys in kept for key in keys}))}
    for a, b, *keys in kept:
        lead = Lead(name(a), name(b), tuple(keys))
        if lead.a and lead.b and lead.a != lead.b and keys and seen.issuperset(keys):
            yield lead


def _derived(view: View, name: Callable[[int | None], str], kept: Sequence[Mapping[str, Any]]) -> Iterator[Derived]:
    """The derived ties between two entities of the view whose records it all sees."""
    seen = {each.key for each in view.records(sorted({key for each in kept for key in each["records"]}))}
    for each in kept:
        a, b = map(name, each["ends"])
        through = tuple(filter(None, map(name, each["through"])))
        if a and b and a != b and each["records"] and seen.issuperset(each["records"]):
            yield Derived(a, b, str(each["label"]), tuple(each["records"]), through)


def _groups(name: Callable[[int | None], str], kept: Sequence[Sequence[Any]]) -> Iterator[Group]:
    """The groups with what this view sees of their members; one of fewer than two is dropped."""
    for called, is_open, numbers in kept:
        members = frozenset(filter(None, map(name, numbers)))
        if len(members) > 1:
            yield Group(called, members, bool(is_open))


def _texts(name: Callable[[int | None], str], kept: Sequence[Sequence[Any]]) -> dict[str, str]:
    return {entity: str(text) for number, text in kept if (entity := name(number))}


def _filters(view: View, kept: Mapping[str, Any], look: Look, entities: tuple[str, ...]) -> Filters:
    """Saved filters without signs that this view has no record of; `entities` are those of a chart that it sees all of.

    Without these, no sign of a colour is kept: it may tell a value of what is not seen.
    """
    without = frozenset(map(str, kept.get("without", ())))
    hues = {each for each in without if each.startswith("colour:")} if entities else set()
    if hues and look.colour.startswith("property:"):
        hues = {sign("colour", each) for each in said_of(view, entities, look.colour).values()}
    here = present(view)
    known = {
        *(sign("agency", each) for each in here.agencies),
        *(sign(kind, each) for each in here.schemata for kind in ("type", "tie")),
        sign("type", _OF_STUBS),
        *hues,
    }
    return Filters(
        without=frozenset(each for each in without if each in known or each.startswith("certainty:")),
        since=str(kept["since"]),
        until=str(kept["until"]),
        dated=bool(kept.get("dated", False)),
        loose=bool(kept.get("loose", False)),
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
