"""Files that decide who may look, read so that nothing unreadable counts as nothing."""

import os
import stat
from pathlib import Path

from workbench.errors import InputError

# A pipe is opened without waiting for who writes to it, and is then refused.
_READING = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


def text_of(path: Path) -> str | None:
    """The text of a file; None only where there is nothing at all.

    InputError for whatever is there and can't be read: a folder, a link that leads nowhere, a file of another account.
    """
    try:
        return _octets(path).decode("utf-8")
    except (OSError, ValueError) as error:  # no text, or no name that a file can have
        if isinstance(error, FileNotFoundError) and _nothing_at(path):
            return None
        raise InputError(f"{path} is there, but can't be read ({error}): correct it, or remove it") from error


def _octets(path: Path) -> bytes:
    handle = os.open(path, _READING)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError("it is no file")
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(handle)


def _nothing_at(path: Path) -> bool:
    """Whether there is nothing of this name: not even a link that leads nowhere."""
    try:
        path.lstat()
    except FileNotFoundError:
        return True
    return False
