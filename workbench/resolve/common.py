"""Common values of a view: values so widely shared that they join nobody and carry no tie or path.

`common.toml` defines what is counted, and the limits. Canonical entities are counted in the view, so
that the count reveals nothing hidden.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from workbench.model.numbers import Place
from workbench.model.text import code, fold
from workbench.resolve.patterns import Pattern, TieIndex, is_of, pair_codes, pairs_of
from workbench.store.columns import Int64
from workbench.store.types import CommonEntry
from workbench.view.asking import question
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


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("common.toml").read_text("utf-8"))


def kinds() -> tuple[str, ...]:
    """The kinds of values that can be common, sorted."""
    return tuple(sorted({rule["kind"] for rule in _table()["rules"]} | {BIRTH_DATE}))


@question
def common_values(view: View) -> tuple[CommonValue, ...]:
    """The values that are common in this view, by count or because they are listed; by kind, number, value."""
    snapshot = view.snapshot()
    counts = _counts(snapshot)
    commons: dict[Place, tuple[str, int, bool]] = {}
    for kind, limit, holders in counts:
        for position in map(Place, np.flatnonzero(holders > limit).tolist()):
            commons.setdefault(position, (kind, int(holders[position]), False))
    dates = set()
    for entry in view.listed_common():
        if entry.kind == BIRTH_DATE:
            dates.add(entry.value)
        for position in _listed(view, snapshot, entry):
            n = max((int(holders[position]) for kind, _, holders in counts if kind == entry.kind), default=0)
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
    ties, n = TieIndex(snapshot.recorded), len(snapshot.nodes)
    found = []
    for rule in _table()["rules"]:
        pairs = ties.find(Pattern(*each) for each in rule["ties"])
        holder, value = snapshot.places(pairs.x), snapshot.places(pairs.y)
        counts = is_of(snapshot, rule["schemata"])[value] & (holder != value)
        values, _ = pairs_of(np.unique(pair_codes(value[counts], holder[counts], n)), n)
        found.append((rule["kind"], rule["limit"], np.bincount(values, minlength=n)))
    return found


def _listed(view: View, snapshot: Snapshot, entry: CommonEntry) -> set[Place]:
    """The entities that a listed value means: by id, by claim, or by an equal text."""
    position = snapshot.position(entry.value)
    if position >= 0:
        return {position}
    if entry.kind in _CLAIMS:
        return _claimants(snapshot, entry)
    schemata = {schema for rule in _table()["rules"] if rule["kind"] == entry.kind for schema in rule["schemata"]}
    right = is_of(snapshot, schemata)
    hits = [snapshot.position(hit.id) for hit in view.search(entry.value, limit=_HITS).entities]
    return {hit for hit in hits if right[hit] and _says(view, snapshot.id_at(hit), entry.value)}


def _says(view: View, entity: str, text: str) -> bool:
    lines = view.entity(entity).values
    return any(fold(said) == fold(text) for line in lines for said in (line.original, line.value or ""))


def _claimants(snapshot: Snapshot, entry: CommonEntry) -> set[Place]:
    normal = fold(entry.value) if entry.kind == "email" else code(entry.value)
    return set(snapshot.claiming(_CLAIMS[entry.kind], normal).tolist())


def _common_dates(snapshot: Snapshot, listed: set[str]) -> Iterator[CommonValue]:
    """Complete birth dates, and 1 January of any year, that many persons share."""
    born: dict[str, set[int]] = {}
    values, persons = snapshot.claims("birth")
    for value, person in zip(values, persons.tolist(), strict=True):
        if len(value) == _FULL_DATE:
            born.setdefault(value, set()).add(person)
    for value in sorted(born):
        if len(born[value]) > _table()["birth_date"] or value in listed:
            yield CommonValue(BIRTH_DATE, value, len(born[value]), "", value in listed)
    new_year = [value for value in born if value.endswith(_NEW_YEAR)]
    n = len(set().union(*(born[value] for value in new_year)))
    if n > _table()["birth_date"] and len(new_year) > 1:
        yield CommonValue(BIRTH_DATE, "1 January", n, "", listed=False)
