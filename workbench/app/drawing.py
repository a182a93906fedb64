"""The drawing of a chart in a view: its entities, and every relationship among them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import PurePosixPath

from workbench.analytics.judged_leads import JudgedLead, judged_leads
from workbench.app.filters import Filters
from workbench.export.appearance import called, label_from
from workbench.model.grade import Grade, weakest
from workbench.model.ontology import ontology
from workbench.model.record import BY_HAND, Basis
from workbench.store.types import SourcedRecord
from workbench.view.answers import Summary
from workbench.view.around import among
from workbench.view.asking import question
from workbench.view.view import View

MOST_DRAWN = 5_000
NOT_GRADED = "not graded"
GRADED, UNJUDGED, INFERRED = "graded", "cannot be judged", "inferred"
DRAWN, ASSESSED = "drawn by hand", "assessed by a person"

_BASES = {Basis.INFERENCE: INFERRED, Basis.ASSESSMENT: ASSESSED}


@dataclass(frozen=True, slots=True)
class Said:
    """What one record says of a relationship; `amount` is None if it names none that is a number."""

    key: str
    agency: str
    source: str
    day: str
    grade: Grade | None
    certainty: str
    called: tuple[str, ...]
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True)
class Line:
    """All records of one schema that tie two entities; `a` is the source if there is one."""

    a: str
    b: str
    schema: str
    said: tuple[Said, ...]

    @cached_property
    def label(self) -> str:
        """The label of the relationship."""
        return label_from(self.schema, [each.called for each in self.said])

    @property
    def keys(self) -> frozenset[str]:
        """The keys of its records."""
        return frozenset(each.key for each in self.said)

    @property
    def agencies(self) -> tuple[str, ...]:
        """The agencies of its records."""
        return tuple(sorted({each.agency for each in self.said}))

    @property
    def grade(self) -> str:
        """The weakest grade of its records."""
        return grade_text(each.grade for each in self.said)

    @property
    def directed(self) -> bool:
        """Whether it leads from `a` to `b`."""
        found = ontology().schemata[self.schema]
        return bool(found.edge and found.edge_directed)


@dataclass(frozen=True, slots=True)
class Drawing:
    """The entities of a chart by id, and the lines among them; also of those that are hidden."""

    entities: Mapping[str, Summary]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a chart's filters leave of a drawing: its entities, the lines with the records left, and how many are out.

    `accepted` has the accepted leads among the entities, if the chart is to show them.
    """

    entities: frozenset[str]
    lines: tuple[Line, ...]
    filtered: int
    accepted: tuple[JudgedLead, ...] = ()


@dataclass
class Read:
    """What was read of a view for drawings, so that a chart that grows reads only what is new."""

    summaries: dict[str, Summary] = field(default_factory=dict)
    said: dict[str, Said] = field(default_factory=dict)


@question
def draw(view: View, entities: Sequence[str], read: Read | None = None) -> Drawing:
    """The drawing of some entities of this view, each once, in their order."""
    known = Read() if read is None else read
    fresh = [each for each in dict.fromkeys(entities) if each not in known.summaries]
    for each, found in zip(fresh, view.summaries(fresh), strict=True):
        known.summaries[each] = found
    return Drawing({each: known.summaries[each] for each in entities}, lines_among(view, entities, known))


@question
def lines_among(view: View, entities: Iterable[str], read: Read | None = None) -> tuple[Line, ...]:
    """Every relationship among these entities, by its ends and schema."""
    known = Read() if read is None else read
    grouped: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for tie in among(view, list(entities)).ties:
        grouped[tie.a, tie.b, tie.schema].add(tie.record)
    fresh = sorted(set[str]().union(*grouped.values()) - known.said.keys())
    known.said |= {each.key: said_by(each) for each in view.records(fresh)}
    return tuple(
        Line(*ends, tuple(known.said[key] for key in sorted(found))) for ends, found in sorted(grouped.items())
    )


@question
def accepted_among(view: View, entities: Collection[str]) -> tuple[JudgedLead, ...]:
    """The accepted leads between two of these entities, newest first."""
    return tuple(each for each in judged_leads(view) if each.assessment is not None and each.ends <= set(entities))


@question
def pairs_among(view: View, entities: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The pairs of these entities that are tied, sorted."""
    return tuple(sorted({(tie.a, tie.b) for tie in among(view, list(entities)).ties}))


def said_by(each: SourcedRecord) -> Said:
    """What a relationship record says."""
    record = each.record
    judged = record.grade is not None and not record.grade.unknown
    dataset, values = record.dataset, record.values()
    basis = DRAWN if dataset.name == BY_HAND else _BASES.get(record.basis)
    return Said(
        each.key,
        dataset.agency,
        str(dataset),
        ontology().when(values),
        record.grade,
        basis or (GRADED if judged else UNJUDGED),
        called(record.schema, record),
        _number(values.get("amount", ())),
        next(iter(values.get("currency", ())), ""),
    )


def _number(texts: Sequence[str]) -> Decimal | None:
    try:
        return Decimal(texts[0]) if texts else None
    except InvalidOperation:
        return None


def left_by(filters: Filters, drawing: Drawing, shown: Iterable[str], colours: Mapping[str, str]) -> Shown:
    """What filters leave of the shown entities and their lines; `colours` has the legend's entry of each entity."""
    every = list(shown)
    kept = {each for each in every if _keeps(filters, drawing.entities[each], colours.get(each, ""))}
    within = [line for line in drawing.lines if line.a in kept and line.b in kept]
    lines = tuple(_filtered(filters, within)) if filters.narrow else tuple(within)
    if filters.narrow and not filters.loose:
        tied = {end for line in within for end in (line.a, line.b)}
        kept -= tied - {end for line in lines for end in (line.a, line.b)}
    return Shown(frozenset(kept), lines, len(every) - len(kept))


def _keeps(filters: Filters, each: Summary, colour: str) -> bool:
    return filters.keeps_entity(each.schema, agencies_of(each), colour)


def _filtered(filters: Filters, lines: Iterable[Line]) -> Iterator[Line]:
    for line in lines:
        kept = tuple(x for x in line.said if filters.keeps_record(line.schema, x.agency, x.day, x.certainty))
        if kept:
            yield line if len(kept) == len(line.said) else replace(line, said=kept)


def agencies_of(summary: Summary) -> tuple[str, ...]:
    """The agencies that know an entity."""
    return tuple(sorted({dataset.partition("/")[0] for dataset in summary.datasets}))


def day_of(each: SourcedRecord) -> str:
    """The date of a record; "" if it has none."""
    return ontology().when(each.record.values())


def span_of(days: Iterable[str]) -> str:
    """The span of some dates, as text; "" if there is none."""
    found = sorted(day[:10] for day in days if day)
    return "" if not found else found[0] if found[0] == found[-1] else f"{found[0]} to {found[-1]}"


def place_of(each: SourcedRecord) -> str:
    """The file of a record and the locator in it."""
    name, locator = PurePosixPath(each.provenance.path).name, each.record.locator
    return locator if locator.startswith(name) else f"{name} {locator}".strip()


def grade_text(grades: Iterable[Grade | None]) -> str:
    """The weakest of some grades, as text."""
    grade = weakest(grades)
    return str(grade) if grade is not None else NOT_GRADED


def grades_of(records: Iterable[SourcedRecord]) -> str:
    """The weakest grade of some records, as text."""
    return grade_text(each.record.grade for each in records)
