"""Adapter `ftm`: FollowTheMoney entities, one JSON object a line."""

from collections.abc import Iterator

from ingest.account import Account
from ingest.adapters.json_objects import What, lines, parsed
from ingest.shapes import BadUnit, Entity, Readable, Reject
from ingest.specs import Written

_OURS = ("id", "schema", "properties")

# What exporters write beside these: all of it follows from the entities and the datasets that they were made from.
_DERIVED = frozenset(
    {"caption", "datasets", "referents", "target", "first_seen", "last_seen", "last_change", "origin", "key_prefix"}
)
_KNOWN = _DERIVED.union(_OURS)
_ENTITY = What("entity", "entities")


def read(path: Readable, written: Written, account: Account) -> Iterator[Entity | Reject]:
    """The entity of each line, or its reject; FileRefused where no line is an entity."""
    for locator, line in lines(path, _ENTITY):
        try:
            said = parsed(line, _ENTITY)
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), line)
        else:
            others = [key for key in said if key not in _KNOWN]
            yield Entity(said.get("schema"), said.get("id"), said.get("properties") or {}, others, locator, line)
