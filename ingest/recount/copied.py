"""Give the bytes of a stream to libraries that go to and fro in them, or want a path."""

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile, SpooledTemporaryFile
from typing import IO

_IN_MEMORY = 1 << 24


@contextmanager
def copied(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """The stream from its start if it is a file, or else a copy of its bytes."""
    stream.seek(0)
    if _is_file(stream):
        yield stream
        return
    with SpooledTemporaryFile(_IN_MEMORY) as copy:
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        yield copy


@contextmanager
def path_of(stream: IO[bytes]) -> Iterator[Path]:
    """The path of the stream if it is a file, or else of a copy of its bytes."""
    if _is_file(stream):
        yield Path(stream.name)
        return
    stream.seek(0)
    with NamedTemporaryFile(prefix="workbench-") as copy:
        shutil.copyfileobj(stream, copy)
        copy.flush()
        yield Path(copy.name)


def _is_file(stream: IO[bytes]) -> bool:
    """Whether it is a file with a path, and is not unpacked while it is read."""
    return isinstance(stream, io.BufferedReader) and isinstance(getattr(stream.raw, "name", None), str)
