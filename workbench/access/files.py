"""Files that decide who may look, and files for their owner's eyes alone.

The former are read so that nothing unreadable counts as nothing; the latter are made 0600, their
folders 0700, whatever the umask. What is there already keeps the mode that somebody gave it.
"""

import os
import stat
from pathlib import Path

from workbench.errors import InputError

# A pipe is opened without waiting for who writes to it, and is then refused.
_READING = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


PRIVATE = 0o600


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are not there, for their owner alone."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def make_file(path: Path, mode: int = PRIVATE) -> int:
    """Open a file to read and to add to it, made with this mode where there is none; its descriptor."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC
    try:
        handle = os.open(path, flags | os.O_CREAT | os.O_EXCL, PRIVATE)
    except FileExistsError:
        return os.open(path, flags | os.O_CREAT, PRIVATE)
    if mode != PRIVATE:
        os.fchmod(handle, mode)
    return handle


def write_private(path: Path, text: str) -> None:
    """Write a text to a file, made for its owner alone where there is none."""
    make_folder(path.parent)
    with os.fdopen(make_file(path), "r+b") as file:
        file.truncate(0)
        file.write(text.encode("utf-8"))


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
