"""What keeps entities apart (design §7): vetoes, and people's judgement `different`."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from workbench.model.claims import DOCUMENTS
from workbench.model.numbers import EntityNumber, RecordNumber
from workbench.store.columns import Bool, Columns, Int32
from workbench.view.doubts import undecided, with_confirmed
from workbench.view.joins import BY_SCORE, IBAN_HOLDER, JUDGEMENT, Join, Joins, entities_of
from workbench.view.scored import Model
from workbench.view.traits import TWO_YEARS, Apart, days, forbidden, traits_of


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
    spans = np.array([days(str(columns.values[value])) for value in values], dtype=np.int64)
    label = labels[claims.entity[rows]]
    latest, earliest = np.zeros(int(label.max()) + 1, np.int64), np.full(int(label.max()) + 1, 10**8)
    np.maximum.at(latest, label, spans[place, 0])
    np.minimum.at(earliest, label, spans[place, 1])
    return set(np.flatnonzero(latest - earliest > TWO_YEARS).tolist())


def settle(
    columns: Columns, labels: Int32, joins: Joins, doubtful: set[int], apart: Apart, model: Model
) -> tuple[Joins, list[tuple[Join, str]]]:
    """The joins that stand, and the refused ones with the reason.

    In a doubtful component joins are taken in order of strength, scores by their weight, then by key. A join is refused
    if it would unite two entities that a judgement or a veto keeps apart, and a score if it fits two of those alike.
    """
    in_doubt = np.isin(labels[joins.a], list(doubtful))
    asked = joins.where(in_doubt)
    queue = _all_pairs(list(asked))
    queue.sort(
        key=lambda j: (j.strength, -j.weight, j.rule, j.value, *sorted((columns.id_of(j.a), columns.id_of(j.b))))
    )
    traits = with_confirmed(
        traits_of(columns, {number for join in queue for number in (join.a, join.b)}, model), asked.scored
    )
    refused = undecided(queue, asked.scored, traits, apart)
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
    return joins.where(~in_doubt).with_more(kept), refused


def _all_pairs(joins: Sequence[Join]) -> list[Join]:
    """The joins between every two holders of each identifier, instead of along a chain."""
    runs: dict[tuple[str, str], list[Join]] = defaultdict(list)
    for join in joins:
        runs[join.rule, join.value].append(join)
    pairs: list[Join] = []
    for (rule, _), members in runs.items():
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
