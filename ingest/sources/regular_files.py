"""Open regular files, and nothing that only looks like one."""

import io
import os
import stat
from pathlib import Path
from typing import IO

from ingest.sources.naming import named
from workbench.errors import FileRefused


def regular(path: Path) -> IO[bytes]:
    """Open a file to read it; FileRefused, without waiting for anything, if it is none or can't be read."""
    check_regular(path, mode_of(path))
    try:
        stream = io.BufferedReader(io.FileIO(os.fspath(path), "rb", opener=_at_once))
    except OSError as error:
        raise unreadable(path, error) from error
    try:
        check_regular(path, os.fstat(stream.fileno()).st_mode)  # it may have been replaced
    except FileRefused:
        stream.close()
        raise
    return stream


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def mode_of(path: Path) -> int:
    """The kind of what lies at a path; FileRefused if that can't be told."""
    try:
        return path.stat().st_mode
    except FileNotFoundError as error:
        raise FileRefused("missing file", f"{named(path)} is not there: check its name") from error
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def check_regular(path: Path, mode: int) -> None:
    """FileRefused for a folder, a pipe or a device."""
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "no file (a pipe or device)"
        raise FileRefused("no file", f"{named(path)} is {what}: name files")


def unreadable(path: Path | str, error: Exception) -> FileRefused:
    """The refusal of a path that the system does not let us read."""
    said = getattr(error, "strerror", None) or error
    return FileRefused("unreadable", f"{named(path)} can't be read: {said}: check its permissions")


def stamp(path: Path) -> tuple[int, ...]:
    """Something that changes when another file is put at a path, or its content is written anew."""
    about = path.stat()
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns
