"""The path between two entities: its steps with their records, and the agencies whose files it needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.analytics.finding import Finding
from workbench.analytics.paths import FoundPath, Walked, paths, walked
from workbench.analytics.projection import everyone
from workbench.analytics.steps import Said, Trail, trail_in
from workbench.analytics.steps import Step as Shown
from workbench.app.chart import Chart
from workbench.app.drawing import NOT_GRADED, day_of, grades_of
from workbench.app.text import said
from workbench.errors import NotFound, UsageError
from workbench.store.types import SourcedRecord
from workbench.view.asking import question
from workbench.view.present import present
from workbench.view.view import View


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: the records that state it, and the records behind it.

    If a call ties two persons, the records of who holds which phone are behind it.
    """

    a: str
    b: str
    grade: str
    records: tuple[SourcedRecord, ...]
    behind: tuple[SourcedRecord, ...] = ()
    undated: bool = False  # the step's payment has no date

    @property
    def all(self) -> tuple[SourcedRecord, ...]:
        """All supporting records."""
        return self.records + self.behind


@dataclass(frozen=True, slots=True)
class Route:
    """One path, and its weakest grade."""

    steps: tuple[Step, ...]
    weakest: str

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities along it, in order."""
        return tuple(dict.fromkeys(end for step in self.steps for end in (step.a, step.b)))

    @property
    def records(self) -> frozenset[str]:
        """Keys of its records."""
        return frozenset(each.key for step in self.steps for each in step.all)

    @property
    def agencies(self) -> tuple[str, ...]:
        """The agencies of its records."""
        return tuple(sorted({each.record.dataset.agency for step in self.steps for each in step.all}))


@dataclass(frozen=True, slots=True)
class Pathway:
    """The paths between a chart's two ends, shortest first, and the finding they come from.

    If money is followed, `sources` are the payments that the path's start received. `refused` is the
    reason why this projection can't answer, or "".
    """

    routes: tuple[Route, ...]
    sources: tuple[Step, ...] = ()
    finding: Finding[FoundPath] | None = None
    refused: str = ""

    def route(self, choice: int) -> Route:
        """The chosen route, or the last one; there must be at least one."""
        return self.routes[min(choice, len(self.routes) - 1)]


@dataclass(frozen=True, slots=True)
class Need:
    """The length of the shortest path without one agency's files; None if there is none.

    If `limited`, none was found within the limit of the search, but there may be one.
    """

    agency: str
    length: int | None
    limited: bool = False


@question
def pathway(view: View, chart: Chart) -> Pathway | None:
    """The shortest paths between a chart's ends; None if an end is not chosen."""
    if not (chart.start and chart.end):
        return None
    try:
        answer = walked(view, chart.start, chart.end, projection=chart.projection)
    except UsageError as error:
        return Pathway((), refused=said(error))
    routes = [_route(answer, *each) for each in zip(answer.trails, answer.finding.results, strict=True)]
    sources = _received(view, chart, routes[0].entities[0]) if routes and answer.in_time else ()
    return Pathway(tuple(routes), sources, answer.finding)


@question
def needs(view: View, chart: Chart) -> tuple[Need, ...]:
    """For each agency, the shortest path without its files."""
    agencies = present(view).agencies
    return tuple(_need(view.within(agencies - {each}), chart, view, each) for each in sorted(agencies))


def _need(cut: View, chart: Chart, whole: View, agency: str) -> Need:
    try:
        start, end = (_seen(cut, whole, each) for each in (chart.start, chart.end))
        shortest = paths(cut, start, end, projection=chart.projection, k=1)
    except UsageError:  # one end is missing without these files
        return Need(agency, None)
    length = shortest.results[0].length if shortest.results else None
    return Need(agency, length, limited=bool(shortest.limit and length is None))


def _seen(cut: View, whole: View, entity: str) -> str:
    """The canonical id, in the cut view, of an entity of the whole view."""
    for referent in whole.entity(entity).referents:
        try:
            return cut.canonical(referent.id)
        except NotFound:
            continue
    raise NotFound("entity", entity, "entity")


def _route(found: Walked, trail: Trail, path: FoundPath) -> Route:
    ways = zip(trail.steps, path.steps, strict=True)
    return Route(tuple(_step(found.records, *each) for each in ways), path.weakest or NOT_GRADED)


def _step(records: Mapping[str, SourcedRecord], ways: Sequence[Said], step: Shown) -> Step:
    said, behind = _told(records, ways)
    return Step(step.start, step.end, step.grade or NOT_GRADED, said, behind, step.undated)


def _received(view: View, chart: Chart, entity: str) -> tuple[Step, ...]:
    """All payments to an entity, one step for each payer."""
    whole = everyone(view, chart.projection, False, ends=(chart.start, chart.end))
    node = whole.node(entity)
    payments = []
    for payer in whole.edges.a[whole.edges.b == node].tolist():
        trail = trail_in(whole, (payer, node))
        said, _ = _told({each.key: each for each in view.records(sorted(trail.records))}, trail.steps[0])
        payments.append(Step(whole.snapshot.ids[payer], entity, grades_of(said), said))
    return tuple(sorted(payments, key=lambda step: _by_day(step.records[0])))


def _told(
    records: Mapping[str, SourcedRecord], ways: Sequence[Said]
) -> tuple[tuple[SourcedRecord, ...], tuple[SourcedRecord, ...]]:
    """The records that state a step, and those behind it, by date."""
    said = {key for way in ways for key in way.legs[way.main]}
    ordered = sorted((records[key] for key in {key for way in ways for key in way.records}), key=_by_day)
    return (
        tuple(each for each in ordered if each.key in said),
        tuple(each for each in ordered if each.key not in said),
    )


def _by_day(each: SourcedRecord) -> tuple[str, str]:
    return (day_of(each) or "9", each.key)
