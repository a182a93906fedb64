"""Open files safely; archives and folders as their members.

An archive is never unpacked to disk. One that could do harm (a bomb, `../`, an archive inside) or can't be
read completely (encrypted, damaged) is refused as a whole. No member is skipped silently, except files that
operating systems add.
"""

import hashlib
import os
import re
import stat
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import IO, Literal, Protocol

from workbench.errors import FileRefused

_CHUNK = 1 << 20
_MOST_MEMBERS = 10_000
_MOST_BYTES = 16 << 30
# Text compresses about tenfold, tables of zeros more; a bomb is far beyond both.
_MOST_RATIO = 200
_SMALL = 16 << 20
_ENCRYPTED = 0x1
_ZIP = b"PK\x03\x04"
# What every document of Office, and every OpenDocument, has in it.
_OF_DOCUMENTS = frozenset({"[Content_Types].xml", "META-INF/manifest.xml"})
# Files that operating systems add, which nobody means to deliver.
_CLUTTER = re.compile(r"(.*/)?(__macosx/.*|\.ds_store|\._[^/]*|thumbs\.db|desktop\.ini)", re.IGNORECASE | re.DOTALL)


class _Opener(Protocol):
    """Opens a file or a zip member; a copy of it in another process opens the same."""

    def open(self) -> IO[bytes]:
        """Its bytes, from the start."""

    def size(self) -> int:
        """The number of its bytes."""


@dataclass(frozen=True, slots=True)
class _File:
    path: Path

    def open(self) -> IO[bytes]:
        return self.path.open("rb")

    def size(self) -> int:
        return self.path.stat().st_size


class _Member:
    def __init__(self, archive: zipfile.ZipFile, path: Path, name: str) -> None:
        self._archive, self._path, self._name = archive, path, name

    def open(self) -> IO[bytes]:
        return self._archive.open(self._name)

    def size(self) -> int:
        return self._archive.getinfo(self._name).file_size

    def __reduce__(self) -> tuple[object, ...]:
        return _member, (self._path, self._name)


def _member(path: Path, name: str) -> _Member:
    return _Member(zipfile.ZipFile(path), path, name)


@dataclass(frozen=True, slots=True)
class Source:
    """A file or a zip member; `path` is its name in reports, `name` in locators.

    `useless` is the reason why it is not read, or "".
    """

    path: str
    name: str
    opener: "_Opener"
    useless: str = ""

    def open(self, mode: Literal["rb"] = "rb") -> IO[bytes]:
        """Its bytes, from the start."""
        return self.opener.open()

    def size(self) -> int:
        """The number of its bytes; 0 if that can't be told."""
        try:
            return self.opener.size()
        except (OSError, KeyError):
            return 0

    def sha256(self) -> str:
        """The hash of its content; FileRefused if it can't be read to its end."""
        state = hashlib.sha256()
        try:
            with self.open() as stream:
                while chunk := stream.read(_CHUNK):
                    state.update(chunk)
        except (OSError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
            raise FileRefused("unreadable", f"{self.path} can't be read to its end: {error}: fetch it again") from error
        return state.hexdigest()


@dataclass(frozen=True, slots=True)
class Members:
    """Patterns, ignoring case, of the data files in an archive or folder, and of files known to be none."""

    data: str
    beside: str = ""

    def useless(self, name: str) -> str:
        """Why a member is not read; "" if it is."""
        return (
            ""
            if _fits(name, self.data)
            else f"this adapter reads {self.data}: rename it if it is that, else leave it out"
        )

    def speaks_of(self, name: str) -> bool:
        """Whether a member is mentioned in the report."""
        return not (_CLUTTER.fullmatch(name) or _fits(name, self.beside))


def _fits(name: str, pattern: str) -> bool:
    return fnmatchcase(PurePosixPath(name).name.lower(), pattern.lower())


@contextmanager
def opened(path: Path, members: Members, folders: bool) -> Iterator[Sequence[Source]]:
    """Open a path: yields the file, or the members of an archive or folder, ordered by name.

    FileRefused if there is nothing that can be read.
    """
    kind = _kind(path)
    if stat.S_ISDIR(kind) and folders:
        yield _some(_of_folder(path, members), path, members)
    elif not stat.S_ISREG(kind):
        what = "a folder" if stat.S_ISDIR(kind) else "no file (a pipe or device)"
        raise FileRefused("no file", f"{named(path)} is {what}: name files")
    elif _is_zip(path):
        try:
            archive = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
            raise FileRefused("bad archive", f"{named(path)} is a damaged zip: {error}: fetch it again") from error
        with archive:
            yield _some(_of_zip(path, archive, members), path, members)
    else:
        yield (_file(path),)


def _file(path: Path) -> Source:
    return Source(named(path), named(path.name), _File(path))


def opener_of(path: Path) -> _Opener:
    """What opens the file at a path."""
    return _File(path)


def plain(path: Path) -> Source | None:
    """The file at a path, as `opened` yields it; None if there is no file, or it is an archive."""
    try:
        return _file(path) if path.is_file() and not _is_zip(path) else None
    except (FileRefused, OSError, ValueError):
        return None


def named(path: Path | str) -> str:
    """A path as text, with undecodable bytes replaced."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


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
            return stream.read(len(_ZIP)) == _ZIP and zipfile.is_zipfile(path) and not _is_document(path)
    except OSError as error:
        raise FileRefused(
            "unreadable", f"{named(path)} can't be read: {error.strerror or error}: check its permissions"
        ) from error


def _is_document(path: Path) -> bool:
    """Whether a zip is one document, such as a workbook, and no archive of files."""
    try:
        with zipfile.ZipFile(path) as archive:
            return not _OF_DOCUMENTS.isdisjoint(archive.namelist())
    except (OSError, zipfile.BadZipFile, NotImplementedError):
        return False


def _some(sources: Sequence[Source], path: Path, members: Members) -> Sequence[Source]:
    if all(source.useless for source in sources):
        raise FileRefused("nothing to read", f"{named(path)} has nothing named {members.data}: name what has")
    return sources


def _of_folder(path: Path, members: Members) -> Sequence[Source]:
    """The files in a folder and its subfolders; symlinks to folders are not followed."""
    found: list[Path] = []
    for folder, folders, files in os.walk(path, onerror=_refuse_folder):
        links = [name for name in folders if Path(folder, name).is_symlink()]
        found += [Path(folder, name) for name in (*files, *links)]
    names = {each: named(each.relative_to(path).as_posix()) for each in sorted(found)}
    return tuple(
        Source(
            named(each),
            name,
            _File(each),
            "it is no file, or a link to a folder: name that by itself"
            if not each.is_file()
            else members.useless(name),
        )
        for each, name in names.items()
        if members.speaks_of(name)
    )


def _refuse_folder(error: OSError) -> None:
    where = named(error.filename)
    raise FileRefused("unreadable", f"{where} can't be read: {error.strerror}: check its permissions") from error


def _of_zip(path: Path, archive: zipfile.ZipFile, members: Members) -> Sequence[Source]:
    entries = [info for info in archive.infolist() if not info.is_dir()]
    _check_archive(path, entries)
    return tuple(
        Source(
            f"{named(path)}!{name}",
            f"{named(path.name)}!{name}",
            _Member(archive, path, name),
            members.useless(name),
        )
        for name in sorted(info.filename for info in entries)
        if members.speaks_of(name)
    )


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
