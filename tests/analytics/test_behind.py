"""The records behind all edges at once are those of each edge by itself."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.cases import seen
from tests.analytics.conftest import Saltmarsh
from tests.analytics.worlds import cases
from tests.stores import examples
from workbench.analytics.behind import Behind
from workbench.analytics.projection import Projection, everyone, positions_of
from workbench.model.numbers import Place

PROJECTIONS = ("persons", "money", "all")


def check(found: Projection) -> None:
    behind = Behind(found)
    pairs = list(zip(map(Place, found.edges.a.tolist()), map(Place, found.edges.b.tolist()), strict=True))
    for a, b in pairs:
        rows = [*found.rows_between(a, b)]
        assert behind.records([(a, b)]) == behind.records([(b, a)]) == {*found.snapshot.record[rows].tolist()}
    assert behind.records(pairs) == frozenset[int]().union(*(behind.records([each]) for each in pairs))
    alone = Place(len(found.snapshot.nodes))
    assert behind.records([(alone, alone)]) == frozenset()


@settings(max_examples=examples(30))
@given(cases(), st.sampled_from(PROJECTIONS), st.sampled_from((everyone, positions_of)))
def test_records_behind_all_edges_are_those_of_each(records: list, name: str, project: object) -> None:
    with seen(records) as view:
        check(project(view, name, False))


def test_so_it_is_in_the_sample_case(saltmarsh: Saltmarsh) -> None:
    for name in PROJECTIONS:
        check(everyone(saltmarsh.view(), name, False))
