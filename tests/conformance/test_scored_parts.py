"""Parts of a view with scores: who is joined by them, and what the model says keeps nobody apart."""

import pytest

from tests.conformance.oracle.scores import rows
from tests.conformance.test_identity import ALL, person, view_of
from tests.conformance.test_parts import assert_in_parts
from tests.conformance.test_publishing_scores import JOINING, NAME, score
from workbench.model.record import Record
from workbench.resolve.explain import explain
from workbench.store.dump_rows import PairRow
from workbench.view.proposing import may_also_be, proposals
from workbench.view.store import GraphStore
from workbench.view.view import View
from workbench.view.who import members_of, who_is

PASSPORT = {"passportNumber": "P1234567"}


def views(store: GraphStore) -> tuple[View, View]:
    """A view, to be asked whole and in parts."""
    whole, in_parts = store.view(ALL), store.view(ALL)
    whole._identity()
    return whole, in_parts


def assert_alike(store: GraphStore, a: Record, b: Record, joined: bool) -> None:
    """Whether two are one: the same in the whole view and in a part of it."""
    whole, in_parts = views(store)
    ids = [a.entity, b.entity]
    for ask in (members_of, who_is):
        assert ask(in_parts, ids) == ask(whole, ids)
    for each in ids:
        assert len(members_of(in_parts, [each])[each]) == 1 + joined
        assert may_also_be(in_parts, each) == may_also_be(whole, each) == proposals(whole)
    assert explain(in_parts, *ids) == explain(whole, *ids)
    assert_in_parts(in_parts)


@pytest.mark.parametrize("slips", [False, True])
@pytest.mark.parametrize(
    ("one", "other", "file"),
    [
        ({"birthDate": "1960-02-03"}, {"birthDate": "1981-01-01"}, 2),
        ({"idNumber": "111111", "country": "nl"}, {"idNumber": "222222", "country": "nl"}, 1),
    ],
    ids=["born", "documents"],
)
def test_a_model_of_slips_lets_nothing_of_these_keep_apart(
    store: GraphStore, slips: bool, one: dict[str, str], other: dict[str, str], file: int
) -> None:
    """Also where no pair was scored."""
    a, b = person(1, 0, **PASSPORT, **one), person(1, file, **PASSPORT, **other)
    view_of(store, [a, b])
    assert score(store, ALL, slips=slips)
    assert not rows(store, PairRow)
    assert_alike(store, a, b, joined=slips)


def test_a_part_has_whom_a_score_joins(store: GraphStore) -> None:
    a, b = person(1, 0), person(1, 2)
    view_of(store, [a, b])
    assert score(store, ALL, JOINING)
    assert_alike(store, a, b, joined=True)


def test_a_part_has_whom_a_score_proposes(store: GraphStore) -> None:
    a, b = person(1, 0), person(1, 2)
    view_of(store, [a, b])
    assert score(store, ALL, NAME)
    assert_alike(store, a, b, joined=False)
    assert len(may_also_be(store.view(ALL), a.entity)) == 1
