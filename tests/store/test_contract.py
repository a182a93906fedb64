"""Every store has every method that a store has, with the same parameters."""

import inspect
from pathlib import Path

import pytest

from tests.store.stores import CLASSES, STORES
from workbench.store.base import GraphStore, Writer, open_store


def overriding(kind: type, base: type) -> list[str]:
    """Names of what a class does in its own way."""
    return sorted(name for name in vars(kind) if name in vars(base) and callable(getattr(base, name)))


def parameters(kind: type, name: str) -> list[tuple[str, object, object]]:
    found = inspect.signature(getattr(kind, name)).parameters.values()
    return [(each.name, each.kind, each.default) for each in found]


@pytest.mark.parametrize("name", sorted(STORES))
def test_what_overrides_takes_the_same_parameters(name: str, tmp_path: Path) -> None:
    store = STORES[name](tmp_path)
    writer = store.writer(agency="A", by="clerk")
    for kind, base in ((type(store), GraphStore), (type(writer), Writer)):
        for method in overriding(kind, base):
            if method != "__init__":
                assert parameters(kind, method) == parameters(base, method), method
    writer.abort()
    store.close()


@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES)
def test_what_is_public_is_said_in_the_contract(kind: type[GraphStore]) -> None:
    own = {name for name, value in vars(kind).items() if not name.startswith("_") and callable(value)}
    assert own <= set(dir(GraphStore))


def test_a_store_without_a_method_can_not_be_opened() -> None:
    class Half(GraphStore):
        pass

    with pytest.raises(TypeError, match="abstract"):
        Half()


@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES)
def test_every_store_is_opened_by_a_url(kind: type[GraphStore], tmp_path: Path) -> None:
    name = next(name for name, each in CLASSES.items() if each is kind)
    store = STORES[name](tmp_path)
    assert isinstance(store, kind)
    again = open_store(store.url)
    assert type(again) is kind
    again.close()
    store.close()
