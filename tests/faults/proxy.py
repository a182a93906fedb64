"""A proxy between the driver and the server that fails as networks and servers fail.

It follows what the two say to one another, so that it can lose the answer to a COMMIT alone. A
driver gets its `bolt://` address: with `neo4j://` it would ask the server where to go, and go round it.
"""

import asyncio
import socket
import struct
import threading
from collections import Counter, deque
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any

from tests.faults.bolt import COMMIT, Conversation, Piece

HOST = "127.0.0.1"
_PATIENCE = 10.0
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: on, for no time


class Way(Enum):
    """Where bytes go."""

    UP = "to the server"
    DOWN = "to the driver"


BOTH = frozenset(Way)


@dataclass(frozen=True, slots=True)
class Refuse:
    """All connections are cut, and new ones are refused at once."""


@dataclass(frozen=True, slots=True)
class Absent:
    """All connections are cut, and nothing listens."""


@dataclass(frozen=True, slots=True)
class Stall:
    """These directions are blocked until the fault ends; then the delayed bytes arrive."""

    ways: frozenset[Way] = BOTH


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection on which the n-th byte goes this way breaks after it, once; `then` follows for all, if any."""

    way: Way
    after: int
    is_reset: bool = False  # by RST, else by FIN
    then: "Refuse | Absent | None" = None


@dataclass(frozen=True, slots=True)
class LoseCommits:
    """The answers to these commits, counted from 1, are lost with their connections, once they came."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class HoldCommit:
    """From this commit on, counted from 1, nothing goes to the server: it arrives when the fault ends."""

    number: int


Fault = Refuse | Absent | Stall | Cut | LoseCommits | HoldCommit | None


class _Broken(Exception):
    """A connection that is to break; how."""

    def __init__(self, *, by_reset: bool = False) -> None:
        super().__init__()
        self.by_reset = by_reset


class Proxy:
    """The proxy; `sent` counts bytes by way, `commits` and `fired` what happened since the fault was set."""

    def __init__(self, host: str, port: int) -> None:
        self._server = host, port
        self._links: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None
        self._changed = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        # Bound and deaf: nobody else gets the port while the proxy does not listen.
        self._place = _bound(0)
        self.port: int = self._place.getsockname()[1]
        self.fault: Fault = None
        self._next: asyncio.Task[None] | None = None  # begins what follows a fault
        self.sent = Counter[Way]()
        self.commits = 0
        self.fired = 0

    # -- for tests -----------------------------------------------------------------------

    def set(self, fault: Fault) -> None:
        """Fail like this from now on, until something else is set; None: not at all."""
        self.wait_for(self._set(fault))

    def wait_for(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something in the proxy's own thread."""
        asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE)

    # -- in its own thread -----------------------------------------------------------------

    def run(self) -> None:
        """Serve until `loop.stop`."""
        self._loop.run_until_complete(self._set(None))
        self._loop.run_forever()
        self._loop.run_until_complete(self._set(Absent()))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()
        self._place.close()

    def stop(self) -> None:
        """End `run`, from another thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _set(self, fault: Fault) -> None:
        self.sent, self.commits, self.fired = Counter[Way](), 0, 0
        await self._begin(fault)

    async def _begin(self, fault: Fault) -> None:
        self.fault = fault
        self._changed.set()
        self._changed = asyncio.Event()
        if isinstance(fault, Absent) and self._listener is not None:
            self._listener.close()
            self._listener = None
        if isinstance(fault, Absent | Refuse) and self._links:
            for link in self._links:
                link.cancel()
            await asyncio.wait(set(self._links))
        if not isinstance(fault, Absent) and self._listener is None:
            self._listener = await asyncio.start_server(self._come, sock=_bound(self.port))

    async def _come(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = asyncio.current_task()
        assert link is not None
        self._links.add(link)
        try:
            if isinstance(self.fault, Refuse):
                _end(writer, by_reset=True)
            else:
                await self._serve(reader, writer)
        except asyncio.CancelledError:
            pass  # by `_set`, which waits for it; asyncio's streams would log it as an error
        finally:
            self._links.discard(link)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        by_reset = True
        try:
            server_reader, server_writer = await asyncio.open_connection(*self._server)
        except OSError:
            _end(writer, by_reset=True)
            return
        talk, commits = Conversation(), deque[int]()
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._carry(Way.UP, talk.asked(reader), server_writer, commits))
                both.create_task(self._carry(Way.DOWN, talk.answered(server_reader), writer, commits))
            by_reset = False
        except* _Broken as broken:
            by_reset = any(each.by_reset for each in broken.exceptions if isinstance(each, _Broken))
        except* OSError:
            pass
        finally:
            _end(writer, by_reset=by_reset)
            _end(server_writer, by_reset=by_reset)

    async def _carry(
        self, way: Way, pieces: AsyncIterator[Piece], sink: asyncio.StreamWriter, commits: deque[int]
    ) -> None:
        """Carry pieces one way to the end."""
        try:
            async for piece in pieces:
                if way is Way.UP and piece.tag == COMMIT:
                    self.commits += 1
                    commits.append(self.commits)
                    self._hold(self.commits)
                await self._open(way)
                if piece.ends == COMMIT:
                    self._lose(commits.popleft())
                await self._send(way, piece.data, sink)
        except asyncio.IncompleteReadError as end:
            await self._open(way)
            await self._send(way, end.partial, sink)
            sink.write_eof()

    async def _open(self, way: Way) -> None:
        """Wait until something may go this way."""
        while isinstance(self.fault, Stall) and way in self.fault.ways:
            await self._changed.wait()

    def _hold(self, commit: int) -> None:
        if isinstance(self.fault, HoldCommit) and commit >= self.fault.number:
            self.fired += 1
            self.fault = Stall(frozenset({Way.UP}))

    def _lose(self, commit: int) -> None:
        fault = self.fault
        if isinstance(fault, LoseCommits) and fault.first <= commit <= fault.last:
            self.fired += 1
            raise _Broken

    async def _send(self, way: Way, data: bytes, sink: asyncio.StreamWriter) -> None:
        fault, left = self.fault, len(data)
        if isinstance(fault, Cut) and fault.way is way and not self.fired:
            left = max(0, min(left, fault.after - self.sent[way]))
        is_cut = left < len(data)
        self.fired += is_cut
        self.sent[way] += left
        sink.write(data[:left])
        await sink.drain()
        if isinstance(fault, Cut) and is_cut:
            if fault.then is not None:
                self.fault = fault.then
                self._next = asyncio.create_task(self._begin(fault.then))
            raise _Broken(by_reset=fault.is_reset)


def _bound(port: int) -> socket.socket:
    found = socket.socket(proto=socket.IPPROTO_TCP)  # said, for asyncio to send small messages at once
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind((HOST, port))
    return found


def _end(writer: asyncio.StreamWriter, *, by_reset: bool) -> None:
    if by_reset:
        with suppress(OSError):  # it is closed already
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        writer.transport.abort()
    else:
        writer.close()


@contextmanager
def proxy_to(host: str, port: int) -> Iterator[Proxy]:
    """A proxy to a server, running in a thread of its own."""
    proxy = Proxy(host, port)
    thread = threading.Thread(target=proxy.run, name="proxy", daemon=True)
    thread.start()
    proxy.set(None)
    try:
        yield proxy
    finally:
        proxy.stop()
        thread.join(_PATIENCE)
