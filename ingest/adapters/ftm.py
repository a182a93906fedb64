"""Adapter `ftm`: FollowTheMoney entities, one JSON object a line."""

from collections.abc import Iterator

from ingest.account import Account
from ingest.adapters.json_objects import What, lines, parsed
from ingest.shapes import BadUnit, Entity, Readable, Reject
from ingest.specs import Written

_OURS = ("id", "schema", "properties")

# Keys that exporters add: all of them can be computed from the entities and their datasets.
_DERIVED = frozenset(
    {"caption", "datasets", "referents", "target", "first_seen", "last_seen", "last_change", "origin", "key_prefix"}
)
_KNOWN = _DERIVED.union(_OURS)
_ENTITY = What("entity", "entities")


def read(path: Readable, written: Written, account: Account) -> Iterator[Entity | Reject]:
    """Yield the entity of each line, or its reject; FileRefused if no line is an entity."""
    for locator, line in lines(path, _ENTITY):
        try:
            said = parsed(line, _ENTITY)
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), line)
        else:
            others = [key for key in said if key not in _KNOWN]
            yield Entity(said.get("schema"), said.get("id"), said.get("properties") or {}, others, locator, line)
