"""The names of records that are there, and the tokens by which similar ones are found: made, compared and made again.

See `searchable`. A record's names follow from its content, and tokens from names and this version's skeletons.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import LiteralString, NamedTuple

from neo4j import ManagedTransaction

from workbench.errors import StoreError
from workbench.store.leasing import PATIENCE
from workbench.store.neo4j.connection import Database, rows
from workbench.store.neo4j.lease import Lease
from workbench.store.neo4j.searchable import token_pieces
from workbench.store.rows import texts_in

_PAGE = 10_000

# The first record that a load in progress has written is where a look at all records ends.
_KEPT: LiteralString = """
MATCH (s:Store {name: 'workbench'}) MATCH (r:Record) WHERE r.rid > $after AND r.texts IS NOT NULL
    AND (s.writing IS NULL OR r.rid < s.first_record)
WITH r ORDER BY r.rid LIMIT $most
RETURN r.rid, r.key, r.body, r.names, r.tokens,
    COLLECT { MATCH (p:TextPart {rid: r.rid}) WHERE p.tokens IS NOT NULL RETURN p.tokens ORDER BY p.tokens }
ORDER BY r.rid
"""
_SET: LiteralString = """
UNWIND $rows AS x MATCH (r:Record {rid: x[0]}) SET r.names = x[1], r.tokens = x[2]
"""
_DELETE: LiteralString = """
UNWIND $rids AS rid MATCH (p:TextPart {rid: rid}) WHERE p.tokens IS NOT NULL DELETE p
"""
_ADD: LiteralString = "UNWIND $rows AS x CREATE (p:TextPart {rid: x[0], tokens: x[1]})"


class Named(NamedTuple):
    """A record's names, None if there are none, and its tokens: those of its node, and of further ones in order."""

    names: list[str] | None
    tokens: str | None
    further: tuple[str, ...]


# A record's number and key, and how it should be named.
Misnamed = tuple[int, str, Named]


def named(content: str) -> Named:
    """How a record about an entity is named, from its content."""
    texts = texts_in(content)
    first, *further = *token_pieces(texts), None
    return Named(list(texts.names) or None, first, tuple(sorted(filter(None, further))))


def rename(tx: ManagedTransaction, records: Sequence[tuple[int, Named]]) -> None:
    """Store how records are named instead of what is there."""
    rows(tx, _SET, rows=[(rid, each.names, each.tokens) for rid, each in records])
    rows(tx, _DELETE, rids=[rid for rid, _ in records])
    rows(tx, _ADD, rows=[(rid, tokens) for rid, each in records for tokens in each.further])


def misnamed(database: Database) -> Iterator[list[Misnamed]]:
    """The published records whose names are not those of their content: for each page a list, mostly empty."""
    after = 0
    while page := database.read(_KEPT, after=after, most=_PAGE):
        yield [each for row in page for each in _unlike(*row)]
        after = page[-1][0]


def _unlike(
    rid: int, key: str, content: str, names: list[str] | None, tokens: str | None, further: list[str]
) -> Iterator[Misnamed]:
    with suppress(StoreError):  # the doctor tells of content that can't be read: it keeps no store from being opened
        wanted = named(content)
        if wanted != (names, tokens, tuple(further)):
            yield rid, key, wanted


def name_records(database: Database) -> None:
    """Give every record its names and their tokens, if some lack them; safe to repeat.

    StoreBusy if somebody else is writing.
    """
    if not any(misnamed(database)):
        return
    lease = Lease(database)
    lease.take(PATIENCE)
    try:
        for found in misnamed(database):
            if found:
                lease.step(partial(rename, records=[(rid, wanted) for rid, _, wanted in found]))
    finally:
        lease.give_back()
