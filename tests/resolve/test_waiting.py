"""People's writes are decided on the state at the time of writing, however long they waited."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.analytics.cases import load
from tests.stores import fresh_url
from tests.waiting import waiting
from workbench.access.viewer import Viewer
from workbench.errors import NotFound, UsageError
from workbench.model.ids import entity_id
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset, Record, Value
from workbench.resolve import judge, undo
from workbench.resolve.listing import add_common, remove_common
from workbench.resolve.remarking import remark
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View

pytestmark = pytest.mark.each_store(reason="each store has a lease of its own")

A, B = (entity_id("AAA", "d", name) for name in ("a", "b"))


def person(name: str) -> Record:
    return Record("Person", Dataset("AAA", "d"), name, {"name": (Value(name, name),)}, parse_marking("OPEN//REL AAA"))


def viewer(name: str) -> Viewer:
    return Viewer(name=name, agencies=frozenset({"AAA"}), level="SECRET")


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[GraphStore, GraphStore]]:
    """A store with two persons, and the same one opened by somebody else."""
    url = fresh_url(tmp_path, "s")
    with closing(open_store(url)) as store, closing(open_store(url)) as other:
        load(store, "AAA", [person("a"), person("b")])
        yield store, other


@pytest.fixture
def views(stores: tuple[GraphStore, GraphStore]) -> tuple[View, View]:
    """The store as Ann and Bob see it, before any of them writes."""
    return stores[0].view(viewer("ann")), stores[1].view(viewer("bob"))


def test_same_is_refused_after_different(stores: tuple[GraphStore, GraphStore], views: tuple[View, View]) -> None:
    with waiting(stores[0], lambda: judge(stores[1], views[1], A, B, "same", "alike")) as late:
        judge(stores[0], views[0], A, B, "different", "brothers")
    with pytest.raises(UsageError, match="have been judged different"):
        late.result()


def test_nobody_overrides_what_he_said_meanwhile(
    stores: tuple[GraphStore, GraphStore], views: tuple[View, View]
) -> None:
    with waiting(stores[0], lambda: judge(stores[1], views[1], A, B, "same", "alike", override=True)) as late:
        judge(stores[0], stores[0].view(viewer("bob")), A, B, "different", "brothers")
    with pytest.raises(UsageError, match="bob judged them different"):
        late.result()


def test_an_override_says_what_it_outweighs(stores: tuple[GraphStore, GraphStore], views: tuple[View, View]) -> None:
    with waiting(stores[0], lambda: judge(stores[1], views[1], A, B, "same", "alike", override=True)) as late:
        said = judge(stores[0], views[0], A, B, "different", "brothers")
    assert late.result().overrides == (said.id,)
    assert stores[0].view(viewer("ann")).canonical(A) == stores[0].view(viewer("ann")).canonical(B)


def test_a_judgement_rests_on_what_stands_by_then(
    stores: tuple[GraphStore, GraphStore], views: tuple[View, View]
) -> None:
    with waiting(stores[0], lambda: judge(stores[1], views[1], A, B, "same", "alike")) as late:
        load(stores[0], "AAA", [person("a"), person("b"), part("a")], "2026-02-01")
    assert part("a").key() in late.result().evidence


def part(name: str) -> Record:
    about = person(name)
    return Record(about.schema, about.dataset, name, {"alias": (Value("x", "x"),)}, about.marking, part="more")


def test_a_judgement_is_taken_back_once(stores: tuple[GraphStore, GraphStore], views: tuple[View, View]) -> None:
    said = judge(stores[0], views[0], A, B, "same", "alike")
    with waiting(stores[0], lambda: undo(stores[1], views[0], said.id)) as late:
        undo(stores[0], views[0], said.id)
    with pytest.raises(NotFound):
        late.result()


def test_a_value_is_listed_once(stores: tuple[GraphStore, GraphStore], views: tuple[View, View]) -> None:
    with waiting(stores[0], lambda: add_common(stores[1], views[1], "phone", "+31612345678", "taxi")) as late:
        add_common(stores[0], views[0], "phone", "+31612345678", "dispatcher")
    with pytest.raises(UsageError, match="is already listed"):
        late.result()
    assert len(stores[0].view(viewer("ann")).listed_common()) == 1


def test_a_value_is_taken_off_once(stores: tuple[GraphStore, GraphStore], views: tuple[View, View]) -> None:
    add_common(stores[0], views[0], "phone", "+31612345678", "dispatcher")
    with waiting(stores[0], lambda: remove_common(stores[1], views[1], "phone", "+31612345678")) as late:
        remove_common(stores[0], views[0], "phone", "+31612345678")
    with pytest.raises(NotFound):
        late.result()


def test_a_remark_takes_in_what_was_loaded_meanwhile(
    stores: tuple[GraphStore, GraphStore], views: tuple[View, View]
) -> None:
    with waiting(stores[0], lambda: remark(stores[1], views[1], ["AAA/d"], "SECRET//REL AAA")) as late:
        load(stores[0], "AAA", [person("c")], "2026-02-01")
    assert late.result() == 3
    assert {str(each) for each in stores[0].view(viewer("ann")).markings()} == {"SECRET//REL AAA"}
