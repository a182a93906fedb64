"""A view as if some records had never been loaded is that of a store without them."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.cases import EVERYBODY, eid, person, seen, store_of, tie
from tests.analytics.worlds import cases
from tests.stores import examples
from workbench.analytics.projection import everyone, positions_of
from workbench.model.record import Record
from workbench.resolve.common import common_values
from workbench.resolve.scoring import score
from workbench.view.resting import without_records
from workbench.view.view import View


def told(view: View) -> dict[str, object]:
    """What analyses take from a view: who is who, what is common, and the edges of each projection."""
    snapshot = view.snapshot()
    found = {
        f"{project.__name__} {name}": project(view, name, count)
        for project in (positions_of, everyone)
        for name in ("persons", "money", "all")
        for count in (False,)
    }
    return {
        "clusters": {tuple(snapshot.referents(each)) for each in snapshot.ids},
        "common": [(each.kind, each.n, each.entity) for each in common_values(view)],
        "keys": sorted(snapshot.keys_of(snapshot.records.tolist()).values()),
        **{
            name: {(snapshot.id_at(a), snapshot.id_at(b)) for a, b in zip(each.edges.a, each.edges.b, strict=True)}
            for name, each in found.items()
        },
    }


@settings(max_examples=examples(40))
@given(cases(), st.data())
def test_it_is_that_of_a_store_without_them(records: list[Record], data: st.DataObject) -> None:
    gone = data.draw(st.lists(st.sampled_from(records), max_size=3))
    keys = {each.key() for each in gone}
    with seen(records) as view:
        left_out = told(without_records(view, keys))
        whole = told(view)
    with seen([each for each in records if each.key() not in keys]) as view:
        assert told(view) == left_out
    with seen(records) as view:
        assert told(view) == whole, "the view itself is as it was"


def test_a_score_does_not_join_without_a_record_that_it_came_from(tmp_path: Path) -> None:
    said = {"name": "Fenmina Noorvenrade", "birthDate": "1971-03-14"}
    ties = [tie("Family", agency, person=who, relative="x") for agency, who in (("AAA", "a"), ("BBB", "b"))]
    records = [person("a", **said), person("b", "BBB", **said), person("c", "CCC"), *ties]
    store = store_of(tmp_path, records)
    score(store, store.view(EVERYBODY))
    view = store.view(EVERYBODY)
    assert view.canonical(eid("a")) == view.canonical(eid("b", "BBB"))

    def joined(gone: Record) -> bool:
        snapshot = without_records(view, [gone.key()]).snapshot()
        return snapshot.canonical(eid("a")) == snapshot.canonical(eid("b", "BBB"))

    assert [joined(each) for each in records[:3]] == [False, False, True]
    store.close()


def test_keys_that_are_not_there_change_nothing() -> None:
    records = [*(person(each) for each in "ab"), tie("Family", person="a", relative="b")]
    with seen(records) as view:
        assert told(without_records(view, ["0" * 32, "no key"])) == told(view)
