"""Reading the files that decide access, and making private files.

A file that exists but can't be read is an error, never treated as absent. Private files are made with
mode 0600 and their folders with 0700, whatever the umask; existing ones keep their mode.
"""

import os
import stat
from pathlib import Path

from workbench.errors import InputError

# O_NONBLOCK: a pipe opens without waiting for a writer, and is then refused.
_READING = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


PRIVATE = 0o600


def make_folder(folder: Path) -> None:
    """Make a folder and its missing parents, with mode 0700."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def make_file(path: Path, mode: int = PRIVATE) -> int:
    """Open a file for reading and appending, created with this mode if it is missing; returns the descriptor."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC
    try:
        handle = os.open(path, flags | os.O_CREAT | os.O_EXCL, PRIVATE)
    except FileExistsError:
        return os.open(path, flags | os.O_CREAT, PRIVATE)
    if mode != PRIVATE:
        os.fchmod(handle, mode)
    return handle


def write_private(path: Path, text: str) -> None:
    """Write a text to a file, which is created with mode 0600 if it is missing."""
    make_folder(path.parent)
    with os.fdopen(make_file(path), "r+b") as file:
        file.truncate(0)
        file.write(text.encode("utf-8"))


def text_of(path: Path) -> str | None:
    """The text of a file; None only if nothing exists at the path.

    InputError for anything that exists and can't be read: a folder, a broken symlink, a file of another account.
    """
    try:
        return _octets(path).decode("utf-8")
    except (OSError, ValueError) as error:  # ValueError: not UTF-8, or not a valid file name
        if isinstance(error, FileNotFoundError) and _nothing_at(path):
            return None
        raise InputError(f"{path} is there, but can't be read ({error}): correct it, or remove it") from error


def _octets(path: Path) -> bytes:
    handle = os.open(path, _READING)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError("it is not a regular file")
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(handle)


def _nothing_at(path: Path) -> bool:
    """Whether nothing exists at the path, not even a broken symlink."""
    try:
        path.lstat()
    except FileNotFoundError:
        return True
    return False
