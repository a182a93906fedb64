"""Scores that are written beside the transaction that publishes them, on a server."""

from contextlib import closing
from pathlib import Path

import pytest
from neo4j.exceptions import ServiceUnavailable

from tests.conformance.oracle.scores import Kept, drawing, drawn
from tests.conformance.test_scores import agrees, filled
from tests.servers import driver
from tests.stores import fresh_url
from workbench.store.dump_rows import FacetRow, PairRow, RevisionRow
from workbench.store.neo4j import scoring
from workbench.store.records_known import LIVE
from workbench.store.scores import SCORING, end
from workbench.store.transaction import Transaction
from workbench.view.store import GraphStore, open_store

pytestmark = pytest.mark.neo4j_only(reason="only a server has transactions beside others")


def test_another_attempt_begins_anew(store: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left of what the attempt before wrote, however many batches it took."""
    monkeypatch.setattr(scoring, "_AT_ONCE", 3)
    monkeypatch.setattr(scoring, "_FACETS_AT_ONCE", 2)
    kept, tried = filled(store), list[int]()

    def work(tx: Transaction) -> Kept:
        rev, standing = tx.published() + 1, [row for row in kept.facets.values() if row.rev_to == LIVE]
        ended = standing[2:] if tried else standing
        end(tx, rev, ended)
        after = kept.ended([row.fid for row in ended], rev)
        new, pairs = drawn(after, tx, rev, drawing(len(tried)), 2 if tried else 100)
        tx.put(FacetRow, list(new.values()))
        tx.put(PairRow, list(pairs.values()))
        tx.publish(RevisionRow(rev, f"{rev:016}", SCORING, "2026", tuple(sorted({row.vis for row in ended}))))
        tried.append(rev)
        if len(tried) == 1:
            raise ServiceUnavailable("away for a moment")
        return Kept(kept.models, after.facets | new, after.pairs | pairs)

    with store.lease():
        found = store.backend.write(work)
    assert len(tried) == 2
    agrees(store, found, drawing(2))


def test_no_relationship_leads_to_scores(tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    with closing(open_store(url)) as store:
        filled(store)
    with driver(url) as admin:
        assert not admin.execute_query("MATCH (n:Facet|Pair|ScoringModel)--(m) RETURN n LIMIT 1").records
        found = admin.execute_query("MATCH (n:Facet|Pair|ScoringModel) RETURN DISTINCT labels(n) AS of").records
        assert sorted(each["of"] for each in found) == [["Facet"], ["Pair"], ["ScoringModel"]]
