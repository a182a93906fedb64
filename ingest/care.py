"""What becomes of a load of which a file fails after units of it were taken: all is undone, and done again without it.

The second time, each file is read to its end before a unit of it is taken: so there is no third time.
"""

from collections.abc import Callable
from typing import NoReturn, TypeVar

from workbench.errors import FileRefused, StoreError

_Done = TypeVar("_Done")


class _Spoilt(StoreError):
    """A file failed after units of it were taken."""


class Care:
    """The files of a load that failed."""

    def __init__(self) -> None:
        self._refused: dict[str, FileRefused] = {}

    @property
    def rehearses(self) -> bool:
        """Whether each file is read to its end before a unit of it is taken."""
        return bool(self._refused)

    def check(self, path: str) -> None:
        """FileRefused for a file that failed before."""
        if path in self._refused:
            raise self._refused[path]

    def failed(self, path: str, refused: FileRefused, units: int) -> NoReturn:
        """Have the load done again without a file of which so many units were taken; StoreError if it was already."""
        message = f"{refused.message}; {units} units of it had been read, so nothing was loaded"
        if self.rehearses:
            raise StoreError(message) from refused
        self._refused[path] = refused
        raise _Spoilt(message) from refused

    def done(self, load: Callable[[], _Done], between: Callable[[], None]) -> _Done:
        """Do a load, and once more if a file of it failed; `between` is done before that."""
        try:
            return load()
        except _Spoilt:
            between()
            return load()
