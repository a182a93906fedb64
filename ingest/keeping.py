"""What was read of a unit, as a text that is kept with it in quarantine: it is mapped again from that, with no file."""

import json
from collections.abc import Sequence

from ingest.shapes import Column, Entity, Header, Item, Link, Node, Row, Unit
from ingest.specs import Written

_SHAPES: dict[str, type[Unit]] = {shape.__name__: shape for shape in (Row, Node, Link, Entity)}


def kept(header: Header | None, unit: Unit) -> str:
    """The header and the unit as a text, but for its bytes and place, which are kept beside it; "" where it is too deep
    for that."""
    said = {**unit._asdict(), "breaks": dict(unit.breaks), "locator": "", "raw": ""}
    try:
        return json.dumps([header and header.columns, type(unit).__name__, said])
    except RecursionError:
        return ""


def again(text: str, locator: str, raw: bytes, raw_header: bytes) -> Sequence[Item]:
    """What `kept` made a text of: the header, if there was one, and the unit."""
    columns, shape, said = json.loads(text)
    if "labels" in said:
        said["labels"] = tuple(said["labels"])
    unit = _SHAPES[shape](**{**said, "locator": locator, "raw": raw})
    return [unit] if columns is None else [Header([Column(*each) for each in columns], raw_header), unit]


def reading(adapter: str, version: int, written: Written) -> str:
    """All that decides what is read of given bytes: where it is the same, what was read of a unit still holds."""
    return json.dumps([adapter, version, written.as_written()])
