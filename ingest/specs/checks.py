"""Check names of properties and roles, and what is said of values, against the ontology."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches

from ingest.specs.values import ValueSpec
from workbench.model.ontology import ontology

# Properties of text can keep what nothing maps.
_OF_TEXT = frozenset({"string", "text"})


def wrong_properties(schema: str, properties: Mapping[str, Iterable[ValueSpec]]) -> Iterator[str]:
    """What is wrong with properties that a schema lacks, or that are roles, and with formats that they can't have."""
    known = ontology().schemata[schema].properties
    for name, values in properties.items():
        prop = known.get(name)
        if prop is None:
            yield f"{schema} has no property {name!r}: {_advice(name, known)}"
        elif prop.type == "entity":
            yield f"{schema}.{name} is a role: put it among the roles"
        elif prop.type != "date" and any(value.format or value.precision for value in values):
            yield f"{schema}.{name} is no date: it has no `format` and no `precision`"
        elif prop.type != "number" and any(value.decimal or value.thousands for value in values):
            yield f"{schema}.{name} is no number: it has no `decimal` and no `thousands`"
        elif prop.type != "number" and any(value.seconds for value in values):
            yield f"{schema}.{name} is no number: it has no `seconds`"


def wrong_roles(schema: str, roles: Iterable[str]) -> Iterator[str]:
    """What is wrong with roles that a schema lacks."""
    known = ontology().roles(schema)
    for name in roles:
        if name not in known:
            near = get_close_matches(name, known, 1)
            meant = f"did you mean {near[0]}? " if near else ""
            yield f"{schema} has no role {name!r}: {meant}known are {', '.join(known) or 'none'}"


def wrong_rest(schema: str, name: str | None) -> Iterator[str]:
    """What is wrong with a property that is to keep the text of what nothing maps."""
    prop = ontology().schemata[schema].properties.get(name or "")
    if name and (prop is None or prop.type not in _OF_TEXT):
        yield f"`rest` names a property of text, such as notes or description: {schema}.{name} is none"


def _advice(name: str, known: Collection[str]) -> str:
    near = ", ".join(get_close_matches(name, known, 3))
    return f"did you mean {near}?" if near else "see `workbench schemata`"
