"""The joins of components in which two may have to be kept apart: every two holders, in order of strength."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from workbench.store.columns import Int32, Int64
from workbench.view.adjacency import ranges
from workbench.view.joins import IBAN_HOLDER, IDENTIFIER, JUDGEMENT, SCORE, Join, Joins
from workbench.view.scored import Best


def every_pair(joins: Joins) -> Joins:
    """The joins between every two holders of each identifier, instead of along a chain."""
    a, b = joins.row_a, joins.row_b
    if len(a):
        last = np.flatnonzero(np.append(a[1:] != b[:-1], True))
        holders = np.insert(a, last + 1, b[last])
        ends = last + np.arange(len(last)) + 2
        place = np.arange(len(holders))
        others, of = ranges(place + 1, ends[np.searchsorted(ends, place, side="right")])
        a, b = holders[of], holders[others]
    return replace(joins, row_a=a, row_b=b, more=tuple(_all_pairs(joins.more)))


def _all_pairs(joins: Iterable[Join]) -> list[Join]:
    runs: dict[tuple[str, str, str], list[Join]] = defaultdict(list)
    for join in joins:
        runs[join.rule, join.value, join.issuer].append(join)
    pairs: list[Join] = []
    for (rule, _, _), members in runs.items():
        if rule in (JUDGEMENT, IBAN_HOLDER):
            pairs += members
            continue
        holders = sorted({end for join in members for end in zip((join.a, join.b), join.records, strict=True)})
        pairs += [members[0]._replace(a=a, b=b, records=(x, y)) for (a, x), (b, y) in combinations(holders, 2)]
    return pairs


def in_order(joins: Joins, group: Int64) -> Int64:
    """The joins, given the group of each, in order: by group, strength, weight, rule, value, and who is joined."""
    a, b, total = joins.a, joins.b, joins.scored.total
    _, by_score, _ = joins.by_sort(group)
    strength = _each(joins, IDENTIFIER, SCORE, [join.strength for join in joins.more])
    weight = _each(joins, 0, total, [join.weight for join in joins.more])
    value = _each(joins, joins.columns.claims.value[joins.row_a], _said(joins.scored, by_score), _values(joins))
    return np.lexsort((np.maximum(a, b), np.minimum(a, b), value, _rules(joins), -weight, strength, group))


def _each(joins: Joins, by_claim: Int64 | Int32 | int, by_score: Int64 | Int32 | int, more: Sequence[int]) -> Int64:
    """A number for each join."""
    found = np.zeros(len(joins.by_score), dtype=np.int64)
    of_claims, of_scores, others = joins.by_sort(found)
    of_claims[:], of_scores[:], others[:] = by_claim, by_score, more
    return found


def _rules(joins: Joins) -> Int64:
    """The place of the rule of each join among all rules."""
    names = joins.columns.names
    rules = {rule: place for place, rule in enumerate(sorted({*names, *(join.rule for join in joins.more)}))}
    by_kind = np.array([rules[name] for name in names], dtype=np.int64)
    return _each(joins, by_kind[joins.columns.claims.kind[joins.row_a]], 0, [rules[join.rule] for join in joins.more])


def _values(joins: Joins) -> list[int]:
    """The place of each value of other joins: an identifier's among all texts, a judgement's among all judgements."""
    judgements = sorted({join.value for join in joins.more if join.strength < IDENTIFIER})
    places = {value: place for place, value in enumerate(judgements)}
    texts = {join.value for join in joins.more if join.strength == IDENTIFIER}
    known = {value: joins.columns.values.find(value) for value in texts}
    return [(places if join.strength < IDENTIFIER else known)[join.value] for join in joins.more]


def _said(scored: Best, group: Int64) -> Int64:
    """What scores of one weight in a group say in words, as places in their order; 0 where all say the same."""
    order = np.lexsort((scored.total, group))
    total, weights = scored.total[order], scored.weights[order]
    ties = (group[order][1:] == group[order][:-1]) & (total[1:] == total[:-1])
    differs = ties & (weights[1:] != weights[:-1]).any(axis=1)
    run = np.concatenate([np.zeros(min(len(order), 1), np.int64), np.cumsum(~ties)])
    rows = order[np.isin(run, run[1:][differs])]
    places = np.zeros(len(order), dtype=np.int64)
    if len(rows):
        places[rows] = np.unique([each.why for each in scored.at(rows).told()], return_inverse=True)[1]
    return places
