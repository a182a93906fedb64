"""What the cell of a workbook says, as text."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from ingest.adapters.grids import DIGITS, ERROR, NO_DATE, NO_RESULT

# Spreadsheets keep 15 digits of a number.
_MOST_EXACT = 10**15
_WHOLE = re.compile(r"-?\d+(?:\.0+)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_ZEROS = re.compile("0{2,}")
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_HOURS = re.compile("[hs]", re.IGNORECASE)
_DAY = 86_400
_DAY_0 = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 - of any zone
# Day 60 counted from 1900 is 29 February 1900, which never was; before it all days are one late.
_LEAP = 60
_LAST_DAY = 2_958_466


class Kind(NamedTuple):
    """How a number is shown: as a day, a moment, a length of time, or with so many digits at least."""

    is_date: bool = False
    has_hours: bool = False
    is_length: bool = False
    digits: int = 0


@lru_cache(maxsize=1_024)
def kind_of(code: str) -> Kind:
    """What a number format shows.

    >>> kind_of("00000").digits, kind_of("dd/mm/yyyy").is_date, kind_of("0.00").is_date
    (5, True, False)
    """
    from openpyxl.styles.numbers import is_date_format, is_timedelta_format  # imported here: see xlsx_package

    if is_timedelta_format(code):
        return Kind(is_length=True)
    if is_date_format(code):
        return Kind(is_date=True, has_hours=bool(_HOURS.search(_NOT_SHOWN.sub("", code))))
    return Kind(digits=len(code) if _ZEROS.fullmatch(code) else 0)


class Said(NamedTuple):
    """The text of a cell, or what keeps it from being read."""

    text: str
    fault: str = ""


def said(type_: str, value: str, has_formula: bool, kind: Kind, is_1904: bool, text_at: Callable[[int], str]) -> Said:
    """What a cell says, by its type, its value, and how it is shown."""
    if type_ == "s" and value:
        return Said(_unescaped(text_at(int(value))))
    if type_ in ("str", "inlineStr"):
        return Said(_unescaped(value))
    if not value:
        return Said("", NO_RESULT if has_formula else "")
    if type_ == "b":
        return Said("TRUE" if value == "1" else "FALSE")
    if type_ == "e":
        return Said("") if value == "#N/A" else Said("", ERROR)
    if type_ == "d":
        return Said(value)
    return _number(value.strip(), kind, is_1904)


def _unescaped(text: str) -> str:
    """A text whose characters that XML can't have are written as _x000D_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _number(value: str, kind: Kind, is_1904: bool) -> Said:
    if not _NUMBER.fullmatch(value):
        raise ValueError(f"{value[:50]!r} is no number")
    if kind.is_date:
        return _date(float(value), kind.has_hours, is_1904)
    if kind.is_length:
        return _length(float(value))
    if _WHOLE.fullmatch(value):
        whole = int(value.partition(".")[0])
    else:
        number = float(value)
        if not number.is_integer():
            return Said(repr(number))
        whole = int(number)
    if abs(whole) >= _MOST_EXACT:
        return Said("", DIGITS)
    return Said(str(whole).zfill(kind.digits))


def _date(serial: float, has_hours: bool, is_1904: bool) -> Said:
    """The day or moment of a number of days, to the second."""
    if not 0 <= serial < _LAST_DAY or (not is_1904 and int(serial) == _LEAP):
        return Said("", NO_DATE)
    seconds = round(serial * _DAY)
    if serial < 1 and has_hours and not is_1904:
        return Said(_clock(seconds))
    late = not is_1904 and serial < _LEAP
    moment = _DAY_0[is_1904] + timedelta(days=late, seconds=seconds)
    if has_hours or seconds % _DAY:
        return Said(moment.isoformat())
    return Said(moment.date().isoformat())


def _length(days: float) -> Said:
    if abs(days) > _LAST_DAY:
        return Said("", NO_DATE)
    return Said(_clock(round(days * _DAY)))


def _clock(seconds: int) -> str:
    """Hours, minutes and seconds; there may be more than 24 hours."""
    sign, seconds = "-" if seconds < 0 else "", abs(seconds)
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
