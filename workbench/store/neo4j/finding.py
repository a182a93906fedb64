"""The numbers by which lookups find a record: of identifiers that it gives, and of entities that it ties to nobody.

An identifier's number is a hash of its kind and value, from 2^33 up. That of a record's first identifier is a property
of its node, `found_by`. The others are nodes of their own, `FoundBy`. So are the numbers (`eid`) of entities that a
record mentions and ties to nobody: to them no relationship is drawn. Numbers only propose records: what a record says
is in its `ties` and `claims`.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from hashlib import blake2b
from typing import LiteralString, NamedTuple

from neo4j import ManagedTransaction

from workbench.model.claims import FORBIDDING
from workbench.store.leasing import PATIENCE
from workbench.store.neo4j.connection import Database, rows
from workbench.store.neo4j.interning import shapes
from workbench.store.neo4j.lease import Lease
from workbench.store.steps import Shape

_FIRST_IDENTIFIER = 1 << 33  # larger than any eid; with the hash below 2^34, so that the server keeps it in 8 bytes
_PAGE = 10_000

# The first record that a load in progress has written is where a look at all records ends.
_KEPT: LiteralString = """
MATCH (s:Store {name: 'workbench'}) MATCH (r:Record) WHERE r.rid > $after
    AND (s.writing IS NULL OR r.rid < s.first_record)
WITH r ORDER BY r.rid LIMIT $most
RETURN r.rid, r.key, r.ties, r.claims, r.found_by,
    COLLECT { MATCH (f:FoundBy {rid: r.rid}) RETURN f.number ORDER BY f.number }
ORDER BY r.rid
"""
_OF_NO_RECORD: LiteralString = """
MATCH (s:Store {name: 'workbench'}) MATCH (f:FoundBy) WHERE (s.writing IS NULL OR f.rid < s.first_record)
    AND NOT EXISTS { MATCH (:Record {rid: f.rid}) }
RETURN f.rid LIMIT $most
"""
_UNMARKED: LiteralString = """
MATCH (j:Judgement) WHERE size(j.overrides) > 0 AND NOT coalesce(j.overriding, false) RETURN count(j)
"""
_SET: LiteralString = "UNWIND $rows AS x MATCH (r:Record {rid: x[0]}) SET r.found_by = x[1]"
_DELETE: LiteralString = "UNWIND $rids AS rid MATCH (f:FoundBy {rid: rid}) DELETE f"
ADD_FURTHER: LiteralString = "UNWIND $rows AS x CREATE (f:FoundBy {rid: x[0], number: x[1]})"


class Numbers(NamedTuple):
    """The numbers by which a record is found, the further ones in order."""

    found_by: int | None
    further: tuple[int, ...]


# A record's number and key, and the numbers by which it should be found.
Misnumbered = tuple[int, str, Numbers]


def number_of(kind: str, value: str) -> int:
    """The number of an identifier."""
    digest = blake2b(f"{kind}\0{value}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return _FIRST_IDENTIFIER + int.from_bytes(digest) % _FIRST_IDENTIFIER


def numbers_of(ties: Sequence[int] | None, claims: Sequence[str] | None, known: Mapping[int, Shape]) -> Numbers:
    """The numbers of a record, from its properties `ties` and `claims`, and the shapes of ties."""
    claimed = claims or ()
    said = zip(claimed[::3], claimed[1::3], strict=True)
    identifiers = sorted({number_of(kind, value) for kind, value in said if kind not in FORBIDDING})
    return Numbers(identifiers[0] if identifiers else None, (*undrawn(ties or (), known), *identifiers[1:]))


def undrawn(ties: Sequence[int], known: Mapping[int, Shape]) -> list[int]:
    """The entities that a record mentions and ties to nobody, in order."""
    return sorted({end for i in range(3, len(ties), 3) if not known[ties[i]].type for end in ties[i - 2 : i]})


def renumber(tx: ManagedTransaction, numbered: Sequence[tuple[int, Numbers]]) -> None:
    """Store the numbers of records instead of those that are there."""
    rows(tx, _SET, rows=[(rid, each.found_by) for rid, each in numbered])
    rows(tx, _DELETE, rids=[rid for rid, _ in numbered])
    rows(tx, ADD_FURTHER, rows=[(rid, number) for rid, each in numbered for number in each.further])


def misnumbered(database: Database) -> Iterator[list[Misnumbered]]:
    """The published records that are not found by what they say: for each page of all records a list, mostly empty."""
    known, after = shapes(database), 0
    while page := database.read(_KEPT, after=after, most=_PAGE):
        yield [each for row in page for each in _unlike(known, *row)]
        after = page[-1][0]


def _unlike(
    known: Mapping[int, Shape],
    rid: int,
    key: str,
    ties: list[int] | None,
    claims: list[str] | None,
    found_by: int | None,
    further: list[int],
) -> Iterator[Misnumbered]:
    wanted = numbers_of(ties, claims, known)
    if wanted != (found_by, tuple(further)):
        yield rid, key, wanted


def of_no_record(database: Database, most: int = _PAGE) -> list[int]:
    """The numbers of records that are not there, but have numbers by which they are found."""
    return [rid for (rid,) in database.read(_OF_NO_RECORD, most=most)]


def unmarked(database: Database) -> int:
    """The number of judgements that override others and are not found by that: they lack the mark `overriding`."""
    (n,) = database.row(_UNMARKED)
    return int(n)


def number_records(database: Database) -> None:
    """Give every record the numbers by which it is found, if some lack them; safe to repeat.

    StoreBusy if somebody else is writing.
    """
    if not any(misnumbered(database)) and not of_no_record(database, 1):
        return
    lease = Lease(database)
    lease.take(PATIENCE)
    try:
        for found in misnumbered(database):
            if found:
                numbered = [(rid, wanted) for rid, _, wanted in found]
                lease.step(partial(renumber, numbered=numbered))
        while left := of_no_record(database):
            lease.step(partial(rows, query=_DELETE, rids=left))
    finally:
        lease.give_back()
