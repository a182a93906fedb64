"""What of an entity can keep it apart from another one (design §7): kind, sex, birth date, documents."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from workbench.model.claims import DOCUMENTS
from workbench.model.numbers import EntityNumber
from workbench.store.columns import Columns
from workbench.view.joins import agency_of, entities_of
from workbench.view.scored import Model

TWO_YEARS = 731
_WHOLE = len("2026-11-29")
_TELLING = frozenset({"sex", "birth", *DOCUMENTS})
# What keeps two entities apart by a judgement, by both.
Apart = dict[tuple[EntityNumber, EntityNumber], str]


class Traits(NamedTuple):
    """The traits of an entity: birth dates as (first day, last day, text), documents by (agency, kind, issuer)."""

    sex: frozenset[str]
    births: tuple[tuple[int, int, str], ...]
    documents: dict[tuple[str, str, str], frozenset[str]]
    kinds: frozenset[str]


def traits_of(columns: Columns, numbers: Iterable[EntityNumber], model: Model) -> dict[EntityNumber, Traits]:
    """The traits of these entities that can forbid a join; without those that the model says are often wrong."""
    wanted = np.zeros(len(columns.ids), dtype=bool)
    wanted[list(numbers)] = True
    telling = np.array([name in _TELLING for name in columns.names] or [False], dtype=bool)
    claims = columns.claims.take(wanted[columns.claims.entity] & telling[columns.claims.kind])
    kinds_said, entities = [columns.names[kind] for kind in claims.kind.tolist()], claims.entity.tolist()
    scopes, texts = (columns.values[each.astype(np.int64)].tolist() for each in (claims.scope, claims.value))
    values: dict[EntityNumber, dict[tuple[str, str], set[str]]] = defaultdict(lambda: defaultdict(set))
    for entity, kind, scope, text in zip(entities, kinds_said, scopes, texts, strict=True):
        values[entity][kind, scope].add(text)
    kinds = (("person", entities_of(columns, "Person")), ("organisation", entities_of(columns, "Organization")))
    traits = {
        number: _trait(agency_of(columns, number), values[number], [name for name, of in kinds if of[number]])
        for number in map(EntityNumber, np.flatnonzero(wanted).tolist())
    }
    return (
        {number: each._replace(births=(), documents={}) for number, each in traits.items()} if model.slips else traits
    )


def _trait(agency: str, values: dict[tuple[str, str], set[str]], kinds: Iterable[str]) -> Traits:
    documents = {(agency, kind, scope): frozenset(of) for (kind, scope), of in values.items() if kind in DOCUMENTS}
    births = tuple(sorted((*days(value), value) for value in values.get(("birth", ""), ())))
    return Traits(frozenset(values.get(("sex", ""), ())), births, documents, frozenset(kinds))


def veto(a: Traits, b: Traits) -> str:
    """Why two entities can't be the same; "" if there is no veto."""
    if a.kinds and b.kinds and not a.kinds & b.kinds:
        return "a person and an organisation"
    if a.sex and b.sex and not a.sex & b.sex:
        return "different sex"
    if a.births and b.births and not any(may_be_one_day(x, y) for x in a.births for y in b.births):
        return "birth dates more than two years apart"
    for key in sorted(a.documents.keys() & b.documents.keys()):
        if not a.documents[key] & b.documents[key]:
            return f"two different documents of one kind ({key[1]}) and country from one agency"
    return ""


def why_apart(a: EntityNumber, b: EntityNumber, traits: Mapping[EntityNumber, Traits], apart: Apart) -> str:
    """The judgement or veto that keeps two entities apart; "" if none does."""
    return apart.get((min(a, b), max(a, b))) or veto(traits[a], traits[b])


def forbidden(
    left: Sequence[EntityNumber], right: Sequence[EntityNumber], traits: dict[EntityNumber, Traits], apart: Apart
) -> str:
    """Why two clusters can't be joined; "" if nothing keeps any two of their members apart."""
    for a in left:
        for b in right:
            if why := why_apart(a, b, traits, apart):
                return why
    return ""


def may_be_one_day(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    """Whether two birth dates are at most two years apart, or whole and differ in one digit."""
    if max(one[0] - other[1], other[0] - one[1]) <= TWO_YEARS:
        return True
    whole = len(one[2]) == len(other[2]) == _WHOLE
    return whole and sum(x != y for x, y in zip(one[2], other[2], strict=True)) == 1


@lru_cache(maxsize=100_000)
def days(value: str) -> tuple[int, int]:
    """The first and last day, as ordinals, of a date that may be only a year or a month."""
    parts = [int(part) for part in value[:10].split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 0
    if len(parts) > 2:
        day = date(year, month, parts[2]).toordinal()
        return day, day
    low = date(year, month or 1, 1).toordinal()
    if year == date.max.year:
        return low, date.max.toordinal()
    following = date(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1)
    return low, following.toordinal() - 1
