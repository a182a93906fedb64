"""Arrange what is on a chart: its layouts, and its communities as groups."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, hypot, pi, sin, sqrt

from workbench.analytics.layouts import SPACE, Plan, arranged, lay_out
from workbench.analytics.on_chart import communities
from workbench.app.chart import Chart, Place
from workbench.app.colouring import colouring
from workbench.app.dates import days_of
from workbench.app.drawing import agencies_of, draw, left_by, pairs_among
from workbench.app.pathway import pathway
from workbench.view.asking import question
from workbench.view.view import View

_MOST_DAYS = 200  # of an axis
_TURN = pi * (3 - sqrt(5))  # the golden angle, by which no two lie in one direction


@dataclass(frozen=True, slots=True)
class Arranged:
    """The places of a kind of layout; `axis` is that of a layout by time, as in a chart."""

    kind: str
    places: Mapping[str, Place]
    axis: tuple[tuple[float, str], ...] = ()


@question
def arranged_in(view: View, chart: Chart, kind: str) -> Callable[[], Arranged]:
    """What computes the places of what is shown of a chart, without asking the view any more."""
    plan, groups = _plan(view, chart, kind), {each.id: each for each in chart.groups}

    def arrange() -> Arranged:
        found = arranged(kind, plan)
        alone = {each: place for each, place in found.items() if each not in groups}
        moved = chart.moved({each: place for each, place in found.items() if each in groups}).positions
        places = {**{each: moved[each] for each in chart.units if each in moved}, **alone}
        return Arranged(kind, places, _axis(plan, found) if kind == "time" else ())

    return arrange


def _axis(plan: Plan, places: Mapping[str, Place]) -> tuple[tuple[float, str], ...]:
    """Where the days of a layout by time are, from left to right: each as far left as its first entity.

    Days that stand farther left than earlier ones are left out; without an axis if those are most of them.
    """
    found: dict[str, float] = {}
    for each, (x, _) in places.items():
        if each not in plan.pinned:
            day = plan.dates.get(each, "")
            found[day] = min(x, found.get(day, x))
    undated = found.pop("", None)
    days = in_order([(found[day], day) for day in sorted(found)])
    if 2 * len(days) < len(found):
        return ()
    thinned = days[:: -(-len(days) // _MOST_DAYS) or 1]
    return ((undated, ""), *thinned) if undated is not None and (not days or undated < days[0][0]) else thinned


def in_order(days: Sequence[tuple[float, str]]) -> tuple[tuple[float, str], ...]:
    """The most of these, in their order, of which each is farther right than the one before (patience sorting)."""
    least: list[float] = []  # the least x with which so many can end
    ends: list[int] = []  # where that is
    before: list[int] = []
    for n, (x, _) in enumerate(days):
        many = bisect_left(least, x)
        before.append(ends[many - 1] if many else -1)
        least[many : many + 1], ends[many : many + 1] = [x], [n]
    found, n = [], ends[-1] if ends else -1
    while n >= 0:
        found.append(days[n])
        n = before[n]
    return tuple(reversed(found))


@question
def _plan(view: View, chart: Chart, kind: str) -> Plan:
    drawing, units = draw(view, chart.shown), chart.units
    left = left_by(chart.filters, drawing, chart.shown, colouring(view, chart, drawing).of)
    unit = {each: units.get(each, each) for each in chart.shown if each in left.entities}
    pairs = sorted({(unit[line.a], unit[line.b]) for line in left.lines if unit[line.a] != unit[line.b]})
    pairs += [(each.a, each.b) for each in chart.derived if {each.a, each.b} <= unit.keys()]
    dates: dict[str, str] = {}
    for entity, day in (days_of(view, drawing, left) if kind == "time" else {}).items():
        at = unit[entity]
        dates[at] = min(day, dates.get(at, day))
    return Plan(
        entities=list(dict.fromkeys(unit.values())),
        pairs=pairs,
        types={at: drawing.entities[each].schema for each, at in unit.items()},
        agencies={at: ", ".join(agencies_of(drawing.entities[each])) for each, at in unit.items()},
        dates=dates,
        path=_path(view, chart) if kind == "path" else (),
        pinned={each: chart.positions[each] for each in sorted(chart.pinned) if each in chart.positions},
    )


@question
def _path(view: View, chart: Chart) -> tuple[str, ...]:
    found = pathway(view, chart)
    return found.route(chart.choice).entities if found and found.routes else ()


@question
def placed(view: View, chart: Chart) -> Chart:
    """The chart with a place for each entity: new ones are beside those that they are tied to.

    The first ones lie so that a path runs to the right. The axis of a timeline is made, if it is not there.
    """
    if not chart.positions.keys() >= set(chart.entities):
        places = lay_out(chart.entities, pairs_among(view, chart.entities), chart.positions)
        if not chart.positions and chart.start and chart.end and places[chart.start][0] > places[chart.end][0]:
            places = {each: (-x, y) for each, (x, y) in places.items()}
        return replace(chart, positions=places)
    if chart.layout != "time" or chart.axis:
        return chart
    middles = {each.id: chart.middle(each) for each in chart.groups}
    return replace(chart, axis=_axis(_plan(view, chart, "time"), {**chart.positions, **middles}))


def at_once(chart: Chart) -> Chart:
    """The chart with a place for each entity at once: new ones on a spiral around the others, until it is laid out."""
    fresh = [each for each in chart.entities if each not in chart.positions]
    taken = max((hypot(*at) for at in chart.positions.values()), default=0.0) / SPACE + 1
    turns = ((n, SPACE * sqrt(taken**2 + n)) for n in range(len(fresh)))
    spiral = ((round(far * cos(n * _TURN), 1), round(far * sin(n * _TURN), 1)) for n, far in turns)
    return replace(chart, positions={**chart.positions, **dict(zip(fresh, spiral, strict=True))})


@question
def communities_of(view: View, chart: Chart) -> Chart:
    """The chart with each community of what is shown as a closed group; those of one entity stay as they are."""
    shown = list(chart.shown)
    members: dict[int, set[str]] = defaultdict(set)
    for entity, number in communities(shown, pairs_among(view, shown)).items():
        members[number].add(entity)
    found = chart
    for number, some in sorted(members.items()):
        if len(some) > 1:
            found = found.grouping(f"Community {number}", some)
    return found


def group_name(chart: Chart) -> str:
    """A name for a new group."""
    taken = {each.name for each in chart.groups}
    return next(name for n in range(1, len(taken) + 2) if (name := f"Group {n}") not in taken)
