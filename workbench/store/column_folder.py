"""The folder of a store's files of base columns: private, with few files, and none of another epoch.

A file is written under a name of its own, locked, and then renamed: whoever is killed leaves a file that nobody has
locked, and the next who looks removes it.
"""

import fcntl
import logging
import os
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, NamedTuple, TypeVar

from workbench.access.files import PRIVATE, make_folder
from workbench.store.types import Moment

_log = logging.getLogger(__name__)
T = TypeVar("T")

_KEPT = 2
_WRITTEN, _BEING_WRITTEN = "columns", "part"
_NAME = re.compile(rf"(\d+)-([0-9a-zA-Z]+)\.(?:{_WRITTEN}|[0-9a-f]+\.{_BEING_WRITTEN})")


class Named(NamedTuple):
    """A file of the folder, by its name."""

    path: Path
    moment: Moment

    @property
    def is_written(self) -> bool:
        """Whether it has been written to its end."""
        return self.path.suffix == f".{_WRITTEN}"


class ColumnFolder:
    """See the module. What can't be read, written or removed is left alone: then there is no cache."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def place(self, moment: Moment) -> Path:
        """The path of the file of a moment."""
        return self._path / f"{moment.epoch}-{moment.token}.{_WRITTEN}"

    def files(self) -> list[Named]:
        """The files that are here; none in a folder that others can open."""
        with suppress(OSError):
            if self._is_private():
                return self.ours()
        return []

    def ours(self) -> list[Named]:
        """The files that are here, even where others can read them; none in a folder of another account."""
        with suppress(OSError):
            if self._path.stat().st_uid == os.geteuid():
                return list(self._named())
        return []

    def _is_private(self) -> bool:
        found = self._path.stat()
        return found.st_uid == os.geteuid() and not found.st_mode & 0o077

    def _named(self) -> Iterator[Named]:
        for path in self._path.iterdir():
            if told := _NAME.fullmatch(path.name):
                yield Named(path, Moment(int(told[1]), told[2]))

    def keep(self, moment: Moment, write: Callable[[BinaryIO], T], still: Callable[[], bool]) -> T | None:
        """Write the file of a moment; returns what `write` does, or None if nothing was written.

        Nothing is written if it is not `still` that moment when a file of it has been begun: from then on, whoever
        ends the epoch removes this file too.
        """
        part = self.place(moment).with_suffix(f".{token_hex(8)}.{_BEING_WRITTEN}")
        try:
            make_folder(self._path)
            if not self._is_private() or not _NAME.fullmatch(part.name):
                return None
            with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE), "w+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                done = write(file) if still() else None
                if done is not None:
                    part.rename(self.place(moment))
                return done
        except OSError as error:
            _log.info("base columns are not cached: %s", error.strerror)
            return None
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def tidy(self, epoch: int, tokens: Collection[str]) -> None:
        """Remove the files of other epochs and of unknown revisions, what a killed process left, and all but a few.

        All files, in a folder that others can open: nobody uses them there.
        """
        if not self.files():
            self._removed(self.ours())
        while self._removed(each for each in self.files() if _is_over(each, epoch, tokens)):
            pass  # one that was being written may have got its last name meanwhile
        written = sorted(filter(lambda each: each.is_written, self.files()), key=_age)
        self._removed(written[_KEPT:])

    def _removed(self, files: "Iterator[Named] | list[Named]") -> int:
        number = 0
        for each in files:
            with suppress(PermissionError):
                each.path.unlink(missing_ok=True)
                number += 1
        return number


def _is_over(each: Named, epoch: int, tokens: Collection[str]) -> bool:
    if each.moment.epoch != epoch or each.moment.token not in tokens:
        return True
    return not each.is_written and _is_abandoned(each.path)


def at_once(path: Path) -> BinaryIO:
    """A file opened for reading without waiting, even if it is a pipe that somebody put there."""
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK), "rb")


def _is_abandoned(path: Path) -> bool:
    """Whether nobody writes to a file."""
    try:
        with at_once(path) as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:
        return False


def _age(each: Named) -> float:
    """How long a file has not been used: less for what was used last."""
    try:
        return -each.path.stat().st_mtime
    except OSError:
        return 0.0
