"""The documents, phones, mailboxes and addresses by which facets are found, and their names, as properties of each."""

from collections.abc import Iterator
from typing import Any, LiteralString

from workbench.store.held import holding
from workbench.store.neo4j.connection import Database

_PAGE = 5_000

_LAST: LiteralString = "MATCH (f:Facet) RETURN coalesce(max(f.fid), 0)"
_KEPT: LiteralString = """
MATCH (f:Facet) WHERE f.fid > $after AND f.fid <= $end RETURN f.fid, f.forms, f.holder, f.held ORDER BY f.fid
"""
_SET: LiteralString = "UNWIND $nodes AS node MATCH (f:Facet {fid: node.fid}) SET f += node"


def held_in(facet: int, forms: str) -> dict[str, Any]:
    """What a facet holds, as properties."""
    return dict(zip(("holder", "held"), holding(facet, forms), strict=True))


def holding_otherwise(database: Database) -> Iterator[list[dict[str, Any]]]:
    """The facets that are not found by what they hold, with what that is, as properties; some at a time."""
    (last,) = database.row(_LAST)
    for after in range(0, last, _PAGE):
        rows = database.read(_KEPT, after=after, end=after + _PAGE)
        every = ((fid, held_in(fid, forms), {"holder": holder, "held": held}) for fid, forms, holder, held in rows)
        yield [{"fid": fid, **wanted} for fid, wanted, found in every if wanted != found]


def hold(database: Database) -> None:
    """Let every facet be found by what it holds; safe to repeat, and beside a writer: the forms of one never change."""
    for some in holding_otherwise(database):
        database.run(_SET, nodes=some)
