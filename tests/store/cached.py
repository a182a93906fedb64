"""A store with its cache of base columns, for tests."""

from collections.abc import Mapping
from pathlib import Path

from tests.store.test_column_changes import bases_of, said
from workbench.store.column_files import Bases, ColumnFiles
from workbench.store.column_folder import ColumnFolder
from workbench.store.column_layout import Layout
from workbench.store.columns import Base
from workbench.store.types import Moment
from workbench.view.store import GraphStore


class Asked(Bases):
    """Asks the bases of a store."""

    def __init__(self, bases: Bases) -> None:
        self._bases = bases

    def moment(self, revision: int) -> Moment:
        return self._bases.moment(revision)

    def tokens(self) -> Mapping[str, int]:
        return self._bases.tokens()

    def secret(self) -> str:
        return self._bases.secret()

    def read(self, revision: int) -> Base:
        return self._bases.read(revision)

    def later(self, base: Base, before: int, revision: int) -> Layout:
        return self._bases.later(base, before, revision)


class Foreign(Asked):
    """Another store, with a secret of its own."""

    def secret(self) -> str:
        return "of another store"


class Cached:
    """A store with some records, and its cache in a folder."""

    def __init__(self, store: GraphStore, url: str, folder: Path) -> None:
        self.store, self.url, self.folder, self.bases = store, url, folder, bases_of(store)

    def files(self) -> ColumnFiles:
        """The cache, as a new process opens it."""
        return ColumnFiles(self.folder, self.bases)

    def moment(self) -> Moment:
        return self.bases.moment(self.store.backend.published())

    def base(self) -> Base:
        """The newest base columns, by way of the cache."""
        return self.files().base(self.store.backend.published(), self.moment())

    def is_right(self) -> bool:
        """Whether the cache gives what the store has."""
        return said(self.base()) == said(self.bases.read(self.store.backend.published()))

    @property
    def file(self) -> Path:
        """The file of the newest columns."""
        return ColumnFolder(self.folder).place(self.moment())

    def names(self) -> list[str]:
        return sorted(each.name for each in self.folder.glob("*"))
