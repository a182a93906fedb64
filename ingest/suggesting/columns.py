"""What the columns of a sample have in them."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ingest.cleaned import cleaned
from ingest.suggesting import dates
from ingest.suggesting.words import Meaning, meaning_of

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_IP = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
_DIALLED = re.compile(r"(?:\+|00)[1-9][\d\s().-]{6,18}\d", re.ASCII)
_ANY_PHONE = re.compile(r"[+\d(][\d\s()./-]{5,20}\d", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d[\d.,' \u00a0]*|[+-]?[.,]\d+", re.ASCII)
_PAIR = re.compile(r"\s*-?\d{1,2}\.\d+\s*[,;]\s*-?\d{1,3}\.\d+\s*", re.ASCII)
_SEVERAL = re.compile(r"[|;]")
_FEW = 20
_DATES = frozenset({"birth_date", "death_date", "incorporation_date", "date", "moment", "start_date", "end_date"})
_FORMATS = ("iban", "lei", "imo", "isin")


class Signs(NamedTuple):
    """How numbers are written, and what is not sure."""

    decimal: str | None = None
    thousands: str | None = None
    doubt: str = ""


class Column(NamedTuple):
    """A column: what its header means, and what its cells are.

    `kind` is one of empty, date, email, url, ip, phone, iban, lei, imo, isin, country, number, pair, text. `few` are
    its values if there are few. `split` is what stands between several values in a cell.
    """

    name: str
    meaning: Meaning
    kind: str
    filled: int
    rows: int
    is_unique: bool
    few: tuple[str, ...] = ()
    written: dates.Written | None = None
    signs: Signs = Signs()
    is_national: bool = False
    split: str = ""


def column_of(name: str, cells: Sequence[str]) -> Column:
    """What a column has in it, by its header and the cells of a sample."""
    texts = [cell.strip() for cell in cells if cell.strip()]
    meaning, times = meaning_of(name), Counter(texts)
    few = tuple(sorted(times)) if len(times) <= _FEW and len(texts) >= 2 * len(times) else ()
    found = Column(name, meaning, "empty", len(texts), len(cells), len(times) == len(cells) > 0, few)
    if not texts:
        return found
    written = dates.written(texts, is_said=meaning.name in _DATES)
    if written:
        return found._replace(kind="date", written=written)
    kind = _kind(texts, meaning)
    split = _split(texts) if kind == "text" else ""
    return found._replace(
        kind=kind,
        split=split,
        signs=_signs(texts) if kind == "number" else Signs(),
        is_national=kind == "phone" and not all(_DIALLED.fullmatch(text) for text in texts),
    )


def _kind(texts: Sequence[str], meaning: Meaning) -> str:
    for kind, pattern in (("email", _EMAIL), ("url", _URL), ("ip", _IP), ("pair", _PAIR)):
        if _most(texts, pattern):
            return kind
    if _most(texts, _DIALLED) or (meaning.name == "phone" and _most(texts, _ANY_PHONE)):
        return "phone"
    for kind in _FORMATS:
        if all(len(text) > 6 and cleaned("identifier", kind, text) for text in texts[:50]):
            return kind
    if all(_NUMBER.fullmatch(text) for text in texts) and not any(_has_zeros(text) for text in texts):
        return "number"
    if meaning.name in ("country", "nationality") and _are_countries(texts):
        return "country"
    return "country" if all(len(text) == 2 and text.isupper() for text in texts) and _are_countries(texts) else "text"


def _most(texts: Sequence[str], pattern: re.Pattern[str]) -> bool:
    """Whether a pattern fits nearly all texts."""
    return sum(bool(pattern.fullmatch(text)) for text in texts) * 20 >= len(texts) * 19


def _has_zeros(text: str) -> bool:
    """Whether a number begins with a zero as only identifiers do."""
    return len(text) > 1 and text[0] == "0" and text[1].isdigit()


def _are_countries(texts: Sequence[str]) -> bool:
    some = sorted(set(texts))[:50]
    return sum(cleaned("country", None, text) is not None for text in some) * 10 >= len(some) * 9


def _split(texts: Sequence[str]) -> str:
    """The sign between several values in a cell, if many cells have it."""
    signs = Counter(sign for text in texts for sign in set(_SEVERAL.findall(text)))
    sign, times = max(signs.items(), key=lambda each: (each[1], each[0]), default=("", 0))
    return sign if times * 10 >= len(texts) else ""


def _signs(texts: Sequence[str]) -> Signs:
    """The signs for decimals and thousands.

    >>> _signs(["1.234,50"]), _signs(["1,234"]).doubt != "", _signs(["12.5", "3"]), _signs(["12,5"])
    (Signs(decimal=',', thousands='.', doubt=''), True, Signs(decimal=None, thousands=None, doubt=''), \
Signs(decimal=',', thousands=None, doubt=''))
    """
    both = [text for text in texts if "," in text and "." in text]
    spaced = next(
        (sign for sign in (" ", "'") if any(sign in text or (sign == " " and "\u00a0" in text) for text in texts)), None
    )
    if both:
        decimal = "," if both[0].rfind(",") > both[0].rfind(".") else "."
        return Signs(decimal, "." if decimal == "," else ",")
    for sign in (",", "."):
        some = [text for text in texts if sign in text]
        if not some:
            continue
        if any(text.count(sign) > 1 for text in some):
            return Signs("." if sign == "," else ",", sign)
        if all(re.search(rf"\d{re.escape(sign)}\d{{3}}$", text) for text in some) and not _is_long(some, sign):
            return Signs(sign, spaced, f"{sign!r} stands before three digits: is it of decimals or of thousands?")
        return Signs(None if sign == "." and not spaced else sign, spaced)
    return Signs(None, spaced)


def _is_long(texts: Sequence[str], sign: str) -> bool:
    """Whether more than three digits stand before a sign, so that it can't be one of thousands."""
    return any(len(text.partition(sign)[0].lstrip("+-")) > 3 for text in texts)
