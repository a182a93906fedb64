"""What the union of agencies shows that none of them sees alone (design §8)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import ClassVar

import numpy as np

from workbench.analytics.finding import Finding, Row
from workbench.analytics.reach import shortest_path
from workbench.analytics.sides import Question, Side, Sides, Support
from workbench.analytics.sufficing import SMALLEST, Sufficing
from workbench.analytics.support import finding
from workbench.model.numbers import Place, RecordNumber
from workbench.resolve.patterns import pair_codes
from workbench.store.columns import Bool, Int64
from workbench.view.asking import question
from workbench.view.view import View

KEY_PLAYERS = 10
_ENDS = 3  # of paths: the first of each agency's own
_LEAST_GROUP = 3
_SAME_GROUP = 0.5


@dataclass(frozen=True, slots=True)
class JointThing(Row):
    """One joint thing: what it is, who is in it, the sets of agencies that suffice, and what it rests on."""

    WHO: ClassVar[tuple[str, ...]] = ("members",)

    what: str
    members: tuple[str, ...]
    agencies: tuple[tuple[str, ...], ...]
    tried: str
    records: tuple[str, ...]

    @property
    def section(self) -> str:
        """The heading of all things like this."""
        return _SECTIONS[self.what]

    def cell(self, column: str, names: Mapping[str, str]) -> str:
        """What people read in a column."""
        if column == "agencies":
            sets = ", or ".join(" + ".join(each) for each in self.agencies)
            return sets if self.tried == SMALLEST else f"{sets} ({self.tried})"
        if column == "members" and self.what in ("tie", "path"):
            return " - ".join(names[each] for each in self.members)
        return Row.cell(self, column, names)


@dataclass(frozen=True)
class _Found:
    """One joint thing: what it is, who is in it, who suffices for it, and the records it rests on."""

    what: str
    members: tuple[Place, ...]
    enough: Sufficing
    support: Support


@question
def joint_value(
    view: View, projection: str = "persons", count_common: bool = False, seed: int = 0
) -> Finding[JointThing]:
    """What this view shows that no agency's own does, with the smallest sets of agencies that suffice.

    Joint is an entity with referents of two or more agencies; a tie that no own projection
    has under any of its referents; a shortest path that is absent or longer in each own
    (looked for between the first three by betweenness of different agencies' own); a group of
    three or more whose Jaccard with every own group is under 0.5; a key player whose rank by
    betweenness is ten at most in the union, and in no own file (equals have one rank; of more
    than ten equals nobody stands out). A set suffices where it too joins referents of two
    agencies, has the tie, a path no longer, a group with Jaccard 0.5 or more, the player at a
    rank as high.

    `tried` in a row says what its sets are: `smallest` where every smaller set of agencies was
    tried, and each is checked in the view within those agencies. Of up to six agencies all sets are
    tried. Of more, first those who hold the records of a thing, up to a limit; `smallest found` is a
    set from which no one agency can be dropped, of which not all smaller ones were tried.
    """
    sides = Sides(view, Question(projection, count_common, seed))
    found = [each for part in _PARTS.values() for each in part(sides)] if len(sides.agencies) > 1 else []
    measured = {
        "agencies": list(sides.agencies),
        "key_players": KEY_PLAYERS,
        "path_ends_per_agency": _ENDS,
        **sides.sampling,
        **sides.searched,
        "found": {what: sum(each.what == what for each in found) for what in _PARTS},
    }
    support = Support.of(each.support for each in found)
    keys = sides.union.keys_of(sorted(support.records))
    rows = [_row(sides, each, keys) for each in found]
    asked = {"count_common": count_common}
    whole = sides.whole.subjects
    return finding(view, whole, "joint-value", asked, measured, rows, support.records, seed, support.evidence)


def _row(sides: Sides, each: _Found, keys: Mapping[RecordNumber, str]) -> JointThing:
    return JointThing(
        what=each.what,
        members=tuple(sides.union.id_at(position) for position in each.members),
        agencies=tuple(each.enough.sets),
        tried=each.enough.tried,
        records=each.support.keys(keys),
    )


def _key_players(sides: Sides) -> Iterator[_Found]:
    """Who is among the union's first ten and in no agency's own."""
    whole, known = sides.whole, {node for side in sides.own for node in side.first(KEY_PLAYERS)}
    ranks = whole.first(KEY_PLAYERS)
    players = [node for node in ranks if node not in known]

    def suffices(side: Side, items: Int64) -> Bool:
        here = side.first(KEY_PLAYERS)
        return np.array([here.get(players[i], np.inf) <= ranks[players[i]] for i in items], bool)

    def pairs(player: Place) -> list[tuple[Place, Place]]:
        adjacency = whole.subjects.adjacency
        beside = adjacency.indices[adjacency.indptr[player] : adjacency.indptr[player + 1]]
        return [(player, other) for other in beside.tolist()]

    enough = sides.smallest(len(players), suffices, lambda i: sides.holders([players[i]], pairs(players[i])))
    for player, each in zip(players, enough, strict=True):
        yield _Found("key player", (player,), each, _records(whole, pairs(player)))


def _groups(sides: Sides) -> Iterator[_Found]:
    """Groups that no agency's own groups resemble."""
    groups = [tuple(sorted(group)) for group in sides.whole.groups if len(group) >= _LEAST_GROUP]
    known = np.any([side.resembled(groups, _SAME_GROUP) for side in sides.own], axis=0)
    groups = [group for group, is_known in zip(groups, known.tolist(), strict=True) if not is_known]

    def suffices(side: Side, items: Int64) -> Bool:
        return side.resembled([groups[i] for i in items], _SAME_GROUP)

    inside = _pairs_inside(sides.whole, groups)
    enough = sides.smallest(len(groups), suffices, lambda i: sides.holders(groups[i], inside[i]))
    for group, each, pairs in zip(groups, enough, inside, strict=True):
        yield _Found("group", group, each, _records(sides.whole, pairs))


def _pairs_inside(side: Side, groups: Sequence[Sequence[Place]]) -> list[list[tuple[Place, Place]]]:
    """The pairs that have an edge inside each group."""
    edges = side.subjects.edges
    found: list[list[tuple[Place, Place]]] = [[] for _ in groups]
    of = {member: number for number, group in enumerate(groups) for member in group}
    for a, b in zip(edges.a.tolist(), edges.b.tolist(), strict=True):
        number = of.get(a, -1)
        if number >= 0 and of.get(b) == number:
            found[number].append((a, b))
    return found


def _paths(sides: Sides) -> Iterator[_Found]:
    """Shortest paths of two steps or more that each agency's own lacks, or has only longer."""
    subjects = set(sides.whole.subjects.nodes.tolist())  # an own file may not know who is a victim
    ends = [side.in_union(list(side.leaders)[:_ENDS]) & subjects for side in sides.own]
    wanted = {(min(a, b), max(a, b)) for one, other in combinations(ends, 2) for a in one for b in other if a != b}
    adjacency = sides.whole.everyone.adjacency
    paths = []
    for a, b in sorted(wanted):
        path = tuple(shortest_path(adjacency, a, b))
        if len(path) > 2 and not any(0 <= side.distance(a, b) < len(path) for side in sides.own):
            paths.append(path)

    def suffices(side: Side, items: Int64) -> Bool:
        return np.array([0 <= side.distance(paths[i][0], paths[i][-1]) < len(paths[i]) for i in items], bool)

    enough = sides.smallest(len(paths), suffices, lambda i: sides.holders(paths[i], pairwise(paths[i])))
    for path, each in zip(paths, enough, strict=True):
        yield _Found("path", path, each, _records(sides.whole, pairwise(path)))


def _ties(sides: Sides) -> Iterator[_Found]:
    """Ties of the union's projection that no own projection has."""
    edges, n = sides.whole.subjects.edges, len(sides.union.nodes)
    every = pair_codes(edges.a, edges.b, n)
    ties = np.setdiff1d(every, np.concatenate([side.ties for side in sides.own]))

    def suffices(side: Side, items: Int64) -> Bool:
        return np.isin(ties[items], side.ties)

    pairs = [divmod(code, n) for code in ties.tolist()]
    enough = sides.smallest(len(ties), suffices, lambda i: sides.holders(pairs[i], [pairs[i]]))
    for pair, each in zip(pairs, enough, strict=True):
        yield _Found("tie", pair, each, _records(sides.whole, [pair]))


def _entities(sides: Sides) -> Iterator[_Found]:
    """Entities of two agencies or more, with the records that join their referents."""
    entities = np.flatnonzero(sides.whole.joint)

    def suffices(side: Side, items: Int64) -> Bool:
        return side.joint[entities[items]]

    joined = sides.whole.joined()
    enough = sides.smallest(len(entities), suffices, lambda i: sides.holders([Place(int(entities[i]))]))
    for entity, each in zip(map(Place, entities.tolist()), enough, strict=True):
        yield _Found("entity", (entity,), each, joined[entity])


def _records(side: Side, pairs: Iterable[tuple[Place, Place]]) -> Support:
    """The records behind the edges between these pairs."""
    found = side.everyone
    return Support(frozenset(found.records(row for a, b in pairs for row in found.rows_between(a, b))))


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
