"""A source: a file, or a member of an archive, that an adapter reads."""

import hashlib
from dataclasses import dataclass, field, replace
from typing import IO, Literal, NamedTuple

from ingest.sources.limits import CHUNK
from ingest.sources.steps import Way
from workbench.errors import FileRefused


class Found(NamedTuple):
    """What was found when a source was read to its end: its hash, size and tables, or why it is refused."""

    sha256: str
    size: int
    reason: str = ""
    message: str = ""
    tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A file or a member; `path` is its name in reports, `name` in locators.

    `useless` is the reason why it is not read, or "". `known` is what another process found in it, if one looked.
    """

    path: str
    name: str
    way: Way
    useless: str = ""
    known: Found | None = field(default=None, compare=False)

    def open(self, mode: Literal["rb"] = "rb") -> IO[bytes]:
        """Its bytes, from the start."""
        return self.way.open()

    @property
    def is_packed(self) -> bool:
        """Whether it is compressed, or in an archive."""
        return bool(self.way.steps)

    def size(self) -> int:
        """The number of its bytes; 0 if that can't be told."""
        if self.known is not None:
            return self.known.size
        try:
            return 0 if self.is_packed else self.way.path.stat().st_size
        except OSError:
            return 0

    def passed(self) -> int:
        """The number of bytes that are unpacked before it, to come to it."""
        return max((step.offset for step in self.way.steps), default=0)

    def sha256(self) -> str:
        """The hash of its content, as it was found if somebody looked; FileRefused if it can't be read to its end."""
        if self.known is None:
            return self.found().sha256()
        if self.known.reason:
            raise FileRefused(self.known.reason, self.known.message)
        return self.known.sha256

    def found(self) -> "Source":
        """The same, read to its end now; FileRefused if that can't be done."""
        state, size = hashlib.sha256(), 0
        try:
            with self.open() as stream:
                while chunk := stream.read(CHUNK):
                    state.update(chunk)
                    size += len(chunk)
        except OSError as error:
            raise FileRefused("unreadable", f"{self.path} can't be read to its end: {error}: fetch it again") from error
        return replace(self, known=Found(state.hexdigest(), size))
