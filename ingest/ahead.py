"""Read and map large files in a second process, while this one writes what came before.

What is read is the same, in the same order, as if this process had read it. The second process hands over what it
reads in pieces, and waits if many are not taken yet. It knows nothing of the store and ends with this process, however
that ends. Where it can't read on, for whatever reason, this process reads the file itself and so meets the same error.
If it was killed, the load fails.
"""

import json
import logging
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import Connection, Pipe
from typing import Any, NamedTuple

from ingest.account import Account
from ingest.adapters import Adapter
from ingest.manifest import Manifest
from ingest.report import Tally
from ingest.shapes import Left, Reject
from ingest.sources import Source
from workbench.errors import StoreError
from workbench.model.record import Record

# A second process takes about a second to start. It is started when so many bytes are to be read.
_WORTH_IT = 4 << 20
# What a smaller file takes is not worth the asking.
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
    """The second process, which is started when it is worth it, and ends by `close`."""

    def __init__(self) -> None:
        self._worth_it, self._small, self._read = _WORTH_IT, _SMALL, 0
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._failed = False

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
        size = source.size()
        self._read += size
        wanted = not self._failed and self._read >= self._worth_it and size >= self._small
        asked = Asked(name, manifest, source, tally.sha256)
        ahead = self._pieces(asked) if wanted and (self._connection or self._start()) else iter(())
        return Reading(tally, lambda account: here(adapter, source, manifest, account), ahead)

    def _pieces(self, asked: Asked) -> Iterator[Piece | End | Failed]:
        """What the second process says of a file, to its end; StoreError if it was killed."""
        if self._connection is None:
            return
        said: Piece | End | Failed | None = None
        try:
            self._connection.send_bytes(pickle.dumps(asked))
            while not isinstance(said, End | Failed):
                said = pickle.loads(self._connection.recv_bytes())  # noqa: S301 - made by the same program, for this
                yield said
        except (EOFError, OSError) as error:
            raise StoreError(
                f"{asked.source.path}: the process that read it was ended from outside, so nothing was loaded: load it"
                " again"
            ) from error
        finally:
            if not isinstance(said, End | Failed):
                self.close()

    def _start(self) -> bool:
        """Start the second process; returns whether it is there. Where none can be had, this process reads all."""
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
            mine.recv_bytes()  # it is ready
        except (EOFError, OSError, ValueError) as error:
            _LOG.info("no second process to read in: %s", type(error).__name__)
            mine.close()
            self.close()
        return self._connection is not None

    def close(self) -> None:
        """End the second process; none is started after it."""
        self._failed = True
        process, connection, self._process, self._connection = self._process, self._connection, None, None
        if connection is not None:
            connection.close()
        if process is not None:
            with suppress(OSError):
                process.kill()
            process.wait()
