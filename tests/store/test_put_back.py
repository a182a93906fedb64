"""A store that is restored to an older state reuses numbers: no view may use their earlier meaning."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tests.analytics.cases import eid, load, person
from tests.stores import copy_store, fresh_url
from workbench.access.viewer import Viewer
from workbench.errors import NotFound, StoreError
from workbench.model.marking import parse_marking
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View

BOTH, SECRET = "RESTRICTED//REL AAA,BBB", "SECRET//REL AAA"
FIRST, SECOND, THIRD = (person(name, marking=BOTH) for name in ("first", "second", "third"))
AGENT = person("agent", marking=SECRET, idNumber="77-1234")
GUEST = Viewer(name="guest", agencies=frozenset({"BBB"}), level="RESTRICTED")


class Kept:
    """A store with a backup of it."""

    def __init__(self, folder: Path) -> None:
        self.url, self._backup = fresh_url(folder, "store"), fresh_url(folder, "backup")

    def back_up(self) -> None:
        copy_store(self.url, self._backup)

    def put_back(self) -> None:
        copy_store(self._backup, self.url)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


@pytest.fixture
def store(kept: Kept) -> Iterator[GraphStore]:
    """The store in this process, with a record."""
    with closing(open_store(kept.url)) as found:
        load(found, "AAA", [FIRST])
        yield found


@pytest.fixture
def other(kept: Kept, store: GraphStore) -> Iterator[GraphStore]:
    """The store as another process has it open."""
    with closing(open_store(kept.url)) as found:
        yield found


def _seen(view: View) -> dict[str, object]:
    return {
        "keys": view.keys(),
        "markings": view.markings(),
        "stats": view.stats(),
        "clusters": view.clusters(),
        "found": view.search("person").entities,
        "snapshot": view.snapshot().ids,
    }


def test_a_view_of_what_is_not_there_any_more_answers_nothing(kept: Kept, store: GraphStore, other: GraphStore) -> None:
    kept.back_up()
    load(store, "AAA", [person("second", marking="OPEN//REL AAA,BBB")])
    view = store.view(GUEST)
    whole, cut = _seen(view), view.within(["AAA"])
    assert len(view.keys()) == 2
    kept.put_back()
    load(other, "AAA", [AGENT])
    asked = [ask for each in (view, cut) for ask in (partial(each.search, "agent"), partial(each.entity, eid("agent")))]
    for ask in (view.keys, cut.keys, view.stats, cut.stats, view.snapshot, cut.snapshot, view.history, *asked):
        with pytest.raises(StoreError, match="restored to an older state"):
            ask()
    assert not view.stands()
    assert not cut.stands()
    assert store.view(GUEST).stands()
    assert _seen(store.view(GUEST)) == _seen(other.view(GUEST)) != whole
    assert store.view(GUEST).keys() == (FIRST.key(),)


def test_what_was_marked_anew_on_either_way_is_told_apart(kept: Kept, store: GraphStore, other: GraphStore) -> None:
    load(store, "AAA", [SECOND, THIRD])
    before = store.view(GUEST)
    kept.back_up()
    store.remark([SECOND.key()], parse_marking(SECRET))
    assert _seen(before)["keys"] == tuple(sorted([FIRST.key(), THIRD.key()]))
    kept.put_back()
    other.remark([THIRD.key()], parse_marking(SECRET))
    for view in (before, store.view(GUEST)):
        assert view.stands()
        assert _seen(view) == _seen(other.view(GUEST))
        assert view.keys() == tuple(sorted([FIRST.key(), SECOND.key()]))
        with pytest.raises(NotFound):
            view.entity(eid("third"))
