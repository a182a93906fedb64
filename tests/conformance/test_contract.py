"""Every kind of store implements all methods of the contract, with the same parameters."""

import inspect
import re
from pathlib import Path

import pytest

from tests.stores import KIND, fresh_url
from workbench.access.viewer import Viewer
from workbench.store.backend import Backend
from workbench.store.writing import Writer
from workbench.view.store import GraphStore, open_store


def overriding(kind: type, base: type) -> list[str]:
    """The names of the methods that a class overrides."""
    return sorted(name for name in vars(kind) if name in vars(base) and callable(getattr(base, name)))


def parameters(kind: type, name: str) -> list[tuple[str, object, object]]:
    found = inspect.signature(getattr(kind, name)).parameters.values()
    return [(each.name, each.kind, each.default) for each in found]


def test_what_overrides_takes_the_same_parameters(store: GraphStore) -> None:
    writer = store.writer(agency="A", by="clerk")
    for kind, base in ((type(store.backend), Backend), (type(writer), Writer)):
        for method in overriding(kind, base):
            if method != "__init__":
                assert parameters(kind, method) == parameters(base, method), method
    writer.abort()


def test_what_is_public_is_said_in_the_contract(store: GraphStore) -> None:
    own = {name for name, value in vars(type(store.backend)).items() if not name.startswith("_") and callable(value)}
    assert own <= set(dir(Backend))


def test_a_store_without_a_method_can_not_be_opened() -> None:
    class Half(Backend):
        pass

    with pytest.raises(TypeError, match="abstract"):
        Half()


def test_every_store_is_opened_by_a_url_and_shows_it_without_a_password(tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    assert url.startswith(f"{KIND}://")
    store, again = open_store(url), open_store(url)
    assert type(store.backend) is type(again.backend)
    assert store.url == again.url == re.sub(r"(?<=//)[^/@]*@", "", url)
    again.close()
    store.close()


def test_a_store_that_was_closed_answers_again(store: GraphStore) -> None:
    view = store.view(Viewer(name="x", agencies=frozenset("A"), level="OPEN"))
    before = view.digest()
    store.close()
    assert view.digest() == before
