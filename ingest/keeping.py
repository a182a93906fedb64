"""Store what was read of a unit with it in quarantine, so that it can be mapped again without its file."""

import json
from collections.abc import Sequence
from types import MappingProxyType

from ingest.shapes import Column, Entity, Gone, Header, Item, Link, Node, Row, Said, Unit
from ingest.specs import Written

_SHAPES: dict[str, type[Unit]] = {shape.__name__: shape for shape in (Row, Node, Link, Entity, Gone)}


def kept(header: Header | None, unit: Unit) -> str:
    """The header and the unit as JSON, without bytes and locator, which are stored beside it; "" if too deep."""
    given = {key: dict(each) if isinstance(each, MappingProxyType) else each for key, each in unit._asdict().items()}
    said = {**given, "locator": "", "raw": ""}
    try:
        return json.dumps([header and header.columns, type(unit).__name__, said])
    except RecursionError:
        return ""


def again(text: str, locator: str, raw: bytes, raw_header: bytes) -> Sequence[Item]:
    """The inverse of `kept`: the header, if there was one, and the unit."""
    columns, shape, said = json.loads(text)
    if "labels" in said:
        said["labels"] = tuple(said["labels"])
    if "said" in said:
        said["said"] = Said(*said["said"])
    if "ends" in said:
        said["ends"] = tuple(map(tuple, said["ends"]))
    unit = _SHAPES[shape](**{**said, "locator": locator, "raw": raw})
    return [unit] if columns is None else [Header([Column(*each) for each in columns], raw_header), unit]


def reading(adapter: str, version: int, written: Written) -> str:
    """Everything that decides how bytes are read; while it is the same, what was read of a unit is still valid."""
    return json.dumps([adapter, version, written.as_written()])
