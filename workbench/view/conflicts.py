"""What keeps entities apart (design §7): vetoes, and people's judgement `different`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np

from workbench.model.claims import DOCUMENTS
from workbench.model.numbers import EntityNumber, RecordNumber
from workbench.store.columns import Bool, Columns, Int32
from workbench.view.joins import Join, Joins, agency_of, entities_of

_TWO_YEARS = 731
Apart = dict[tuple[EntityNumber, EntityNumber], str]


def conflicted(columns: Columns, labels: Int32, joins: Joins, apart: Apart) -> set[int]:
    """Labels of components in which two entities may have to be kept apart.

    A quick test that errs on the safe side: `settle` then examines these components pair by pair.
    """
    joined = np.zeros(len(columns.ids), dtype=bool)
    joined[joins.a] = True
    joined[joins.b] = True
    doubtful = {int(labels[a]) for a, b in apart if labels[a] == labels[b]}
    persons, others = entities_of(columns, "Person") & joined, entities_of(columns, "Organization") & joined
    doubtful |= set(labels[persons].tolist()) & set(labels[others].tolist())
    return doubtful | _two_values(columns, labels, joined) | _two_births(columns, labels, joined)


def _two_values(columns: Columns, labels: Int32, joined: Bool) -> set[int]:
    """Components with two sexes, or two documents of one kind, issuer and agency."""
    claims = columns.claims
    watched = np.array([name == "sex" or name in DOCUMENTS for name in columns.names] or [False], dtype=bool)
    rows = np.flatnonzero(watched[claims.kind] & joined[claims.entity])
    if not len(rows):
        return set()
    agencies = {agency: number for number, agency in enumerate(sorted({d.agency for d in columns.datasets}))}
    by_dataset = np.array([agencies[d.agency] for d in columns.datasets], dtype=np.int32)
    kind = claims.kind[rows]
    agency = by_dataset[columns.dataset[claims.entity[rows]]]
    agency[kind == columns.name_number("sex")] = -1  # a sex conflicts whichever agencies say it
    keys = (labels[claims.entity[rows]], kind, claims.scope[rows], agency)
    order = np.lexsort((claims.value[rows], *keys))
    same = np.logical_and.reduce([key[order][1:] == key[order][:-1] for key in keys])
    value = claims.value[rows][order]
    return set(keys[0][order][1:][same & (value[1:] != value[:-1])].tolist())


def _two_births(columns: Columns, labels: Int32, joined: Bool) -> set[int]:
    """Components whose birth dates may be more than two years apart."""
    claims = columns.claims
    rows = np.flatnonzero((claims.kind == columns.name_number("birth")) & joined[claims.entity])
    if not len(rows):
        return set()
    values, place = np.unique(claims.value[rows], return_inverse=True)
    days = np.array([_days(str(columns.values[value])) for value in values], dtype=np.int64)
    label = labels[claims.entity[rows]]
    latest, earliest = np.zeros(int(label.max()) + 1, np.int64), np.full(int(label.max()) + 1, 10**8)
    np.maximum.at(latest, label, days[place, 0])
    np.minimum.at(earliest, label, days[place, 1])
    return set(np.flatnonzero(latest - earliest > _TWO_YEARS).tolist())


class _Traits(NamedTuple):
    sex: frozenset[str]
    births: tuple[tuple[int, int], ...]
    documents: dict[tuple[str, str, str], frozenset[str]]
    kinds: frozenset[str]


def _traits(columns: Columns, numbers: Iterable[EntityNumber]) -> dict[EntityNumber, _Traits]:
    """For each of these entities, the traits that can forbid a join."""
    wanted = np.zeros(len(columns.ids), dtype=bool)
    wanted[list(numbers)] = True
    values: dict[EntityNumber, dict[tuple[str, str], set[str]]] = defaultdict(lambda: defaultdict(set))
    claims = columns.claims
    for row in np.flatnonzero(wanted[claims.entity]).tolist():
        key = (columns.names[claims.kind[row]], str(columns.values[claims.scope[row]]))
        values[EntityNumber(int(claims.entity[row]))][key].add(str(columns.values[claims.value[row]]))
    kinds = (("person", entities_of(columns, "Person")), ("organisation", entities_of(columns, "Organization")))
    return {
        number: _trait(agency_of(columns, number), values[number], [name for name, of in kinds if of[number]])
        for number in map(EntityNumber, np.flatnonzero(wanted).tolist())
    }


def _trait(agency: str, values: dict[tuple[str, str], set[str]], kinds: Iterable[str]) -> _Traits:
    documents = {(agency, kind, scope): frozenset(of) for (kind, scope), of in values.items() if kind in DOCUMENTS}
    births = tuple(sorted(_days(value) for value in values.get(("birth", ""), ())))
    return _Traits(frozenset(values.get(("sex", ""), ())), births, documents, frozenset(kinds))


def veto(a: _Traits, b: _Traits) -> str:
    """Why two entities can't be the same; "" if there is no veto."""
    if a.kinds and b.kinds and not a.kinds & b.kinds:
        return "a person and an organisation"
    if a.sex and b.sex and not a.sex & b.sex:
        return "different sex"
    gaps = [max(x[0] - y[1], y[0] - x[1]) for x in a.births for y in b.births]
    if gaps and min(gaps) > _TWO_YEARS:
        return "birth dates more than two years apart"
    for key in sorted(a.documents.keys() & b.documents.keys()):
        if not a.documents[key] & b.documents[key]:
            return f"two different documents of one kind ({key[1]}) and country from one agency"
    return ""


@lru_cache(maxsize=100_000)
def _days(value: str) -> tuple[int, int]:
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


def settle(
    columns: Columns, labels: Int32, joins: Joins, doubtful: set[int], apart: Apart
) -> tuple[Joins, list[tuple[Join, str]]]:
    """The joins that stand, and the refused ones with the reason.

    In a doubtful component joins are taken in order of strength, then by key. A join is refused
    if it would unite two entities that a judgement or a veto keeps apart.
    """
    in_doubt = np.isin(labels[joins.a], list(doubtful))
    queue = _all_pairs(list(joins.where(in_doubt)))
    queue.sort(key=lambda j: (j.strength, j.rule, j.value, *sorted((columns.id_of(j.a), columns.id_of(j.b)))))
    traits = _traits(columns, {number for join in queue for number in (join.a, join.b)})
    clusters = {number: [number] for number in traits}
    kept: list[Join] = []
    refused: list[tuple[Join, str]] = []
    for join in queue:
        left, right = clusters[join.a], clusters[join.b]
        why = "" if left is right else _forbidden(left, right, traits, apart)
        if why:
            refused.append((join, why))
            continue
        kept.append(join)
        if left is not right:
            left += right
            clusters.update((number, left) for number in right)
    return joins.where(~in_doubt).with_more(kept), refused


def _all_pairs(joins: Sequence[Join]) -> list[Join]:
    """The joins between every two holders of each identifier, instead of along a chain."""
    runs: dict[tuple[str, str], list[Join]] = defaultdict(list)
    for join in joins:
        runs[join.rule, join.value].append(join)
    pairs: list[Join] = []
    for (rule, _), members in runs.items():
        if rule in ("judgement", "iban-holder"):
            pairs += members
            continue
        for chain in _chains(members):
            ends = combinations(sorted(chain.items()), 2)
            pairs += [members[0]._replace(a=a, b=b, records=(x, y)) for (a, x), (b, y) in ends]
    return pairs


def _chains(joins: Sequence[Join]) -> list[dict[EntityNumber, RecordNumber]]:
    """The chains among the joins by one identifier: for each, its holders (entity -> record)."""
    chains: list[dict[EntityNumber, RecordNumber]] = []
    for join in sorted(joins, key=lambda j: (j.a, j.b)):
        chain = next((each for each in chains if join.a in each), None)
        if chain is None:
            chain = {join.a: join.records[0]}
            chains.append(chain)
        chain[join.b] = join.records[1]
    return chains


def _forbidden(
    left: Sequence[EntityNumber], right: Sequence[EntityNumber], traits: dict[EntityNumber, _Traits], apart: Apart
) -> str:
    """Why two clusters can't be joined; "" if nothing keeps any two of their members apart."""
    for a in left:
        for b in right:
            why = apart.get((min(a, b), max(a, b))) or veto(traits[a], traits[b])
            if why:
                return why
    return ""
