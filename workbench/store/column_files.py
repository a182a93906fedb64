"""A cache, on disk, of the base columns of a store: files that all processes of this account map into memory.

It is a derived copy. A file stands for one epoch and one revision of one store, so that what is in it never changes:
a store that was put back, and one whose markings changed, ask for other files.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from workbench.errors import StoreError
from workbench.store.column_file import mapped, opened, seal_key, write
from workbench.store.column_folder import ColumnFolder
from workbench.store.column_layout import Layout
from workbench.store.columns import Base
from workbench.store.types import Moment


class Bases(ABC):
    """What base columns are read from: a store."""

    @abstractmethod
    def moment(self, revision: int) -> Moment:
        """See `Backend.moment`."""

    @abstractmethod
    def tokens(self) -> Mapping[str, int]:
        """The number of every revision, by its token."""

    @abstractmethod
    def secret(self) -> str:
        """What only this store and its copies know."""

    @abstractmethod
    def read(self, revision: int) -> Base:
        """The base columns of a revision."""

    @abstractmethod
    def later(self, base: Base, before: int, revision: int) -> Layout:
        """The base columns of a revision, from those of one before it."""


class ColumnFiles:
    """The cache of a store in a folder.

    Whatever keeps it from being read or written, the columns are right: without it they are read from the store.
    """

    FEW = 20_000  # a store with fewer records has none: it is read about as fast as a file is opened

    def __init__(self, folder: Path, store: Bases) -> None:
        self._folder, self._store = ColumnFolder(folder), store

    def base(self, revision: int, moment: Moment) -> Base:
        """The base columns of a revision at a moment, with the keys of its records."""
        if not moment.token:  # nothing was published
            return self._store.read(revision)
        base = self._opened(moment)
        if base is not None:
            return base
        made = self._later(revision, moment) or Layout.of(self._store.read(revision))
        return self._kept(made, revision, moment)

    def tidy(self) -> None:
        """Remove the files of other epochs, and what else is of no use; see `ColumnFolder.tidy`.

        Nothing is removed if the store can't be asked: what was written just before is written all the same.
        """
        if self._folder.ours():
            with suppress(StoreError):
                self._folder.tidy(self._store.moment(0).epoch, self._store.tokens())

    def _key(self, moment: Moment) -> bytes:
        return seal_key(self._store.secret(), moment)

    def _opened(self, moment: Moment) -> Base | None:
        place = self._folder.place(moment)
        if place not in {each.path for each in self._folder.files()}:
            return None
        base = opened(place, self._key(moment))
        with suppress(OSError):
            place.touch() if base else place.unlink()
        return base

    def _later(self, revision: int, moment: Moment) -> Layout | None:
        """The columns, from those of the newest older revision that a file has."""
        numbers = self._store.tokens()
        older = [each.moment for each in self._folder.files() if each.is_written and each.moment.epoch == moment.epoch]
        known = sorted((numbers[each.token], each) for each in older if numbers.get(each.token, revision) < revision)
        for number, each in reversed(known):
            base = self._opened(each)
            if base is not None:
                return self._store.later(base, number, revision)
        return None

    def _kept(self, made: Layout, revision: int, moment: Moment) -> Base:
        """The same columns, from a file that has them from now on if that can be."""
        if len(made.arrays["keys"]) < self.FEW:
            return made.base()
        kept = self._folder.keep(
            moment, partial(self._written, made, self._key(moment)), lambda: self._store.moment(revision) == moment
        )
        self.tidy()
        return kept or made.base()

    def _written(self, made: Layout, key: bytes, file: BinaryIO) -> Base:
        write(file, made, key)
        return mapped(file)
