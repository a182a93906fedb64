"""A reading process of a load: opens, reads and maps what `ingest.ahead` asks for. It knows no store."""

import gc
import os
import signal
from collections.abc import Iterator
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from threading import Condition, Thread
from traceback import extract_tb

from ingest.account import Account
from ingest.asking import heard
from ingest.cleaned import cleaned
from ingest.confining import confined, leave_no_core
from ingest.detection.looking import seen
from ingest.mapping import read
from ingest.messages import Asked, Checked, End, Failed, Look, Looked, Piece, Sniff, Suggest, Suggested
from ingest.parts import with_tables
from ingest.process import OUT_OF_MEMORY
from ingest.sources.opening import look
from ingest.suggesting.opening import suggested
from ingest.units import units
from ingest.wire import written
from workbench.errors import FileRefused, InputError
from workbench.model.ontology import ontology
from workbench.store.loading import without_collecting

_READY = b"ready"
# A piece has so many units, or fewer if they are large.
_FEWEST, _UNITS = 8, 500
_LARGE = 2 << 20
_YOUNG = 1  # the generation of objects up to which a piece's garbage is
# A value of each type that takes a table or a library of its own.
_CLEANED = {
    "address": "a",
    "country": "nl",
    "date": "2026-01",
    "email": "a@b.cd",
    "gender": "male",
    "identifier": "x",
    "ip": "::1",
    "language": "nl",
    "mimetype": "text/plain",
    "name": "Ли",
    "phone": "+31612345678",
    "url": "http://a.bc",
}
# The most octets that wait until the first process takes them: some of its batches.
_MOST_WAITING = 16 << 20


def prepared() -> None:
    """Have at hand what readers ask for first: the schemata, what cleans values, and what reads workbooks."""
    leave_no_core()
    ontology()
    for kind, text in _CLEANED.items():
        cleaned(kind, None, text)
    import openpyxl.styles.numbers  # noqa: F401


def serve(number: int) -> None:
    """Answer on the connection with this file descriptor until the first process ends it.

    An interrupt from the keyboard is for the first process.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    leave_no_core()
    with Connection(number) as connection:
        connection.send_bytes(_READY)
        inbox, outbox = _inbox(connection), _Outbox(connection)
        while (said := inbox.get()) is not None:
            try:
                with without_collecting():  # `_units` collects after each piece
                    _serve(said, outbox)
            except MemoryError:
                os._exit(OUT_OF_MEMORY)  # whatever is left of this process is not to be trusted


def _serve(said: bytes, outbox: "_Outbox") -> None:
    try:
        asked = heard(said)
    except Exception as error:  # noqa: BLE001 - of a module that only the first process can import
        outbox.put(_crash(error))
        return
    with confined(asked.limits):
        for each in _read(asked) if isinstance(asked, Asked) else _opened(asked):
            outbox.put(each)


def _inbox(connection: Connection) -> SimpleQueue[bytes | None]:
    """What is asked for, in order, and None at the end; taken at once, so that whoever asks never waits."""
    inbox = SimpleQueue[bytes | None]()

    def take() -> None:
        while (asked := _asked(connection)) is not None:
            inbox.put(asked)
        inbox.put(None)

    Thread(target=take, daemon=True).start()
    return inbox


def _asked(connection: Connection) -> bytes | None:
    try:
        return connection.recv_bytes()
    except (EOFError, OSError):
        return None


def _opened(asked: Look | Sniff | Suggest) -> Iterator[bytes]:
    try:
        if isinstance(asked, Sniff):
            yield written(seen(asked.path))
        elif isinstance(asked, Suggest):
            yield written(Suggested(suggested(asked.path, asked.adapter, asked.rows, examples=asked.examples)))
        else:
            found = look(asked.path, asked.members)
            yield written(Looked(tuple(with_tables(asked.adapter, asked.manifest, each) for each in found)))
    except InputError as refused:
        yield written(Failed(refused.reason if isinstance(refused, FileRefused) else "", refused.message))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the file is refused for it
        yield _crash(error)


def _read(asked: Asked) -> Iterator[bytes]:
    """All pieces of a file and its end; where it can't be read on, why."""
    try:
        if asked.limits is None and asked.source.found().sha256() != asked.sha256:
            yield written(Failed("changed", "it has another content by now"))
            return
        if asked.rehearse:
            for _ in units(read(asked.adapter, asked.source, asked.manifest)):
                pass
        account = Account()
        yield from _pieces(asked, account)
        yield written(End(account, _checked(asked) if asked.limits else None))
    except FileRefused as refused:
        yield written(Failed(refused.reason, refused.message))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the file is refused, or the first process meets it too
        yield _crash(error)


def _pieces(asked: Asked, account: Account) -> Iterator[bytes]:
    found, most = units(read(asked.adapter, asked.source, asked.manifest, account)), _FEWEST
    while some := list(islice(found, most)):
        said = written(Piece(some))
        most = max(most // 2, 1) if len(said) > _LARGE else min(most * 2, _UNITS)
        some.clear()
        gc.collect(_YOUNG)
        yield said


def _checked(asked: Asked) -> Checked:
    """What the file is after it was read, and the second count."""
    sha256 = asked.source.found().sha256()
    with asked.source.open() as stream:
        return Checked(sha256, asked.adapter.count(stream, asked.manifest.written(asked.source.name)))


def _crash(error: Exception) -> bytes:
    """That a reader failed, as none should: with the place in its code, and nothing of what it read."""
    *_, last = extract_tb(error.__traceback__)
    place = f"{Path(last.filename).name}:{last.lineno}"
    return written(Failed("reader crashed", f"its reader failed ({type(error).__name__} at {place})"))


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
            except MemoryError:
                os._exit(OUT_OF_MEMORY)
