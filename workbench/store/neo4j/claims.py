"""Recompute claims, and the keys of names, after the normaliser changed."""

from typing import LiteralString

from neo4j import ManagedTransaction

from workbench.model.claims import NORMALISER
from workbench.model.record import Dataset, from_content
from workbench.store.neo4j.connection import rows
from workbench.store.neo4j.epochs import begin_epoch
from workbench.store.neo4j.finding import numbers_of, renumber
from workbench.store.neo4j.interning import Terms
from workbench.store.neo4j.naming import named, rename
from workbench.store.rows import claims, row_of

_PAGE = 20_000

_RECORDS: LiteralString = """
MATCH (r:Record) WHERE r.rid > $after AND r.about IS NOT NULL AND r.rev_to > r.rev_from
WITH r ORDER BY r.rid LIMIT $most
MATCH (d:Dataset {did: r.did}) RETURN r.rid, r.ties, r.vis, r.body, r.source_id, r.part, r.locator, d.agency, d.name
ORDER BY r.rid
"""
_SET: LiteralString = """
UNWIND $claimed AS c MATCH (r:Record {rid: c[0]}) SET r.claims = CASE WHEN size(c[1]) = 0 THEN null ELSE c[1] END
"""
_DONE: LiteralString = """
MATCH (s:Store {name: 'workbench'}) SET s.normaliser = $normaliser
"""


def recompute_claims(tx: ManagedTransaction, terms: Terms) -> int:
    """Replace the claims and names of every record; returns the number of records that have any."""
    touched, after = 0, 0
    while page := rows(tx, _RECORDS, after=after, most=_PAGE):
        claimed = [(rid, _claims(terms, *said)) for rid, _, *said in page]
        rows(tx, _SET, claimed=claimed)
        renumber(
            tx, [(rid, numbers_of(row[1], said, terms.shapes)) for (rid, said), row in zip(claimed, page, strict=True)]
        )
        rename(tx, [(rid, named(body)) for rid, _, _, body, *_ in page])
        touched += sum(bool(said) for _, said in claimed)
        after = page[-1][0]
    rows(tx, _DONE, normaliser=NORMALISER)
    begin_epoch(tx)
    return touched


def _claims(
    terms: Terms, vis: int, body: str, source_id: str, part: str, locator: str, agency: str, name: str
) -> list[str]:
    record = from_content(body, Dataset(agency, name), source_id, terms.marking(vis), part, locator)
    return [text for claim in claims(row_of(record)) for text in (claim.kind, claim.value, claim.scope)]
