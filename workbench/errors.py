"""One error tree for the whole project.

WorkbenchError
├── UsageError            the caller asked for something that can't be: exit code 2
│   ├── NotFound          unknown, or hidden from this viewer: the same words for both
│   ├── NoStore           there is no store there, and reading makes none
│   └── AccessDenied      the viewer may not do this
├── InputError            a file or record can't be read as what it is said to be
│   └── FileRefused       a whole file is refused; nothing of it was loaded
├── StoreError            the store failed and nothing changed: exit code 3
│   ├── StoreBusy         another process holds the writer's lease
│   └── StoreMismatch     the file is no store of ours, or of a newer version
└── OutputError           what was done can't be told: exit code 3

A message says what, where, and what to do, in words that hold for everybody. Its `field` is what is wrong of all
that was given, as the library's parameters call it: command line, dashboard and Python each say by their own words
where that is put right.
"""


class WorkbenchError(Exception):
    """Root of all errors that this project raises on purpose.

    As text it is worded for Python: `name the viewer: one of anna, boris (viewer=)`.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message, self.field = message, field

    def __str__(self) -> str:
        return self.worded(f"{self.field}=" if self.field else "")

    def worded(self, place: str) -> str:
        """The message, and behind it where the field is given, in the words of who tells it; nothing for "".

        >>> UsageError("name the viewer: one of anna, boris", "viewer").worded("--as")
        'name the viewer: one of anna, boris (--as)'
        """
        return f"{self.message} ({place})" if place else self.message


class UsageError(WorkbenchError):
    """The caller asked for something that can't be (exit code 2)."""


class NotFound(UsageError):
    """An id, name or token that is unknown, or hidden from this viewer."""

    def __init__(self, kind: str, name: str, field: str = "") -> None:
        super().__init__(f"no {kind} {name!r} in this view: check its spelling", field)
        self.kind = kind
        self.name = name


class NoStore(UsageError):
    """There is no store at a URL, and reading makes none."""


class AccessDenied(UsageError):
    """The viewer may not do this."""


class InputError(WorkbenchError):
    """Input that can't be read as what it is said to be."""


class FileRefused(InputError):
    """A whole file is refused; nothing of it was loaded.

    `reason` is a short code for reports, `line` the place where it showed (0: whole).
    """

    def __init__(self, reason: str, message: str, line: int = 0, field: str = "") -> None:
        super().__init__(message, field)
        self.reason = reason
        self.line = line


class StoreError(WorkbenchError):
    """The store failed and nothing changed (exit code 3)."""


class StoreBusy(StoreError):
    """Another process holds the writer's lease of this store."""


class StoreMismatch(StoreError):
    """The file is no store of ours, or one of a newer version."""


class OutputError(WorkbenchError):
    """Stdout can't be written to; what the command did stands (exit code 3)."""
