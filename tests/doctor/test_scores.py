"""`workbench doctor` on facets and pairs that are not right: it tells how many, and deletes them."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conformance.oracle.scores import Kept, drawing, holdings, rows
from tests.conformance.test_scores import agrees, filled, load, person
from tests.doctor.stores import Doctor, states
from tests.doctor.test_contents import change
from tests.stores import KIND, MEMORY, NEO4J, fresh_url
from workbench.errors import StoreError
from workbench.model.numbers import RevisionNumber
from workbench.store.dump_rows import FacetRow, ModelRow, PairRow
from workbench.store.schemes import forget
from workbench.store.transaction import Transaction
from workbench.store.types import Scope
from workbench.view.store import GraphStore, open_store


@pytest.fixture(params=["", MEMORY])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a store, of the kind under test or in memory."""
    found = fresh_url(tmp_path, kind=request.param) if request.param else fresh_url(tmp_path)
    yield found
    if request.param:
        forget(found)


def scored(store: GraphStore) -> Kept:
    """Scores with a revision after theirs."""
    kept = filled(store)
    load(store, person("9"))
    return kept


def put(kind: type[FacetRow | PairRow], /, **fields: object) -> Callable[[GraphStore], None]:
    """Change the first row of a kind; of pairs, the first between two classes."""

    def damaged(store: GraphStore) -> None:
        wanted = [each for each in rows(store, kind) if kind is FacetRow or each.vis > 2]

        def work(tx: Transaction) -> None:
            tx.put(kind, [wanted[0]._replace(**fields)])

        with store.lease():
            store.backend.write(work)

    return damaged


# Of the first facet with its pairs, or of one pair.
OF_A_FACET = {
    "of another entity": put(FacetRow, eid=3),
    "of no entity": put(FacetRow, eid=999),
    "of another kind": put(FacetRow, kind=5),
    "of another class": lambda store: put(FacetRow, vis=3 - min(rows(store, FacetRow)[0].vis, 2))(store),
    "ended alone": put(FacetRow, rev_to=4),
}
OF_A_PAIR = {
    "seen by others": put(PairRow, vis=1),
    "of no class": put(PairRow, vis=999),
    "without weights": put(PairRow, weights=b""),
    "of another one": put(PairRow, b=1),
    "from before": put(PairRow, rev_from=1),
}


def test_scores_as_they_were_compared(doctor: Doctor, url: str) -> None:
    with closing(open_store(url)) as store:
        kept = scored(store)
    code, checks = doctor(url, "--contents")
    assert (code, states(checks, "failed")) == (0, [])
    assert checks["scores"]["found"] == f"as they were compared: {len(kept.facets)} facets, {len(kept.pairs)} pairs"
    assert "scores" not in doctor(url)[1]
    assert doctor(url, "--contents", "--repair")[1]["scores"] == checks["scores"]


@pytest.mark.parametrize("name", OF_A_FACET)
def test_pairs_that_their_facets_contradict_are_deleted(doctor: Doctor, url: str, name: str) -> None:
    with closing(open_store(url)) as store:
        kept = scored(store)
        OF_A_FACET[name](store)
        first, of_first = min(kept.facets), [key for key in kept.pairs if min(kept.facets) in key]
        assert of_first
        code, checks = doctor(url, "--contents")
        gone = name == "of no entity"
        assert (code, states(checks, "failed")) == (3, ["scores"])
        assert checks["scores"]["found"] in (
            f"not right: {int(gone)} facets, {n} pairs" for n in range(1, len(of_first) + 1)
        )
        assert "workbench doctor --repair" in checks["scores"]["todo"]
        assert doctor(url, "--contents", "--repair")[0] == 0
        left = {(row.fa, row.fb) for row in rows(store, PairRow)}
        assert left >= {key for key in kept.pairs if first not in key}
        assert (first in {row.fid for row in rows(store, FacetRow)}) != gone


@pytest.mark.parametrize("name", OF_A_PAIR)
def test_a_pair_that_is_not_right_is_deleted(doctor: Doctor, url: str, name: str) -> None:
    with closing(open_store(url)) as store:
        kept = scored(store)
        before = store.backend.scores(3)
        OF_A_PAIR[name](store)
        code, checks = doctor(url, "--contents")
        assert (code, checks["scores"]["found"]) == (3, "not right: 0 facets, 1 pairs")
        assert doctor(url, "--contents", "--repair")[0] == 0
        changed = next(key for key, row in sorted(kept.pairs.items()) if row.vis > 2)
        pairs = {key: row for key, row in kept.pairs.items() if key != changed}
        agrees(store, Kept(kept.models, kept.facets, pairs), drawing(2))
        assert len(store.backend.scores(3).pairs) == len(before.pairs) - 1


def test_weights_that_are_none_are_told_as_damage(url: str) -> None:
    with closing(open_store(url)) as store:
        scored(store)
        OF_A_PAIR["without weights"](store)
    with closing(open_store(url)) as store, pytest.raises(StoreError, match="a pair of facets can't be what was"):
        store.backend.scores(3)
    with closing(open_store(url)) as store, store.lease():
        store.backend.write(lambda tx: tx.put(ModelRow, [ModelRow(1, "{}", 3, 9)]))
        with pytest.raises(StoreError, match=r"(the model of scores|a pair of facets) can't be what was written"):
            _model(store)


def _model(store: GraphStore) -> str:
    lookups = store.backend.lookups(Scope((), RevisionNumber(3)))
    return lookups.model() if lookups is not None else ""


def test_a_facet_that_was_deleted_by_hand(doctor: Doctor, tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    with closing(open_store(url)) as store:
        kept = scored(store)
    change(url, "DELETE FROM facet WHERE fid = 1", "MATCH (f:Facet {fid: 1}) DELETE f")
    of_it = sum(1 in key for key in kept.pairs)
    assert doctor(url, "--contents")[1]["scores"]["found"] == f"not right: 0 facets, {of_it} pairs"
    assert doctor(url, "--contents", "--repair")[0] == 0
    with closing(open_store(url)) as store:
        agrees(store, kept.without({1}), drawing(2))


@pytest.mark.parametrize(
    ("on_a_file", "on_a_server"),
    [
        ("DELETE FROM facet_value WHERE fid = :fid", "MATCH (f:Facet) WHERE f.fid = toInteger($fid) REMOVE f.values"),
        (
            "INSERT INTO facet_value VALUES (11, :fid, 1)",
            "MATCH (f:Facet) WHERE f.fid = toInteger($fid) SET f.values = f.values + 11",
        ),
        (
            "UPDATE facet_value SET holder = 1 WHERE fid = :fid",
            "MATCH (f:Facet) WHERE f.fid = toInteger($fid) SET f.holder = 1",
        ),
    ],
    ids=["none is there", "one too many", "under another name"],
)
def test_facets_that_are_not_found_by_their_values(
    doctor: Doctor, tmp_path: Path, on_a_file: str, on_a_server: str
) -> None:
    url = fresh_url(tmp_path)
    with closing(open_store(url)) as store:
        kept = scored(store)
    change(url, on_a_file, on_a_server, fid=str(holdings(kept.facets.values())[0][1]))
    (failed,) = states(doctor(url, "--contents")[1], "failed")
    assert failed == ("lookups" if KIND == NEO4J else "values")
    assert doctor(url, "--contents", "--repair")[0] == 0
    with closing(open_store(url)) as store:
        agrees(store, kept, drawing(2))
