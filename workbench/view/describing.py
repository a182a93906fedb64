"""What records say of an entity: its schema, its caption, and each value with who says it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from workbench.model.marking import Marking
from workbench.model.ontology import ontology
from workbench.model.record import Dataset
from workbench.store.types import SourcedRecord
from workbench.view.answers import Summary, ValueLine

# Dataset and source id of entities, by id.
Known = Mapping[str, tuple[Dataset, str]]


def first_source_id(members: Sequence[str], known: Known) -> str:
    """What a source calls an entity of which nothing else is known."""
    return min(known[member][1] for member in members)


def describe(records: Sequence[SourcedRecord]) -> tuple[str, str]:
    """Schema and caption that follow from the records about one entity."""
    known = ontology()
    schema = known.narrowest(each.record.schema for each in records)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in records:
        for prop, values in each.record.properties.items():
            counts[prop].update(v.value if v.value is not None else v.original for v in values)
    ordered = {p: sorted(found, key=lambda v: (-found[v], v)) for p, found in counts.items()}
    return schema, known.caption(schema, ordered)


def summary(members: Sequence[str], known: Known, records: Sequence[SourcedRecord]) -> Summary:
    """An entity in one line: its referents, the canonical one first, and the records about them."""
    schema, caption = describe(records)
    datasets = tuple(sorted({str(known[member][0]) for member in members}))
    return Summary(members[0], schema, caption or first_source_id(members, known), datasets, not records)


@lru_cache(maxsize=4096)
def _marking_text(marking: Marking) -> str:
    return str(marking)


def lines(each: SourcedRecord) -> Iterable[ValueLine]:
    """Every value of a record, and who says it."""
    record = each.record
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
                each.key,
            )


def line_order(line: ValueLine) -> tuple[str, ...]:
    """Where a line stands among those of an entity."""
    return (line.property, line.value or "", line.original, line.dataset, line.record)
