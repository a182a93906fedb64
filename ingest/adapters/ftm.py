"""Adapter `ftm`: FollowTheMoney entities, one JSON object a line."""

from collections.abc import Iterator, Mapping
from typing import Any

from ingest.account import Account
from ingest.adapters.json_lines import What, lines, parsed
from ingest.shapes import BadUnit, Entity, Readable, Reject, writable
from ingest.specs import Written

# What exporters write beside id, schema and properties: all of it follows from the entities
# and the datasets that they were made from.
_DERIVED = frozenset(
    {"caption", "datasets", "referents", "target", "first_seen", "last_seen", "last_change", "origin", "key_prefix"}
)
_ENTITY = What("entity", "entities")


def read(path: Readable, written: Written, account: Account) -> Iterator[Entity | Reject]:
    """The entity of each line, or its reject; FileRefused where no line is an entity."""
    known = _DERIVED.union(("id", "schema", "properties"), written.ignore)
    for locator, line in lines(path, _ENTITY):
        try:
            yield _entity(parsed(line, _ENTITY), known, locator, line)
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), line)


def _entity(said: Mapping[str, Any], known: frozenset[str], locator: str, line: bytes) -> Entity:
    for key in said:
        if key not in known:
            raise BadUnit(f"unknown key: {key}", f"nothing is known of key {key!r}: add it to `ignore`")
    schema, source_id = _text(said, "schema"), _text(said, "id")
    properties = said.get("properties") or {}
    if not isinstance(properties, dict):
        raise BadUnit("not an entity", "its properties are no JSON object: write lists of texts by name")
    return Entity(schema, source_id, properties, locator, line)


def _text(said: Mapping[str, Any], key: str) -> str:
    value = said.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadUnit(f"no {key}", f"the entity has no {key}: every entity needs one, as text")
    return writable(key, value).strip()
