"""Describe an entity from the records about it: schema, caption, and each value with its source."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from workbench.model.marking import Marking
from workbench.model.ontology import ontology
from workbench.model.record import Dataset
from workbench.store.types import SourcedRecord
from workbench.view.answers import Reason, Referent, Summary, ValueLine
from workbench.view.parts import Joined

# Entity id -> (dataset, source id).
Known = Mapping[str, tuple[Dataset, str]]


def first_source_id(members: Sequence[str], known: Known) -> str:
    """The first source id of an entity, to show when it has no caption."""
    return min(known[member][1] for member in members)


def referents(members: Sequence[str], known: Known) -> tuple[Referent, ...]:
    """The referents of an entity, in the order given."""
    return tuple(Referent(i, known[i][0].agency, known[i][0].name, known[i][1]) for i in members)


def reasons(joins: Iterable[Joined]) -> tuple[Reason, ...]:
    """Why the referents of an entity are the same, ordered by rule, value and ends."""
    return tuple(Reason("same", *join) for join in sorted(joins, key=lambda each: each[:4]))


def describe(records: Sequence[SourcedRecord]) -> tuple[str, str]:
    """The schema and the caption of an entity, from the records about it."""
    known = ontology()
    schema = known.narrowest(each.record.schema for each in records)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in records:
        for prop, values in each.record.properties.items():
            counts[prop].update(v.value if v.value is not None else v.original for v in values)
    ordered = {p: sorted(found, key=lambda v: (-found[v], v)) for p, found in counts.items()}
    return schema, known.caption(schema, ordered)


def summary(members: Sequence[str], known: Known, records: Sequence[SourcedRecord]) -> Summary:
    """An entity in one line, from its referents, the canonical one first, and the records about them."""
    schema, caption = describe(records)
    datasets = tuple(sorted({str(known[member][0]) for member in members}))
    return Summary(members[0], schema, caption or first_source_id(members, known), datasets, not records)


@lru_cache(maxsize=4096)
def _marking_text(marking: Marking) -> str:
    return str(marking)


def lines(sourced: SourcedRecord) -> Iterable[ValueLine]:
    """Every value of a record, with its source."""
    record = sourced.record
    grade = str(record.grade) if record.grade else ""
    for prop, values in record.properties.items():
        for value in values:
            yield ValueLine(
                prop,
                value.value,
                value.original,
                str(record.dataset),
                record.dataset.agency,
                grade,
                _marking_text(record.marking),
                record.locator,
                sourced.key,
            )


def line_order(line: ValueLine) -> tuple[str, ...]:
    """The sort key of an entity's lines."""
    return (line.property, line.value or "", line.original, line.dataset, line.record)
