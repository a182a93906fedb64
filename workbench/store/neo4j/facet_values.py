"""The values of facets, and the names under which they are held, as properties of each facet."""

from collections.abc import Iterator
from typing import Any, LiteralString

from workbench.store.facet_values import values_of
from workbench.store.neo4j.connection import Database

_PAGE = 5_000

_LAST: LiteralString = "MATCH (f:Facet) RETURN coalesce(max(f.fid), 0)"
_KEPT: LiteralString = """
MATCH (f:Facet) WHERE f.fid > $after AND f.fid <= $end RETURN f.fid, f.forms, f.holder, f.values ORDER BY f.fid
"""
_SET: LiteralString = "UNWIND $nodes AS node MATCH (f:Facet {fid: node.fid}) SET f += node"


def properties_of(facet: int, forms: str) -> dict[str, Any]:
    """The name and the values of a facet, as properties."""
    return values_of(facet, forms)._asdict()


def wrong_values(database: Database) -> Iterator[list[dict[str, Any]]]:
    """The facets that are not found by their values, with what these are, as properties; some at a time."""
    (last,) = database.row(_LAST)
    for after in range(0, last, _PAGE):
        rows = database.read(_KEPT, after=after, end=after + _PAGE)
        every = ((fid, properties_of(fid, forms), {"holder": name, "values": had}) for fid, forms, name, had in rows)
        yield [{"fid": fid, **wanted} for fid, wanted, found in every if wanted != found]


def put_values(database: Database) -> None:
    """Let every facet be found by its values; safe to repeat, and beside a writer: the forms of one never change."""
    for some in wrong_values(database):
        database.run(_SET, nodes=some)
