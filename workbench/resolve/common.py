"""Common values of a view: values so widely shared that they join nobody and carry no tie or path.

`common.toml` defines what is counted, and the limits. Canonical entities are counted in the view, so
that the count reveals nothing hidden.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from workbench.errors import NotFound
from workbench.model.numbers import Place
from workbench.model.text import code, fold
from workbench.store.columns import Int64
from workbench.store.types import CommonEntry
from workbench.view.access import once
from workbench.view.asking import question
from workbench.view.beside import LISTED, identified, shared_among, shared_beside
from workbench.view.patterns import Pattern, TieIndex
from workbench.view.sharing import Sharing, holders
from workbench.view.snapshot import Snapshot
from workbench.view.view import View

BIRTH_DATE = "birth date"
_NEW_YEAR = "-01-01"
_HITS = 50  # results used of a search for a listed text

# Kinds whose listed value is looked up as a claim, in its normal form.
_CLAIMS = {"phone": "phone", "account": "iban", "vehicle": "plate", "email": "email", "device": "imei"}
_FULL_DATE = 10


@dataclass(frozen=True, slots=True)
class CommonValue:
    """A common value, shared by n holders; `entity` is its canonical id, "" for a date."""

    kind: str
    value: str
    n: int
    entity: str
    listed: bool

    def to_row(self) -> dict[str, Any]:
        """The row that shows it in a finding's `set_aside`."""
        return {"value": self.value, "kind": self.kind, "n": self.n}


@dataclass(frozen=True, slots=True)
class Beside:
    """A common value by its place: `more_than` is the limit that its holders exceed, None if it is listed."""

    kind: str
    value: str
    more_than: int | None
    entity: str

    @property
    def shared_by(self) -> str:
        """By how many it is shared, in two or three words."""
        return "listed" if self.more_than is None else f"more than {self.more_than}"

    def to_row(self) -> dict[str, Any]:
        """The row that shows it in a finding's `set_aside`."""
        why = {"listed": True} if self.more_than is None else {"more_than": self.more_than}
        return {"value": self.value, "kind": self.kind, **why}


def shared_by(row: Mapping[str, Any]) -> str:
    """By how many a value in a finding's `set_aside` is shared, as text."""
    if "n" in row:
        return str(row["n"])
    return f"more than {row['more_than']}" if "more_than" in row else "so many that it is listed"


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("common.toml").read_text("utf-8"))


def kinds() -> tuple[str, ...]:
    """The kinds of values that can be common, sorted."""
    return tuple(sorted({rule["kind"] for rule in _table()["rules"]} | {BIRTH_DATE}))


@cache
def ways() -> tuple[Sharing, ...]:
    """The ways in which an entity can be common, in order of the table's rules."""
    rules = _table()["rules"]
    return tuple(
        Sharing(rule["kind"], tuple(Pattern(*each) for each in rule["ties"]), tuple(rule["schemata"]), rule["limit"])
        for rule in rules
    )


@question
def common_values(view: View) -> tuple[CommonValue, ...]:
    """The values that are common in this view, by count or because they are listed; by kind, number, value."""
    return once(view, "common values", partial(_common_values, view))


def _common_values(view: View) -> tuple[CommonValue, ...]:
    snapshot = view.snapshot()
    counts = _counts(snapshot)
    commons: dict[Place, tuple[str, int, bool]] = {}
    for kind, limit, n_holders in counts:
        for position in map(Place, np.flatnonzero(n_holders > limit).tolist()):
            commons.setdefault(position, (kind, int(n_holders[position]), False))
    dates = set()
    for entry in view.listed_common():
        if entry.kind == BIRTH_DATE:
            dates.add(entry.value)
        for position in map(snapshot.position, _listed(view, entry)):
            n = max((int(each[position]) for kind, _, each in counts if kind == entry.kind), default=0)
            commons[position] = (entry.kind, n, True)
    ids = [snapshot.id_at(position) for position in sorted(commons)]
    captions = {each.id: each.caption for each in view.summaries(ids)}
    values = [
        CommonValue(kind, captions[entity], n, entity, listed)
        for entity, (kind, n, listed) in ((snapshot.id_at(position), each) for position, each in commons.items())
    ]
    values += _common_dates(snapshot, dates)
    return tuple(sorted(values, key=lambda v: (v.kind, -v.n, v.value, v.entity)))


def _counts(snapshot: Snapshot) -> list[tuple[str, int, Int64]]:
    """By rule: (kind, limit, number of holders of each entity)."""
    ties = TieIndex(snapshot.recorded)
    return [(way.name, way.limit, holders(snapshot, ties, way)) for way in ways()]


@question
def listed_entities(view: View) -> Mapping[str, str]:
    """The entities that listed values mean: canonical id -> kind."""
    return {entity: entry.kind for entry in view.listed_common() for entity in _listed(view, entry)}


@question
def common_beside(view: View, entities: Sequence[str]) -> tuple[Beside, ...]:
    """The common values tied to some entities, or among them; by kind and value. Their holders are not all counted."""
    listed = listed_entities(view)
    return _beside(view, shared_beside(view, entities, ways(), listed), listed)


@question
def common_of(view: View, entities: Sequence[str]) -> tuple[Beside, ...]:
    """The common values among some entities; by kind and value. Entities that are not in this view are left out."""
    listed = listed_entities(view)
    return _beside(view, shared_among(view, entities, ways(), listed), listed)


def _beside(view: View, found: Mapping[str, int], listed: Mapping[str, str]) -> tuple[Beside, ...]:
    captions = {each.id: each.caption for each in view.summaries(list(found))}
    values = [
        Beside(listed[entity], captions[entity], None, entity)
        if way == LISTED
        else Beside(ways()[way].name, captions[entity], ways()[way].limit, entity)
        for entity, way in found.items()
    ]
    return tuple(sorted(values, key=lambda each: (each.kind, each.value, each.entity)))


def _listed(view: View, entry: CommonEntry) -> set[str]:
    """The canonical ids that a listed value means: by id, by claim, or by an equal text."""
    try:
        return {view.canonical(entry.value)}
    except NotFound:
        pass
    if entry.kind in _CLAIMS:
        normal = fold(entry.value) if entry.kind == "email" else code(entry.value)
        return set(identified(view, _CLAIMS[entry.kind], normal))
    right = [way for way in ways() if way.name == entry.kind]
    hits = view.search(entry.value, limit=_HITS).entities
    said = (hit for hit in hits if not hit.similar)
    fitting = (hit for hit in said if any(way.fits("" if hit.stub else hit.schema) for way in right))
    return {hit.id for hit in fitting if _says(view, hit.id, entry.value)}


def _says(view: View, entity: str, text: str) -> bool:
    lines = view.entity(entity).values
    return any(fold(said) == fold(text) for line in lines for said in (line.original, line.value or ""))


def _common_dates(snapshot: Snapshot, listed: set[str]) -> Iterator[CommonValue]:
    """Complete birth dates, and 1 January of any year, that many persons share."""
    born, persons = snapshot.claims("birth")
    dates, many = np.unique(born, return_counts=True)
    texts, new_year = snapshot.values(dates), []
    for date, text, n in zip(dates.tolist(), texts, many.tolist(), strict=True):
        if len(text) != _FULL_DATE:
            continue
        if n > _table()["birth_date"] or text in listed:
            yield CommonValue(BIRTH_DATE, text, n, "", text in listed)
        if text.endswith(_NEW_YEAR):
            new_year.append(date)
    n = len(np.unique(persons[np.isin(born, new_year)]))
    if n > _table()["birth_date"] and len(new_year) > 1:
        yield CommonValue(BIRTH_DATE, "1 January", n, "", listed=False)
