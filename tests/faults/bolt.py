"""Bolt as a proxy has to know it: where a message ends, what it asks, and whose answer it is.

After the handshake a message is a series of chunks, each behind its length in two bytes, that an
empty chunk ends; an empty chunk alone keeps the line alive. Requests are answered in order, each
by any number of records and one summary.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import NamedTuple

COMMIT = 0x12
SUCCESS = 0x70
_SUMMARIES = frozenset({SUCCESS, 0x7E, 0x7F})
_GOODBYE = 0x02  # the only request without an answer
_BY_MANIFEST = 0xFF  # in place of a version: the server lists what it speaks, and the driver chooses


class Piece(NamedTuple):
    """A whole message, or a part of the handshake: its bytes, its tag, and the request that it ends."""

    data: bytes
    tag: int | None = None
    ends: int | None = None


class Conversation:
    """What a driver and a server say to one another on one connection, piece by piece."""

    def __init__(self) -> None:
        self._asked = deque[int]()
        self._by_manifest: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def asked(self, driver: asyncio.StreamReader) -> AsyncIterator[Piece]:
        """What the driver says; IncompleteReadError at its end."""
        yield Piece(await driver.readexactly(20))
        if await self._by_manifest:
            yield Piece(await driver.readexactly(4) + await _number(driver))
        while True:
            piece = await _message(driver)
            if piece.tag is not None and piece.tag != _GOODBYE:
                self._asked.append(piece.tag)
            yield piece

    async def answered(self, server: asyncio.StreamReader) -> AsyncIterator[Piece]:
        """What the server says; IncompleteReadError at its end."""
        version = await server.readexactly(4)
        self._by_manifest.set_result(version[3] == _BY_MANIFEST)
        yield Piece(version)
        if version[3] == _BY_MANIFEST:
            count = await _number(server)
            yield Piece(count + await server.readexactly(4 * count[0]) + await _number(server))
        while True:
            piece = await _message(server)
            yield piece._replace(ends=self._asked.popleft()) if piece.tag in _SUMMARIES else piece


async def _message(reader: asyncio.StreamReader) -> Piece:
    data, begins, size = bytearray(), bytearray(), -1
    while size:
        head = await reader.readexactly(2)
        size = int.from_bytes(head)
        chunk = await reader.readexactly(size)
        data += head + chunk
        begins += chunk[:2]  # the number of its fields, and its tag
    return Piece(bytes(data), begins[1] if begins else None)


async def _number(reader: asyncio.StreamReader) -> bytes:
    """A number of variable length: seven bits a byte, the eighth says that more follow."""
    data = await reader.readexactly(1)
    while data[-1] & 0x80:
        data += await reader.readexactly(1)
    return data
