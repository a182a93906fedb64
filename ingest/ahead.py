"""Read and map large files in a second process, while this one writes what came before.

What is read is the same, in the same order, as if this process had read it. The second process hands over what it
reads in pieces, and waits if many are not taken yet. It knows nothing of the store and ends with this process, however
that ends. Where it can't read on, for whatever reason, this process reads the file itself and so meets the same error.
If it was killed, the load fails.
"""

import json
import logging
import pickle
import stat
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any, NamedTuple

from ingest.account import Account
from ingest.formats import Adapter
from ingest.manifest import Manifest
from ingest.report import Tally
from ingest.shapes import Left, Reject
from ingest.sources import Source
from workbench.errors import StoreError
from workbench.model.record import Record

# A second process takes about a second to start. It is started when so many bytes are to be read.
_WORTH_IT = 4 << 20
# It is not started for a smaller file, if it is not known that more will follow.
_SMALL = 1 << 16
_PROGRAM = """
import json, sys
sys.path[:] = json.loads(sys.argv[2])
from ingest.behind import serve
serve(int(sys.argv[1]))
"""
_LOG = logging.getLogger(__name__)

Unit = list[Record] | Reject | Left


class Asked(NamedTuple):
    """A file to read: its adapter, its manifest, and the hash of its content, without which nothing is read."""

    adapter: str
    manifest: Manifest
    source: Source
    sha256: str


class Piece(NamedTuple):
    """Some units: for one that was read its records, as `Record.told`."""

    units: list[list[tuple[Any, ...]] | Reject | Left]


class End(NamedTuple):
    """All units were handed over; what the adapter reported beside them."""

    account: Account


class Failed(NamedTuple):
    """The file could not be read on."""


class Reading:
    """The reading of one file."""

    def __init__(
        self, tally: Tally, here: Callable[[Account], Iterator[Unit]], ahead: Iterator[Piece | End | Failed]
    ) -> None:
        self._tally, self._here, self._ahead = tally, here, ahead

    def units(self) -> Iterator[Unit]:
        """All units of the file; fills the account of its tally."""
        n = 0
        for said in self._ahead:
            if isinstance(said, End):
                self._tally.account = said.account
                return
            if isinstance(said, Piece):
                n += len(said.units)
                yield from map(_made, said.units)
        yield from islice(self._here(self._tally.account), n, None)


def _made(unit: list[tuple[Any, ...]] | Reject | Left) -> Unit:
    return [Record.retold(each) for each in unit] if isinstance(unit, list) else unit


class Ahead:
    """The second process, which is started when it is worth it, and ends by `close`.

    `octets` is the size of all files that may be read with it, 0 if that is not known.
    """

    def __init__(self, octets: int = 0) -> None:
        self._worth_it, self._small = _WORTH_IT, _SMALL
        self._read, self._expected = 0, octets
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._is_ready = self._failed = False
        self._waiting = deque[Asked]()  # what was asked for and not taken yet

    @property
    def runs(self) -> bool:
        """Whether the second process was started."""
        return self._connection is not None

    def reading(
        self,
        name: str,
        adapter: Adapter,
        manifest: Manifest,
        source: Source,
        tally: Tally,
        here: Callable[..., Iterator[Unit]],
    ) -> Reading:
        """The reading of a file by an adapter of this name; `here` reads it in this process."""
        asked = Asked(name, manifest, source, tally.sha256)
        ahead = self._pieces(asked) if self._takes(source.size()) else iter(())
        if self.runs and asked not in self._waiting:
            self._ask(asked)
        return Reading(tally, lambda account: here(adapter, source, manifest, account), ahead)

    def expect(self, asked: Asked) -> None:
        """Have a file read while those before it are taken: it is the next for which `reading` is called."""
        if self.runs:
            self._ask(asked)

    def unchanged(self) -> None:
        """Note that a file need not be read: so others need not either, and their size is no reason to start."""
        self._expected = 0

    def _takes(self, size: int) -> bool:
        """Whether the second process reads a file of this size; starts it when it is worth it."""
        self._read += size
        if self.runs or self._failed:
            return self.runs
        is_much = self._read >= self._worth_it and size >= self._small
        return (is_much or self._expected >= self._worth_it) and self._start()

    def _ask(self, asked: Asked) -> None:
        self._waiting.append(asked)
        if self._connection is not None:
            with suppress(OSError):  # if it is gone, whoever takes the answer will see
                self._connection.send_bytes(pickle.dumps(asked))

    def _pieces(self, asked: Asked) -> Iterator[Piece | End | Failed]:
        """What the second process says of a file, to its end; nothing if there is none. StoreError if it was killed."""
        try:
            if not self._ready():
                return
            while self._waiting[0] != asked:  # it was expected, and then not read
                for _ in self._answer():
                    pass
            yield from self._answer()
        except (EOFError, OSError) as error:
            raise StoreError(
                f"{asked.source.path}: the process that read it was ended from outside, so nothing was loaded: load it"
                " again"
            ) from error
        finally:
            if not self._is_ready or asked in self._waiting:
                self.close()

    def _answer(self) -> Iterator[Piece | End | Failed]:
        """What the second process says of the first file that waits, to its end."""
        if self._connection is None:
            raise EOFError
        said: Piece | End | Failed | None = None
        while not isinstance(said, End | Failed):
            said = pickle.loads(self._connection.recv_bytes())  # noqa: S301 - made by the same program, for this
            if not isinstance(said, Piece):
                self._waiting.popleft()
            yield said

    def _start(self) -> bool:
        """Start the second process, and wait for nothing; returns whether it could be."""
        mine, its = Pipe()
        path = json.dumps([each for each in sys.path if isinstance(each, str)])
        command = [sys.executable, "-c", _PROGRAM, str(its.fileno()), path]
        none = subprocess.DEVNULL
        try:
            with its:
                self._process = subprocess.Popen(  # noqa: S603 - ourselves
                    command, pass_fds=(its.fileno(),), stdin=none, stdout=none, stderr=none
                )
            self._connection = mine
        except (OSError, ValueError) as error:
            _LOG.info("no second process to read in: %s", type(error).__name__)
            mine.close()
            self.close()
        return self.runs

    def _ready(self) -> bool:
        """Wait until the second process can read. Where none can be had, this process reads all."""
        if self._connection is not None and not self._is_ready:
            try:
                self._connection.recv_bytes()
                self._is_ready = True
            except (EOFError, OSError) as error:
                _LOG.info("no second process to read in: %s", type(error).__name__)
        return self._is_ready

    def close(self) -> None:
        """End the second process; none is started after it."""
        self._failed, self._is_ready = True, False
        self._waiting.clear()
        process, connection, self._process, self._connection = self._process, self._connection, None, None
        if connection is not None:
            connection.close()
        if process is not None:
            with suppress(OSError):
                process.kill()
            process.wait()


def octets(paths: Iterable[Path]) -> int:
    """The size of the files among some paths; what is in a folder or can't be told is not counted."""
    total = 0
    for path in paths:
        with suppress(OSError, ValueError):
            about = path.stat()
            total += about.st_size if stat.S_ISREG(about.st_mode) else 0
    return total
