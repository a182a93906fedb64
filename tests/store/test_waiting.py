"""What a store does under a lease, and what waits for it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.analytics.cases import load
from tests.resolve.test_waiting import person, viewer
from tests.stores import fresh_url
from tests.waiting import waiting
from workbench.errors import StoreBusy, UsageError
from workbench.store.backend import Backend
from workbench.view.copies import copy_store
from workbench.view.store import GraphStore, open_store


@pytest.fixture
def url(tmp_path: Path) -> str:
    return fresh_url(tmp_path, "s")


@pytest.fixture
def store(url: str) -> Iterator[GraphStore]:
    with closing(open_store(url)) as found:
        load(found, "AAA", [person("a")])
        yield found


@pytest.fixture
def other(url: str) -> Iterator[GraphStore]:
    """The same store, opened by somebody else who does not wait."""
    with closing(open_store(url)) as found:
        found.patience = 0.0
        yield found


def test_a_lease_keeps_others_out_until_its_last_use_ends(store: GraphStore, other: GraphStore) -> None:
    with store.lease():
        with store.lease(), pytest.raises(StoreBusy):
            load(other, "AAA", [person("b")])
        load(store, "AAA", [person("b")])
        with pytest.raises(StoreBusy):
            load(other, "AAA", [person("c")])
        assert store.view(viewer("ann")).stats().records == 2
    load(other, "AAA", [person("c")])
    assert store.view(viewer("ann")).stats().records == 3


def test_a_lease_is_given_back_after_an_error(store: GraphStore, other: GraphStore) -> None:
    with pytest.raises(ValueError, match="no"), store.lease():
        raise ValueError("no")
    load(other, "AAA", [person("b")])


def test_claims_are_computed_once(store: GraphStore, other: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    other.patience = 60.0
    kind = type(store.backend)
    done, compute = list[Backend](), kind.recompute_claims
    monkeypatch.setattr(kind, "recompute_claims", lambda of: (done.append(of), compute(of))[1])
    monkeypatch.setattr(GraphStore, "_claims_are_old", lambda _: not done)
    with waiting(store, other.refresh_claims):
        store.refresh_claims()
    assert done == [store.backend]


def test_a_target_is_empty_when_the_copy_begins(store: GraphStore, tmp_path: Path) -> None:
    url = fresh_url(tmp_path, "target")
    with closing(open_store(url)) as target, closing(open_store(url)) as again:
        with waiting(target, lambda: copy_store(store, again)) as late:
            load(target, "AAA", [person("b")])
        with pytest.raises(UsageError, match="is not empty"):
            late.result()
        assert target.view(viewer("ann")).stats().records == 1


def test_of_two_copies_into_one_target_one_is_made(store: GraphStore, tmp_path: Path) -> None:
    url = fresh_url(tmp_path, "target")
    with closing(open_store(url)) as target, closing(open_store(url)) as again:
        with waiting(target, lambda: copy_store(store, again)) as late:
            assert copy_store(store, target).parts["records"] == 1
        with pytest.raises(UsageError, match="is not empty"):
            late.result()
