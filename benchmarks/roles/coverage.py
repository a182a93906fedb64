"""Coverage of rank intervals: a network is the truth, a part of it is dropped, and the rest is asked for intervals.

A rank counts as covered if the entity's rank in the truth, among the entities that are left with a tie, lies in the
interval. Equals have the rank of their first (1, 2, 2, 4), in the truth as everywhere.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.networks import Named
from workbench.analytics.brokerage import membership
from workbench.analytics.dropping import Copies
from workbench.analytics.engines import Network
from workbench.analytics.measures import plan_of, scorer_of
from workbench.analytics.rank_intervals import Intervals, rank_intervals
from workbench.analytics.ranks import Ranks, ranks

SHARES = (0.05, 0.1, 0.2)
DROPPED = ("ties", "persons")
MEASURES = ("degree", "betweenness", "closeness", "pagerank", "brokerage")
LABELLED = "brokerage between labels"
ONE_KIND = "one kind of ties"  # as if one agency's were missing
_MOST_KINDS = 6
_FIRST = (10, 20)
_LEAST, _MOST_GROUPS = 10, 0.5  # nodes of a network; groups of a label by node
_MOST_DRAWS = 6
_WORK = 2_000  # ties of all draws of one network


class Case(NamedTuple):
    """One measure of one observed network: what is true, what was observed, and the intervals."""

    measure: str
    dropped: str
    share: float
    true: Ranks
    observed: Ranks
    found: Intervals


def cases(named: Named, seed: int, measures: Sequence[str] = MEASURES) -> Iterator[Case]:
    """All cases of a network: each measure, share and kind of loss, several times."""
    network = named.network
    if network.n < _LEAST or network.m < _LEAST:
        return
    groups = _groups(named)
    asked = [*measures, *([LABELLED] if groups is not None else [])]
    for dropped in DROPPED:
        for share in SHARES:
            for draw in range(max(1, min(_MOST_DRAWS, _WORK // network.m))):
                rng = np.random.default_rng([seed, DROPPED.index(dropped), int(share * 100), draw])
                left = without(network, dropped, share, rng)
                if left.network.m > 1:
                    yield from (_case(each, network, left, groups, dropped, share, draw) for each in asked)
    for number, kept in enumerate(_without_one_kind(named)):
        share = float(round(1 - kept.mean(), 3))
        for each in asked:
            case = _case(each, network, left_of(network, kept), groups, ONE_KIND, share, number)
            yield case._replace(share=-1.0)


def _without_one_kind(named: Named) -> Iterator[NDArray[np.bool_]]:
    """Masks of the ties that are left without one kind each, if that is a half at most."""
    kinds = sorted({tie.kind for tie in named.ties})
    network = named.network
    of_pair: dict[tuple[int, int], set[str]] = {}
    for tie in named.ties:
        a, b = sorted((named.number[tie.source], named.number[tie.target]))
        of_pair.setdefault((a, b), set()).add(tie.kind)
    said = [of_pair[pair] for pair in zip(network.a.tolist(), network.b.tolist(), strict=True)]
    for kind in kinds[:_MOST_KINDS] if len(kinds) > 1 else ():
        kept = np.array([each != {kind} for each in said])
        if 0.5 <= kept.mean() < 1:
            yield kept


def without(network: Network, dropped: str, share: float, rng: np.random.Generator) -> Copies:
    """What is left if a share, rounded, of the ties or persons is dropped; those without a tie are not in it."""
    if dropped == "ties":
        kept = np.ones(network.m, bool)
        kept[rng.choice(network.m, round(share * network.m), replace=False)] = False
    else:
        stays = np.ones(network.n, bool)
        stays[rng.choice(network.n, round(share * network.n), replace=False)] = False
        kept = stays[network.a] & stays[network.b]
    return left_of(network, kept)


def left_of(network: Network, kept: NDArray[np.bool_]) -> Copies:
    """The ties in a mask, as a copy."""
    ends = np.concatenate([network.a[kept], network.b[kept]])
    nodes, place = np.unique(ends, return_inverse=True)
    a, b = place.reshape(2, -1).astype(np.int32)
    return Copies(Network(len(nodes), network.directed, a, b), nodes.astype(np.int64), np.zeros(len(nodes), np.int64))


def _case(measure: str, network: Network, left: Copies, groups: Any, dropped: str, share: float, seed: int) -> Case:
    name = measure if measure in MEASURES else "brokerage-agencies"
    is_known = measure == LABELLED
    whole = scorer_of(name, groups if is_known else None, seed)
    here = scorer_of(name, groups[left.node] if is_known else None, seed)
    alone = Copies.whole(left.network)
    observed = ranks(here.after(alone, None))
    truth = (
        scorer_of(name, None, seed).before(network, left, None) if not is_known else whole.before(network, left, None)
    )
    found = rank_intervals(left.network, observed, here, share, plan_of(left.network, name), seed)
    return Case(measure, dropped, share, ranks(truth), observed, found)


def _groups(named: Named) -> Any:
    """The membership of the first label that divides the nodes into some groups; None without one."""
    for told in named.labels.values():
        codes = {each: number for number, each in enumerate(sorted(set(told) - {""}))}
        if 2 <= len(codes) <= _MOST_GROUPS * len(told):
            members = [(node, codes[each]) for node, each in enumerate(told) if each]
            rows, columns = (np.array(each, np.int64) for each in zip(*members, strict=True))
            return membership(len(told), rows, columns)
    return None


# -- summing up --------------------------------------------------------------------------------------


def summed(found: Iterable[Case]) -> dict[str, Any]:
    """The coverage by measure, what was dropped, and share; of all, of the first ten and twenty; and the widths."""
    by: dict[tuple[str, str, float], list[Case]] = {}
    for each in found:
        by.setdefault((each.measure, each.dropped, each.share), []).append(each)
    told: dict[str, Any] = {}
    for (measure, dropped, share), some in by.items():
        told.setdefault(measure, {}).setdefault(dropped, {})[_said(share)] = _summed(some)
    return told


def _said(share: float) -> str:
    return "all of it" if share < 0 else f"{share:.0%}"


def _summed(some: Sequence[Case]) -> Mapping[str, Any]:
    inside = np.concatenate(
        [(each.found.best <= each.true.first) & (each.true.first <= each.found.worst) for each in some]
    )
    width = np.concatenate([each.found.worst - each.found.best for each in some])
    of = np.concatenate([np.full(len(each.true.first), len(each.true.first)) for each in some])
    place = np.concatenate([each.observed.first for each in some])
    baseline = np.concatenate([_same_width(each) for each in some])
    told: dict[str, Any] = {
        "ranks": len(inside),
        "covered": round(float(inside.mean()), 3),
        "width, share of all ranks": round(float((width / of).mean()), 3),
        "width of one for all": round(float((baseline / of).mean()), 3),
    }
    for first in _FIRST:
        those = place <= first
        told[f"first {first}"] = {
            "covered": round(float(inside[those].mean()), 3),
            "width": round(float(width[those].mean()), 1),
            "width of one for all": round(float(baseline[those].mean()), 1),
        }
    return told


def _same_width(case: Case) -> NDArray[np.int64]:
    """The trivial rival, which knows the truth: the same number of ranks to both sides for all, to cover 90 %."""
    off = np.sort(np.abs(case.true.first - case.observed.first))
    reach = int(off[int(np.ceil(0.9 * len(off))) - 1])
    low = np.maximum(1, case.observed.first - reach)
    return np.asarray(np.minimum(len(off), case.observed.first + reach) - low, np.int64)
