"""What a person decides about the marking of records, written into the database."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import LiteralString

from neo4j import ManagedTransaction

from workbench.model.marking import Marking
from workbench.store.decided import Classes, Marked, Sees, decide, subjects
from workbench.store.loading import Mark
from workbench.store.neo4j.connection import rows
from workbench.store.neo4j.interning import Terms
from workbench.store.neo4j.revisions import mark_records
from workbench.store.neo4j.standing import remarked

_AT_ONCE = 2_000

_OF_SOURCES: LiteralString = """
UNWIND $sources AS source MATCH (r:Record) USING INDEX r:Record(key) WHERE r.key STARTS WITH source
MATCH (d:Dataset {did: r.did}) RETURN r.key, r.source_id, d.agency, r.rid, r.vis, coalesce(r.asked, r.vis)
"""
_KEEP: LiteralString = """
UNWIND $decided AS d MERGE (m:Remarked {subject: d[0]}) SET m.given = d[1], m.known = d[2]
"""


def remark(tx: ManagedTransaction, terms: Terms, keys: Sequence[str], marking: Marking, sees: Sees) -> int:
    """See `GraphStore.remark`."""
    classes = Classes(terms.marking, lambda agency, marking: terms.vis(agency, str(marking)))
    marks, seen = dict[int, Mark](), set[int]()
    wanted = set(map(bytes.fromhex, keys))
    sources = iter(sorted({key[:8] for key in wanted}))
    while some := list(islice(sources, _AT_ONCE)):
        about, kept = subjects(_of_sources(tx, some), wanted), list[tuple[str, list[int], list[int]]]()
        before = remarked(partial(rows, tx), [each.name for each in about])
        for each in about:
            decided = decide(classes.number(each.agency, marking), each.records, before.get(each.name), sees)
            kept.append((each.name.hex(), list(decided.given), list(decided.known)))
            marks |= classes.marked(each, decided)
            seen.update(record.rid for record in each.records if sees(record.vis))
        rows(tx, _KEEP, decided=kept)
    return len(seen.intersection(mark_records(tx, terms, marks)))


def _of_sources(tx: ManagedTransaction, sources: Sequence[bytes]) -> Iterator[tuple[bytes, str, str, Marked]]:
    for key, source_id, agency, *record in rows(tx, _OF_SOURCES, sources=[each.hex() for each in sources]):
        yield bytes.fromhex(key), source_id, agency, Marked(*record)
