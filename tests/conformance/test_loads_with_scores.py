"""Loads that score too: records and scores in one revision, with the answers of a load and a run after it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from random import Random
from typing import TypeVar
from zlib import crc32

import numpy as np
import pytest

import ingest
from ingest.report import LoadReport
from tests.conformance.oracle.scores import rows
from tests.conformance.oracle.stand_in import OUTCOMES
from tests.stores import fresh_url, seeds
from workbench.access.viewer import Viewer, local_viewer
from workbench.errors import StoreError, UsageError
from workbench.model.normal.names import Kind
from workbench.resolve.scoring import adding, publishing, score
from workbench.resolve.scoring.engine import Weighed
from workbench.store.dump_rows import ClassRow, EntityRow, FacetRow, ModelRow, PairRow, RevisionRow
from workbench.store.records_known import LIVE
from workbench.store.scores import COMPARISONS, HUNDREDTHS, SCORING, WITH_SCORES
from workbench.store.transaction import Transaction
from workbench.view.proposing import proposals
from workbench.view.store import GraphStore, open_store

JOB = Viewer(name="job", agencies=frozenset("AB"), level="SECRET", loads=frozenset("AB"))
ANNA = Viewer(name="anna", agencies=frozenset("A"), level="OPEN")
MARKINGS = ("OPEN//REL A,B", "SECRET//REL A,B", "SECRET//REL B")
NAMES = ("Владимир Петров", "Wladimir Petrow", "Vladimir Petrov", "Fenmina Noorvenrade", "Joost Elzenrade")
BIRTHS = ("1971-03-14", "1971-03-15", "1971")
PETROV = {"name": [NAMES[0]], "birthDate": [BIRTHS[0]]}
PETROW = {"name": [NAMES[1]], "birthDate": [BIRTHS[0]]}
START = 1  # from which the stand-in for the engine joins these two

R = TypeVar("R", FacetRow, PairRow, ModelRow)
Said = dict[str, dict[str, list[str]]]  # properties of persons, by source id


def load(
    store: GraphStore,
    folder: Path,
    said: Said,
    agency: str = "A",
    marking: str = MARKINGS[0],
    day: int = 1,
    viewer: Viewer = JOB,
    *,
    resolve: bool = False,
) -> LoadReport:
    """Load persons of an agency, delivered on a day of a month."""
    path = folder / "persons.ftm.json"
    lines = (json.dumps({"id": each, "schema": "Person", "properties": of}) for each, of in said.items())
    path.write_text("\n".join([*lines, ""]), "utf-8")
    told = {"agency": agency, "dataset": "persons", "marking": marking, "delivered": f"2026-01-{day:02}"}
    return ingest.load(store, path, adapter="ftm", viewer=viewer, by="test", resolve=resolve, **told)


def drawn(chance: Random) -> Said:
    """Some persons of a small pool, who change from one delivery to the next."""
    return {
        str(n): {"name": [chance.choice(NAMES)], "birthDate": [chance.choice(BIRTHS)]}
        for n in sorted(chance.sample(range(6), chance.randint(1, 5)))
    }


def shown(store: GraphStore) -> list[object]:
    """What viewers are shown of who is who."""
    views = [store.view(viewer) for viewer in (JOB, ANNA)]
    proposed = [[(each.a, each.b, each.why) for each in proposals(view)] for view in views]
    return [*(sorted(view.clusters()) for view in views), *proposed, *(view.digest() for view in views)]


def kept(store: GraphStore) -> list[object]:
    """The standing facets, pairs and models, by what they are about; numbers and revisions may differ."""
    entities = {row.eid: row.id for row in rows(store, EntityRow)}
    classes = {row.vis: (row.agency, row.marking, row.members) for row in rows(store, ClassRow)}
    members = {vis: sorted(classes[each][:2] for each in of or (vis,)) for vis, (_, _, of) in classes.items()}
    called = {row.fid: (entities[row.eid], *classes[row.vis][:2]) for row in rows(store, FacetRow)}
    facets = [(called[row.fid], row.kind, row.forms, members[row.scope]) for row in _standing(store, FacetRow)]
    pairs = [
        (sorted((called[row.fa], called[row.fb])), members[row.vis], row.kind, row.weights, row.blocked)
        for row in _standing(store, PairRow)
    ]
    return [sorted(facets), sorted(pairs), [row.body for row in _standing(store, ModelRow)]]


def _standing(store: GraphStore, kind: type[R]) -> list[R]:
    return [row for row in rows(store, kind) if row.rev_to == LIVE]


def joined(store: GraphStore, viewer: Viewer = JOB, revision: str | None = None) -> bool:
    """Whether a viewer sees fewer people than entities."""
    clusters = store.view(viewer, revision=revision).clusters()
    return len({canonical for canonical, *_ in clusters}) < len(clusters)


def weighed(forms: Sequence[str], entities: Sequence[int], is_fresh: Sequence[bool], kind: Kind) -> Weighed:
    """A stand-in for the engine, which takes a second: what two facets weigh follows from their names and births."""
    said = [f"{each['names']} {each['births']}" for each in map(json.loads, forms)]
    found = [
        (a, b, OUTCOMES[crc32("|".join(sorted((said[a], said[b]))).encode(), START) % len(OUTCOMES)])
        for a, b in combinations(range(len(forms)), 2)
        if entities[a] != entities[b] and (is_fresh[a] or is_fresh[b])
    ]
    weights = np.array([each for *_, each in found], dtype=np.int16).reshape(-1, len(COMPARISONS)) * HUNDREDTHS
    a, b = (np.array([each[n] for each in found], dtype=np.int32) for n in (0, 1))
    return Weighed(a, b, weights, np.ones(len(found), dtype=bool))


def sharing_keys(forms: Sequence[str], others: Iterable[Mapping[int, str]]) -> list[int]:
    """A stand-in for its keys, as it pairs everything: all others."""
    return [number for some in others for number in some]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "weighed", weighed)
    monkeypatch.setattr(adding, "sharing_keys", sharing_keys)


@pytest.mark.parametrize("seed", seeds(24))
def test_a_load_that_scores_leaves_what_a_load_and_a_run_leave(tmp_path: Path, seed: int) -> None:
    one, two = (open_store(fresh_url(tmp_path, name)) for name in ("one", "two"))
    chance = Random(seed)  # noqa: S311 - draws examples
    for turn in range(5):
        said, where = drawn(chance), (chance.choice("AB"), chance.choice(MARKINGS), chance.choice((1, 2, turn + 1)))
        revisions = len(rows(one, RevisionRow))
        at_once = load(one, tmp_path, said, *where, resolve=True)
        apart = load(two, tmp_path, said, *where)
        after = score(two, two.view(JOB), new=True)
        assert at_once.files == apart.files
        assert at_once.scored is not None
        assert (at_once.scored.compared, at_once.scored.pairs) == (after.compared, after.pairs)
        assert bool(at_once.scored.revision) == bool(after.revision)
        assert bool(at_once.revision) == bool(apart.revision or after.revision)
        assert len(rows(one, RevisionRow)) <= revisions + 1
        assert (shown(one), kept(one)) == (shown(two), kept(two))
    assert score(one, one.view(JOB)).revision == ""
    for each in (one, two):
        each.close()


def test_records_and_scores_are_one_revision(store: GraphStore, tmp_path: Path) -> None:
    first = load(store, tmp_path, {"1": PETROV})
    made = load(store, tmp_path, {"1": PETROW}, "B", resolve=True)
    assert made.scored is not None
    assert made.revision == made.scored.revision == store.view(JOB).revision == store.view(ANNA).revision
    assert [token for token, _ in store.view(JOB).history()] == [first.revision, made.revision]
    assert not joined(store, revision=first.revision)
    assert joined(store)
    assert joined(store, ANNA, made.revision)
    assert [row.kind for row in rows(store, RevisionRow)] == ["load", WITH_SCORES]


def test_a_load_that_changes_nothing_publishes_what_was_not_compared(store: GraphStore, tmp_path: Path) -> None:
    load(store, tmp_path, {"1": PETROV, "2": PETROW})
    scored = load(store, tmp_path, {"1": PETROV, "2": PETROW}, resolve=True)
    assert scored.files[0].unchanged == 2
    assert scored.revision == store.view(JOB).revision
    assert joined(store)
    assert store.view(JOB).loads()[-1].revision is None
    assert [row.kind for row in rows(store, RevisionRow)] == ["load", SCORING]
    again = load(store, tmp_path, {"1": PETROV, "2": PETROW}, resolve=True)
    assert again.revision is None
    assert again.scored is not None
    assert (again.scored.compared, again.scored.revision) == (0, "")


def test_a_load_that_fails_while_it_is_scored_leaves_nothing(
    store: GraphStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(store, tmp_path, {"1": PETROV}, resolve=True)
    before = shown(store), kept(store), rows(store, RevisionRow)
    put = publishing.put_scores

    def failing(tx: Transaction, revision: int, made: publishing.Made) -> set[int]:
        put(tx, revision, made)
        raise StoreError("the machine failed")

    with monkeypatch.context() as broken:
        broken.setattr(publishing, "put_scores", failing)
        with pytest.raises(StoreError, match="the machine failed"):
            load(store, tmp_path, {"1": PETROW, "2": PETROV}, marking=MARKINGS[1], day=2, resolve=True)
    assert (shown(store), kept(store), rows(store, RevisionRow)) == before
    load(store, tmp_path, {"1": PETROW, "2": PETROV}, marking=MARKINGS[1], day=2, resolve=True)
    assert joined(store)


def test_a_new_marking_ends_facets_and_makes_others_in_the_same_load(store: GraphStore, tmp_path: Path) -> None:
    load(store, tmp_path, {"1": PETROV, "2": PETROW}, resolve=True)
    assert joined(store, ANNA)
    load(store, tmp_path, {"1": PETROV, "2": PETROW}, marking=MARKINGS[1], day=2, resolve=True)
    assert joined(store)
    assert store.view(ANNA).clusters() == ()
    known = {row.eid for row in _standing(store, FacetRow)}
    assert len(known) == len(_standing(store, FacetRow)) == 2


def test_a_token_stays_known_when_what_was_compared_is_marked_anew(store: GraphStore, tmp_path: Path) -> None:
    """Anna was shown it for a score alone: what it was of is deleted with a new marking of the record."""
    load(store, tmp_path, {"1": PETROV, "2": PETROW})
    made = load(store, tmp_path, {"3": PETROV}, "B", MARKINGS[2], resolve=True)
    assert store.view(ANNA).revision == made.revision
    load(store, tmp_path, {"1": PETROV, "2": PETROW}, marking=MARKINGS[1], day=2)
    assert store.view(ANNA, revision=made.revision).revision == made.revision


def test_the_viewer_whom_no_file_names_scores_what_an_agency_brings_first(store: GraphStore, tmp_path: Path) -> None:
    load(store, tmp_path, {"1": PETROV, "2": PETROW}, viewer=local_viewer(store.agencies()), resolve=True)
    assert joined(store)


def test_who_has_several_purposes_names_one_before_anything_is_read(store: GraphStore, tmp_path: Path) -> None:
    several = JOB.model_copy(update={"purposes": ("investigation", "analysis")})
    assert load(store, tmp_path, {"1": PETROV}, viewer=several).revision
    with pytest.raises(UsageError) as refused:
        load(store, tmp_path, {"2": PETROV}, viewer=several, resolve=True)
    assert refused.value.field == "purpose"
    assert store.view(JOB).stats().records == 1
