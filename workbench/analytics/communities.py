"""Communities: groups with more ties inside than outside, and whether the data support them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from workbench.analytics.agencies import agencies_of
from workbench.analytics.agreement import Steadiness, stability, steadiness
from workbench.analytics.engines import Network
from workbench.analytics.finding import Finding, Row
from workbench.analytics.group_evidence import Evidence, Verdict, evidence
from workbench.analytics.group_labels import first_labels, following
from workbench.analytics.modularity import Modularity, best_partition, searches
from workbench.analytics.projection import Drawn, Projection, positions_of
from workbench.analytics.support import finding
from workbench.analytics.weights import COUNTED, TIES_ARE
from workbench.errors import UsageError
from workbench.model.asked import seed_of
from workbench.model.numbers import Place
from workbench.store.columns import Int64
from workbench.view.asking import question
from workbench.view.resting import at_revision, published_before
from workbench.view.view import View

Groups = list[list[Place]]

RESOLUTION = 1.0  # at which the joint-value report looks for groups
_SEARCHES = 20
_FEW = 5  # searches of networks with more ties than
_MANY = 200_000
_FEW_TO_SKETCH, _MANY_TO_SKETCH = 3, 5_000
RESOLUTIONS = (0.01, 100.0)
_STEADY = 0.75  # stability of a group, below which it is not supported
_SETTLED = 0.8  # share of the searches in which a member is in the group, below which he is named
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Community(Row):
    """One community: its members, the agencies that know them, whether the data support it, and how far it is steady.

    `stability` is the mean Jaccard index with the most similar group of each search (1: the same every time), and
    `unsettled` are the members who are in that group in fewer than 80 % of the searches.
    """

    WHO: ClassVar[tuple[str, ...]] = ("members", "unsettled")

    label: str
    members: tuple[str, ...]
    size: int
    verdict: str
    stability: float
    unsettled: tuple[str, ...]
    agencies: tuple[str, ...]

    @property
    def entities(self) -> tuple[str, ...]:
        """The ids of the members, each once."""
        return self.members

    def cell(self, column: str, names: Mapping[str, str]) -> str:
        """The text of a column."""
        return ", ".join(self.agencies) if column == "agencies" else Row.cell(self, column, names)


@question
def communities(
    view: View,
    projection: str = "persons",
    count_common: bool = False,
    resolution: float = RESOLUTION,
    ties_as: str = COUNTED,
    since: str | None = None,
    seed: int = 0,
) -> Finding[Community]:
    """Communities by modularity (Newman and Girvan 2004), the largest first; outsiders are left out.

    Every entity with a tie is in exactly one. The result is the partition of the highest modularity that is found: by
    Leiden's method (Traag et al. 2019) from 20 seeds (five beyond 200,000 ties), by Louvain's, and by climbs in
    parts of up to 80 entities (see `climbing`). A higher `resolution` makes smaller groups; at 1.5 they came
    nearest to groups that are known from elsewhere. Some partition always comes out: the `verdict` of each row tells
    whether the data support it (see `group_evidence`), and its `stability` how far it depends on the seed.

    Each tie counts as one, or with `ties_as="weighted"` what it weighs (see `weights`); the evidence for groups is
    that of counted ties where it is a description. Labels are numbers; with `since`, a day, those of the groups before
    that day are kept by the groups that half or more of them are in. UsageError for a resolution that is not between
    0.01 and 100, or a day before which there was nothing.
    """
    seed, resolution = seed_of(seed), resolution_of(resolution)
    projected = positions_of(view, projection, count_common)
    grouped = grouping(Network.of(projected, projected.weights_as(ties_as)), resolution, seed)
    labels = first_labels(len(grouped.groups))
    if since is not None:
        earlier = at_revision(view, published_before(view, since))
        before = communities(earlier, projection, count_common, resolution, ties_as, seed=seed)
        labels = _following(projected, grouped, before)
    rows = _rows(projected, grouped, labels)
    asked = {"count_common": count_common, "resolution": resolution, "ties_as": ties_as, "since": since}
    measured = {TIES_ARE: ties_as, **_measured(projected, grouped, rows)}
    return finding(view, projected, "communities", asked, measured, rows, projected.records(projected.edges.rows), seed)


def resolution_of(said: float) -> float:
    """The resolution that was asked for; UsageError if it is no number in the range."""
    least, most = RESOLUTIONS
    if isinstance(said, bool) or not isinstance(said, int | float) or not least <= said <= most:
        raise UsageError(f"resolution must be a number from {least} to {most:g}: not {said!r}", "resolution")
    return float(said)


@dataclass(frozen=True)
class Grouping:
    """The groups of a network, the largest first, and what was found on the way.

    `labels` names the group of each node by its first node, `tried` those of all searches; `evidence` is of each part.
    """

    network: Network
    resolution: float
    labels: Int64
    groups: list[Int64]
    tried: list[Int64]
    part: Int64
    evidence: list[Evidence]

    @cached_property
    def steady(self) -> Steadiness:
        """How steady the groups are, in the order of their first nodes, and their members."""
        return steadiness(self.labels, self.tried)

    def stability(self, group: Int64) -> float:
        """How steady a group is."""
        return float(self.steady.groups[np.searchsorted(self._names, self.labels[group[0]])])

    def verdict(self, group: Int64) -> Verdict:
        """What the ties say of a group: of the division that made it, and of itself.

        A part that stays whole is what the data support, unless it is a tree or too small. A group that comes and goes
        with the seed is not supported, whatever is beside it.
        """
        part = int(self.part[group[0]])
        found = self.evidence[part]
        if found.asked and not found.is_tree and len(group) == self._sizes[part]:
            return Verdict.SUPPORTED
        if found.verdict == Verdict.SUPPORTED and self.stability(group) < _STEADY:
            return Verdict.NOT_SUPPORTED
        return found.verdict

    @cached_property
    def _names(self) -> Int64:
        return np.unique(self.labels)

    @cached_property
    def _sizes(self) -> Int64:
        return np.bincount(self.part)


def grouping(network: Network, resolution: float, seed: int) -> Grouping:
    """The groups of a network, and the evidence for them."""
    tried, labels = _partition(network, resolution, seed, times(network.m))
    return Grouping(network, resolution, labels, _groups(labels), tried, *evidence(network, resolution, seed))


def partition(found: Drawn, seed: int) -> Groups:
    """The groups of a projection's nodes, each sorted; the largest first, equals by their first node."""
    _, labels = _partition(Network.of(found), RESOLUTION, seed, times(len(found.edges.a)))
    return [found.nodes[group].tolist() for group in _groups(labels)]


def sketch(found: Drawn, seed: int) -> Groups:
    """As `partition`, by a few quick searches where there are many ties: to look whether a group is there, too."""
    few = _SEARCHES if len(found.edges.a) <= _MANY_TO_SKETCH else _FEW_TO_SKETCH
    _, labels = _partition(Network.of(found), RESOLUTION, seed, few)
    return [found.nodes[group].tolist() for group in _groups(labels)]


def times(ties: int) -> int:
    """How many searches a network of so many ties is worth."""
    return _SEARCHES if ties <= _MANY else _FEW


def _partition(network: Network, resolution: float, seed: int, times: int) -> tuple[list[Int64], Int64]:
    """The partitions of all searches, and the best that is found."""
    tried = searches(network, resolution, seed, times)
    return tried, best_partition(network, tried, resolution, seed)


def _groups(labels: Int64) -> list[Int64]:
    """The nodes of each group, the largest first."""
    order = np.argsort(labels, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1) if len(order) else []
    return sorted(groups, key=lambda group: (-len(group), int(group[0])))


def _following(projected: Projection, grouped: Grouping, before: Finding[Community]) -> list[str]:
    """The labels of groups that follow those of an earlier finding."""
    groups = [projected.nodes[group].tolist() for group in grouped.groups]
    earlier = [projected.snapshot.positions(row.members).tolist() for row in before.results]
    return following(groups, earlier, [row.label for row in before.results])


def _rows(projected: Projection, grouped: Grouping, labels: Sequence[str]) -> list[Community]:
    if not grouped.groups:
        return []
    settled = grouped.steady.members >= _SETTLED
    told = zip(grouped.groups, labels, agencies_of(projected, grouped.labels), strict=True)
    ids = projected.snapshot.ids_at
    return [
        Community(
            label=label,
            members=tuple(ids(projected.nodes[group])),
            size=len(group),
            verdict=str(grouped.verdict(group)),
            stability=round(grouped.stability(group), _DIGITS),
            unsettled=tuple(ids(projected.nodes[group[~settled[group]]])),
            agencies=agencies,
        )
        for group, label, agencies in told
    ]


def _measured(projected: Projection, grouped: Grouping, rows: Sequence[Community]) -> dict[str, Any]:
    verdicts = Counter(row.verdict for row in rows)
    modularity = Modularity(grouped.network, grouped.resolution).total(grouped.labels)
    asked = [each for each in grouped.evidence if each.asked]
    return {
        "entities": len(projected.nodes),
        "ties": len(projected.edges.a),
        "modularity": round(modularity, _DIGITS),
        "stability": round(stability(grouped.tried), _DIGITS) if rows else 0.0,
        "searches": len(grouped.tried),
        "groups": {str(each): verdicts[each] for each in Verdict},
        "parts_asked": [each.told() for each in asked],
    }
