"""Count the transactions of MT940 statements a second time."""

import io
import re
from typing import IO

from ingest.recount.counted import Counted, Told

_BEGINS = re.compile(r":(20|61)[A-Z]?:")


def count_mt940(stream: IO[bytes], told: Told) -> Counted:
    """Count the lines that begin a transaction, and the statements in which none does."""
    found, is_bare = 0, False
    with io.TextIOWrapper(stream, told.encoding, "replace", newline="") as text:
        for line in text:
            match = _BEGINS.match(line.removeprefix("\ufeff"))
            if match is not None:
                found += is_bare if match[1] == "20" else 1
                is_bare = match[1] == "20"
    return Counted(found + is_bare)
