"""Open, read and map files in other processes, while this one writes what came before.

What is read is the same, in the same order, as if this process had read it. Each of the others hands over what it
reads in pieces, and waits if many are not taken yet. They know nothing of the store.

Large files are read there because that is faster. Where one can't be read on, for whatever reason, this process reads
it itself and so meets the same error. What may be hostile (what is compressed or in an archive, what an adapter
says of its format, what the regular expressions of a manifest are tried on) is read and counted nowhere else, under
limits: where that fails, the file is refused.
"""

import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from ingest.account import Account
from ingest.care import Care
from ingest.confining import allowed
from ingest.formats import Adapter
from ingest.manifest import Manifest
from ingest.messages import Asked, Checked, End, Failed, Look, Looked, Piece, Told, Unit
from ingest.pool import Pool
from ingest.process import CRASHED
from ingest.report import Tally
from ingest.sources import Members, Source, named
from ingest.sources.opening import file_at, in_folder, kind_at
from workbench.errors import FileRefused

# Another process takes about a second to start. One is started when so many bytes are to be read.
_WORTH_IT = 4 << 20
# It is not started for a smaller file, if it is not known that more will follow.
_SMALL = 1 << 16

Here = Callable[[Adapter, Source, Manifest, Account], Iterator[Unit]]


class Reading:
    """The reading of one file, by another process and, with `here`, from where that stops by this one.

    `checked`, after it: the hash and the second count of a process that alone may read it.
    """

    def __init__(self, tally: Tally, here: Callable[[Account], Iterator[Unit]] | None, ahead: Iterator[Told]) -> None:
        self._tally, self._here, self._ahead = tally, here, ahead
        self.checked: Checked | None = None

    def units(self) -> Iterator[Unit]:
        """All units of the file; fills the account of its tally. FileRefused if it can't be read."""
        n = 0
        for told in self._ahead:
            if isinstance(told, End):
                self._tally.account, self.checked = told.account, told.checked
                return
            if isinstance(told, Piece):
                n += len(told.units)
                yield from told.units
            elif isinstance(told, Failed) and self._here is None:
                raise FileRefused(told.reason, told.message)
        if self._here is not None:
            yield from islice(self._here(self._tally.account), n, None)


class Ahead:
    """The other processes of a load, which are started when it is worth it, and end by `close`.

    `octets` is the size of all files that may be read with them, 0 if that is not known.
    """

    def __init__(self, octets: int = 0) -> None:
        self.care = Care()
        self._worth_it, self._small = _WORTH_IT, _SMALL
        self._read, self._expected = 0, octets
        self.workers = 1
        self._pool, self._lookers = Pool(1), Pool(1)
        self._looked = list[tuple[Look, Looked | Failed]]()  # before their turn

    @property
    def runs(self) -> bool:
        """Whether another process was started."""
        return self._pool.runs

    def begin(self, workers: int) -> None:
        """Begin a load, which reads so many files at once."""
        self.care, self.workers, self._pool.most = Care(), workers, workers

    def opened(self, path: Path, adapter: Adapter, manifest: Manifest) -> Sequence[Source]:
        """The file at a path, or the members of an archive or folder, ordered by name.

        FileRefused if there is nothing that can be read.
        """
        kind = kind_at(path, adapter.folders)
        if kind is None:
            return in_folder(
                path, _members(adapter), lambda each: self._look(each, adapter, manifest), adapter.confined
            )
        return self._look(path, adapter, manifest) if kind or adapter.confined else (file_at(path),)

    def expect_look(self, path: Path, adapter: Adapter, manifest: Manifest) -> None:
        """Have a path opened while others are read, if that is not done in this process."""
        with suppress(FileRefused):
            kind, look = kind_at(path, adapter.folders), _look_at(path, adapter, manifest)
            if (kind or (kind is not None and adapter.confined)) and self._before(look) is None:
                self._lookers.ask(look)

    def known(self, path: Path, adapter: Adapter, manifest: Manifest) -> Sequence[Source] | None:
        """As `opened`, if that is known without waiting; None for a folder, and for what is not open yet."""
        kind, look = kind_at(path, adapter.folders), _look_at(path, adapter, manifest)
        if not (kind or adapter.confined):
            return None if kind is None or adapter.tables or adapter.fetch else (file_at(path),)
        found = self._before(look)
        if found is None:
            if not self._lookers.has_answered(look):
                return None
            found = _found(self._lookers, look)
            self._looked.append((look, found))
        return _sources(found)

    def reading(self, adapter: Adapter, manifest: Manifest, source: Source, tally: Tally, here: Here) -> Reading:
        """The reading of a file; `here` reads it in this process, unless it must not."""
        asked = self._asked(adapter, manifest, source, tally.sha256)
        is_ahead = asked.limits is not None or self._takes(source.size())
        if is_ahead:
            self._pool.ask(asked)  # at once: the answer is taken later
        ahead = self._pool.answers(asked) if is_ahead else iter(())
        if asked.limits is not None:
            return Reading(tally, None, ahead)
        return Reading(tally, lambda account: self._here(here, asked, account), ahead)

    def expect(self, adapter: Adapter, manifest: Manifest, source: Source, sha256: str) -> None:
        """Have a file read while those before it are taken: it is the next for which `reading` is called."""
        if self.runs:
            self._pool.ask(self._asked(adapter, manifest, source, sha256))

    def unchanged(self) -> None:
        """Note that a file need not be read: so others need not either, and their size is no reason to start."""
        self._expected = 0

    def begin_again(self) -> None:
        """Forget all files that were asked for."""
        self._looked.clear()
        for pool in (self._pool, self._lookers):
            pool.begin_again()

    def close(self) -> None:
        """End the other processes; none is started after it."""
        for pool in (self._pool, self._lookers):
            pool.close()

    def _asked(self, adapter: Adapter, manifest: Manifest, source: Source, sha256: str) -> Asked:
        is_confined = adapter.confined or source.is_packed or manifest.spec.has_patterns
        limits = allowed(source.size(), source.passed()) if is_confined else None
        return Asked(adapter, manifest, source, sha256, limits, self.care.rehearses)

    def _here(self, here: Here, asked: Asked, account: Account) -> Iterator[Unit]:
        if asked.rehearse:
            for _ in here(asked.adapter, asked.source, asked.manifest, Account()):
                pass
        yield from here(asked.adapter, asked.source, asked.manifest, account)

    def _takes(self, size: int) -> bool:
        """Whether another process reads a file of this size; it is started when it is worth it."""
        self._read += size
        is_much = self._read >= self._worth_it and size >= self._small
        return self.runs or is_much or self._expected >= self._worth_it

    def _look(self, path: Path, adapter: Adapter, manifest: Manifest) -> Sequence[Source]:
        look = _look_at(path, adapter, manifest)
        found = self._before(look)
        self._looked = [each for each in self._looked if each[0] != look]
        return _sources(found or _found(self._lookers if self._lookers.was_asked(look) else self._pool, look))

    def _before(self, look: Look) -> Looked | Failed | None:
        """What was found before its turn."""
        return next((found for each, found in self._looked if each == look), None)


def _look_at(path: Path, adapter: Adapter, manifest: Manifest) -> Look:
    return Look(path, _members(adapter), adapter, manifest, allowed(octets([path])))


def _members(adapter: Adapter) -> Members:
    return Members(adapter.members, adapter.beside)


def _found(pool: Pool, look: Look) -> Looked | Failed:
    """What a process finds at a path, or why that is refused."""
    try:
        told = [each for each in pool.answers(look) if isinstance(each, Looked | Failed)]
    except FileRefused as refused:
        return Failed(refused.reason, refused.message)
    return told[0] if told else Failed(CRASHED, f"{named(look.path)} was not opened: load it again")


def _sources(found: Looked | Failed) -> Sequence[Source]:
    if isinstance(found, Failed):
        raise FileRefused(found.reason, found.message)
    return found.sources


def octets(paths: Iterable[Path]) -> int:
    """The size of the files among some paths; what is in a folder or can't be told is not counted."""
    total = 0
    for path in paths:
        with suppress(OSError, ValueError):
            about = path.stat()
            total += about.st_size if stat.S_ISREG(about.st_mode) else 0
    return total
