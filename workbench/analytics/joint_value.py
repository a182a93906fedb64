"""Joint value: what the union of agencies shows that no agency sees alone (design §8)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import ClassVar

import numpy as np

from workbench.analytics.finding import Finding, Row
from workbench.analytics.group_labels import SAME_GROUP
from workbench.analytics.key_players import MOST_MISSING
from workbench.analytics.reach import shortest_path
from workbench.analytics.sides import KEY_PLAYERS, Question, Side, Sides, Support
from workbench.analytics.sufficing import SMALLEST, Sufficing
from workbench.analytics.support import finding
from workbench.model.asked import seed_of, share_of
from workbench.model.numbers import Place, RecordNumber
from workbench.store.columns import Bool, Int64
from workbench.view.asking import question
from workbench.view.patterns import pair_codes
from workbench.view.snapshot import Snapshot
from workbench.view.view import View

_ENDS = 3  # leaders of each agency's own that paths are searched between
_LEAST_GROUP = 3


@dataclass(frozen=True, slots=True)
class JointThing(Row):
    """One joint thing: its kind, its members, the sets of agencies that suffice for it, and its supporting records.

    A key player has its rank in the union and the rank's 90 % interval, `rank_from` to `rank_to`; other things have 0.
    A group has a `verdict`, whether the data support it; other things have "".
    """

    WHO: ClassVar[tuple[str, ...]] = ("members",)
    KEY: ClassVar[tuple[str, ...]] = ("what",)

    what: str
    members: tuple[str, ...]
    agencies: tuple[tuple[str, ...], ...]
    tried: str
    rank: int
    rank_from: int
    rank_to: int
    records: tuple[str, ...]
    verdict: str = ""

    @property
    def section(self) -> str:
        """The heading for things of this kind."""
        return _SECTIONS[self.what]

    @property
    def is_undecided(self) -> bool:
        """Whether it is a key player who may also rank below the first ten, by its interval."""
        return self.rank_to > KEY_PLAYERS

    def cell(self, column: str, names: Mapping[str, str]) -> str:
        """The text of a column."""
        if column == "rank":
            return self._rank() if self.rank else self.verdict or "-"
        if column == "agencies":
            sets = ", or ".join(" + ".join(each) for each in self.agencies)
            return sets if self.tried == SMALLEST else f"{sets} ({self.tried})"
        if column == "members" and self.what in ("tie", "path"):
            return " - ".join(names[each] for each in self.members)
        return Row.cell(self, column, names)

    def _rank(self) -> str:
        undecided = f": undecided whether among the first {KEY_PLAYERS}" if self.is_undecided else ""
        return f"rank {self.rank} ({self.rank_from} to {self.rank_to}{undecided})"


@dataclass(frozen=True)
class _Found:
    """One joint thing: its kind, its members, the sets that suffice for it, and its support."""

    what: str
    members: tuple[Place, ...]
    enough: Sufficing
    support: Support
    verdict: str = ""
    ranks: tuple[int, int, int] = (0, 0, 0)


@question
def joint_value(
    view: View, projection: str = "persons", count_common: bool = False, missing: float = 0.1, seed: int = 0
) -> Finding[JointThing]:
    """What this view shows that no agency's own does, with the smallest sets of agencies that suffice.

    These things are joint:

    - an entity with referents of two or more agencies;
    - a tie that no own projection has, under any of its referents;
    - a shortest path that every own lacks or has only longer, searched between the three highest by
      betweenness of different agencies' own;
    - a group of three or more whose Jaccard index with every own group is below 0.5;
    - a key player who ranks tenth or better by betweenness in the union, and in no own. Equals share a rank; if more
      than ten are equal, none of them counts. It is undecided if the interval of its rank goes beyond ten.

    A set of agencies suffices for a thing if its own view has it too: it joins referents of two agencies, has the
    tie, a path that is no longer, a group with a Jaccard index of 0.5 or more, the player at the same rank or better.

    `tried` is `smallest` if every smaller set was tried: always for up to six agencies. For more, sets of the
    agencies that hold a thing's records are tried first, up to a limit. `smallest found` is then a set from which
    no single agency can be dropped, but not all smaller sets were tried.
    """
    seed, missing = seed_of(seed), share_of(missing, "missing", MOST_MISSING)
    sides = Sides(view, Question(projection, count_common, seed, missing))
    things = [each for part in _PARTS.values() for each in part(sides)] if len(sides.agencies) > 1 else []
    measured = {
        "agencies": list(sides.agencies),
        "key_players": KEY_PLAYERS,
        "path_ends_per_agency": _ENDS,
        **sides.sampling,
        **sides.searched,
        "key_players_undecided": sum(each.ranks[2] > KEY_PLAYERS for each in things),
        "found": {what: sum(each.what == what for each in things) for what in _PARTS},
    }
    asked, subjects = {"count_common": count_common, "missing": missing}, sides.subjects
    del sides  # what all sets of agencies see takes as much memory as the finding
    support = Support.of(each.support for each in things)
    rows = _rows(subjects.snapshot, things, support)
    return finding(view, subjects, "joint-value", asked, measured, rows, support.records, seed, support.evidence)


def _rows(union: Snapshot, things: list[_Found], support: Support) -> list[JointThing]:
    """The rows of joint things, each of which is let go once its row is made."""
    keys = union.keys_of(sorted(support.records))
    things.reverse()
    return [_row(union, things.pop(), keys) for _ in range(len(things))]


def _row(union: Snapshot, thing: _Found, keys: Mapping[RecordNumber, str]) -> JointThing:
    return JointThing(
        what=thing.what,
        members=tuple(map(union.id_at, thing.members)),
        agencies=tuple(thing.enough.sets),
        tried=thing.enough.tried,
        rank=thing.ranks[0],
        rank_from=thing.ranks[1],
        rank_to=thing.ranks[2],
        records=thing.support.keys(keys),
        verdict=thing.verdict,
    )


def _key_players(sides: Sides) -> Iterator[_Found]:
    """The nodes that rank tenth or better in the union, and in no agency's own."""
    known = {node for side in sides.own for node in side.first}
    ranks = sides.whole.first
    players = [node for node in ranks if node not in known]

    def suffices(side: Side, items: Int64) -> Bool:
        return np.array([side.first.get(players[i], np.inf) <= ranks[players[i]] for i in items], bool)

    def pairs(player: Place) -> list[tuple[Place, Place]]:
        adjacency = sides.subjects.adjacency
        beside = adjacency.indices[adjacency.indptr[player] : adjacency.indptr[player + 1]]
        return [(player, other) for other in beside.tolist()]

    enough = sides.smallest(len(players), suffices, lambda i: sides.holders([players[i]], pairs(players[i])))
    for player, each in zip(players, enough, strict=True):
        interval = sides.whole.rank_interval(player, sides.missing)
        yield _Found("key player", (player,), each, _records(sides, pairs(player)), ranks=(ranks[player], *interval))


def _groups(sides: Sides) -> Iterator[_Found]:
    """The union's groups that resemble no group of an agency's own."""
    groups = [tuple(group.tolist()) for group in sides.whole.groups if len(group) >= _LEAST_GROUP]
    known = np.any([side.resembled(groups, SAME_GROUP) for side in sides.own], axis=0)
    groups = [group for group, is_known in zip(groups, known.tolist(), strict=True) if not is_known]

    def suffices(side: Side, items: Int64) -> Bool:
        return side.resembled([groups[i] for i in items], SAME_GROUP)

    inside = _pairs_inside(sides, groups)
    enough = sides.smallest(len(groups), suffices, lambda i: sides.holders(groups[i], inside[i]))
    for group, each, pairs in zip(groups, enough, inside, strict=True):
        yield _Found("group", group, each, _records(sides, pairs), verdict=sides.verdict(group))


def _pairs_inside(sides: Sides, groups: Sequence[Sequence[Place]]) -> list[list[tuple[Place, Place]]]:
    """For each group, its pairs of members with an edge."""
    edges = sides.subjects.edges
    inside: list[list[tuple[Place, Place]]] = [[] for _ in groups]
    of = {member: number for number, group in enumerate(groups) for member in group}
    for a, b in zip(edges.a.tolist(), edges.b.tolist(), strict=True):
        number = of.get(a, -1)
        if number >= 0 and of.get(b) == number:
            inside[number].append((a, b))
    return inside


def _paths(sides: Sides) -> Iterator[_Found]:
    """The shortest paths of two or more steps that each agency's own lacks or has only longer."""
    subjects = set(sides.subjects.nodes.tolist())  # an agency's own may not show who is a victim
    ends = [side.leaders(_ENDS) & subjects for side in sides.own]
    wanted = {(min(a, b), max(a, b)) for one, other in combinations(ends, 2) for a in one for b in other if a != b}
    adjacency = sides.everyone.adjacency
    turned = adjacency.T.tocsr() if sides.everyone.directed else adjacency
    paths = []
    for a, b in sorted(wanted):
        path = tuple(shortest_path(adjacency, turned, a, b))
        if len(path) > 2 and not any(0 <= side.distance(a, b) < len(path) for side in sides.own):
            paths.append(path)

    def suffices(side: Side, items: Int64) -> Bool:
        return np.array([0 <= side.distance(paths[i][0], paths[i][-1]) < len(paths[i]) for i in items], bool)

    enough = sides.smallest(len(paths), suffices, lambda i: sides.holders(paths[i], pairwise(paths[i])))
    for path, each in zip(paths, enough, strict=True):
        yield _Found("path", path, each, _records(sides, pairwise(path)))


def _ties(sides: Sides) -> Iterator[_Found]:
    """The ties of the union's projection that no agency's own has."""
    edges, n = sides.subjects.edges, len(sides.union.nodes)
    every = pair_codes(edges.a, edges.b, n)
    ties = np.setdiff1d(every, np.concatenate([side.ties for side in sides.own]))

    def suffices(side: Side, items: Int64) -> Bool:
        return np.isin(ties[items], side.ties)

    pairs = [divmod(code, n) for code in ties.tolist()]
    enough = sides.smallest(len(ties), suffices, lambda i: sides.holders(pairs[i], [pairs[i]]))
    for pair, each in zip(pairs, enough, strict=True):
        yield _Found("tie", pair, each, _records(sides, [pair]))


def _entities(sides: Sides) -> Iterator[_Found]:
    """The entities of two or more agencies, with the records that join their referents."""
    entities = np.flatnonzero(sides.whole.joint)

    def suffices(side: Side, items: Int64) -> Bool:
        return side.joint[entities[items]]

    joined = sides.joined()
    enough = sides.smallest(len(entities), suffices, lambda i: sides.holders([Place(int(entities[i]))]))
    for entity, each in zip(map(Place, entities.tolist()), enough, strict=True):
        yield _Found("entity", (entity,), each, joined[entity])


def _records(sides: Sides, pairs: Iterable[tuple[Place, Place]]) -> Support:
    """The records behind the edges between these pairs."""
    return Support(sides.behind.records(pairs))


_SECTIONS: Mapping[str, str] = {
    "key player": "Key players",
    "tie": "Ties",
    "group": "Groups",
    "path": "Paths",
    "entity": "Entities of several agencies",
}
_PARTS: Mapping[str, Callable[[Sides], Iterator[_Found]]] = {
    "key player": _key_players,
    "tie": _ties,
    "group": _groups,
    "path": _paths,
    "entity": _entities,
}
