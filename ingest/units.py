"""Units of a file: group records by unit, and count remarks on their values."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from ingest.shapes import BadUnit, Left, Reject
from workbench.model.ontology import ontology
from workbench.model.record import Record

# Each role is tied to all roles with another name: two roles with 500 entities each make 250,000 ties.
_MOST_ROLES = 1_000

# The time in a text, and not the zone that a day may name (2015-04-07-04:00).
_CLOCK = re.compile(r"(?<![+\-\d])\d{1,2}:\d\d(:\d\d)?", re.ASCII)
_DAY = len("2026-03-31")


def units(items: Iterable[Record | Reject | Left]) -> Iterator[list[Record] | Reject | Left]:
    """Group consecutive records with the same locator; rejects and left units pass unchanged."""
    unit: list[Record] = []
    for item in items:
        if unit and (isinstance(item, Reject | Left) or item.locator != unit[0].locator):
            yield unit
            unit = []
        if isinstance(item, Reject | Left):
            yield item
        else:
            unit.append(item)
    if unit:
        yield unit


def tied(record: Record) -> Record:
    """Return the record; BadUnit for a relationship that ties nobody, which no view would show, or too many."""
    if len(record.roles) > _MOST_ROLES and ontology().is_relationship(record.schema):
        message = f"this {record.schema} ties {len(record.roles)} to one another, more than {_MOST_ROLES}"
        raise BadUnit("too many roles", f"{message}: write a relationship for each of them")
    if not record.roles and _is_relationship(record.schema):
        schema = ontology().schemata[record.schema]
        message = f"this {schema.name} ties nobody: fill its {schema.edge_source} and {schema.edge_target}"
        raise BadUnit("no roles", f"{message}, or in a manifest say `when` a row has one")
    return record


def remarks(record: Record) -> list[str]:
    """Remarks to count about a record: values not cleaned or shortened, an end tied to itself or to nothing."""
    found, schema, roles = list[str](), record.schema, record.roles
    for name, values in record.properties.items():
        for value, original in values:
            if value is None:
                found.append(f"{_type(schema, name)} not cleaned: {name}")
            elif ":" in original and len(value) <= _DAY and _was_a_time(schema, name, original):
                found.append(f"time of day left out: {name}")
    if len(roles) > 1 and len({ref for _, ref in roles}) == 1:
        found.append(f"self-tie: {schema}")
    elif len(roles) == 1 and _is_relationship(schema):
        found.append(f"one side alone: {schema}")
    return found


def _was_a_time(schema: str, name: str, text: str) -> bool:
    """Whether the original of a value that is only a day had a time other than midnight."""
    clock = _CLOCK.search(text) if _type(schema, name) == "date" else None
    return clock is not None and any(digit in clock[0] for digit in "123456789")


@cache
def _is_relationship(schema: str) -> bool:
    return ontology().is_relationship(schema)


@cache
def _type(schema: str, name: str) -> str:
    return ontology().schemata[schema].properties[name].type
