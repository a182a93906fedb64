"""What sets of agencies see together, compared with what the union of all sees."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from workbench.analytics.communities import partition
from workbench.analytics.key_players import Ranking, ranking
from workbench.analytics.projection import Projection, everyone, positions_of
from workbench.analytics.reach import levels
from workbench.analytics.sufficing import Sets, Subset, Sufficing
from workbench.model.numbers import Place, RecordNumber
from workbench.store.columns import Bool, Int32, Int64
from workbench.view.patterns import pair_codes
from workbench.view.snapshot import Snapshot
from workbench.view.view import View


@dataclass(frozen=True)
class Question:
    """The question to every side: the projection, whether common values count, the seed."""

    projection: str
    count_common: bool
    seed: int


@dataclass(frozen=True)
class Support:
    """What a thing rests on: records by number, and judgements' evidence by key, which may be superseded by now."""

    records: frozenset[RecordNumber]
    evidence: frozenset[str] = frozenset()

    @classmethod
    def of(cls, parts: Iterable["Support"]) -> "Support":
        """The support of several things together."""
        every = list(parts)
        return cls(
            frozenset[RecordNumber]().union(*(each.records for each in every)),
            frozenset[str]().union(*(each.evidence for each in every)),
        )

    def keys(self, known: Mapping[RecordNumber, str]) -> tuple[str, ...]:
        """All keys, sorted; `known` maps record numbers to keys."""
        return tuple(sorted({*(known[number] for number in self.records & known.keys()), *self.evidence}))


class Side:
    """The view of some agencies, with all answers as positions in the union's snapshot."""

    def __init__(self, view: View, union: Snapshot, question: Question) -> None:
        self._view, self._union, self._question = view, union, question

    @cached_property
    def everyone(self) -> Projection:
        """The projection with outsiders."""
        return everyone(self._view, self._question.projection, self._question.count_common)

    @cached_property
    def subjects(self) -> Projection:
        """The projection for positions, without outsiders."""
        return positions_of(self._view, self._question.projection, self._question.count_common)

    @cached_property
    def _members(self) -> tuple[Int64, Int64, Int32]:
        """The (own position, union position, dataset) of every entity of this side."""
        snapshot, union = self._view.snapshot(), self._union
        present = snapshot.present
        return snapshot.places(present), union.places(present), snapshot.dataset_of(present)

    @cached_property
    def _to_union(self) -> csr_array:
        """A matrix from own entities to the union's; an own entity can be several that the union keeps apart."""
        own, joint, _ = self._members
        shape = (len(self._view.snapshot().nodes), len(self._union.nodes))
        matrix = csr_array((np.ones(len(own)), (own, joint)), shape=shape)
        matrix.data[:] = 1.0
        return matrix

    def in_union(self, own: Iterable[Place]) -> set[Place]:
        """The union's entities for some own entities."""
        matrix = self._to_union
        return {Place(int(j)) for i in own for j in matrix.indices[matrix.indptr[i] : matrix.indptr[i + 1]]}

    @cached_property
    def joint(self) -> Bool:
        """A mask of the union's entities for which this side joins referents of two agencies."""
        own, joint, dataset = self._members
        agencies = np.array([d.agency for d in self._union.datasets])
        _, agency = np.unique(agencies, return_inverse=True)
        pairs = np.unique(np.stack([own, agency[dataset]]), axis=1) if len(own) else np.zeros((2, 0), np.int64)
        several = np.bincount(pairs[0], minlength=len(self._view.snapshot().nodes)) > 1
        is_joint = np.zeros(len(self._union.nodes), dtype=bool)
        is_joint[joint[several[own]]] = True
        return is_joint

    def joined(self) -> dict[Place, "Support"]:
        """By entity, what joins its referents: records, or a judgement's evidence."""
        snapshot = self._view.snapshot()
        evidence = {each.id: each.evidence for each in self._view.judgements()}
        support: dict[Place, list[Support]] = defaultdict(list)
        for join in snapshot.identity.standing:
            place = snapshot.place_of(join.a)
            judged = evidence.get(join.value, ()) if join.rule == "judgement" else ()
            support[place].append(Support(frozenset(join.records), frozenset(judged)))
        return {place: Support.of(parts) for place, parts in support.items()}

    @cached_property
    def ties(self) -> Int64:
        """The union's pairs with an edge here, under any of their referents, as sorted codes."""
        tied = (self._to_union.T @ self.everyone.adjacency @ self._to_union).tocoo()
        a, b = tied.coords
        return np.unique(pair_codes(a, b, len(self._union.nodes)))

    @cached_property
    def ranking(self) -> Ranking:
        """The ranking by betweenness."""
        return ranking(self.subjects, "betweenness", self._question.seed)

    @cached_property
    def leaders(self) -> dict[Place, int]:
        """The rank of each node with a betweenness above 0, best first."""
        return {each.node: each.rank for each in self.ranking.positions if each.betweenness > 0}

    def first(self, many: int) -> dict[Place, int]:
        """The union's entities that rank among the first `many` here, with their ranks, best first.

        Equals are included all or none: none if there are more than `many` of them.
        """
        equals = Counter(self.leaders.values())
        ranks: dict[Place, int] = {}
        for node, rank in self.leaders.items():
            for joint in self.in_union([node]) if rank <= many >= equals[rank] else ():
                ranks.setdefault(joint, rank)
        return ranks

    @cached_property
    def groups(self) -> list[set[Place]]:
        """The communities of this side, as the union's entities."""
        return [self.in_union(group) for group in partition(self.subjects, self._question.seed)]

    @cached_property
    def _membership(self) -> csr_array:
        return _membership(self.groups, len(self._union.nodes))

    def resembled(self, groups: Sequence[Sequence[Place]], least: float) -> Bool:
        """A mask of the union's groups that have a Jaccard index of at least `least` with a group of this side."""
        theirs, mine = _membership(groups, len(self._union.nodes)), self._membership
        common = (theirs @ mine.T).tocoo()
        their, my = common.coords
        sizes = np.diff(theirs.indptr)[their] + np.diff(mine.indptr)[my]
        is_resembled = np.zeros(len(groups), bool)
        is_resembled[their[common.data >= least * (sizes - common.data)]] = True
        return is_resembled

    @cached_property
    def _levels(self) -> dict[Place, Int32]:
        return {}

    def distance(self, a: Place, b: Place) -> int:
        """The distance here between two of the union's entities, in steps; -1 if there is no path."""
        from_a = self._to_union[:, [a]].tocoo().coords[0].tolist()
        to_b = self._to_union[:, [b]].tocoo().coords[0]
        distances = []
        for start in from_a:
            if start not in self._levels:
                self._levels[start] = levels(self.everyone.adjacency, start)
            distances += [int(d) for d in self._levels[start][to_b] if d >= 0]
        return min(distances, default=-1)


class Sides:
    """The union and all sets of its agencies; each side is made on first use."""

    def __init__(self, view: View, question: Question) -> None:
        self._view, self._question = view, question
        self.union = view.snapshot()
        self.agencies = tuple(sorted(view.stats().agencies))
        self.sets = Sets(self.agencies)
        self._known: dict[Subset, Side] = {}
        self.whole = self.side(self.agencies)

    def side(self, agencies: Subset) -> Side:
        """The side of these agencies."""
        if agencies not in self._known:
            view = self._view if agencies == self.agencies else self._view.within(agencies)
            self._known[agencies] = Side(view, self.union, self._question)
        return self._known[agencies]

    @property
    def own(self) -> list[Side]:
        """The side of each single agency."""
        return [self.side((agency,)) for agency in self.agencies]

    @property
    def sampling(self) -> dict[str, Any]:
        """The `sampling` of the first ranking, of the union or of an agency's own, that was estimated."""
        rankings = [side.ranking for side in (self.whole, *self.own)]
        return next((each for each in rankings if each.of), rankings[0]).sampling

    @property
    def searched(self) -> dict[str, Any]:
        """For `measured`: how many sets of agencies were tried and are possible, and whether the limit was reached."""
        tried = {*self.sets.tried, *((agency,) for agency in self.agencies), self.agencies}
        return {"sets_tried": len(tried), "sets_possible": self.sets.possible, "limit_reached": self.sets.limit_reached}

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
        snapshot, everyone = self.union, self.whole.everyone
        records = {snapshot.record_at(row) for a, b in pairs for row in everyone.rows_between(a, b)}
        referents = [n for each in members for n in snapshot.identity.cluster(snapshot.node_at(each))]
        datasets = snapshot.dataset_of(np.array(referents, dtype=np.int64)).tolist()
        datasets += [snapshot.dataset_of_tying[each] for each in records]
        return frozenset(snapshot.datasets[each].agency for each in set(datasets))


def _membership(groups: Sequence[Sequence[Place] | set[Place]], n: int) -> csr_array:
    """A matrix with a row for each group and a 1 for each of n nodes in it."""
    sizes = [len(group) for group in groups]
    columns = np.array([member for group in groups for member in sorted(group)], np.int64)
    rows = np.repeat(np.arange(len(groups)), sizes)
    return csr_array((np.ones(len(columns)), (rows, columns)), shape=(len(groups), n))
