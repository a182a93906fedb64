"""Files as they are given: opened safely, archives and folders as their members.

An archive is never unpacked. One that could harm (a bomb, `../`, an archive in it) or that
can't be read whole (encrypted, damaged) is refused as a whole.
"""

import hashlib
import stat
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from workbench.errors import FileRefused

_CHUNK = 1 << 20
_MOST_MEMBERS = 10_000
_MOST_BYTES = 16 << 30
# Text compresses tenfold, tables of zeros more; what a bomb says of itself is beyond both.
_MOST_RATIO = 200
_SMALL = 16 << 20
_ENCRYPTED = 0x1
_ZIP = b"PK\x03\x04"
_NO_DATA = ("__MACOSX/*", "*.DS_Store", "*Thumbs.db")


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or a member of a zip: `path` as reports name it, `name` as locators do."""

    path: str
    name: str
    opener: Callable[[], IO[bytes]]

    def open(self, mode: Literal["rb"] = "rb") -> IO[bytes]:
        """Its bytes, from the start."""
        return self.opener()

    def sha256(self) -> str:
        """The hash of its content; FileRefused where it can't be read to its end."""
        state = hashlib.sha256()
        try:
            with self.open() as stream:
                while chunk := stream.read(_CHUNK):
                    state.update(chunk)
        except (OSError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
            raise FileRefused("unreadable", f"{self.path} can't be read to its end: {error}: fetch it again") from error
        return state.hexdigest()


@contextmanager
def opened(path: Path, members: str, folders: bool) -> Iterator[Sequence[Source]]:
    """What there is to read at a path: the file, or the members that fit a pattern, by name.

    FileRefused where there is nothing that can be read.
    """
    kind = _kind(path)
    if stat.S_ISDIR(kind) and folders:
        yield _of_folder(path, members)
    elif not stat.S_ISREG(kind):
        what = "a folder" if stat.S_ISDIR(kind) else "no file (a pipe or device)"
        raise FileRefused("no file", f"{named(path)} is {what}: name files")
    elif _is_zip(path):
        try:
            archive = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
            raise FileRefused("bad archive", f"{named(path)} is a damaged zip: {error}: fetch it again") from error
        with archive:
            yield _of_zip(path, archive, members)
    else:
        yield (Source(named(path), named(path.name), _opener(path)),)


def named(path: Path | str) -> str:
    """A path as text: bytes of a name that are no text are replaced."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def content_hash(path: Path, sources: Sequence[Source]) -> str:
    """The hash of a file's (or archive's) content, or of a folder's files with their names."""
    if path.is_file():
        return Source(named(path), named(path.name), _opener(path)).sha256()
    state = hashlib.sha256()
    for source in sources:
        state.update(f"{source.name}\0{source.sha256()}\0".encode())
    return state.hexdigest()


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _kind(path: Path) -> int:
    try:
        return path.stat().st_mode
    except FileNotFoundError as error:
        raise FileRefused("missing file", f"{named(path)} is not there: check its name") from error
    except (OSError, ValueError) as error:
        raise FileRefused("unreadable", f"{named(path)} can't be read: {error}: check its permissions") from error


def _is_zip(path: Path) -> bool:
    if path.suffix.lower() == ".zip":
        return True
    try:
        with path.open("rb") as stream:
            return stream.read(len(_ZIP)) == _ZIP and zipfile.is_zipfile(path)
    except OSError as error:
        raise FileRefused(
            "unreadable", f"{named(path)} can't be read: {error.strerror or error}: check its permissions"
        ) from error


def _of_folder(path: Path, members: str) -> Sequence[Source]:
    found = sorted(each for each in path.iterdir() if each.is_file() and fnmatchcase(each.name, members))
    if not found:
        raise FileRefused("nothing to read", f"{named(path)} has no file named {members}: name the folder that has")
    return tuple(Source(named(each), named(each.name), _opener(each)) for each in found)


def _of_zip(path: Path, archive: zipfile.ZipFile, members: str) -> Sequence[Source]:
    entries = [info for info in archive.infolist() if not info.is_dir()]
    _check_archive(path, entries)
    found = sorted(info.filename for info in entries if _is_data(info.filename, members))
    if not found:
        raise FileRefused("nothing to read", f"{named(path)} has no member named {members}: name the archive that has")
    return tuple(
        Source(f"{named(path)}!{name}", f"{named(path.name)}!{name}", partial(archive.open, name)) for name in found
    )


def _is_data(name: str, members: str) -> bool:
    return fnmatchcase(PurePosixPath(name).name, members) and not any(fnmatchcase(name, each) for each in _NO_DATA)


def _check_archive(path: Path, entries: Sequence[zipfile.ZipInfo]) -> None:
    if len(entries) > _MOST_MEMBERS or sum(info.file_size for info in entries) > _MOST_BYTES:
        raise FileRefused(
            "zip bomb",
            f"{named(path)} would unpack to more than {_MOST_MEMBERS} members or {_MOST_BYTES} bytes: pack it in parts",
        )
    names = set()
    for info in entries:
        steps = PurePosixPath(info.filename.replace("\\", "/"))
        if not steps.parts or steps.is_absolute() or ".." in steps.parts or ":" in steps.parts[0]:
            raise FileRefused(
                "unsafe archive", f"{named(path)} has a member outside of itself, {info.filename!r}: ask who made it"
            )
        if info.filename in names:
            raise FileRefused("unsafe archive", f"{named(path)} has two members named {info.filename!r}: pack it again")
        if info.flag_bits & _ENCRYPTED:
            raise FileRefused("encrypted archive", f"{named(path)}: {info.filename} is encrypted: decrypt it first")
        if info.filename.lower().endswith(".zip"):
            raise FileRefused("nested archive", f"{named(path)} has an archive in it, {info.filename}: unpack it first")
        if info.file_size > _SMALL and info.file_size > _MOST_RATIO * max(info.compress_size, 1):
            raise FileRefused(
                "zip bomb",
                f"{named(path)}: {info.filename} would unpack to {info.file_size} bytes: unpack it if you trust it",
            )
        names.add(info.filename)
