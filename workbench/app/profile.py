"""An entity's profile: every value with who says it, and why its parts are one."""

from dataclasses import dataclass
from itertools import groupby

from workbench.app.drawing import NOT_GRADED, place_of
from workbench.export.appearance import label_of
from workbench.model.ontology import ontology
from workbench.view.answers import Entity, Reason, ValueLine
from workbench.view.asking import question
from workbench.view.view import View

Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class SaidValue:
    """A value of a property, and a line for each source that says it."""

    property: str
    value: str
    sources: tuple[str, ...]


@question
def values_said(view: View, entity: Entity) -> tuple[SaidValue, ...]:
    """Each value once; behind it source, grade, marking and place in the file of all who say it."""
    places = {each.key: place_of(each) for each in view.records(sorted({v.record for v in entity.values}))}
    ordered = sorted(entity.values, key=lambda each: _rank(entity.schema, each.property))
    return tuple(
        SaidValue(_property(entity.schema, name), value, tuple(_source(each, places[each.record]) for each in found))
        for (name, value), found in groupby(ordered, lambda each: (each.property, _value(each)))
    )


def _value(line: ValueLine) -> str:
    return line.value if line.value is not None else f"{line.original} (could not be cleaned)"


def _source(line: ValueLine, place: str) -> str:
    given = f"given as {line.original}" if line.value not in (None, line.original) else ""
    said = (line.dataset, line.grade or NOT_GRADED, line.marking, place, given)
    return " · ".join(filter(None, said))


def referent_rows(entity: Entity) -> Rows:
    """Under which ids which datasets know it."""
    return [
        {"Agency": each.agency, "Dataset": each.dataset, "Source id": each.source_id, "Id": each.id}
        for each in entity.referents
    ]


def reason_text(reason: Reason, names: dict[str, str]) -> str:
    """Why two referents are one, in a sentence."""
    ends = " and ".join(names.get(end, end) for end in (reason.a, reason.b))
    value = f" {reason.value}" if reason.value else ""
    return f"{ends}: {reason.rule}{value} ({len(reason.records)} records)"


def referent_names(entity: Entity) -> dict[str, str]:
    """What to call each referent: the dataset and its source id."""
    return {each.id: f"{each.agency}/{each.dataset} {each.source_id}" for each in entity.referents}


def heading(entity: Entity) -> str:
    """What an entity is, and what it is called."""
    return f"{label_of(entity.schema)}: {entity.caption}"


def _rank(schema: str, name: str) -> tuple[int, str]:
    """What names an entity comes first, then what its schema features."""
    known = ontology().schemata.get(schema)
    first = [*known.caption, *known.featured] if known is not None else []
    return (first.index(name) if name in first else len(first), name)


def _property(schema: str, name: str) -> str:
    known = ontology().schemata.get(schema)
    found = known.properties.get(name) if known is not None else None
    return found.label if found is not None else name
