"""Count the documents of a text of machine-readable zones a second time."""

import re
from typing import IO

from ingest.recount.counted import Counted, Told

_MARK = b"\xef\xbb\xbf"
# By the length of a line: its sign, and that of one that begins a document.
_SIGNS = {30: "cC", 36: "dD", 44: "dD"}
_DOCUMENT = re.compile("[cC][cdx]{0,2}|[dD][cdx]?|x[cdx]*")


def count_documents(stream: IO[bytes], told: Told) -> Counted:
    """How many documents the lengths and letters of the lines make."""
    lines = (line.removeprefix(_MARK) if at == 0 else line for at, line in enumerate(stream))
    signs = bytes(ord(_sign(line.strip().upper().decode("latin-1"))) for line in lines)
    return Counted(sum(1 for _ in _DOCUMENT.finditer(signs.decode("ascii"))))


def _sign(line: str) -> str:
    if len(line) not in _SIGNS:
        return "x" if line else " "
    return _SIGNS[len(line)][_begins(line)]


def _begins(line: str) -> bool:
    signs = set(line)
    if not all(sign == "<" or ("A" <= sign <= "Z") or ("0" <= sign <= "9") for sign in signs):
        return False
    has_digit = any(sign.isdigit() for sign in signs)
    if len(line) == 30:
        return line[0] in "ACI" and has_digit and not any(sign.isdigit() for sign in line[:5])
    return line[0] in "ACIPV" and not has_digit
