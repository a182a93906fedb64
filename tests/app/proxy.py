"""A proxy that logs every host asked for, and lets only one through."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class LoggingProxy:
    """An HTTP proxy on 127.0.0.1; `hosts` are all that were asked for, in order."""

    def __init__(self, allowed: str) -> None:
        self.allowed = allowed
        self.hosts: list[str] = []
        self.port = 0
        self._running: set[asyncio.Task[None] | None] = set()  # asyncio itself holds them weakly

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: note whom it is for, then pass it on or refuse it."""
        self._running.add(asyncio.current_task())
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._answer(reader, writer)
        finally:
            await _close(writer)
            self._running.discard(asyncio.current_task())

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        host = target if method == "CONNECT" else target.removeprefix("http://").split("/", 1)[0]
        self.hosts.append(host)
        if host != self.allowed:
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        name, _, port = host.partition(":")
        upstream, back = await asyncio.open_connection(name, int(port or 80))
        try:
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                back.write(_as_asked(head, host))
            await asyncio.gather(_copy(reader, back), _copy(upstream, writer))
        finally:
            await _close(back)


def _as_asked(head: bytes, host: str) -> bytes:
    """The request as its server wants it: the path alone, one request a connection."""
    line, rest = head.split(b"\r\n", 1)
    path = line.replace(b"http://" + host.encode(), b"", 1)
    return path + b"\r\nConnection: close\r\n" + b"\r\n".join(_kept(rest))


def _kept(rest: bytes) -> list[bytes]:
    dropped = (b"connection:", b"proxy-connection:")
    return [line for line in rest.split(b"\r\n") if not line.lower().startswith(dropped)]


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await source.read(65536):
            sink.write(chunk)
            await sink.drain()
    with suppress(ConnectionError, RuntimeError, OSError):
        sink.write_eof()


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


@contextmanager
def logging_proxy(allowed: str) -> Iterator[LoggingProxy]:
    """The proxy, running in a thread of its own."""
    proxy = LoggingProxy(allowed)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(proxy.answer, "127.0.0.1", 0))
    proxy.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        _end(loop)


def _end(loop: asyncio.AbstractEventLoop) -> None:
    while open_ones := asyncio.all_tasks(loop):
        for task in open_ones:
            task.cancel()
        loop.run_until_complete(asyncio.wait(open_ones))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
