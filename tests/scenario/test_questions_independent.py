"""Saltmarsh's first two questions, answered with csv and plain networkx, and by nothing of the workbench."""

from itertools import combinations, pairwise

import networkx as nx

from tests.scenario.optimum import best_partition, is_the_only_best
from tests.scenario.rows import Told
from tests.scenario.truth import (
    AGENCIES,
    SOURCES,
    TRUTH,
    broker_of,
    one,
    seen_by,
)
from tests.scenario.world import Seen, World, path, ranks


def test_question_1_who_connects_recruiter_and_landlord(told: list[Told], union: World) -> None:
    answer, everybody = TRUTH["questions"]["1"], union.persons(everybody=True)
    ends = one(union, "recruiter"), one(union, "landlord")
    assert set(nx.common_neighbors(everybody, *ends)) == {one(union, "broker")}
    assert answer["common_neighbours"] == ["broker"]
    assert len(path(everybody, *ends)) - 1 == len(answer["persons"]) - 1 == 2
    found = list(nx.all_shortest_paths(union.everything(), *ends))
    assert len(found) == 1
    assert len(found[0]) - 1 == len(answer["all"]) - 1 == 5
    assert found[0] == [one(union, key) for key in answer["all"]]
    for step, (a, b) in zip(answer["steps"], pairwise(found[0]), strict=True):
        rows = [row for row in union.tied if {a, b} <= {union.at(row.agency, ref) for ref in row.roles.values()}]
        assert [(row.agency, row.file, row.line) for row in rows] == [
            (each["agency"], each["file"], each["line"]) for each in step["records"]
        ]


def test_question_1_which_file_would_break_it(told: list[Told]) -> None:
    breaks = []
    for agency in AGENCIES:
        rest = seen_by(told, [each for each in AGENCIES if each != agency])
        ends = [
            {rest.canonical[seen] for seen in SOURCES[key] if seen in rest.canonical}
            for key in ("recruiter", "landlord")
        ]
        if not any(path(rest.everything(), a, b) for a in ends[0] for b in ends[1]):
            breaks.append(agency)
    assert breaks == TRUTH["questions"]["1"]["breaks_without"] == ["KFIU", "NKP", "RJP"]


def smallest(told: list[Told], holds) -> list[list[str]]:  # type: ignore[no-untyped-def] # a predicate of a world
    found: list[tuple[str, ...]] = []
    for many in range(1, 5):
        for chosen in combinations(AGENCIES, many):
            if not any(set(each) <= set(chosen) for each in found) and holds(seen_by(told, chosen)):
                found.append(chosen)
    return [list(each) for each in found]


def test_question_2_joint_entities(told: list[Told], union: World) -> None:
    agencies: dict[tuple[str, str], set[str]] = {}
    for seen, canonical in union.canonical.items():
        agencies.setdefault(canonical, set()).add(seen[0])
    joint = {canonical for canonical, those in agencies.items() if len(those) > 1}
    assert joint == {one(union, row["entity"]) for row in TRUTH["questions"]["2"]["entities"]}


def test_question_2_joint_ties(told: list[Told]) -> None:
    def pairs(world: World, *, everybody: bool) -> set[frozenset[str]]:
        names = {
            world.canonical[seen]: key for key, those in SOURCES.items() for seen in those if seen in world.canonical
        }
        return {frozenset({names[a], names[b]}) for a, b in world.persons(everybody=everybody).edges}

    own = set().union(*(pairs(seen_by(told, [agency]), everybody=True) for agency in AGENCIES))
    joint = pairs(seen_by(told, AGENCIES), everybody=False) - own
    rows = {frozenset(row["between"]): row["agencies"] for row in TRUTH["questions"]["2"]["ties"]}
    assert joint == set(rows)
    assert rows[frozenset({"recruiter", "broker"})] == [["NKP", "RJP"]]
    assert len(rows) == 4
    for pair, agencies in rows.items():
        assert agencies == smallest(told, lambda world, pair=pair: pair in pairs(world, everybody=True))


def test_question_2_joint_groups(told: list[Told], union: World) -> None:
    """Communities by modularity, proven to be the best; Jaccard under 0.5 with each agency's own."""
    known: dict[tuple[str, ...], list[set[Seen]]] = {}

    def groups(*agencies: str) -> list[set[Seen]]:
        if agencies not in known:
            world = seen_by(told, agencies)
            in_union: dict[Seen, set[Seen]] = {}
            for seen, canonical in world.canonical.items():
                in_union.setdefault(canonical, set()).add(union.canonical[seen])
            graph = world.persons()
            best = best_partition(graph)
            assert len(agencies) in (2, 3) or is_the_only_best(graph, best)
            known[agencies] = [set().union(*map(in_union.__getitem__, group)) for group in best]
        return known[agencies]

    def has(agencies: tuple[str, ...], group: set[Seen]) -> bool:
        return any(len(group & other) / len(group | other) >= 0.5 for other in groups(*agencies))

    joint = [
        group
        for group in groups(*AGENCIES)
        if len(group) >= 3 and not any(has((agency,), group) for agency in AGENCIES)
    ]
    answer = TRUTH["questions"]["2"]
    assert answer["open_groups"] == []
    rows = {frozenset(known_as(union, name) for name in row["members"]): row["agencies"] for row in answer["groups"]}
    assert {frozenset(group) for group in joint} == set(rows)
    assert sorted(map(len, rows)) == [9, 16]
    for group, agencies in rows.items():
        sets = [chosen for many in range(1, 5) for chosen in combinations(AGENCIES, many) if has(chosen, set(group))]
        assert agencies == [list(one) for one in sets if not any(set(other) < set(one) for other in sets)]


def known_as(world: World, name: str) -> Seen:
    """The node for a name in the truth, which is `key@AGENCY` if the files keep a person apart."""
    key, _, agency = name.partition("@")
    (found,) = {world.canonical[seen] for seen in SOURCES[key] if agency in ("", seen[0])}
    return found


def test_question_2_it_takes_all_four_to_see_the_broker_first(told: list[Told]) -> None:
    def first(world: World) -> bool:
        found = ranks(world.persons())
        return any(found.get(who) == 1 for who in broker_of(world))

    row = TRUTH["questions"]["2"]["key_player"]
    assert (row["entity"], row["rank"]) == ("broker", 1)
    assert row["agencies"] == smallest(told, first) == [list(AGENCIES)]
