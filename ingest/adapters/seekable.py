"""Give a file's bytes to libraries that go to and fro in them, or want its path."""

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile, SpooledTemporaryFile
from typing import IO

from ingest.shapes import Readable

_CHUNK = 1 << 20
_IN_MEMORY = 1 << 24


@contextmanager
def seekable(path: Readable) -> Iterator[IO[bytes]]:
    """A stream that can go anywhere: the file itself, or a copy of the member of an archive."""
    with path.open("rb") as stream:
        if _is_file(stream):
            yield stream
            return
        with SpooledTemporaryFile(_IN_MEMORY) as copy:
            shutil.copyfileobj(stream, copy, _CHUNK)
            copy.seek(0)
            yield copy


@contextmanager
def on_disk(stream: IO[bytes]) -> Iterator[Path]:
    """The path of a file with these bytes: the stream's own, or that of a copy which nobody else can read."""
    if _is_file(stream) and Path(stream.name).is_file():
        yield Path(stream.name)
        return
    with NamedTemporaryFile(prefix="workbench-") as copy:
        shutil.copyfileobj(stream, copy, _CHUNK)
        copy.flush()
        yield Path(copy.name)


def _is_file(stream: IO[bytes]) -> bool:
    """Whether a stream is a file itself, and nothing that is unpacked while it is read."""
    raw = stream.raw if isinstance(stream, io.BufferedReader) else None
    return isinstance(raw, io.FileIO) and isinstance(raw.name, str)
