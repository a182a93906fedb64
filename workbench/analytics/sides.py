"""What sets of agencies see together, compared with what the union of all sees.

Of a set of agencies only edges are kept, and which of its entities are which of the union's: its view is let go. So
all sets fit into memory together.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from workbench.analytics.behind import Behind
from workbench.analytics.communities import RESOLUTION, Grouping, Groups, grouping, sketch
from workbench.analytics.engines import Network
from workbench.analytics.positions import Scored, scored
from workbench.analytics.projection import Bare, Drawn, Ends, Projection, everyone, positions_of
from workbench.analytics.rank_intervals import Intervals
from workbench.analytics.reach import levels
from workbench.analytics.sufficing import Sets, Subset, Sufficing
from workbench.model.numbers import Place, RecordNumber
from workbench.store.assembly import each_once, used_of
from workbench.store.columns import Bool, Int32, Int64
from workbench.view.access import forget
from workbench.view.adjacency import ranges
from workbench.view.patterns import pair_codes
from workbench.view.snapshot import Snapshot
from workbench.view.view import View

KEY_PLAYERS = 10


@dataclass(frozen=True)
class Question:
    """The question to every side: the projection, whether common values count, the seed, the share that is missing."""

    projection: str
    count_common: bool
    seed: int
    missing: float = 0.0


@dataclass(frozen=True)
class Support:
    """What a thing rests on: records by number, and judgements' evidence by key, which may be superseded by now."""

    records: frozenset[RecordNumber]
    evidence: frozenset[str] = frozenset()

    @classmethod
    def of(cls, parts: Iterable["Support"]) -> "Support":
        """The support of several things together."""
        every = list(parts)
        if len(every) == 1:
            return every[0]
        return cls(
            frozenset[RecordNumber]().union(*(each.records for each in every)),
            frozenset[str]().union(*(each.evidence for each in every)),
        )

    def keys(self, known: Mapping[RecordNumber, str]) -> tuple[str, ...]:
        """All keys, sorted; `known` maps record numbers to keys."""
        return tuple(sorted({*(known[number] for number in self.records & known.keys()), *self.evidence}))


class Links:
    """Pairs of numbers, looked up by the first of each; one can have several."""

    def __init__(self, first: Int64, second: Int64) -> None:
        order = np.lexsort((second, first))
        self._first, self._second = first[order], second[order]

    def of(self, numbers: NDArray[np.integer[Any]]) -> tuple[Int64, Int64]:
        """The seconds for some firsts, and for each of them the index of its first."""
        starts, ends = np.searchsorted(self._first, numbers), np.searchsorted(self._first, numbers, "right")
        slots, of = ranges(starts, ends)
        return self._second[slots], of.astype(np.int64)


class Effort(NamedTuple):
    """How a side is searched for groups, and by what the work for its betweenness is divided."""

    grouping: Callable[[Drawn, int], Groups]
    share: int


# There are up to 62 sets of agencies, and only the union is told of: the others are asked whether a thing is there too.
LITTLE = Effort(sketch, 10)


class Side:
    """What some agencies see, by their projections with outsiders and without; its answers are of the union's entities.

    It keeps the entities in the projections, and those among the union's of which distances may be asked. They have
    numbers of their own here, in the order of ids.
    """

    def __init__(
        self,
        projections: tuple[Projection, Projection],
        union: Snapshot,
        among: Bool,
        seed: int,
        effort: Effort = LITTLE,
    ) -> None:
        self._n, self._seed, self._effort = len(union.nodes), seed, effort
        snapshot = projections[0].snapshot
        own, joint = snapshot.places(snapshot.present), union.places(snapshot.present)
        self.joint = _joined(snapshot, own, joint, self._n)
        projected = used_of(len(snapshot.nodes), *(each.nodes for each in projections))
        wanted = projected[own] | among[joint]
        pairs = each_once(pair_codes(own[wanted], joint[wanted], self._n))
        own, joint = pairs // max(self._n, 1), pairs % max(self._n, 1)
        kept = each_once(own)
        self._to_union = Links(np.searchsorted(kept, own), joint)
        self._from_union = Links(joint, np.searchsorted(kept, own))
        self._everyone, self._subjects = (_bare(each, kept) for each in projections)

    def in_union(self, own: NDArray[np.integer[Any]]) -> Int64:
        """The union's entities for some own entities, in order."""
        return each_once(self._to_union.of(own)[0])

    @cached_property
    def ties(self) -> Int64:
        """The union's pairs with an edge here, under any of their referents, as sorted codes."""
        a, row = self._to_union.of(self._everyone.edges.a)
        b, other = self._to_union.of(self._everyone.edges.b[row])
        codes = pair_codes(a[other], b, self._n)
        return each_once(
            codes if self._everyone.directed else np.concatenate([codes, pair_codes(b, a[other], self._n)])
        )

    @cached_property
    def _ranked(self) -> tuple[list[tuple[Place, int]], dict[str, Any], bool]:
        """The nodes among the first that have a betweenness above 0 with their ranks, and how that was sampled."""
        found, nodes = self._between, self._subjects.nodes
        rank = found.ranks.first
        counted = np.flatnonzero((found.scores > 0) & (rank <= KEY_PLAYERS))
        order = counted[np.lexsort((nodes[counted], rank[counted]))]
        first = list(zip(map(Place, nodes[order].tolist()), rank[order].tolist(), strict=True))
        return first, found.sampling, found.of > 0

    @cached_property
    def _between(self) -> Scored:
        return scored(self._subjects, "betweenness", self._seed, self._effort.share)

    def rank_interval(self, node: Place, missing: float) -> tuple[int, int]:
        """The 90 % interval of the rank here of one of the union's entities, if the share `missing` is missing.

        Of an entity that is several here, of the one that ranks best.
        """
        if missing not in self._intervals:
            self._intervals[missing] = self._between.intervals("betweenness", missing, self._seed)
        found, rank = self._intervals[missing], self._between.ranks.first
        own = self._from_union.of(np.array([node]))[0]
        places = np.flatnonzero(np.isin(self._subjects.nodes, own))
        at = places[rank[places].argmin()]
        return int(found.best[at]), int(found.worst[at])

    @cached_property
    def _intervals(self) -> dict[float, Intervals]:
        return {}

    @property
    def sampling(self) -> dict[str, Any]:
        """How betweenness was sampled, for `measured`."""
        return self._ranked[1]

    @property
    def is_estimated(self) -> bool:
        """Whether betweenness was estimated."""
        return self._ranked[2]

    def leaders(self, many: int) -> set[Place]:
        """The union's entities for the first of those with a betweenness above 0."""
        first = np.array([node for node, _ in self._ranked[0][:many]], dtype=np.int64)
        return set(map(Place, self.in_union(first).tolist()))

    @cached_property
    def first(self) -> dict[Place, int]:
        """The union's entities that rank among the first `KEY_PLAYERS` here, with their ranks, best first.

        Equals are included all or none: none if there are more than that of them.
        """
        equals = Counter(rank for _, rank in self._ranked[0])
        ranks: dict[Place, int] = {}
        for node, rank in self._ranked[0]:
            for joint in self.in_union(np.array([node])).tolist() if equals[rank] <= KEY_PLAYERS else ():
                ranks.setdefault(joint, rank)
        return ranks

    @cached_property
    def groups(self) -> list[Int64]:
        """The communities of this side, each as the union's entities, in order."""
        return [self.in_union(np.array(group)) for group in self._effort.grouping(self._subjects, self._seed)]

    @cached_property
    def _membership(self) -> csr_array:
        return _membership(self.groups, self._n)

    def resembled(self, groups: Sequence[Sequence[Place]], least: float) -> Bool:
        """A mask of the union's groups that have a Jaccard index of at least `least` with a group of this side."""
        theirs, mine = _membership(groups, self._n), self._membership
        common = (theirs @ mine.T).tocoo()
        their, my = common.coords
        sizes = np.diff(theirs.indptr)[their] + np.diff(mine.indptr)[my]
        is_resembled = np.zeros(len(groups), bool)
        is_resembled[their[common.data >= least * (sizes - common.data)]] = True
        return is_resembled

    @cached_property
    def _adjacency(self) -> csr_array:
        return self._everyone.adjacency

    @cached_property
    def _levels(self) -> dict[int, Int32]:
        return {}

    def distance(self, a: Place, b: Place) -> int:
        """The distance here between two of the union's entities, in steps; -1 if there is no path."""
        from_a, to_b = (self._from_union.of(np.array([end]))[0] for end in (a, b))
        distances = []
        for start in map(Place, from_a.tolist()):
            if start not in self._levels:
                self._levels[start] = levels(self._adjacency, start)
            distances += [int(d) for d in self._levels[start][to_b] if d >= 0]
        return min(distances, default=-1)


class Sides:
    """The union and all sets of its agencies; each side is made on first use.

    `everyone` and `subjects` are the union's projections, with outsiders and without.
    """

    def __init__(self, view: View, question: Question) -> None:
        self._view, self._question = view, question
        self.union = view.snapshot()
        self.everyone, self.subjects = projections = _projections(view, question)
        self._among = used_of(len(self.union.nodes), self.everyone.nodes, self.subjects.nodes)
        self.agencies = tuple(sorted(view.stats().agencies))
        self.sets = Sets(self.agencies)
        self.whole = Side(projections, self.union, self._among, question.seed, Effort(self._groups, 1))
        self._known: dict[Subset, Side] = {self.agencies: self.whole}

    def side(self, agencies: Subset) -> Side:
        """The side of these agencies."""
        if agencies not in self._known:
            view = self._view.within(agencies)
            self._known[agencies] = self._side(_projections(view, self._question))
            forget(view)  # it has hundreds of megabytes
        return self._known[agencies]

    def _side(self, projections: tuple[Projection, Projection]) -> Side:
        return Side(projections, self.union, self._among, self._question.seed)

    @cached_property
    def behind(self) -> Behind:
        """The records behind the edges of the union's projection with outsiders."""
        return Behind(self.everyone)

    def _groups(self, found: Drawn, _: int) -> Groups:
        """The groups of the union, which are asked for their evidence too, as nodes of the same network."""
        return [found.nodes[group].tolist() for group in self._grouping.groups]

    @cached_property
    def _grouping(self) -> Grouping:
        return grouping(Network.of(self.subjects), RESOLUTION, self._question.seed)

    def verdict(self, group: Sequence[Place]) -> str:
        """Whether the data support a group of the union."""
        return str(self._grouping.verdict(np.searchsorted(self.subjects.nodes, np.array(group))))

    @property
    def missing(self) -> float:
        """The share of ties or persons that may be missing."""
        return self._question.missing

    @property
    def own(self) -> list[Side]:
        """The side of each single agency."""
        return [self.side((agency,)) for agency in self.agencies]

    @property
    def sampling(self) -> dict[str, Any]:
        """The `sampling` of the first ranking, of the union or of an agency's own, that was estimated."""
        every = (self.whole, *self.own)
        return next((each for each in every if each.is_estimated), self.whole).sampling

    @property
    def searched(self) -> dict[str, Any]:
        """For `measured`: how many sets of agencies were tried and are possible, and whether the limit was reached."""
        tried = {*self.sets.tried, *((agency,) for agency in self.agencies), self.agencies}
        return {"sets_tried": len(tried), "sets_possible": self.sets.possible, "limit_reached": self.sets.limit_reached}

    def joined(self) -> dict[Place, Support]:
        """By entity of several agencies, what joins its referents: records, or a judgement's evidence."""
        standing = self.union.identity.standing
        evidence = {each.id: each.evidence for each in self._view.judgements()}
        support: dict[Place, list[Support]] = defaultdict(list)
        for join in standing.where(self.whole.joint[self.union.places(standing.a)]):
            judged = evidence.get(join.value, ()) if join.rule == "judgement" else ()
            support[self.union.place_of(join.a)].append(Support(frozenset(join.records), frozenset(judged)))
        return {place: Support.of(parts) for place, parts in support.items()}

    def smallest(
        self, n: int, suffices: Callable[[Side, Int64], Bool], holders: Callable[[int], frozenset[str]]
    ) -> list[Sufficing]:
        """For each of n things, the smallest sets of agencies that suffice for it.

        `suffices(side, items)` is a mask of the numbered things that a side has; `holders(i)` are the
        agencies that hold the records of thing i.
        """
        return self.sets.smallest(n, lambda subset, items: suffices(self.side(subset), items), holders)

    def holders(self, members: Iterable[Place], pairs: Iterable[tuple[Place, Place]] = ()) -> frozenset[str]:
        """The agencies that know some of the union's entities, or hold a record behind an edge of these pairs."""
        snapshot = self.union
        records = self.behind.records(pairs)
        referents = [n for each in members for n in snapshot.identity.cluster(snapshot.node_at(each))]
        datasets = snapshot.dataset_of(np.array(referents, dtype=np.int64)).tolist()
        datasets += [snapshot.dataset_of_tying[each] for each in records]
        return frozenset(snapshot.datasets[each].agency for each in set(datasets))


def _projections(view: View, question: Question) -> tuple[Projection, Projection]:
    asked = (view, question.projection, question.count_common)
    return everyone(*asked), positions_of(*asked)


def _bare(projection: Projection, kept: Int64) -> Bare:
    """The edges of a projection between the places in `kept` of its ends, of which it has all."""
    a, b = (np.searchsorted(kept, ends).astype(np.int32) for ends in (projection.edges.a, projection.edges.b))
    return Bare(len(kept), projection.directed, Ends(a, b))


def _joined(snapshot: Snapshot, own: Int64, joint: Int64, n: int) -> Bool:
    """A mask of the union's n entities: those for which a snapshot joins referents of two agencies.

    `own` and `joint` are the places of all that is present, in the snapshot and in the union.
    """
    agencies = np.array([each.agency for each in snapshot.datasets])
    names, agency = np.unique(agencies, return_inverse=True)
    pairs = each_once(own * max(len(names), 1) + agency[snapshot.dataset_of(snapshot.present)])
    several = np.bincount(pairs // max(len(names), 1), minlength=len(snapshot.nodes)) > 1
    is_joint = np.zeros(n, dtype=bool)
    is_joint[joint[several[own]]] = True
    return is_joint


def _membership(groups: Sequence[Sequence[Place] | Int64], n: int) -> csr_array:
    """A matrix with a row for each group and a 1 for each of n nodes in it."""
    columns = np.concatenate([np.zeros(0, np.int64), *(np.sort(group) for group in groups)])
    rows = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    return csr_array((np.ones(len(columns)), (rows, columns)), shape=(len(groups), n))
