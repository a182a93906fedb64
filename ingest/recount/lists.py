"""Count the objects of JSON that comes in lines, as a list, or in a document."""

from collections.abc import Callable
from typing import IO

from ingest.recount.counted import Counted, Told
from ingest.recount.json_values import count_either


def count_objects(*ways: str) -> Callable[[IO[bytes], Told], Counted]:
    """The lines of a file whose first line is a whole object, before another; else the values at one of the paths."""
    of_document = count_either(*ways, "")

    def count(stream: IO[bytes], told: Told) -> Counted:
        line = stream.readline(1 << 24)
        first = line.removeprefix(b"\xef\xbb\xbf").strip()
        others = sum(1 for each in stream if each.strip()) if line.endswith(b"\n") else 0
        if others and first[:1] == b"{" and first[-1:] == b"}":
            return Counted(others + 1)
        return of_document(stream, told)

    return count
