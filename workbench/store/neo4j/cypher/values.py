"""The values that a query returns, as JSON values."""

import math
from typing import Any

from neo4j.graph import Node, Path, Relationship
from neo4j.spatial import Point
from neo4j.time import Date, DateTime, Duration, Time


def plain(value: Any) -> Any:
    """A value of the driver as a JSON value.

    A node is {id, labels, properties}, a relationship {id, type, start, end, properties} with the ids of its nodes,
    a path {nodes, relationships}, a point {srid, coordinates}, a time ISO text, bytes hexadecimal digits, and NaN or
    an infinity its name. Ids are valid within one answer.
    """
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, dict):
        return {name: plain(value[name]) for name in sorted(value)}
    if isinstance(value, Point):  # before tuples: a Point is a tuple
        return {"srid": value.srid, "coordinates": list(value)}
    if isinstance(value, list | tuple) and not isinstance(value, Duration):
        return [plain(each) for each in value]
    if isinstance(value, bytes | bytearray):
        return value.hex()
    return _of_graph_or_time(value)


def _of_graph_or_time(value: Any) -> Any:
    if isinstance(value, Node):
        return {"id": value.element_id, "labels": sorted(value.labels), "properties": plain(dict(value))}
    if isinstance(value, Relationship):
        start, end = (each.element_id if each is not None else None for each in value.nodes)
        return {
            "id": value.element_id,
            "type": value.type,
            "start": start,
            "end": end,
            "properties": plain(dict(value)),
        }
    if isinstance(value, Path):
        return {
            "nodes": [plain(each) for each in value.nodes],
            "relationships": [plain(r) for r in value.relationships],
        }
    if isinstance(value, Date | DateTime | Duration | Time):
        return value.iso_format()
    return str(value)  # a type that only newer servers have
