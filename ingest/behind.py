"""The second process of a load: reads and maps what `ingest.ahead` asks for. It opens no store."""

import gc
import os
import pickle
import signal
from collections.abc import Iterator
from itertools import islice
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Condition, Thread
from typing import Any

from ingest.account import Account
from ingest.ahead import Asked, End, Failed, Piece
from ingest.formats import ADAPTERS
from ingest.mapping import read
from ingest.shapes import Left, Reject
from ingest.units import units
from workbench.model.record import Record
from workbench.store.loading import without_collecting

_READY = b"ready"
_UNITS = 500
_YOUNG = 1  # the generation of objects up to which a piece's garbage is
# The most octets that wait until the first process takes them: some of its batches.
_MOST_WAITING = 16 << 20


def serve(number: int) -> None:
    """Answer on the connection with this file descriptor until the first process ends it.

    An interrupt from the keyboard is for the first process.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Connection(number) as connection:
        connection.send_bytes(_READY)
        inbox, outbox = _inbox(connection), _Outbox(connection)
        while (asked := inbox.get()) is not None:
            with without_collecting():  # `_answer` collects after each piece
                for each in _answer(asked):
                    outbox.put(pickle.dumps(each, pickle.HIGHEST_PROTOCOL))
                    if isinstance(each, Piece):
                        each.units.clear()


def _inbox(connection: Connection) -> SimpleQueue[Asked | None]:
    """What is asked for, in order, and None at the end; taken at once, so that whoever asks never waits."""
    inbox = SimpleQueue[Asked | None]()

    def take() -> None:
        while (asked := _asked(connection)) is not None:
            inbox.put(asked)
        inbox.put(None)

    Thread(target=take, daemon=True).start()
    return inbox


def _asked(connection: Connection) -> Asked | None:
    try:
        asked: Asked = pickle.loads(connection.recv_bytes())  # noqa: S301 - made by the same program, for this
    except (EOFError, OSError):
        return None
    return asked


def _answer(asked: Asked) -> Iterator[Piece | End | Failed]:
    """All pieces of a file and its end. If it can't be read on, only that: the first process then meets the error."""
    account = Account()
    try:
        if asked.source.sha256() != asked.sha256:
            yield Failed()
            return
        found = units(read(ADAPTERS[asked.adapter], asked.source, asked.manifest, account))
        while some := [_told(each) for each in islice(found, _UNITS)]:
            yield Piece(some)  # emptied when it was sent
            gc.collect(_YOUNG)
        yield End(account)
    except Exception:  # noqa: BLE001 - whatever it is: the first process reads the file and raises it
        yield Failed()


def _told(unit: list[Record] | Reject | Left) -> list[tuple[Any, ...]] | Reject | Left:
    return [record.told() for record in unit] if isinstance(unit, list) else unit


class _Outbox:
    """Sends what is put into it, in order, from a thread of its own. A full one waits."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._change = connection, Condition()
        self._waiting, self._octets = list[bytes](), 0
        Thread(target=self._send, daemon=True).start()

    def put(self, said: bytes) -> None:
        """Send it soon; waits while much is waiting."""
        with self._change:
            self._change.wait_for(lambda: not self._waiting or self._octets + len(said) <= _MOST_WAITING)
            self._waiting.append(said)
            self._octets += len(said)
            self._change.notify_all()

    def _send(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._waiting)
                said = self._waiting.pop(0)
                self._octets -= len(said)
                self._change.notify_all()
            try:
                self._connection.send_bytes(said)
            except OSError:
                os._exit(0)  # the first process is gone
