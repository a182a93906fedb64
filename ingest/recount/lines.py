"""Count the lines of a file a second time."""

import codecs
from itertools import chain
from typing import IO

from ingest.recount.counted import Counted, Told


def count_lines(stream: IO[bytes], told: Told) -> Counted:
    """Count the lines that are not blank."""
    first = stream.readline().removeprefix(codecs.BOM_UTF8)
    return Counted(sum(1 for line in chain((first,), stream) if line.strip()))
