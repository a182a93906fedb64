"""What those who see different classes score: to whom it is published, and in which classes it is kept."""

from collections.abc import Sequence

import numpy as np
import pytest

from tests.conformance.oracle.scores import rows
from tests.conformance.test_scores import load, person
from workbench.access.viewer import Viewer
from workbench.model.marking import parse_marking
from workbench.resolve.scoring.model import Model
from workbench.store.dump_rows import FacetRow, PairRow, RevisionRow
from workbench.store.scores import HUNDREDTHS, PERSON
from workbench.store.scoring import Made, ScoredPair
from workbench.view.spoken import Facet, facets_of, scored_before
from workbench.view.store import GraphStore
from workbench.view.view import View

A, B = (parse_marking(f"OPEN//REL {agency}") for agency in "AB")
_AGENCIES = {"anna": "A", "boris": "B", "carla": "AB"}
ANNA, BORIS, CARLA = EVERYBODY = tuple(
    Viewer(name=name, agencies=frozenset(agencies), level="OPEN") for name, agencies in _AGENCIES.items()
)
# Of a name and a birth date that join, in bits, and of a name alone.
JOINING, NAME = (12, 14, 0, 0, 0, 0), (12, 0, 0, 0, 0, 0)


def score(store: GraphStore, viewer: Viewer, *bits: Sequence[int], slips: bool = False) -> str:
    """Publish the facets that somebody sees, as one who compared them all; returns the token.

    `bits` has the weights of the first with each of the others, as far as it goes. `slips` is of the first model.
    """
    view = store.view(viewer)
    seen = sorted(Facet(*row) for row in facets_of(view, ["Person"]).tolist())
    weights = [(np.array(each) * HUNDREDTHS).astype("<i2").tobytes() for each in bits]
    pairs = [ScoredPair(seen[0], other, PERSON, each, True) for other, each in zip(seen[1:], weights, strict=False)]
    facets: dict[tuple[int, int], tuple[int, str]] = dict.fromkeys(seen, (PERSON, "{}"))
    model = None if scored_before(view).model else Model(slips).kept()
    return store.publish_scores(view, Made(tuple(view._scope().allowed), facets, pairs, is_whole=True, model=model))


def shown(store: GraphStore) -> dict[str, str]:
    """The newest revision that each viewer is shown."""
    return {each.name: store.view(each).revision for each in EVERYBODY}


def joined(view: View) -> bool:
    """Whether a view has two people as one; its lookups find their pair exactly then."""
    found = {source: canonical for canonical, _, source in view.clusters()}
    asked = view._backend.lookups(view._scope())
    assert asked is not None
    pairs = asked.scored(view._numbers().entities)
    assert len(pairs) == len(found) - len(set(found.values()))
    return bool(len(pairs))


@pytest.fixture
def said(store: GraphStore) -> GraphStore:
    """A store with one person whom Anna sees, and one whom Boris sees; each of them has scored what he or she sees."""
    load(store, person("1", marking=A), person("2", marking=B))
    assert score(store, ANNA)
    assert score(store, BORIS)
    return store


def test_a_pair_is_published_to_those_who_see_both_of_its_facets(said: GraphStore) -> None:
    before = shown(said)
    token = score(said, CARLA, JOINING)
    assert "" not in {token, *before.values()}
    assert token != before["carla"]
    assert shown(said) == {**before, "carla": token}
    assert [joined(said.view(each)) for each in EVERYBODY] == [False, False, True]
    assert [joined(said.view(each, revision=before[each.name])) for each in EVERYBODY] == [False] * 3


def test_the_class_of_a_pair_is_that_of_both_of_its_facets(said: GraphStore) -> None:
    score(said, CARLA, JOINING)
    (pair,) = rows(said, PairRow)
    members = {each.vis: tuple(each.members) for each in said.backend.classes()}
    assert members[pair.vis] == tuple(sorted(row.vis for row in rows(said, FacetRow)))
    assert tuple(rows(said, RevisionRow)[-1].classes) == (pair.vis,)


def test_a_pair_stays_that_another_run_does_not_make_again(said: GraphStore) -> None:
    with_pair = score(said, CARLA, JOINING)
    assert score(said, CARLA) == ""
    assert joined(said.view(CARLA, revision=with_pair))
    assert joined(said.view(CARLA))


def test_to_score_again_adds_no_class(said: GraphStore) -> None:
    score(said, CARLA, JOINING)
    classes, facets = [*said.backend.classes()], rows(said, FacetRow)
    for _ in range(2):
        assert score(said, CARLA, JOINING) == ""
        assert [*said.backend.classes()] == classes
        assert rows(said, FacetRow) == facets


def test_facets_that_two_saw_apart_are_compared_once_somebody_sees_both(said: GraphStore) -> None:
    before = scored_before(said.view(CARLA))
    assert before.facets.number.tolist() == sorted(row.fid for row in rows(said, FacetRow))
    assert before.apart.tolist() == [False, True]  # the newer one was not compared with the older one
    score(said, CARLA)
    assert not scored_before(said.view(CARLA)).apart.any()
    assert score(said, ANNA) == ""


def test_a_model_by_which_nothing_is_scored_is_not_kept(store: GraphStore) -> None:
    """Else what is published next would bring it to all, as a part of something else."""
    assert score(store, CARLA, slips=True) == ""
    load(store, person("1", marking=A))
    assert store.backend.scores(store.backend.published()).model == ""
    assert score(store, CARLA)
    assert store.backend.scores(store.backend.published()).model == '{"slips":false,"twins":true}'
