"""The drawing of a chart in a view: its entities, and every relationship among them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from workbench.analytics.judged_leads import JudgedLead, judged_leads
from workbench.app.chart import Chart
from workbench.export.appearance import relationship_label
from workbench.model.grade import weakest
from workbench.model.ontology import ontology
from workbench.model.record import Basis
from workbench.store.types import SourcedRecord
from workbench.view.answers import Summary
from workbench.view.around import among
from workbench.view.asking import question
from workbench.view.view import View

MOST_DRAWN = 1500
NOT_GRADED = "not graded"


@dataclass(frozen=True, slots=True)
class Line:
    """All records of one schema that tie two entities; `a` is the source if there is one."""

    a: str
    b: str
    schema: str
    records: tuple[SourcedRecord, ...]

    @property
    def label(self) -> str:
        """The label of the relationship."""
        return relationship_label(self.schema, [each.record for each in self.records])

    @property
    def keys(self) -> frozenset[str]:
        """The keys of its records."""
        return frozenset(each.key for each in self.records)

    @property
    def agencies(self) -> tuple[str, ...]:
        """The agencies of its records."""
        return tuple(sorted({each.record.dataset.agency for each in self.records}))

    @property
    def span(self) -> str:
        """The span of time of its records, as text."""
        return span_of(self.records)

    @property
    def grade(self) -> str:
        """The weakest grade of its records."""
        return grades_of(self.records)

    @property
    def inferred(self) -> bool:
        """Whether all its records are machine inference."""
        return all(each.record.basis is Basis.INFERENCE for each in self.records)

    @property
    def unjudged(self) -> bool:
        """Whether none of its records has a grade other than "unknown"."""
        return all(each.record.grade is None or each.record.grade.unknown for each in self.records)


@dataclass(frozen=True, slots=True)
class Drawing:
    """The entities and lines on the canvas, and how many of the chart's entities are filtered out.

    `accepted` has the accepted leads among the entities, if the chart is to show them.
    """

    entities: tuple[Summary, ...]
    lines: tuple[Line, ...]
    filtered: int
    accepted: tuple[JudgedLead, ...] = ()


@question
def draw(view: View, chart: Chart) -> Drawing:
    """The drawing of a chart in this view, with its filters applied."""
    summaries = view.summaries(chart.shown)
    kept = tuple(each for each in summaries if chart.filters.keeps_entity(each.schema, agencies_of(each)))
    lines = lines_among(view, [each.id for each in kept])
    accepted = accepted_among(view, {each.id for each in kept}) if chart.filters.accepted else ()
    return Drawing(kept, tuple(_filtered(lines, chart)), len(summaries) - len(kept), accepted)


@question
def accepted_among(view: View, entities: Collection[str]) -> tuple[JudgedLead, ...]:
    """The accepted leads between two of these entities, newest first."""
    return tuple(each for each in judged_leads(view) if each.assessment is not None and each.ends <= set(entities))


def agencies_of(summary: Summary) -> tuple[str, ...]:
    """The agencies that know an entity."""
    return tuple(sorted({dataset.partition("/")[0] for dataset in summary.datasets}))


@question
def lines_among(view: View, entities: Iterable[str]) -> tuple[Line, ...]:
    """Every relationship among these entities, by its ends and schema."""
    grouped: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for tie in among(view, list(entities)).ties:
        grouped[tie.a, tie.b, tie.schema].add(tie.record)
    records = {each.key: each for each in view.records(sorted(set[str]().union(*grouped.values())))}
    return tuple(Line(*ends, tuple(records[key] for key in sorted(found))) for ends, found in sorted(grouped.items()))


@question
def pairs_among(view: View, entities: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The pairs of these entities that are tied, sorted."""
    return tuple(sorted({(tie.a, tie.b) for tie in among(view, list(entities)).ties}))


def day_of(each: SourcedRecord) -> str:
    """The date of a record; "" if it has none."""
    return ontology().when(each.record.values())


def span_of(records: Iterable[SourcedRecord]) -> str:
    """The span of the dates of some records, as text; "" if none has a date."""
    days = sorted(day[:10] for day in map(day_of, records) if day)
    return "" if not days else days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"


def place_of(each: SourcedRecord) -> str:
    """The file of a record and the locator in it."""
    name, locator = PurePosixPath(each.provenance.path).name, each.record.locator
    return locator if locator.startswith(name) else f"{name} {locator}".strip()


def grades_of(records: Iterable[SourcedRecord]) -> str:
    """The weakest grade of some records, as text."""
    grade = weakest(each.record.grade for each in records)
    return str(grade) if grade is not None else NOT_GRADED


def _filtered(lines: Iterable[Line], chart: Chart) -> Iterable[Line]:
    keeps = chart.filters.keeps_record
    for line in lines:
        kept = tuple(each for each in line.records if keeps(line.schema, each.record.dataset.agency, day_of(each)))
        if kept:
            yield Line(line.a, line.b, line.schema, kept)


def counts(lines: Iterable[Line]) -> Mapping[str, int]:
    """The number of lines of each entity."""
    ends: dict[str, int] = defaultdict(int)
    for line in lines:
        ends[line.a] += 1
        ends[line.b] += 1
    return ends
