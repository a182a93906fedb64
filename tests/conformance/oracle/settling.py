"""Who is kept apart in a component, and which joins stand, pair by pair in plain Python (design §7)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import combinations
from typing import NamedTuple

import numpy as np

from workbench.model.claims import DOCUMENTS
from workbench.model.numbers import EntityNumber, RecordNumber
from workbench.store.columns import Bool, Columns, Int32
from workbench.store.scores import COMPARISONS, HUNDREDTHS
from workbench.view.joining import smallest_joined
from workbench.view.joins import BY_SCORE, IBAN_HOLDER, JUDGEMENT, SCORE, Join, Joins, agency_of, entities_of
from workbench.view.scored import Best, Model

FITS_TWO = "it fits two that are kept apart"

Apart = Mapping[tuple[EntityNumber, EntityNumber], str]
Refusals = list[tuple[Join, str]]


class Traits(NamedTuple):
    """Of an entity: birth dates as (first day, last day, text), documents by (agency, kind, issuer)."""

    sex: frozenset[str]
    births: tuple[tuple[int, int, str], ...]
    documents: dict[tuple[str, str, str], frozenset[str]]
    kinds: frozenset[str]


def settled(
    columns: Columns, labels: Int32, joins: Joins, doubtful: Bool, apart: Apart, model: Model
) -> tuple[list[Join], Refusals]:
    """The joins of doubtful components that stand, and those that don't with the reason."""
    asked = joins.where(doubtful[labels[joins.a]])
    queue = _all_pairs(list(asked))
    queue.sort(
        key=lambda j: (j.strength, -j.weight, j.rule, j.value, *sorted((columns.id_of(j.a), columns.id_of(j.b))))
    )
    members = {number for join in queue for number in (join.a, join.b)}
    traits = _with_confirmed(traits_of(columns, members, model), asked.scored)
    refused = _undecided(queue, asked.scored, traits, apart)
    left_out = {id(join) for join, _ in refused}
    clusters = {number: [number] for number in traits}
    kept: list[Join] = []
    for join in queue:
        if id(join) in left_out:
            continue
        left, right = clusters[join.a], clusters[join.b]
        why = "" if left is right else forbidden(left, right, traits, apart)
        if why:
            refused.append((join, why))
            continue
        kept.append(join)
        if left is not right:
            left += right
            clusters.update((number, left) for number in right)
    return kept, refused


def _all_pairs(joins: Sequence[Join]) -> list[Join]:
    """The joins between every two holders of each identifier, instead of along a chain."""
    runs: dict[tuple[str, str, str], list[Join]] = defaultdict(list)
    for join in joins:
        runs[join.rule, join.value, join.issuer].append(join)
    pairs: list[Join] = []
    for (rule, _, _), members in runs.items():
        if rule in (JUDGEMENT, IBAN_HOLDER, BY_SCORE):
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


# -- traits ----------------------------------------------------------------------------


def traits_of(columns: Columns, numbers: Iterable[EntityNumber], model: Model) -> dict[EntityNumber, Traits]:
    """The traits of these entities that can forbid a join; without those that the model says are often wrong."""
    claims, values = columns.claims, defaultdict[int, dict[tuple[str, str], set[str]]](lambda: defaultdict(set))
    for kind, value, scope, entity in zip(claims.kind, claims.value, claims.scope, claims.entity, strict=True):
        values[int(entity)][columns.names[kind], columns.values[scope]].add(columns.values[value])
    kinds = (("person", entities_of(columns, "Person")), ("organisation", entities_of(columns, "Organization")))
    traits = {
        number: _trait(agency_of(columns, number), values[number], [name for name, of in kinds if of[number]])
        for number in sorted(numbers)
    }
    return (
        {number: each._replace(births=(), documents={}) for number, each in traits.items()} if model.slips else traits
    )


def _trait(agency: str, values: Mapping[tuple[str, str], set[str]], kinds: Iterable[str]) -> Traits:
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
    left: Sequence[EntityNumber], right: Sequence[EntityNumber], traits: Mapping[EntityNumber, Traits], apart: Apart
) -> str:
    """Why two clusters can't be joined; "" if nothing keeps any two of their members apart."""
    return next((why for a in left for b in right if (why := why_apart(a, b, traits, apart))), "")


def may_be_one_day(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    """Whether two birth dates are at most two years apart, or whole and differ in one digit."""
    if max(one[0] - other[1], other[0] - one[1]) <= 731:
        return True
    whole = len(one[2]) == len(other[2]) == len("2026-11-29")
    return whole and sum(x != y for x, y in zip(one[2], other[2], strict=True)) == 1


@cache
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


# -- doubts ----------------------------------------------------------------------------


def _with_confirmed(traits: Mapping[EntityNumber, Traits], scored: Best) -> dict[EntityNumber, Traits]:
    """The traits, where entities that are surely one have the birth dates, sexes or documents of all of them."""
    bits = {name: scored.weights[:, n] / HUNDREDTHS for n, name in enumerate(COMPARISONS)}
    named, numbered, mailed = bits["name"] >= 3, bits["document"] >= 10, bits["email"] >= 10
    born = named & (bits["birth"] >= 13)
    near = mailed | (bits["phone"] >= 10) | (bits["address"] >= 6.5)
    births = _together(traits, scored.take(named & numbered))
    sexes = _together(traits, scored.take(born & (bits["name"] >= 9.6) & (numbered | near)))
    papers = _together(traits, scored.take((born & near) | (named & (scored.total >= 22 * HUNDREDTHS))))
    return {
        entity: traits[entity]._replace(
            births=tuple(sorted({birth for other in births[entity] for birth in traits[other].births})),
            sex=frozenset(sex for other in sexes[entity] for sex in traits[other].sex),
            documents=_all_documents([traits[other] for other in papers[entity]]),
        )
        for entity in traits
    }


def _all_documents(some: Iterable[Traits]) -> dict[tuple[str, str, str], frozenset[str]]:
    """The documents of several entities that are one."""
    documents: dict[tuple[str, str, str], frozenset[str]] = {}
    for each in some:
        for kind, numbers in each.documents.items():
            documents[kind] = documents.get(kind, frozenset()) | numbers
    return documents


def _together(traits: Mapping[EntityNumber, Traits], same: Best) -> Mapping[EntityNumber, list[EntityNumber]]:
    """All entities that are one with each, itself included."""
    entities = np.array(sorted(traits), dtype=np.int64)
    a, b = (np.searchsorted(entities, each) for each in (same.a, same.b))
    smallest = smallest_joined(len(entities), a.astype(np.int32), b.astype(np.int32))
    members: dict[int, list[EntityNumber]] = defaultdict(list)
    for entity, group in zip(entities.tolist(), smallest.tolist(), strict=True):
        members[group].append(entity)
    return {entity: group for group in members.values() for entity in group}


def _undecided(
    joins: Sequence[Join], scored: Best, traits: Mapping[EntityNumber, Traits], apart: Apart
) -> list[tuple[Join, str]]:
    """The scores of an entity that fits two which are kept apart, neither much better than the other."""
    others = np.delete(scored.weights, COMPARISONS.index("name"), axis=1)
    thin = scored.take((others >= 5 * HUNDREDTHS).sum(axis=1) < 2)
    is_thin = set(zip(thin.a.tolist(), thin.b.tolist(), strict=True))
    beside: dict[EntityNumber, dict[EntityNumber, int]] = defaultdict(dict)
    are_apart = cache(lambda a, b: bool(why_apart(a, b, traits, apart)))
    scores = [join for join in joins if join.strength == SCORE and not are_apart(join.a, join.b)]
    for join in scores:
        beside[join.a][join.b] = beside[join.b][join.a] = join.weight

    def is_undecided(one: EntityNumber, between: EntityNumber, weight: int) -> bool:
        return any(
            weight < other + 3 * HUNDREDTHS and are_apart(min(one, rival), max(one, rival))
            for rival, other in beside[between].items()
            if rival != one
        )

    return [
        (join, FITS_TWO)
        for join in scores
        if (join.a, join.b) in is_thin
        and (is_undecided(join.a, join.b, join.weight) or is_undecided(join.b, join.a, join.weight))
    ]
