"""What a person gives for something drawn by hand, checked: schema, values, reason, grade, agency and marking.

Somebody is there to mend what is wrong, so a value that can't be cleaned is refused, and not kept as in a load.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from ingest.manifest import DEFAULT_MARKING, LOCAL, checked_agency
from ingest.mapping.cleaning import cleaner
from ingest.shapes import BadUnit, writable
from workbench.access.policy import may_read, refuse_loading, refuse_to_lock_out
from workbench.access.viewer import Viewer
from workbench.errors import InputError, UsageError
from workbench.model.asked import one_text, texts
from workbench.model.grade import Grade, parse_grade, scheme_names
from workbench.model.marking import Marking, parse_marking
from workbench.model.ontology import ontology
from workbench.model.record import Value
from workbench.model.schemata import Schema

Given = Mapping[str, Sequence[str] | str]

_REASONS = ("notes", "summary", "description")  # where a record's reason is kept: the first that its schema has
_WRITTEN = {
    "phone": "write a telephone number with its country, as +31612345678",
    "country": "name one country, or write its code of two letters",
    "date": "write 2021-04-03, 2021-04 or 2021",
}


def schema_of(name: str, tie: bool) -> Schema:
    """The schema of an entity, or of a relationship; InputError for an unknown one, UsageError for one of the other."""
    schema = ontology().require(one_text(name, "schema"))
    if schema.edge != tie:
        right = "draw_relationship" if schema.edge else "draw_entity"
        kind = "a relationship" if schema.edge else "an entity"
        raise UsageError(f"{schema.name} is the schema of {kind}: use {right}", "schema")
    if not any(each in schema.properties for each in _REASONS):
        raise UsageError(f"{schema.name} has no property for a reason, so it can't be drawn by hand", "schema")
    return schema


def reason_of(why: str) -> str:
    """The reason given; UsageError without one."""
    reason = one_text(why, "why").strip()
    if not reason:
        raise UsageError("what is drawn by hand needs a reason: say why", "why")
    return reason


def grade_of(said: str | None) -> Grade | None:
    """The grade in a text such as `admiralty B2`; UsageError for one that can't be read."""
    if said is None:
        return None
    scheme, _, value = one_text(said, "grade").strip().partition(" ")
    if not value.strip():
        known = ", ".join(scheme_names())
        raise UsageError(f"{said!r} is no grade: write the scheme ({known}) and the value, as admiralty B2", "grade")
    try:
        return parse_grade(scheme.lower(), value.strip())
    except InputError as error:
        raise UsageError(error.message, "grade") from error


def agency_of(viewer: Viewer, agency: str | None) -> str:
    """The agency to draw for, by default the only one; AccessDenied for one that the viewer may not load for."""
    if agency is not None:
        named = checked_agency(one_text(agency, "agency"))
        refuse_loading(viewer, named)
        return named
    refuse_loading(viewer, None)
    some = sorted(viewer.agencies or {LOCAL} if viewer.loads_for_all else viewer.loads)
    if len(some) > 1:
        raise UsageError(f"{viewer.name} may load for several agencies: name one of {', '.join(some)}", "agency")
    return some[0]


def marking_of(said: str | None, agency: str) -> Marking:
    """The marking given, or that of loads; UsageError for one that can't be read or shuts the agency out."""
    try:
        marking = parse_marking(one_text(DEFAULT_MARKING if said is None else said, "marking"), agency)
    except InputError as error:
        raise UsageError(error.message, "marking") from error
    refuse_to_lock_out(marking, agency)
    return marking


def refuse_unseen(viewer: Viewer, purpose: str, marking: Marking) -> None:
    """UsageError for a marking that hides from the viewer what he draws."""
    if not may_read(viewer, purpose, marking):
        raise UsageError(
            f"marked {marking}, it would be hidden from {viewer.name} for {purpose}: give a marking that you may see",
            "marking",
        )


def properties_of(schema: Schema, given: Given, reason: str) -> dict[str, tuple[Value, ...]]:
    """The cleaned values of a record by property, with the reason; UsageError for one that is wrong."""
    if not isinstance(given, Mapping):
        raise UsageError(f"values must be texts by the name of a property: not {given!r}", "values")
    found = {name: said for name, listed in given.items() if (said := tuple(_cleaned(schema, name, listed)))}
    kept = next(each for each in _REASONS if each in schema.properties)
    value = Value(_text("why", reason, "why"), reason)
    return {**found, kept: tuple(dict.fromkeys((*found.get(kept, ()), value)))}


def _cleaned(schema: Schema, name: str, listed: Sequence[str] | str) -> Iterator[Value]:
    prop = schema.properties.get(name)
    if prop is None:
        near = ", ".join(get_close_matches(str(name), sorted(schema.properties), 3))
        raise UsageError(
            f"{schema.name} has no property {name!r}" + (f": did you mean {near}?" if near else ""), "values"
        )
    if prop.type == "entity":
        raise UsageError(f"{name} of {schema.name} names an entity, it is no value: draw a relationship", "values")
    clean = cleaner(schema.name, name)
    for text in map(str.strip, texts(listed, "values")):
        if not text:
            raise UsageError(f"{name} has an empty text: leave it out", "values")
        try:
            made = clean(_text(name, text, "values"))
        except BadUnit as error:
            raise _wrong(name, "date", text) from error
        if any(each.value is None for each in made):
            raise _wrong(name, prop.type, text)
        yield from made


def _wrong(name: str, kind: str, text: str) -> UsageError:
    return UsageError(f"{name}: {text!r} can't be read as a {kind}: {_WRITTEN.get(kind, 'correct it')}", "values")


def _text(name: str, text: str, field: str) -> str:
    """A text that can be stored; UsageError for any other."""
    try:
        return writable(name, text)
    except BadUnit as error:
        raise UsageError(error.message, field) from error


__all__ = [
    "Given",
    "agency_of",
    "grade_of",
    "marking_of",
    "properties_of",
    "reason_of",
    "refuse_unseen",
    "schema_of",
]
