"""Texts of the values that libraries for tables and databases give."""

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from ingest.adapters.grids import DIGITS, NO_DATE
from ingest.shapes import Branch

# Floats have 15 digits for sure.
_MOST_EXACT = 10**15


class Cell(NamedTuple):
    """The text of a value, or what keeps it from being read."""

    text: str
    fault: str = ""


class NoDate:
    """A day or moment that Python does not know, such as one after the year 9999: the number that is kept for it."""

    def __init__(self, number: object) -> None:
        self._number = number

    def __repr__(self) -> str:
        return str(self._number)


def cell(value: Any) -> Cell:
    """A plain value as text; "" for null, and for what is no number.

    >>> cell(12.0).text, cell(b"caf\\xc3\\xa9").text, cell(b"\\xff\\x00").text
    ('12', 'café', 'ff00')
    """
    if isinstance(value, str):
        return Cell(value)
    if isinstance(value, float):
        return _of_float(value)
    return Cell("", NO_DATE) if isinstance(value, NoDate) else Cell(_text(value))


def tree(value: Any) -> Branch:
    """A value with lists and structures as a tree of texts."""
    if isinstance(value, Mapping):
        return {str(key): tree(each) for key, each in value.items()}
    if isinstance(value, list):
        if value and all(isinstance(each, tuple) and len(each) == 2 for each in value):
            return {_text(key): tree(each) for key, each in value}
        return [tree(each) for each in value]
    if value is None or isinstance(value, bool):
        return value
    found = cell(value)
    return repr(value) if found.fault else found.text


def _of_float(value: float) -> Cell:
    if math.isnan(value):
        return Cell("")
    if not math.isinf(value) and value.is_integer():
        return Cell("", DIGITS) if abs(value) >= _MOST_EXACT else Cell(str(int(value)))
    return Cell(repr(value))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, bytes):
        return _of_bytes(value)
    if isinstance(value, datetime):
        return (value if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _of_bytes(value: bytes) -> str:
    """Bytes that are text, or else in hexadecimal."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex()
    return text if text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable() else value.hex()
