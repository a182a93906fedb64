"""Write exports to a file, a folder or stdout, completely or not at all.

A file has no name until it is complete (a feature of Linux), so an export that is killed leaves nothing
behind. If the file system can't do that, the file has a temporary name beside its target, and the next
export to the same place deletes what a killed one left.
"""

import errno
import fcntl
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO

from workbench.access.files import PRIVATE, make_folder
from workbench.errors import UsageError
from workbench.model.visible import visible

_HANDLES = Path("/proc/self/fd")
_CANT = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOSYS)
_END = ".unfinished"


@contextmanager
def whole(out: Path | None) -> Iterator[Path]:
    """Yield a path to write to, which becomes `out` at the end of the block.

    If anything fails, it is deleted and `out` is as before. UsageError if `out` can't be written. A pipe, a device,
    and stdout (None) get all of it at the end of the block.
    """
    with _told(out), ExitStack() as opened:
        if out is None or (out.exists() and not (out.is_file() or out.is_dir())):
            text = opened.enter_context(TemporaryFile())
            path = _HANDLES / str(text.fileno())
            yield path
            _copy(path, out)
            return
        place = out.resolve()
        file = opened.enter_context(_unnamed(place.parent, place))
        yield file.path
        file.put(place)


@contextmanager
def whole_files(out: Path, names: Sequence[str]) -> Iterator[Mapping[str, Path]]:
    """Yield paths to write to by name, which are moved into the folder `out` at the end; other files there stay."""
    with _told(out), ExitStack() as opened:
        folder = out.resolve()
        near = next(each for each in (folder, *folder.parents) if each.exists())
        files = {name: opened.enter_context(_unnamed(near, folder / name)) for name in names}
        yield {name: file.path for name, file in files.items()}
        make_folder(folder)
        for name, file in files.items():
            file.put(folder / name)


def write_lines(lines: Iterable[str], out: Path) -> None:
    """Write lines to a file as UTF-8."""
    with out.open("w", encoding="utf-8", newline="") as file:
        file.writelines(line + "\n" for line in lines)


def _copy(path: Path, out: Path | None) -> None:
    """Copy what `write_lines` wrote to a pipe, a device, or stdout."""
    if out is None:
        with path.open(encoding="utf-8", newline="\n") as file:
            _print(line.removesuffix("\n") for line in file)
        return
    with path.open("rb") as file, out.open("wb") as there:
        copyfileobj(file, there)


def _print(lines: Iterable[str]) -> None:
    """Print lines as UTF-8, whatever the encoding of stdout.

    On a terminal, characters that are invisible or that it has not are shown as escapes.
    """
    octets: BinaryIO | None = getattr(sys.stdout, "buffer", None)  # a notebook's stdout has none, and takes any text
    if sys.stdout.isatty():
        encoding = sys.stdout.encoding
        for line in lines:
            shown = "\n".join(map(visible, line.split("\n"))) + "\n"
            sys.stdout.write(shown.encode(encoding, "backslashreplace").decode(encoding))
    elif octets is None:
        sys.stdout.writelines(line + "\n" for line in lines)
    else:
        sys.stdout.flush()
        octets.writelines(f"{line}\n".encode() for line in lines)


@contextmanager
def _told(out: Path | None) -> Iterator[None]:
    """UsageError if `out` can't be written; errors of stdout (None) are left to whoever prints."""
    try:
        yield
    except OSError as error:
        if out is None:
            raise
        raise UsageError(f"can't write {out}: {error.strerror}; name another path", "out") from error


class _Unnamed:
    """A locked file without a name, or under the temporary name `named`, until `put` gives it its own."""

    def __init__(self, handle: int, named: Path | None) -> None:
        self._handle, self.named = handle, named
        self.path = named or _HANDLES / str(handle)
        fcntl.flock(handle, fcntl.LOCK_EX)  # `_clear` deletes only files that nobody has locked

    def put(self, place: Path) -> None:
        """Give the file its name; it takes the mode of a file that it replaces."""
        with suppress(FileNotFoundError):
            os.fchmod(self._handle, stat.S_IMODE(place.stat().st_mode) & 0o777)
        if self.named is None:
            try:
                self._link(place)
                return
            except FileExistsError:  # a link can't replace a file: link it beside, then rename
                self.named = _beside(place)
                self._link(self.named)
        self.named.replace(place)
        self.named = None

    def _link(self, place: Path) -> None:
        # a src_dir_fd makes os.link follow the symlink in /proc instead of linking it
        os.link(_HANDLES / str(self._handle), place, src_dir_fd=self._handle, follow_symlinks=True)


@contextmanager
def _unnamed(folder: Path, place: Path) -> Iterator[_Unnamed]:
    """A file in a folder that will be put at `place`; deleted if it is not."""
    for each in dict.fromkeys((place, folder / place.name)):
        _clear(each)
    handle, named = _opened(folder, place.name)
    try:
        file = _Unnamed(handle, named)
        yield file
    finally:
        if file.named is not None:
            file.named.unlink(missing_ok=True)
        os.close(handle)


def _opened(folder: Path, name: str) -> tuple[int, Path | None]:
    """A new file in a folder, without a name if the file system can do that, else with a temporary one."""
    try:
        return os.open(folder, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, PRIVATE), None
    except OSError as error:
        if error.errno not in _CANT:
            raise
    named = _beside(folder / name)
    return os.open(named, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE), named


def _beside(place: Path) -> Path:
    return place.with_name(f".{place.name}.{token_hex(4)}{_END}")


def _clear(place: Path) -> None:
    """Delete what killed exports left beside a place; files still being written are locked."""
    for each in place.parent.glob(f".{place.name}.*{_END}") if place.parent.is_dir() else ():
        with suppress(OSError), each.open("rb") as left:
            fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
            each.unlink()
