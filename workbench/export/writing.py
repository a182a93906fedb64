"""Where an export goes: a file or folder, which holds all of it or is as it was before, or stdout.

What is written has no name until all of it is there (Linux makes such files), so that one that is
killed leaves nothing. Where a file system can't do that it has a name of its own beside its target,
and the next export to the same place clears what a killed one left.
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

from workbench.access.files import PRIVATE, make_folder
from workbench.errors import UsageError
from workbench.model.visible import visible

_HANDLES = Path("/proc/self/fd")
_CANT = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOSYS)
_END = ".unfinished"


@contextmanager
def whole(out: Path) -> Iterator[Path]:
    """A file to write, which is put at `out` when all is written.

    If anything fails it is gone, and `out` is as it was. UsageError where nothing can be written.
    What is neither a file nor a folder, as a pipe, is written to as it is.
    """
    with _told(out), ExitStack() as opened:
        if out.exists() and not (out.is_file() or out.is_dir()):
            yield out
            return
        place = out.resolve()
        file = opened.enter_context(_unnamed(place.parent, place))
        yield file.path
        file.put(place)


@contextmanager
def whole_files(out: Path, names: Sequence[str]) -> Iterator[Mapping[str, Path]]:
    """Files to write, which are put into the folder `out` when all are written, beside others that are there."""
    with _told(out), ExitStack() as opened:
        folder = out.resolve()
        near = next(each for each in (folder, *folder.parents) if each.exists())
        files = {name: opened.enter_context(_unnamed(near, folder / name)) for name in names}
        yield {name: file.path for name, file in files.items()}
        make_folder(folder)
        for name, file in files.items():
            file.put(folder / name)


def write_lines(lines: Iterable[str], out: Path | None) -> None:
    """Write lines as UTF-8 to a file, else to stdout; a terminal gets them with every sign visible."""
    if out is None:
        shown = visible if sys.stdout.isatty() else str
        for line in lines:
            sys.stdout.write("\n".join(map(shown, line.split("\n"))) + "\n")
        return
    with out.open("w", encoding="utf-8", newline="") as file:
        file.writelines(line + "\n" for line in lines)


@contextmanager
def _told(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(f"can't write {out}: {error.strerror}; name another place", "out") from error


class _Unnamed:
    """A file of ours alone: under `path` until it is put where it belongs, `named` only where it has to be."""

    def __init__(self, handle: int, named: Path | None) -> None:
        self._handle, self.named = handle, named
        self.path = named or _HANDLES / str(handle)
        fcntl.flock(handle, fcntl.LOCK_EX)  # a killed one's is open to whoever clears

    def put(self, place: Path) -> None:
        """Give it its name. A file that is there keeps the mode that somebody gave it."""
        with suppress(FileNotFoundError):
            os.fchmod(self._handle, stat.S_IMODE(place.stat().st_mode) & 0o777)
        if self.named is None:
            try:
                self._link(place)
                return
            except FileExistsError:  # a link does not replace: for a moment it has a name beside
                self.named = _beside(place)
                self._link(self.named)
        self.named.replace(place)
        self.named = None

    def _link(self, place: Path) -> None:
        # with a folder's descriptor, or else the link in /proc would itself be linked
        os.link(_HANDLES / str(self._handle), place, src_dir_fd=self._handle, follow_symlinks=True)


@contextmanager
def _unnamed(folder: Path, place: Path) -> Iterator[_Unnamed]:
    """A file in a folder, on its way to a place; gone if it does not get there."""
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
    """A new file in a folder without a name, or else with one of its own."""
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
    """Take away what a killed export left beside a place: it is locked while somebody writes it."""
    for each in place.parent.glob(f".{place.name}.*{_END}") if place.parent.is_dir() else ():
        with suppress(OSError), each.open("rb") as left:
            fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
            each.unlink()
