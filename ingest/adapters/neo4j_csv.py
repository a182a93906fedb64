"""Adapter `neo4j-csv`: tables with the headers of neo4j-admin (`:ID`, `:LABEL`, `:START_ID` ...).

Each row is a node or a link. `neo4j_csv.toml` maps common labels and types that a manifest does not map.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from ingest.account import Account
from ingest.adapters.delimited import Table, check_names
from ingest.fields import known_timezone
from ingest.shapes import Column, Header, Item, Link, Node, Readable, Row
from ingest.specs import Written
from workbench.errors import FileRefused

_TYPES = (
    "int|long|float|double|boolean|byte|short|char|string|point|date|localtime|time|localdatetime|datetime|duration"
    "|ID|LABEL|START_ID|END_ID|TYPE|IGNORE"
)
_FIELD = re.compile(
    rf"(?P<name>.*?)(:(?P<type>{_TYPES})(?P<array>\[\])?(\((?P<space>[^)]*)\))?(?P<options>\{{.*\}})?)?", re.DOTALL
)
_OF_GRAPH = frozenset({"ID", "LABEL", "START_ID", "END_ID", "TYPE"})
_IDS = frozenset({"ID", "START_ID", "END_ID"})
_SEVERAL = ";"
_ZONE = re.compile(r"\{\s*timezone\s*:\s*(.+?)\s*\}")

# How many different cells of labels are cached.
_KEPT = 1_000


class _Place(NamedTuple):
    """A structural column (`:ID` ...); `before` is the prefix of its ids, which keeps id spaces apart."""

    at: int
    before: str


def read(path: Readable, written: Written, account: Account) -> Iterator[Item]:
    """Yield the header, then each node or link, or its reject; FileRefused if it is not a neo4j-admin header."""
    table = Table(path, written, account)
    columns, places = _header(table.names, path)
    yield Header(columns, table.raw_header)
    as_unit = _node(places) if "ID" in places else _link(places)
    for row in table.rows(table.names):
        yield as_unit(row) if isinstance(row, Row) else row


def _node(places: Mapping[str, _Place]) -> Callable[[Row], Node]:
    id_of, labels = _id(places["ID"]), _cell(places.get("LABEL"))
    return lambda row: Node(_listed(labels(row.fields)), id_of(row.fields), *row[:-1])


def _link(places: Mapping[str, _Place]) -> Callable[[Row], Link]:
    kind, start, end = _cell(places.get("TYPE")), _id(places["START_ID"]), _id(places["END_ID"])
    return lambda row: Link(kind(row.fields).strip(), start(row.fields), end(row.fields), *row[:-1])


def _cell(place: _Place | None) -> Callable[[Any], str]:
    return itemgetter(place.at) if place else lambda cells: ""


def _id(place: _Place) -> Callable[[Any], str]:
    at, before = place
    return lambda cells: before + cell if (cell := cells[at].strip()) else ""


@lru_cache(_KEPT)
def _listed(cell: str) -> tuple[str, ...]:
    """The labels in a cell."""
    return tuple(label.strip() for label in cell.split(_SEVERAL) if label.strip())


def _header(names: list[str], path: Readable) -> tuple[list[Column], dict[str, _Place]]:
    """The columns, and the places of structural ones; FileRefused if it is not a neo4j-admin header."""
    columns, places, wanted = list[Column](), dict[str, _Place](), list[str]()
    for at, field in enumerate(names):
        match = _FIELD.fullmatch(field)
        name, kind = (match["name"], match["type"]) if match else (field, None)
        if kind in places:
            message = f"{path.name} line 1: two columns are :{kind}: this adapter wants one"
            raise FileRefused("duplicate header", message, 1)
        if kind in _OF_GRAPH:
            space = match["space"] if match and kind in _IDS else None
            places[kind] = _Place(at, f"{space}/" if space else "")
        if kind != "IGNORE" and (name or kind not in _OF_GRAPH):
            wanted.append(name)
        split = _SEVERAL if match and match["array"] else None
        zone = _ZONE.fullmatch((match["options"] if match else None) or "")
        timezone = _known_zone(zone[1], path) if zone else None
        columns.append(Column("" if kind == "IGNORE" else name, split, timezone, kind in _IDS))
    check_names(wanted, path)
    if set(places) & _IDS not in ({"ID"}, {"START_ID", "END_ID"}):
        message = f"{path.name} line 1 is no header of neo4j-admin: name its columns :ID, or :START_ID and :END_ID"
        raise FileRefused("bad header", message, 1)
    return columns, places


def _known_zone(name: str, path: Readable) -> str:
    """The time zone in a column's header; FileRefused if it is unknown."""
    try:
        return known_timezone(name)
    except ValueError as error:
        raise FileRefused("bad header", f"{path.name} line 1: {error}", 1) from error
