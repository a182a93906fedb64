"""The phones, mailboxes and addresses by which facets are found, as a property of each."""

from collections.abc import Iterator
from typing import Any, LiteralString

from workbench.store.held import values_in
from workbench.store.neo4j.connection import Database

_PAGE = 5_000

_LAST: LiteralString = "MATCH (f:Facet) RETURN coalesce(max(f.fid), 0)"
_KEPT: LiteralString = """
MATCH (f:Facet) WHERE f.fid > $after AND f.fid <= $end RETURN f.fid, f.forms, f.held ORDER BY f.fid
"""
_SET: LiteralString = "UNWIND $rows AS x MATCH (f:Facet {fid: x[0]}) SET f.held = x[1]"


def holding_otherwise(database: Database) -> Iterator[list[tuple[int, list[int]]]]:
    """The facets that are not found by what they hold, with what that is, some at a time."""
    (last,) = database.row(_LAST)
    for after in range(0, last, _PAGE):
        yield [
            (fid, values_in(forms))
            for fid, forms, held in database.read(_KEPT, after=after, end=after + _PAGE)
            if values_in(forms) != held
        ]


def hold(database: Database) -> None:
    """Let every facet be found by what it holds; safe to repeat, and beside a writer: the forms of one never change."""
    for some in holding_otherwise(database):
        rows: list[list[Any]] = [[*each] for each in some]
        database.run(_SET, rows=rows)
