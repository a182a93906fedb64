"""Read numbers as they are written: signs for decimals and thousands must be said, as `1,234` can be two numbers."""

import re
from functools import lru_cache
from unicodedata import decimal as digit

_LONGEST = 100
_SPACES = " \u00a0\u202f\u2009"
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d):([0-5]\d)([.,]\d{1,9})?", re.ASCII)
_OF_DAY = r"(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,9})([.,]\d{1,9})?S)?"
_LASTED = re.compile(rf"P(?:(\d{{1,4}})D)?(?:T{_OF_DAY})?", re.ASCII)
_LIMITS = {"latitude": 90.0, "longitude": 180.0}


def number(name: str, text: str, decimal: str | None = None, thousands: str | None = None) -> str | None:
    """A number with a point, for a property of this name; None if the text is none, or is no such coordinate.

    >>> number("amount", "1.234,50", ",", "."), number("amount", "1,234"), number("latitude", "91")
    ('1234.50', None, None)
    """
    if len(text) > _LONGEST:
        return None
    said = "".join(str(digit(each, each)) for each in text.strip()).replace("\u2212", "-")
    if not _form(decimal or ".", thousands).fullmatch(said):
        return None
    for sign in _signs(thousands):
        said = said.replace(sign, "")
    said = said.replace(decimal or ".", ".").removeprefix("+")
    limit = _LIMITS.get(name)
    return said if limit is None or abs(float(said)) <= limit else None


def seconds(text: str) -> str | None:
    """A number of seconds, which may be written as h:mm:ss or as ISO 8601 does; None if the text is neither.

    `1:15` is none: it may be minutes or hours.

    >>> seconds("75"), seconds("0:01:15"), seconds("PT1M15S"), seconds("1:15")
    ('75', '75', '75', None)
    """
    said = text.strip()
    found = _CLOCK.fullmatch(said) or _LASTED.fullmatch(said)
    if found is None or not any(found.groups()):
        return number("", said)
    *parts, part = found.groups()
    hours, minutes, whole = (int(each or 0) for each in parts[-3:])
    days = int(parts[0] or 0) if len(parts) > 3 else 0
    return f"{((days * 24 + hours) * 60 + minutes) * 60 + whole}{(part or '').replace(',', '.')}"


def _signs(thousands: str | None) -> str:
    return _SPACES if thousands == " " else thousands or ""


@lru_cache(maxsize=64)
def _form(decimal: str, thousands: str | None) -> re.Pattern[str]:
    """The form of a number: digits, or groups of three of them, or as in India of two before the last."""
    point, signs = re.escape(decimal), "".join(map(re.escape, _signs(thousands)))
    grouped = rf"|\d{{1,3}}(?:[{signs}]\d{{2,3}})*[{signs}]\d{{3}}" if thousands else ""
    return re.compile(rf"[+-]?(?:(?:\d+{grouped})(?:{point}\d*)?|{point}\d+)(?:[eE][+-]?\d{{1,3}})?", re.ASCII)
