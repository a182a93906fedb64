"""Open, read and map files in other processes, while this one writes what came before.

What is read is the same, in the same order, as if this process had read it. Each of the others hands over what it
reads in pieces, and waits if many are not taken yet. They know nothing of the store.

Large files are read there because that is faster. Where one can't be read on, for whatever reason, this process reads
it itself and so meets the same error. What may be hostile (what is compressed or in an archive, and what an adapter
says of its format) is opened, read and counted nowhere else, under limits: where that fails, the file is refused.
"""

import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path

from ingest.account import Account
from ingest.adapters import Adapter
from ingest.care import Care
from ingest.confining import allowed
from ingest.manifest import Manifest
from ingest.messages import Asked, Checked, End, Failed, Look, Looked, Piece, Told, Unit
from ingest.pool import Pool
from ingest.report import Tally
from ingest.sources import Members, Source
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

    `octets` is the size of all files that may be read with them, 0 if that is not known. `workers`: how many files are
    read at once.
    """

    def __init__(self, octets: int = 0, workers: int = 1) -> None:
        self.care = Care()
        self._worth_it, self._small = _WORTH_IT, _SMALL
        self._read, self._expected = 0, octets
        self._pool = Pool(workers)

    @property
    def runs(self) -> bool:
        """Whether another process was started."""
        return self._pool.runs

    def opened(self, path: Path, adapter: Adapter) -> Sequence[Source]:
        """The file at a path, or the members of an archive or folder, ordered by name.

        FileRefused if there is nothing that can be read.
        """
        members = Members(adapter.members, adapter.beside)
        look = partial(self._look, members=members)
        kind = kind_at(path, adapter.folders)
        if kind is None:
            return in_folder(path, members, look, adapter.confined)
        return look(path) if kind or adapter.confined else (file_at(path),)

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
        self._pool.begin_again()

    def close(self) -> None:
        """End the other processes; none is started after it."""
        self._pool.close()

    def _asked(self, adapter: Adapter, manifest: Manifest, source: Source, sha256: str) -> Asked:
        is_confined = adapter.confined or source.is_packed
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

    def _look(self, path: Path, members: Members) -> Sequence[Source]:
        told = list(self._pool.answers(Look(path, members, allowed(octets([path])))))
        for each in told:
            if isinstance(each, Looked):
                return each.sources
            if isinstance(each, Failed):
                raise FileRefused(each.reason, each.message)
        return ()


def octets(paths: Iterable[Path]) -> int:
    """The size of the files among some paths; what is in a folder or can't be told is not counted."""
    total = 0
    for path in paths:
        with suppress(OSError, ValueError):
            about = path.stat()
            total += about.st_size if stat.S_ISREG(about.st_mode) else 0
    return total
