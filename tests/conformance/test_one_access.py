"""A result made of many answers fails if a record that its view sees is re-marked, and for no other reason."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import product
from pathlib import Path

import pytest

from tests.conformance.test_decisions import load, said
from tests.stores import fresh_url
from workbench.access.viewer import Viewer
from workbench.errors import StoreError
from workbench.export import export_view
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Record
from workbench.store.types import CommonEntry, Judgement
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View
from workbench.view.viewers_copy import copy_for_viewer

MARKINGS = tuple(
    parse_marking(text)
    for text in ("OPEN//REL A,B", "OPEN//REL A,B//HC H1", "SECRET//REL A,B", "OPEN//REL A", "OPEN//REL A,B//PRIVILEGED")
)
SEEN = MARKINGS[0]
LOW = Viewer(name="low", agencies=frozenset("B"), level="OPEN")
HIGH = Viewer(name="high", agencies=frozenset("B"), level="SECRET")


def sees(viewer: Viewer, marking: Marking) -> bool:
    levels = ("OPEN", "SECRET")
    high_enough = levels.index(viewer.level) >= levels.index(marking.level.name)
    return high_enough and "B" in marking.releasable and not marking.privileged


@contextmanager
def ended(expected: bool) -> Iterator[None]:
    if expected:
        with pytest.raises(StoreError, match="changed while this was read: run it again"):
            yield
    else:
        yield


def by_a_person(store: GraphStore, record: Record) -> None:
    store.remark([record.key()], record.marking)


@pytest.mark.parametrize("viewer", [LOW, HIGH])
@pytest.mark.parametrize("change", [by_a_person, load])
def test_only_what_a_view_sees_or_saw_ends_what_is_read(
    store: GraphStore, change: Callable[[GraphStore, Record], object], viewer: Viewer
) -> None:
    for n, (before, after) in enumerate(product(MARKINGS, MARKINGS)):
        load(store, said("Ann", SEEN), said("Bob", before, f"b{n}"))
        view = store.view(viewer)
        keys = view.keys()
        seen = before != after and (sees(viewer, before) or sees(viewer, after))
        with ended(seen), view.at_one_access():
            assert view.keys() == keys
            change(store, said("Bob", after, f"b{n}"))
            assert seen or view.keys() == keys


def test_what_is_new_or_said_of_hidden_things_ends_nothing(store: GraphStore) -> None:
    """Also where its marking is one that the store did not know."""
    load(store, said("Ann", SEEN), said("Bob", MARKINGS[2], "2"), said("Cid", MARKINGS[2], "3"))
    view = store.view(LOW)
    keys = [said("Bob", source_id="2").key(), said("Cid", source_id="3").key()]
    with view.at_one_access():
        store.add_judgement(Judgement("1", "a", "b", "same", "x", "why", "2026-01-01", (keys[0],)))
        store.add_common(CommonEntry("phone", "+31", "A", str(MARKINGS[1]), "why"))
        store.remark([keys[0]], MARKINGS[3])
        load(store, said("Dan", parse_marking("OPEN//REL B"), "4"), said("Eve", parse_marking("SECRET//REL A"), "5"))
        store.remark([keys[1]], parse_marking("SECRET//REL A//COMP X"))


def test_a_judgement_that_comes_to_be_seen_ends_what_is_read(store: GraphStore) -> None:
    load(store, said("Ann", SEEN), said("Bob", MARKINGS[2], "2"))
    key = said("Bob", source_id="2").key()
    store.add_judgement(Judgement("1", "a", "b", "same", "x", "why", "2026-01-01", (key,)))
    with ended(True), store.view(LOW).at_one_access():
        store.remark([key], SEEN)
    assert len(store.view(LOW).judgements()) == 1


def test_a_view_goes_on_as_before_when_hidden_things_are_marked(store: GraphStore) -> None:
    """What the view has cached stays valid."""
    load(store, said("Ann", SEEN), said("Bob", MARKINGS[2], "2"))
    view = store.view(LOW)
    snapshot = view.snapshot()
    store.remark([said("Bob", source_id="2").key()], MARKINGS[3])
    assert view.snapshot() is snapshot
    store.remark([said("Ann").key()], MARKINGS[1])
    assert view.snapshot() is not snapshot


@pytest.mark.parametrize("form", ["csv", "ftm", "graphml", "html"])
def test_an_export_is_the_same_whatever_is_marked_out_of_sight(
    form: str, store: GraphStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(store, said("Ann", SEEN), said("Bob", MARKINGS[2], "2"))
    view = store.view(LOW)
    export_view(view, form, tmp_path / "before")
    marking_while_read(view, monkeypatch)
    export_view(view, form, tmp_path / "meanwhile")
    assert contents(tmp_path / "before") == contents(tmp_path / "meanwhile")


def marking_while_read(view: View, patch: pytest.MonkeyPatch) -> None:
    """Hidden records are re-marked whenever records are read."""
    store, others = GraphStore(view._backend), iter((MARKINGS[3], MARKINGS[2]) * 1000)
    for name in ("records_by_key", "records_about"):
        true = getattr(store.backend, name)

        def read(*args: object, true: Callable[..., object] = true) -> object:
            found = true(*args)
            store.remark([said("Bob", source_id="2").key()], next(others))
            return found

        patch.setattr(store.backend, name, read)


def contents(place: Path) -> dict[str, bytes]:
    files = [place] if place.is_file() else sorted(place.rglob("*"))
    return {str(file.relative_to(place)): file.read_bytes() for file in files}


def test_a_viewers_copy_is_made_whatever_is_marked_out_of_sight(
    store: GraphStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(store, said("Ann", SEEN), said("Bob", MARKINGS[2], "2"))
    marking_while_read(store.view(LOW), monkeypatch)
    with closing(open_store(fresh_url(tmp_path, "copy"))) as copy:
        assert copy_for_viewer(store, copy, LOW).parts["records"] == 1
