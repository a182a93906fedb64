"""Adapter `vis`: a network diagram of Aleph (`.vis`), whose entities and relationships are in FollowTheMoney's terms.

Each entity of the chart is a unit. A chart also has what people arranged: the places and colours of its vertices, and
groups of them. None of it says anything about an entity, so it is not loaded; the report counts it. Its lines follow
from the entities. Where a property has another entity with all that is known of it, its id is taken.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ingest.account import Account
from ingest.adapters.json_document import rows
from ingest.adapters.json_units import Kind
from ingest.shapes import Entity, Frame, Readable, Reject, Row
from ingest.specs import Written

_KIND = Kind("a network diagram of Aleph", [("layout", "entities")])
_OURS = frozenset({"id", "schema", "properties"})
# What Aleph says of an entity as it keeps it.
_KEPT_BY_ALEPH = frozenset(
    {
        *("caption", "collection", "collection_id", "created_at", "draft", "datasets", "first_seen", "highlight"),
        *("last_change", "last_seen", "latinized", "links", "messages", "mutable", "origin", "referents", "role_id"),
        *("score", "shallow", "status", "target", "updated_at", "writeable"),
    }
)
_ARRANGED = (("vertices", "places of vertices"), ("groupings", "groups of vertices"))


def read(path: Readable, written: Written, account: Account) -> Iterator[Frame | Entity | Reject]:
    """Yield each entity, or its reject; FileRefused if it is no JSON document."""
    for item in rows(path, _KIND):
        if not isinstance(item, Row):
            yield item
            continue
        said: Mapping[str, Any] = item.fields if isinstance(item.fields, Mapping) else {}
        _tell(said.get("^layout"), account)
        others = [key for key in said if key not in _OURS and key not in _KEPT_BY_ALEPH and not key.startswith("^")]
        properties = _flat(said.get("properties") or {})
        yield Entity(said.get("schema"), said.get("id"), properties, others, item.locator, item.raw)


def _flat(properties: Any) -> Any:
    """Properties with ids in place of the entities in them."""
    if not isinstance(properties, Mapping):
        return properties
    return {
        name: [_id(each) for each in values] if isinstance(values, list) else _id(values)
        for name, values in properties.items()
    }


def _id(value: Any) -> Any:
    return value["id"] if isinstance(value, Mapping) and isinstance(value.get("id"), str) else value


def _tell(layout: Any, account: Account) -> None:
    """Tell of what is arranged in the chart, once."""
    if isinstance(layout, Mapping):
        for name, said in _ARRANGED:
            listed = layout.get(name)
            if isinstance(listed, list) and listed:
                account.skipped[said] = len(listed)
