"""Layouts of charts: everything has a place of its own, pinned entities stay, and each kind keeps its promise."""

import math
import random
import shutil
from collections.abc import Mapping
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from tests.stores import examples
from workbench.analytics.layouts import KINDS, Place, Plan, arranged, lay_out, sfdp
from workbench.analytics.layouts.crossings import crossings
from workbench.analytics.layouts.days import by_day
from workbench.analytics.layouts.overlaps import without_overlaps
from workbench.analytics.layouts.plan import graph_of
from workbench.errors import UsageError

IDS = [f"e{n}" for n in range(25)]
NEAREST = 56.0
KIND = st.sampled_from(KINDS)
ROUNDED = st.floats(-400, 400).map(lambda number: round(number, 1))
DAYS = ("", "2017", "2017-01-31", "2017-02-01", "2017-02-28", "2018-05", "2031-12-31", "no day")
PLANS = st.builds(
    Plan,
    entities=st.lists(st.sampled_from(IDS), unique=True),
    pairs=st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), max_size=40),
    types=st.dictionaries(st.sampled_from(IDS), st.sampled_from("xyz")),
    agencies=st.dictionaries(st.sampled_from(IDS), st.sampled_from("ABC")),
    dates=st.dictionaries(st.sampled_from(IDS), st.sampled_from(DAYS)),
    path=st.lists(st.sampled_from(IDS), unique=True, max_size=5),
)
PINS = st.dictionaries(st.sampled_from(IDS), st.tuples(ROUNDED, ROUNDED), max_size=8)

each_kind = pytest.mark.parametrize("kind", KINDS)


def many(size: int, seed: int = 1) -> Plan:
    """A plan of hubs, branches and some ties across."""
    draw = random.Random(seed)  # noqa: S311 - made up, no secret
    names = [f"n{number}" for number in range(size)]
    pairs = [(names[n], names[min(draw.randrange(n), draw.randrange(n))]) for n in range(1, size)]
    pairs += [(draw.choice(names), draw.choice(names)) for _ in range(size // 4)]
    dates = {each: f"2017-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}" for each in names if draw.random() < 0.8}
    kinds = {each: draw.choice(("Person", "Person", "Phone", "Vehicle")) for each in names}
    agencies = {each: draw.choice(("RPD", "NKP")) for each in names}
    return Plan(names, pairs, types=kinds, agencies=agencies, dates=dates, path=names[:4])


def replaced(plan: Plan, **new: object) -> Plan:
    return Plan(**{name: getattr(plan, name) for name in Plan.__slots__} | new)


def nearest(places: Mapping[str, Place], pinned: Mapping[str, Place]) -> float:
    """The least distance between two entities, of which one at least is not pinned."""
    names = list(places)
    points = np.array([places[name] for name in names])
    close = cKDTree(points).query_pairs(NEAREST) if len(names) > 1 else set()
    apart = [math.dist(points[a], points[b]) for a, b in close if not {names[a], names[b]} <= set(pinned)]
    return min(apart, default=math.inf)


@pytest.fixture
def without_sfdp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")


def test_kinds_have_an_order() -> None:
    assert KINDS == ("organic", "path", "hierarchy", "circle", "type", "agency", "time")


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UsageError, match="no layout 'spiral': one of organic, path"):
        arranged("spiral", Plan((), ()))


@settings(max_examples=examples(150))
@given(KIND, PLANS, PINS, st.randoms(use_true_random=False))
def test_everything_has_one_place_and_pins_stay(
    kind: str, plan: Plan, pinned: dict[str, Place], draw: random.Random
) -> None:
    plan = replaced(plan, pinned=pinned)
    places = arranged(kind, plan)
    assert list(places) == list(plan.entities)
    assert all(math.isfinite(axis) and axis == round(axis, 1) for place in places.values() for axis in place)
    assert {each: places[each] for each in plan.entities if each in pinned} == {
        each: place for each, place in pinned.items() if each in plan.entities
    }
    assert nearest(places, pinned) >= NEAREST
    shuffled = [pair[::-1] if draw.random() < 0.5 else pair for pair in plan.pairs]
    draw.shuffle(shuffled)
    entities = draw.sample(plan.entities, len(plan.entities))
    assert arranged(kind, replaced(plan, pairs=shuffled, entities=entities)) == places


@each_kind
def test_large_charts(kind: str, without_sfdp: None) -> None:
    plan = many(700)
    places = arranged(kind, plan)
    assert set(places) == set(plan.entities)
    assert nearest(places, {}) >= NEAREST
    pinned = {each: (round(x / 2 + 40, 1), round(y / 2, 1)) for each, (x, y) in [*places.items()][::23]}
    after = arranged(kind, replaced(plan, pinned=pinned))
    assert {each: after[each] for each in pinned} == pinned
    assert nearest(after, pinned) >= NEAREST


@each_kind
def test_all_pinned(kind: str) -> None:
    plan = Plan("abc", [("a", "b")], pinned={"a": (0.0, 0.0), "b": (1.0, 0.0), "c": (0.04, 9.26)})
    assert arranged(kind, plan) == plan.pinned


@settings(max_examples=examples(60))
@given(PLANS)
def test_a_path_is_a_line_from_left_to_right(plan: Plan) -> None:
    steps = [step for step in plan.path if step in plan.entities]
    places = arranged("path", plan)
    line = [places[step] for step in steps]
    assert len({y for _, y in line}) <= 1
    wide = [after[0] - before[0] for before, after in pairwise(line)]
    assert not wide or max(wide) - min(wide) < 0.3
    assert min(wide, default=100) > NEAREST
    if steps:
        assert not {places[each][1] for each in plan.entities if each not in steps} & {line[0][1]}
    else:
        assert places == arranged("organic", plan)


def test_others_are_beside_the_step_they_are_nearest_to() -> None:
    near = {f"{step}{n}": step for step in "abc" for n in range(6)}
    pairs = [("a", "b"), ("b", "c"), *near.items(), ("far", "c0")]
    places = arranged("path", Plan(["a", "b", "c", *near, "far", "alone"], pairs, path="abc"))
    for other, step in near.items():
        assert min("abc", key=lambda each: math.dist(places[each], places[other])) == step
    assert abs(places["far"][1]) > abs(places["c0"][1])
    assert places["alone"][1] == max(y for _, y in places.values())
    assert {math.copysign(1, places[other][1]) for other in near} == {-1, 1}


def test_a_pin_on_the_line_moves_the_line() -> None:
    plan = Plan("abcd", [("a", "b"), ("b", "c")], path="abc", pinned={"b": (500.0, 20.0), "d": (610.0, 25.0)})
    places = arranged("path", plan)
    assert places["a"][1] == places["c"][1]
    assert nearest(places, plan.pinned) >= NEAREST


def test_children_are_under_their_parents() -> None:
    pairs = [("top", child) for child in "abcd"] + [(child, f"{child}{n}") for child in "abc" for n in range(2)]
    names = sorted({end for pair in pairs for end in pair})
    places = arranged("hierarchy", Plan(names, pairs))
    assert places["top"][1] < places["a"][1] == places["b"][1] < places["a0"][1] == places["c1"][1]
    for parent in "abc":
        middle = (places[f"{parent}0"][0] + places[f"{parent}1"][0]) / 2
        assert abs(middle - places[parent][0]) < 60
    assert _crossed(places, pairs) == 0


def test_a_circle_is_one() -> None:
    plan = many(300)
    points = np.array([*arranged("circle", plan).values()])
    radius = np.hypot(*points.T)
    assert radius.max() - radius.min() < 0.2
    ring = [f"r{n}" for n in range(20)]
    places = arranged("circle", Plan(ring, [*pairwise(ring)]))
    assert max(math.dist(places[a], places[b]) for a, b in pairwise(ring)) < 3 * NEAREST


@pytest.mark.parametrize("kind", ["type", "agency"])
def test_blocks_lie_apart_largest_first(kind: str) -> None:
    plan = many(200)
    places = arranged(kind, plan)
    boxes = []
    kinds = plan.types if kind == "type" else plan.agencies
    for name in set(kinds.values()):
        x, y = zip(*(places[each] for each in plan.entities if kinds[each] == name), strict=True)
        boxes.append((len(x), min(x), max(x), min(y), max(y)))
    for one, other in combinations(boxes, 2):
        assert max(one[1] - other[2], other[1] - one[2], one[3] - other[4], other[3] - one[4]) > 150
    assert max(boxes)[1] == min(left for _, left, *_ in boxes)


@settings(max_examples=examples(60))
@given(PLANS)
def test_time_runs_to_the_right(plan: Plan) -> None:
    places = arranged("time", plan)
    days = {each: plan.dates.get(each, "") for each in plan.entities}
    whole = {"2017": "2017-01-01", "2018-05": "2018-05-01"}
    days = {each: whole.get(day, day) for each, day in days.items()}
    for a, b in combinations(plan.entities, 2):
        if days[a] < days[b]:
            before, after = (b, a) if days[b] == "no day" else (a, b)
            same = {days[before], days[after]} == {"", "no day"}
            assert same or places[before][0] < places[after][0]


def test_time_is_in_proportion_but_empty_time_is_short() -> None:
    dates = {"a": "2017-01-01", "b": "2017-01-03", "c": "2017-01-07", "d": "2017-01-09", "z": "2027-01-01"}
    places = by_day(graph_of(dates, []), Plan([*dates], [], dates=dates))
    x = {each: place[0] for each, place in places.items()}
    assert (x["c"] - x["b"]) / (x["b"] - x["a"]) == pytest.approx(2)
    assert x["d"] - x["c"] == pytest.approx(x["b"] - x["a"])
    assert x["z"] - x["d"] < 40 * (x["b"] - x["a"])


def test_who_is_tied_is_at_one_height() -> None:
    dates = {f"e{n}": "2017-01-01" if n < 9 else "2017-06-01" for n in range(18)}
    places = arranged("time", Plan([*dates], [(f"e{n}", f"e{n + 9}") for n in range(9)], dates=dates))
    assert all(places[f"e{n}"][1] == places[f"e{n + 9}"][1] for n in range(9))


@pytest.mark.parametrize("path", ["", None], ids=["our own", "with sfdp if there is one"])
def test_a_star_has_its_hub_in_the_middle(path: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if path is not None:
        monkeypatch.setenv("PATH", path)
    star = ["hub", *(f"n{n}" for n in range(50))]
    pairs = [("hub", each) for each in star[1:]]
    places = lay_out(star, pairs)
    assert nearest(places, {}) >= NEAREST
    points = np.array([*places.values()])
    assert math.dist(places["hub"], (points.max(axis=0) + points.min(axis=0)) / 2) < NEAREST
    assert _crossed(places, pairs) == 0


def test_a_tree_has_few_crossings(without_sfdp: None) -> None:
    pairs = [(f"n{n}", f"n{(n - 1) // 3}") for n in range(1, 400)]
    places = lay_out([f"n{n}" for n in range(400)], pairs)
    assert _crossed(places, pairs) < 40
    wide, high = np.ptp([*places.values()], axis=0)
    assert wide >= high
    assert 90**2 < wide * high / 400 < 250**2


def test_who_is_tied_to_a_pinned_entity_comes_near_it() -> None:
    row = [f"n{n}" for n in range(12)]
    pinned = {"n0": (-3000.0, 0.0), "n11": (3000.0, 0.0)}
    places = arranged("organic", Plan(row, [*pairwise(row)], pinned=pinned))
    assert [*sorted(row, key=lambda each: places[each][0])] == row


def test_sfdp_is_used_where_it_is_installed() -> None:
    if shutil.which("sfdp") is None:
        pytest.skip("no sfdp, which is optional: apt-get install graphviz")
    ends = np.array([(n, n // 3) for n in range(1, 80)])
    places = sfdp.sfdp_places(80, ends)
    assert places is not None
    assert places.shape == (80, 2)
    assert cKDTree(places).query(places, 2)[0][:, 1].min() >= NEAREST


@pytest.mark.parametrize("script", [None, "exit 1", "echo 'node 0 1 2 x'", "sleep 5"])
def test_without_a_working_sfdp_there_is_none(
    script: str | None, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("programs")
    if script is not None:
        program = folder / "sfdp"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin" if script else "")
    monkeypatch.setattr(sfdp, "_SECONDS", 0.2)
    assert sfdp.sfdp_places(2, np.array([(0, 1)])) is None


def test_crossings_are_counted() -> None:
    square = np.array([(0, 0), (10, 10), (0, 10), (10, 0), (5, 20)], dtype=float)
    assert crossings(square, np.array([(0, 1), (2, 3)])) == 1
    assert crossings(square, np.array([(0, 2), (1, 3), (0, 4), (1, 4)])) == 0
    assert crossings(square, np.zeros((0, 2), dtype=int)) == 0


@settings(max_examples=40)
@given(st.lists(st.tuples(ROUNDED, ROUNDED), max_size=30), st.booleans())
def test_overlaps_go_even_if_all_are_on_a_line(points: list[Place], flat: bool) -> None:
    places = np.array([(x, 0.0 if flat else y) for x, y in points]).reshape(-1, 2)
    places = np.unique(places, axis=0)
    after = without_overlaps(places, np.zeros(len(places), dtype=bool))
    assert nearest({str(n): (x, y) for n, (x, y) in enumerate(after)}, {}) >= NEAREST


def _crossed(places: Mapping[str, Place], pairs: list[tuple[str, str]]) -> int:
    number = {each: at for at, each in enumerate(places)}
    return crossings(np.array([*places.values()]), np.array([(number[a], number[b]) for a, b in pairs]))
