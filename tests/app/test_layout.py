"""Layout: known places stay, new entities do not overlap, and the same input gives the same layout."""

import math
from itertools import combinations, pairwise

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.analytics.layouts import lay_out

IDS = [f"e{n}" for n in range(12)]
PAIRS = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), max_size=20)


@settings(max_examples=40)
@given(st.lists(st.sampled_from(IDS), unique=True), PAIRS)
def test_everything_has_a_place_of_its_own(entities: list[str], pairs: list[tuple[str, str]]) -> None:
    places = lay_out(entities, pairs)
    assert set(places) == set(entities)
    assert len(set(places.values())) == len(entities)
    assert all(math.isfinite(axis) for place in places.values() for axis in place)
    assert lay_out(entities, reversed(pairs)) == places


@settings(max_examples=40)
@given(st.lists(st.sampled_from(IDS), unique=True, min_size=1), PAIRS, st.integers(1, 12))
def test_known_places_stay_and_additions_are_clear_of_them(
    entities: list[str], pairs: list[tuple[str, str]], known: int
) -> None:
    before = lay_out(entities[:known], pairs)
    after = lay_out(entities, pairs, before)
    assert {entity: after[entity] for entity in before} == before
    for entity in set(after) - set(before):
        assert min(math.dist(after[entity], place) for other, place in after.items() if other != entity) > 50


@settings(max_examples=40)
@given(st.lists(st.sampled_from(IDS), unique=True, min_size=1), PAIRS)
def test_parts_that_nothing_joins_lie_apart_in_rows(entities: list[str], pairs: list[tuple[str, str]]) -> None:
    places = lay_out(entities, pairs)
    graph = nx.Graph([pair for pair in pairs if set(pair) <= set(entities)])
    graph.add_nodes_from(entities)
    boxes = []
    for part in nx.connected_components(graph):
        x, y = zip(*map(places.__getitem__, part), strict=True)
        boxes.append((min(x), max(x), min(y), max(y)))
    for one, other in combinations(boxes, 2):
        beside = max(one[0] - other[1], other[0] - one[1])
        below = max(one[2] - other[3], other[2] - one[3])
        assert max(beside, below) > 50
    assert (min(x for x, _ in places.values()), min(y for _, y in places.values())) == (0, 0)
    widest = max(right - left for left, right, _, _ in boxes)
    area = sum((right - left + 130) * (low - high + 130) for left, right, high, low in boxes)
    assert max(x for x, _ in places.values()) <= max(widest, math.sqrt(1.6 * area)) + 0.1


def test_many_parts_fill_rows() -> None:
    pairs = [(f"a{n}", f"b{n}") for n in range(60)]
    places = lay_out([end for pair in pairs for end in pair], pairs)
    width, height = (max(axis) for axis in zip(*places.values(), strict=True))
    assert 1 < width / height < 2


def test_a_new_entity_that_is_tied_to_nobody_lies_below() -> None:
    known = {"a": (0.0, 0.0), "b": (100.0, 40.0)}
    assert lay_out(["a", "b", "c"], [("a", "b")], known)["c"] == (50.0, 170.0)


def test_new_entities_in_a_row_follow_one_another() -> None:
    """Each has a place beside the one before it, whatever the order in which they are named."""
    row = [*pairwise("abcdefghij")]
    places = lay_out([*"jhfdbacegi"], row, {"a": (0.0, 0.0)})
    assert max(math.dist(places[one], places[other]) for one, other in row) < 150


def test_a_hub_with_many_new_neighbours() -> None:
    many = ["hub", *(f"n{n}" for n in range(120))]
    places = lay_out(many, [("hub", each) for each in many[1:]], {"hub": (3.0, 4.0)})
    assert places["hub"] == (3.0, 4.0)
    assert len(set(places.values())) == 121


def test_a_large_chart_is_laid_out() -> None:
    many = [f"n{n}" for n in range(200)]
    assert len(lay_out(many, [(many[n], many[(n * 7) % 200]) for n in range(200)])) == 200
