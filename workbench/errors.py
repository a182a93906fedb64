"""One error tree for the whole project.

WorkbenchError
├── UsageError            the caller asked for something that is not possible or not allowed: exit code 2
│   ├── NotFound          unknown, or hidden from this viewer: the message is the same for both
│   ├── NoStore           there is no store at the URL; reading never creates one
│   └── AccessDenied      the viewer may not do this
├── InputError            a file or record is not in the format it should be in
│   └── FileRefused       a whole file is refused; none of it was loaded
├── StoreError            the store failed and nothing changed: exit code 3
│   ├── StoreBusy         another process holds the writer's lease
│   ├── DeliveryRefused   a delivery is not as it should be: too little, too much, too bad
│   └── StoreMismatch     the file is not one of our stores, or was written by a newer version
└── OutputError           the work is done, but the result can't be printed: exit code 3

A message says what is wrong, where, and what to do. `field` names the parameter that was wrong, as the library
calls it. The command line, the dashboard and Python each translate it: `--as`, a form field, `viewer=`.
"""

from collections.abc import Iterator
from contextlib import contextmanager


class WorkbenchError(Exception):
    """Root of all errors that this project raises on purpose.

    `str(error)` is worded for Python: `name the viewer: one of anna, boris (viewer=)`.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message, self.field = message, field

    def __str__(self) -> str:
        return self.worded(f"{self.field}=" if self.field else "")

    def worded(self, place: str) -> str:
        """The message, followed by `place` in brackets unless it is "".

        >>> UsageError("name the viewer: one of anna, boris", "viewer").worded("--as")
        'name the viewer: one of anna, boris (--as)'
        """
        return f"{self.message} ({place})" if place else self.message


class UsageError(WorkbenchError):
    """The caller asked for something that is not possible or not allowed (exit code 2)."""


class NotFound(UsageError):
    """An id, name or token that is unknown, or hidden from this viewer."""

    def __init__(self, kind: str, name: str, field: str = "", where: str = " in this view") -> None:
        super().__init__(f"no {kind} {name!r}{where}: check its spelling", field)
        self.kind = kind
        self.name = name


class NoStore(UsageError):
    """There is no store at the URL; reading never creates one."""


class AccessDenied(UsageError):
    """The viewer may not do this."""


class InputError(WorkbenchError):
    """The input is not in the format it should be in."""


class FileRefused(InputError):
    """A whole file is refused; none of it was loaded.

    `reason` is a short code for reports, `line` the line where the fault was found (0: the whole file).
    """

    def __init__(self, reason: str, message: str, line: int = 0, field: str = "") -> None:
        super().__init__(message, field)
        self.reason = reason
        self.line = line


@contextmanager
def naming(field: str, known_as: str = "") -> Iterator[None]:
    """Let errors about what was given (not found, or not as it should be) name this parameter.

    For a parameter that is passed on: to something that has no name for it, or has it under the name `known_as`.
    """
    try:
        yield
    except WorkbenchError as error:
        if isinstance(error, NotFound | NoStore | InputError) or (known_as and error.field == known_as):
            error.field = field
        raise


class StoreError(WorkbenchError):
    """The store failed and nothing changed (exit code 3)."""


class StoreBusy(StoreError):
    """Another process holds the writer's lease of this store."""


class DeliveryRefused(StoreError):
    """A delivery is not as it should be (too little, too much, too bad), so nothing of it was loaded.

    `report` says what was read of it, if anything was: a `LoadReport` whose revision is None.
    """

    def __init__(self, message: str, field: str = "", report: object = None) -> None:
        super().__init__(message, field)
        self.report = report


class StoreMismatch(StoreError):
    """The file is not one of our stores, or was written by a newer version."""


class OutputError(WorkbenchError):
    """Stdout can't be written to; the command's work is kept (exit code 3)."""


def damaged(what: str) -> StoreError:
    """The error for something in a store that can't be what was written there."""
    return StoreError(
        f"{what}: the store seems to be damaged: `workbench doctor --contents` says whether it is, and where; if so,"
        " restore a backup"
    )


# What goes wrong where something in a store is read that can't be what was written there.
NOT_AS_WRITTEN = (ValueError, LookupError, TypeError, AttributeError, OverflowError, InputError)


@contextmanager
def as_written(what: str) -> Iterator[None]:
    """StoreError for what is read inside, if it can't be what was written."""
    try:
        yield
    except UnicodeEncodeError:  # of something asked for, not of what is there
        raise
    except NOT_AS_WRITTEN as error:
        raise damaged(f"{what} can't be what was written") from error
