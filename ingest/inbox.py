"""A folder that files are delivered into: which of them are complete, and where they go when they were loaded.

A file is taken by a rename into `taken/`, so nobody replaces it while it is read, and after a kill it is still there.
From there it goes to `done/` or `rejected/`, with a report beside it.
"""

import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from ingest.run_files import JSON, write_json
from ingest.sources import named
from workbench.errors import StoreBusy, UsageError

TAKEN, DONE, REJECTED = "taken", "done", "rejected"
MARK = ".done"  # the ending of the file that says that another is complete
_PARTIAL = (".part", ".tmp", ".filepart")
_PAUSE = 0.2
_MOST_OF_A_NAME = 10_000
_LONGEST = 200  # bytes of a name: endings and numbers are added to it

_Seen = tuple[int, int, int]  # what changes when a file does: its number, its size, and the time of its last change


class Wanted(NamedTuple):
    """When a file is complete: when `NAME.done` lies beside it, or after so many seconds without a change."""

    marked: bool = False
    still: float = 10.0


class Inbox:
    """A folder with deliveries; see `held` before anything is taken from it."""

    def __init__(self, folder: Path, wanted: Wanted, clock: Callable[[], float] = time.monotonic) -> None:
        self.folder = folder
        self._wanted, self._clock = wanted, clock
        self._seen: dict[str, tuple[_Seen, float]] = {}

    @contextmanager
    def held(self, patience: float) -> Iterator[None]:
        """Make the folders that files go to, and keep other watches out. StoreBusy if there is one at work.

        UsageError if there is no such folder, or the others can't be in it.
        """
        with _told(self.folder):
            place = self.folder.stat()
            for name in (TAKEN, DONE, REJECTED):
                (self.folder / name).mkdir(mode=0o700, exist_ok=True)
                there = (self.folder / name).lstat()
                if not stat.S_ISDIR(there.st_mode) or there.st_dev != place.st_dev:
                    raise UsageError(
                        f"{self.folder / name} is a link or another disk: files are moved to a folder beside them"
                    )
            handle = os.open(self.folder / TAKEN, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            self._lock(handle, patience)
            self._forget_marks()
            yield
        finally:
            os.close(handle)

    def _lock(self, handle: int, patience: float) -> None:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise StoreBusy(
                        f"another watch is at work in {self.folder}: let it go on, or end it first"
                    ) from None
                time.sleep(_PAUSE)

    def _forget_marks(self) -> None:
        """Remove marks of files that were taken before a kill. A mark without its file says that this is complete."""
        for mark in (self.folder / TAKEN).glob(f"*{MARK}"):
            if (self.folder / TAKEN / mark.name.removesuffix(MARK)).exists():
                mark.unlink()

    def left(self) -> list[Path]:
        """Files that were taken and not moved on, by name."""
        return sorted(each for each in (self.folder / TAKEN).iterdir() if each.suffix != MARK)

    def look(self) -> tuple[list[str], dict[str, str]]:
        """Look into the folder: the names of complete files, in order, and why others will never be taken."""
        with _told(self.folder), os.scandir(self.folder) as entries:
            found = dict(_abouts(each for each in entries if _is_delivered(each.name)))
        odd = {name: why for name, about in found.items() if (why := self._odd(name, about, found))}
        files = {name: about for name, about in found.items() if name not in odd and not name.endswith(MARK)}
        now = self._clock()
        self._seen = {name: self._noted(name, _changes(about), now) for name, about in files.items()}
        return sorted(name for name in files if self._is_complete(name, found, now)), odd

    def _noted(self, name: str, seen: _Seen, now: float) -> tuple[_Seen, float]:
        before = self._seen.get(name)
        return before if before is not None and before[0] == seen else (seen, now)

    def _is_complete(self, name: str, found: Mapping[str, os.stat_result], now: float) -> bool:
        taken = self.folder / TAKEN
        if (taken / name).exists():  # an earlier one of this name waits there
            return False
        if self._wanted.marked:
            return name + MARK in found or (taken / (name + MARK)).exists()
        return now - self._seen[name][1] >= self._wanted.still

    def _odd(self, name: str, about: os.stat_result, found: Mapping[str, os.stat_result]) -> str:
        """Why what has this name is never taken; "" if it may be."""
        if stat.S_ISLNK(about.st_mode):
            return "is a link: links are not followed"
        if stat.S_ISDIR(about.st_mode):
            return "is a folder: what is in it is not taken"
        if not stat.S_ISREG(about.st_mode):
            return "is no file (a pipe or device)"
        if len(os.fsencode(name)) > _LONGEST:
            return "has a name that is too long for a report beside it: shorten it"
        if name.endswith(MARK) and not self._wanted.marked:
            return "says that another file is complete, and this watch does not wait for that"
        if name.endswith(MARK) and name.removesuffix(MARK) not in found:
            return "says that a file is complete which is not there"
        return ""

    @property
    def patience(self) -> float:
        """The seconds after which files that were seen by `look` may be complete; 0 if waiting is of no use."""
        return self._wanted.still if self._seen and not self._wanted.marked else 0.0

    def take(self, name: str) -> Path:
        """Move a complete file to where nobody replaces it; returns its path. OSError if it can't be."""
        taken, mark = self.folder / TAKEN, name + MARK
        if self._wanted.marked:
            with suppress(FileNotFoundError):
                (self.folder / mark).rename(taken / mark)
        path = (self.folder / name).rename(taken / name)
        (taken / mark).unlink(missing_ok=True)
        return path

    def finish(self, path: Path, where: str, report: Mapping[str, Any]) -> Path:
        """Move a file that was taken to `done/` or `rejected/`, with its report beside it; returns its path there.

        It replaces nothing: if there is a file or a report of this name, a number is added.
        """
        name = next(each for each in _names(path.name) if not _is_taken(self.folder / where, each))
        write_json(report, self.folder / where / f"{name}{JSON}")
        return path.rename(self.folder / where / name)


def _abouts(entries: Iterable[os.DirEntry[str]]) -> Iterator[tuple[str, os.stat_result]]:
    """What the system says of each, but for those that have just gone."""
    for each in entries:
        with suppress(FileNotFoundError):
            yield each.name, each.stat(follow_symlinks=False)


def _is_delivered(name: str) -> bool:
    """Whether a name is not hidden and not that of a file that is still being written."""
    return not (name.startswith(".") or name.lower().endswith(_PARTIAL) or name in (TAKEN, DONE, REJECTED))


def _changes(about: os.stat_result) -> _Seen:
    return about.st_ino, about.st_size, about.st_mtime_ns


def _names(name: str) -> Iterator[str]:
    """A name, and then the same with numbers before its endings: a.csv.gz, a-2.csv.gz."""
    yield name
    stem, dot, endings = name.partition(".")
    yield from (f"{stem}-{n}{dot}{endings}" for n in range(2, _MOST_OF_A_NAME))


def _is_taken(folder: Path, name: str) -> bool:
    return os.path.lexists(folder / name) or os.path.lexists(folder / f"{name}{JSON}")


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"{named(folder)} can't be watched ({error.strerror}): name a folder that you may read and write"
        ) from error


__all__ = ["DONE", "MARK", "REJECTED", "TAKEN", "Inbox", "Wanted"]
