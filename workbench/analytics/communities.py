"""Communities: groups with more ties inside than outside, and whether the data support them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from workbench.analytics.agreement import Steadiness, stability, steadiness
from workbench.analytics.engines import Network
from workbench.analytics.finding import Finding, Row
from workbench.analytics.group_evidence import Evidence, Verdict, evidence
from workbench.analytics.modularity import Modularity, best_partition, searches
from workbench.analytics.projection import Drawn, Projection, positions_of
from workbench.analytics.support import finding
from workbench.errors import UsageError
from workbench.model.asked import seed_of
from workbench.model.numbers import Place
from workbench.store.columns import Int64
from workbench.view.asking import question
from workbench.view.view import View

Groups = list[list[Place]]

_SEARCHES = 20
_FEW = 5  # searches of networks with more ties than
_MANY = 200_000
_RESOLUTIONS = (0.01, 100.0)
_SETTLED = 0.8  # share of the searches in which a member is in the group, below which he is named
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Community(Row):
    """One community: its members, whether the data support it, and how far it depends on the seed.

    `stability` is the mean Jaccard index with the most similar group of each search (1: the same every time), and
    `unsettled` are the members who are in that group in fewer than 80 % of the searches.
    """

    WHO: ClassVar[tuple[str, ...]] = ("members", "unsettled")

    members: tuple[str, ...]
    size: int
    verdict: str
    stability: float
    unsettled: tuple[str, ...]

    @property
    def entities(self) -> tuple[str, ...]:
        """The ids of the members, each once."""
        return self.members


@question
def communities(
    view: View,
    projection: str = "persons",
    count_common: bool = False,
    resolution: float = 1.0,
    seed: int = 0,
) -> Finding[Community]:
    """Communities by modularity (Newman and Girvan 2004), the largest first; outsiders are left out.

    Every entity with a tie is in exactly one. The result is the partition of the highest modularity that is found by
    Leiden's method (Traag et al. 2019) from 20 seeds (five beyond 200,000 ties), by Louvain's, and by climbs from random
    partitions in parts of up to 80 entities. A higher `resolution` makes smaller groups; 1.5 came nearest to groups that
    were known from elsewhere. Some partition always comes out: the `verdict` of each row tells whether the data support
    it (see `group_evidence`), and its `stability` how far it depends on the seed. UsageError for a resolution that is
    not between 0.01 and 100.
    """
    seed, resolution = seed_of(seed), resolution_of(resolution)
    projected = positions_of(view, projection, count_common)
    grouped = grouping(projected, resolution, seed)
    rows = _rows(projected, grouped)
    asked = {"count_common": count_common, "resolution": resolution}
    measured = _measured(projected, grouped, rows, resolution)
    return finding(view, projected, "communities", asked, measured, rows, projected.records(projected.edges.rows), seed)


def resolution_of(said: float) -> float:
    """The resolution that was asked for; UsageError if it is no number in the range."""
    least, most = _RESOLUTIONS
    if isinstance(said, bool) or not isinstance(said, int | float) or not least <= said <= most:
        raise UsageError(f"resolution must be a number from {least} to {most:g}: not {said!r}", "resolution")
    return float(said)


class Grouping(NamedTuple):
    """The groups of a projection, largest first; of each node what it was measured by.

    `label` is the group of each node by its first node, `groups` has the nodes of each group, by their places.
    """

    network: Network
    labels: Int64
    groups: list[Int64]
    tried: list[Int64]
    part: Int64
    evidence: list[Evidence]

    def verdict(self, group: Int64) -> Verdict:
        """What the ties say of the division that made a group."""
        return self.evidence[int(self.part[group[0]])].verdict


def grouping(found: Drawn, resolution: float, seed: int) -> Grouping:
    """The groups of a projection, and the evidence for them."""
    network = Network.of(found)
    tried, labels = _partition(network, resolution, seed)
    return Grouping(network, labels, _groups(labels), tried, *evidence(network, resolution, seed))


def partition(found: Drawn, seed: int) -> Groups:
    """The groups of a projection's nodes, each sorted; the largest first, equals by their first node."""
    _, labels = _partition(Network.of(found), 1.0, seed)
    return [found.nodes[group].tolist() for group in _groups(labels)]


def _partition(network: Network, resolution: float, seed: int) -> tuple[list[Int64], Int64]:
    """The partitions of all searches, and the best that is found."""
    tried = searches(network, resolution, seed, _SEARCHES if network.m <= _MANY else _FEW)
    return tried, best_partition(network, tried, resolution, seed)


def _groups(labels: Int64) -> list[Int64]:
    """The nodes of each group, the largest first."""
    order = np.argsort(labels, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1) if len(order) else []
    return sorted(groups, key=lambda group: (-len(group), int(group[0])))


def _rows(projected: Projection, grouped: Grouping) -> list[Community]:
    steady = steadiness(grouped.labels, grouped.tried) if len(grouped.labels) else None
    return [_row(projected, grouped, group, steady) for group in grouped.groups]


def _row(projected: Projection, grouped: Grouping, group: Int64, steady: Steadiness | None) -> Community:
    assert steady is not None  # noqa: S101 - there is a group
    number = int(np.searchsorted(np.unique(grouped.labels), grouped.labels[group[0]]))
    nodes = projected.nodes[group]
    unsettled = nodes[steady.members[group] < _SETTLED]
    return Community(
        members=tuple(projected.snapshot.ids_at(nodes)),
        size=len(group),
        verdict=str(grouped.verdict(group)),
        stability=round(float(steady.groups[number]), _DIGITS),
        unsettled=tuple(projected.snapshot.ids_at(unsettled)),
    )


def _measured(
    projected: Projection, grouped: Grouping, rows: Sequence[Community], resolution: float
) -> dict[str, Any]:
    verdicts = Counter(row.verdict for row in rows)
    return {
        "entities": len(projected.nodes),
        "ties": len(projected.edges.a),
        "modularity": round(Modularity(grouped.network, resolution).total(grouped.labels), _DIGITS),
        "stability": round(stability(grouped.tried), _DIGITS) if rows else 0.0,
        "searches": len(grouped.tried),
        "groups": {str(each): verdicts[each] for each in Verdict},
    }
