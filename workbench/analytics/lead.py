"""The card of a lead: what a predicted relationship rests on, and what it would be without each part of that."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from workbench.analytics.chances import Chance, share
from workbench.analytics.finding import Finding, Row
from workbench.analytics.lacking import Asked, Lacking, asked_for, lacking
from workbench.analytics.leads import (
    Lead,
    in_common_of,
    leads_of,
    paths_of_three,
    probabilities,
    rows_of,
    without_agencies,
)
from workbench.analytics.links.features import Pairs
from workbench.analytics.links.learning import MISSING
from workbench.analytics.predict import measured
from workbench.analytics.projection import Projection
from workbench.analytics.support import finding
from workbench.errors import UsageError, naming
from workbench.model.asked import one_text
from workbench.model.numbers import Place
from workbench.view.access import forget
from workbench.view.asking import question as question_to  # a parameter of `lead` has that name
from workbench.view.resting import without_records
from workbench.view.view import View

_SECTIONS: Mapping[str, str] = {
    "contact": "Shared contacts",
    "path": "Paths of three steps",
    "circumstance": "What else both have in common",
    "feature": "What it is made of",
    "record": "Without one record",
    "agency": "Without one agency",
}
_MOST_RECORDS = 12  # that are left out one by one: each takes as long as the question itself
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class OfLead(Row):
    """One line of the card of a lead.

    - `what`: contact (both are tied to it), path (of three steps), circumstance (a thing that both came to and that
      makes no tie), feature, record, or agency.
    - `who`: the entities, of the first three. `name`: the kind of circumstance, the feature, the agency, or the schema
      of the record.
    - `part`: of a feature its part of what speaks for the lead, from 0 to 1; of a contact its part of the contacts.
    - `probability`: that of the lead without the record or agency, or why there is none then.
    - `records`: those between the two and a contact, those of a path, or the record.
    """

    WHO: ClassVar[tuple[str, ...]] = ("who",)
    KEY: ClassVar[tuple[str, ...]] = ("what", "name", "records")

    what: str
    who: tuple[str, ...]
    name: str
    part: float | None
    probability: Chance | None
    records: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """The heading for lines of this kind."""
        return _SECTIONS[self.what]

    def cell(self, column: str, names: Mapping[str, str]) -> str:
        """The text of a column."""
        if column == "part":
            return "" if self.part is None else f"{self.part:.0%}"
        if column == "probability":
            return "" if self.probability is None else share(self.probability)
        if column == "records" and self.what == "record":
            return self.records[0]
        if column == "records" and not self.records:
            return ""
        return Row.cell(self, column, names)


@question_to
def lead(
    view: View,
    a: str,
    b: str,
    projection: str = "persons",
    question: str = MISSING,
    count_common: bool = False,
    missing: float = 0.1,
    seed: int = 0,
) -> Finding[OfLead]:
    """What a predicted relationship between two entities rests on, and what its probability would be without that.

    The probability is that of `predict` with the same arguments, in `measured`. Each record is left out in turn, and
    everything is computed again as if it had never been loaded: identity, common values, and what is learnt (of up to
    12 records, those of the largest parts; `measured` says how many were not). So it is for each agency. What a score
    of who is who was made of cannot be taken out of it: such a score is left out as a whole. Parts of contacts are
    those of resource allocation; parts of features are those of the sum from which the probability is made.

    There are no rows if `predict` has nothing to say, or if one of the two has no tie, or both have one that is
    recorded; `measured` has the reason, as `silent`. NotFound for an entity that is not in this view, UsageError for
    one that is not in the projection.
    """
    asked = asked_for(projection, question, count_common, missing, seed)
    found = lacking(view, asked)
    ends = [_node(found, a, "a"), _node(found, b, "b")]
    said = {"a": a, "b": b, "question": question, "count_common": count_common, "missing": asked.missing}
    told, rows = _told(view, asked, found, *sorted(ends))
    every = found.projected.records(found.projected.edges.rows)
    return finding(view, found.projected, "lead", said, told, rows, every, asked.seed)


@question_to
def records_of_lead(view: View, asked: Asked, a: str, b: str) -> tuple[str, ...]:
    """The keys of the records that a lead rests on, with those of what else both have in common.

    UsageError, with the reason, if nothing is predicted of the two.
    """
    found = lacking(view, asked)
    one, other = sorted((_node(found, a, "a"), _node(found, b, "b")))
    if silent := found.learnt.silent or _silent(found, one, other):
        raise UsageError(f"there is no lead between the two, asked in this way: {silent}", "b")
    (lead,) = leads_of(found, Pairs.of(found.network, np.array([one], np.int64), np.array([other], np.int64)))
    return found.projected.keys(rows_of(found, lead))


def _told(view: View, asked: Asked, found: Lacking, a: int, b: int) -> tuple[dict[str, Any], list[OfLead]]:
    """What is measured, and the lines of the card."""
    if silent := found.learnt.silent or _silent(found, a, b):
        return measured(found) | {"silent": silent}, []
    pairs = Pairs.of(found.network, np.array([a], np.int64), np.array([b], np.int64))
    (one,) = leads_of(found, pairs)
    keys = _by_part(found, one, pairs)
    rows = [
        *_between(found, one),
        *_circumstances(found, one),
        *_features(found, pairs),
        *_without_records(view, asked, found, one, keys[:_MOST_RECORDS]),
        *_without_agencies(view, asked, found, one),
    ]
    told = {"probability": one.probability, "low": one.low, "high": one.high, **measured(found)}
    return told | {"records_not_left_out": max(len(keys) - _MOST_RECORDS, 0)}, rows


def _node(found: Lacking, entity: str, field: str) -> int:
    """The network's node for an entity; -1 if it has no tie there."""
    with naming(field, known_as="entity"):
        return found.node(one_text(entity, field))


def _silent(found: Lacking, a: int, b: int) -> str:
    """The reason why there is nothing to say of two nodes, a <= b; "" if there is something."""
    if a < 0:
        return "one of the two has no tie in this projection, from which something could be learnt"
    if a == b:
        return "the two are one entity"
    return "the two have a recorded tie" if a * found.network.n + b in found.tied else ""


def _between(found: Lacking, one: Lead) -> Iterator[OfLead]:
    """The shared contacts with their parts; where there is none, the first paths of three steps."""
    projected, degrees = found.projected, found.network.degrees
    ids = projected.snapshot.id_at
    weights = [1.0 / int(degrees[np.searchsorted(found.nodes, each)]) for each in one.contacts]
    for each, weight in sorted(zip(one.contacts, weights, strict=True), key=lambda pair: (-pair[1], pair[0])):
        rows = projected.rows_between(one.a, each) | projected.rows_between(one.b, each)
        part = round(weight / sum(weights), _DIGITS)
        yield OfLead("contact", (ids(each),), projected.snapshot.schemata[each], part, None, projected.keys(rows))
    for x, y in () if one.contacts else paths_of_three(found, one):
        steps = ((one.a, x), (x, y), (y, one.b))
        yield OfLead("path", (ids(x), ids(y)), "", None, None, _keys_of(projected, steps))


def _circumstances(found: Lacking, one: Lead) -> Iterator[OfLead]:
    """The things that both came to by records that make no tie."""
    projected = found.projected
    for name, thing, rows in in_common_of(found, one):
        yield OfLead("circumstance", (projected.snapshot.id_at(thing),), name, None, None, projected.keys(rows))


def _keys_of(projected: Projection, steps: Sequence[tuple[Place, Place]]) -> tuple[str, ...]:
    return projected.keys(set[int]().union(*(projected.rows_between(*step) for step in steps)))


def _features(found: Lacking, pairs: Pairs) -> Iterator[OfLead]:
    """The parts of the features that count for it, the largest first."""
    parts = _parts(found, pairs)
    for name in sorted(parts, key=lambda each: -parts[each]):
        if parts[name] > 0:
            yield OfLead("feature", (), name, round(parts[name], _DIGITS), None)


def _parts(found: Lacking, pairs: Pairs) -> dict[str, float]:
    """The part of each feature of one pair, from 0 to 1."""
    trained = found.learnt.trained
    if trained is None:
        return {}
    parts = np.maximum(trained.stack.shares(trained.standings(pairs))[0], 0)
    total = float(parts.sum()) or 1.0
    return {name: float(part) / total for name, part in zip(trained.standing.columns, parts, strict=True)}


def _by_part(found: Lacking, one: Lead, pairs: Pairs) -> list[str]:
    """The keys of the records of a lead, those first of which few carry a large part of it."""
    parts, projected = _parts(found, pairs), found.projected
    said = dict.fromkeys(projected.keys(rows_of(found, one)), 0.0)
    ties = 1 - sum(parts.get(name, 0) for name in found.circumstances)
    each_of = [(ties * (each.part or 0), each.records) for each in _between(found, one)]
    for name in found.circumstances:
        kind = [projected.keys(rows) for at, _, rows in in_common_of(found, one) if at == name]
        each_of += [(parts.get(name, 0) / len(kind), keys) for keys in kind]
    for part, keys in each_of:
        for key in keys:
            said[key] = max(said[key], part / len(keys))
    return sorted(said, key=lambda key: (-said[key], key))


def _without_records(view: View, asked: Asked, found: Lacking, one: Lead, keys: Sequence[str]) -> Iterator[OfLead]:
    """The probability as if each record had never been loaded."""
    known = {each.key: each for each in view.records(keys)}
    for record in (known[key] for key in keys if key in known):
        other = without_records(view, [record.key])
        (said,) = probabilities(found, lacking(other, asked), [one])
        forget(other)
        yield OfLead("record", (), record.record.schema, None, said, (record.key,))


def _without_agencies(view: View, asked: Asked, found: Lacking, one: Lead) -> Iterator[OfLead]:
    (told,) = without_agencies(view, asked, found, [one])
    for agency, said in told:
        yield OfLead("agency", (), agency, None, said)
