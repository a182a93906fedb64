"""The stores that there are; a new one is one more line."""

from collections.abc import Callable
from pathlib import Path

from workbench.store.base import GraphStore, open_store
from workbench.store.sqlite.store import SqliteStore

STORES: dict[str, Callable[[Path], GraphStore]] = {
    "sqlite": lambda folder: open_store(f"sqlite:///{folder / 'store.db'}"),
}
CLASSES: dict[str, type[GraphStore]] = {"sqlite": SqliteStore}
