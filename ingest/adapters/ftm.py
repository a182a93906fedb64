"""Adapter `ftm`: FollowTheMoney entities, one JSON object a line, or the changes of a delta."""

from collections.abc import Iterable, Iterator
from typing import Any

from ingest.account import Account
from ingest.adapters.json_objects import What, lines, parsed
from ingest.shapes import BadUnit, Entity, Gone, Readable, Reject
from ingest.specs import Written

_OURS = ("id", "schema", "properties")

# Keys that exporters add: all of them can be computed from the entities and their datasets.
_DERIVED = frozenset(
    {"caption", "datasets", "referents", "target", "first_seen", "last_seen", "last_change", "origin", "key_prefix"}
)
_KNOWN = _DERIVED.union(_OURS)
_ENTITY = What("entity", "entities")

# A line of a delta: what becomes of the entity, and the entity.
_OP, _OF = "op", "entity"
_SAYS, _ENDS = frozenset({"ADD", "MOD"}), "DEL"


def read(path: Readable, written: Written, account: Account) -> Iterator[Entity | Gone | Reject]:
    """Yield the entity of each line, or its reject; FileRefused if no line is an entity."""
    for locator, line in lines(path, _ENTITY):
        try:
            said = parsed(line, _ENTITY)
            if _OP in said and _OF in said and "schema" not in said:
                account.changes += 1
                yield _change(said, locator, line)
            else:
                yield _entity(said, (), locator, line)
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), line)


def _change(said: dict[str, Any], locator: str, raw: bytes) -> Entity | Gone:
    """What a line of a delta says; BadUnit if it is no change of an entity."""
    op, entity = said[_OP], said[_OF]
    if not isinstance(entity, dict):
        raise BadUnit("not an entity", f"`{_OF}` is no JSON object: write the entity that is changed")
    others = [key for key in said if key not in (_OP, _OF)]
    if op == _ENDS:
        return Gone(entity.get("id"), others, locator, raw)
    if not isinstance(op, str) or op not in _SAYS:
        raise BadUnit("unknown op", f"`{_OP}` is none of ADD, MOD, DEL: correct it")
    return _entity(entity, others, locator, raw)


def _entity(said: dict[str, Any], others: Iterable[str], locator: str, raw: bytes) -> Entity:
    unknown = [*others, *(key for key in said if key not in _KNOWN)]
    return Entity(said.get("schema"), said.get("id"), said.get("properties") or {}, unknown, locator, raw)
