"""Count the rows and cells of a square table a second time."""

import csv
from collections.abc import Iterator
from hashlib import sha256
from typing import IO

from ingest.recount.counted import Counted, Told
from ingest.recount.networks import NUMBER, ZERO, lines_of

_NONE = frozenset({"", "na", "nan", "."})
_PRIME = (1 << 127) - 1


def count_square(stream: IO[bytes], told: Told) -> Counted:
    """Count the rows, and the cells that are not 0: each pair once if the matrix is symmetric.

    It is, if the sum over all cells of value times row times column, with a random number for each, is the same for
    rows and columns exchanged.
    """
    rows = (row for row in csv.reader(_ended(stream, told), delimiter=told.delimiter) if any(row) or len(row) > 1)
    head = [cell.strip() for cell in next(rows, [])]
    if head[:1] == ["(a row alone)"]:
        return Counted(sum(1 for _ in rows))
    if head and head[0].startswith("(a link"):
        return Counted(sum(len(row) - 1 for row in rows))
    found, cells, diagonal, sums = 0, 0, 0, [0, 0]
    for row in rows:
        found += 1
        columns = head if len(row) > len(head) else head[1:]
        label = row[0].strip()
        for column, each in zip(columns, row[1:], strict=False):
            cell = each.strip()
            if cell.lower() not in _NONE and not ZERO.fullmatch(cell):
                cells += 1
                diagonal += column == label
                value = _random(repr(float(cell)) if NUMBER.fullmatch(cell) else cell)
                sums[0] += value * _random(f"row {label}") * _random(f"column {column}") % _PRIME
                sums[1] += value * _random(f"row {column}") * _random(f"column {label}") % _PRIME
    is_symmetric = (sums[0] - sums[1]) % _PRIME == 0
    return Counted(found + ((cells - diagonal) // 2 + diagonal if is_symmetric else cells))


def _ended(stream: IO[bytes], told: Told) -> Iterator[str]:
    return (f"{line}\n" for line in lines_of(stream, told.encoding))


def _random(text: str) -> int:
    return int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()) % _PRIME
