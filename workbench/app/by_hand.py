"""What the forms for drawing by hand offer: schemata, their main properties, and directions that fit."""

from collections.abc import Mapping

from workbench.errors import UsageError
from workbench.export.appearance import label_of
from workbench.model.ontology import ontology

_MOST = 8
_HERE = frozenset({"notes", "summary", "description"})  # where the reason is kept
GRADES = ("not graded", "admiralty", "4x4", "3x5x2", "5x5x5")


def entity_schemata() -> tuple[str, ...]:
    """The schemata of entities, by their labels."""
    found = (each.name for each in ontology().concrete() if not each.edge)
    return tuple(sorted(found, key=label_of))


def relationship_schemata(start: str, end: str) -> tuple[str, ...]:
    """The schemata of relationships that can lead from an entity of one schema to one of another, by their labels."""
    found = (each.name for each in ontology().concrete() if each.edge and _fits(each.name, start, end))
    return tuple(sorted(found, key=label_of))


def _fits(name: str, start: str, end: str) -> bool:
    known = ontology()
    roles, properties = known.ends(name), known.schemata[name].properties
    ranges = (properties[role].range for role in roles)
    return all(not wanted or known.is_a(schema, wanted) for wanted, schema in zip(ranges, (start, end), strict=True))


def main_properties(schema: str) -> Mapping[str, str]:
    """The properties that a form asks for, with their labels: the caption's, featured ones, dates and amounts."""
    known = ontology().schemata[schema]
    wanted = [*known.caption[:1], *known.featured, "birthDate", "startDate", "endDate", "date", "amount", "currency"]
    found = {name: known.properties[name] for name in wanted if name in known.properties and name not in _HERE}
    return {name: each.label for name, each in list(found.items())[:_MOST] if each.type != "entity"}


def grade_text(scheme: str, value: str) -> str | None:
    """A grade as it is given; None for none. UsageError for a value without a scheme."""
    if scheme != GRADES[0]:
        return f"{scheme} {value.strip()}"
    if value.strip():
        raise UsageError(f"the grade {value.strip()!r} needs its scheme: choose one", "grade")
    return None


def lines_given(text: str) -> dict[str, str]:
    """Properties and values from lines of a text.

    >>> lines_given("phone: +31 6 1\\nalias: Ilse")
    {'phone': '+31 6 1', 'alias': 'Ilse'}
    """
    lines = (line.partition(":") for line in text.splitlines() if line.strip())
    return {name.strip(): value.strip() for name, _, value in lines}
