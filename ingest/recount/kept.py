"""Count rows that are kept as a table of text, where a table is no text itself."""

import csv
import io
from typing import IO

_START = b"# a row of a table, as text\n"


def kept_rows(stream: IO[bytes]) -> int | None:
    """How many rows follow the header of kept text; None if it is none. Reads the start of the stream alone then."""
    start = b""
    while len(start) < len(_START) and (more := stream.read(len(_START) - len(start))):
        start += more
    if start != _START:
        return None
    text = b"".join(iter(lambda: stream.read(1 << 16), b"")).decode("utf-8", "surrogatepass")
    return max(sum(1 for _ in csv.reader(io.StringIO(text, newline=""))) - 1, 0)
