"""Clean values with FollowTheMoney's types; a value that can't be cleaned keeps its original.

Dates are stricter than in FollowTheMoney, which reads only the year of `2021/04/03` and silently drops
the rest: here a date must be ISO 8601, or have a declared format. A day is kept as written; a moment is
converted to UTC.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, TypeVar
from unicodedata import decimal
from zoneinfo import ZoneInfo

from ingest.cleaned import cleaned, is_type
from ingest.shapes import BadUnit
from workbench.model.ontology import ontology
from workbench.model.record import Value

# Longer texts seldom repeat: caching them costs more than cleaning them again.
_LONGEST_KEPT = 200
_KEPT = 1 << 16
# A telephone or account number takes long to clean, and comes again all over a file of calls or payments.
_KEPT_NUMBERS = 1 << 19
_KEPT_OF_A_COLUMN = 1 << 14

# The number of letters and digits at the end of an id that cleaning may not change.
_COMPARED = 4

_DAY = re.compile(r"\d{4}(-\d{1,2}(-\d{1,2})?)?", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d(:\d\d(:\d\d)?)?)([.,]\d+)?(Z|[+-]\d\d(:?\d\d)?)?", re.ASCII)

# An ISO text is cut before the first part that the format lacks.
_PARTS = (("mbB", 4), ("d", 7), ("HI", 10), ("M", 13), ("S", 16))
_WHOLE = 19
_TO_THE_MINUTE = 16
_WHOLE_DAYS = 10
_COARSER = (_WHOLE_DAYS, 7, 4)

# The directives that stand for numbers, in the order of `datetime`.
_NUMBERS = "YmdHMS"
_DIGITS = {"Y": "[0-9]{4}"}
_DIRECTIVE = re.compile(f"%([{_NUMBERS}])")

Cleaner = Callable[[str], tuple[Value, ...]]
_T = TypeVar("_T")


class DateHint(NamedTuple):
    """How dates are written: formats to try in order, the default time zone, the first year for `%y`.

    `finest` is the greatest length of the ISO text: 10 for days.
    """

    formats: tuple[str, ...] = ()
    timezone: str | None = None
    first_year: int | None = None
    finest: int = _WHOLE


NO_HINT = DateHint()


class Once(dict[str, _T]):
    """Remembers what a function makes of short texts: the cells of a column often repeat.

    It begins anew when it has too many, so that a column of different texts costs no memory.
    """

    def __init__(self, work: Callable[[str], _T]) -> None:
        super().__init__()
        self._work = work

    def __missing__(self, text: str) -> _T:
        made = self._work(text)
        if len(text) <= _LONGEST_KEPT:
            if len(self) >= _KEPT_OF_A_COLUMN:
                self.clear()
            self[text] = made
        return made


def cleaner(schema: str, name: str, *, country: str | None = None, dates: DateHint = NO_HINT) -> Cleaner:
    """A function from a text to values of a schema's property; it raises BadUnit for an invalid date.

    `country` is the country of national phone numbers.
    """
    prop = ontology().schemata[schema].properties[name]
    kind = prop.type
    if kind == "date":
        written = dates._replace(finest=_WHOLE_DAYS) if ontology().is_day(schema, name) else dates
        return lambda text: _kept_date(text, written)
    hint = country if kind == "phone" else prop.format
    keep = _keep(kind, hint)
    return lambda text: keep(kind, hint, text) if len(text) <= _LONGEST_KEPT else _clean(kind, hint, text)


def text_cleaner(kind: str, country: str | None) -> Callable[[str], str]:
    """A function that cleans a text with a type or an identifier's format.

    A text that can't be cleaned stays as it is: inside one dataset it still identifies one thing. So does a text
    whose end would change: cleaning would drop an extension, a branch or a second number.
    """
    name, hint = (kind, country if kind == "phone" else None) if is_type(kind) else ("identifier", kind)

    keep = _keep(name, hint)

    def clean(text: str) -> str:
        value = keep(name, hint, text)[0].value
        return value if value is not None and _end(value) == _end(text) else text

    return clean


def _end(text: str) -> str:
    """The last letters and digits of a text, in capitals, with digits of any script as 0-9."""
    if text.isascii():  # a faster way for most texts
        return "".join(filter(str.isalnum, text))[-_COMPARED:].upper()
    return "".join(str(decimal(each, each)) for each in text if each.isalnum())[-_COMPARED:].upper()


def _clean(kind: str, hint: str | None, text: str) -> tuple[Value, ...]:
    return (Value(cleaned(kind, hint, text), text),)


_kept, _kept_numbers = (lru_cache(maxsize=most)(_clean) for most in (_KEPT, _KEPT_NUMBERS))


def _keep(kind: str, hint: str | None) -> Callable[[str, str | None, str], tuple[Value, ...]]:
    """`_clean` with a memory for values of a type."""
    return _kept_numbers if kind == "phone" or hint else _kept


@lru_cache(maxsize=_KEPT)
def _kept_date(text: str, hint: DateHint) -> tuple[Value, ...]:
    stripped = text.strip()
    value = _by_formats(stripped, hint) if hint.formats else _iso(stripped, hint)
    if value is None:
        if hint.formats:
            wanted = " or ".join(hint.formats)
            raise BadUnit(
                "date not as declared",
                f"date {text!r} does not exist or is not written {wanted}: repair it, or add its `format`",
            )
        raise BadUnit(
            "date without a format",
            f"date {text!r} is not ISO 8601 (2021-04-03, 2021-04) or does not exist: declare its `format`",
        )
    return (Value(value, text),)


def _iso(text: str, hint: DateHint) -> str | None:
    if _DAY.fullmatch(text):
        return cleaned("date", None, text)
    moment = _MOMENT.fullmatch(text)
    try:
        return _in_utc(datetime.fromisoformat(text), len(moment[1]), hint) if moment else None
    except (OverflowError, ValueError):
        return None


def _by_formats(text: str, hint: DateHint) -> str | None:
    for form in hint.formats:
        try:
            moment = parsed(text, form)
            if "%y" in form and hint.first_year is not None:
                moment = moment.replace(year=hint.first_year + (moment.year - hint.first_year) % 100)
            return _in_utc(moment, _length(form), hint)
        except (OverflowError, ValueError):
            continue
    return None


_moment: Callable[..., datetime] = datetime


def parsed(text: str, form: str) -> datetime:
    """What `datetime.strptime` reads in a text, sooner if all its numbers have all their digits."""
    quick = _quick(form)
    if quick is not None and (found := quick[0].fullmatch(text)):
        with suppress(ValueError):
            return _moment(*map(int, found.group(*quick[1])))
    return datetime.strptime(text, form)  # noqa: DTZ007 - the same


@lru_cache(maxsize=256)
def _quick(form: str) -> tuple[re.Pattern[str], str] | None:
    """A pattern for the texts of a format of numbers alone, and the names of its groups, the year first."""
    pieces = _DIRECTIVE.split(form)
    literals, directives = pieces[::2], pieces[1::2]
    names = _NUMBERS[: len(directives)]
    if sorted(directives) != sorted(names) or len(names) < len("Ymd") or any("%" in each for each in literals):
        return None
    parts = (f"(?P<{each}>{_DIGITS.get(each, '[0-9]{2}')})" for each in directives)
    pattern = "".join(chain.from_iterable(zip(map(re.escape, literals), (*parts, ""), strict=True)))
    return re.compile(pattern), names


def _in_utc(moment: datetime, length: int, hint: DateHint) -> str:
    """The ISO text of a moment, cut to the given precision; times are converted to UTC, days are kept.

    BadUnit for a time that does not exist in its zone.
    """
    length = min(length, hint.finest)
    if length <= _WHOLE_DAYS:
        return moment.isoformat()[:length]
    if moment.tzinfo is None and hint.timezone:
        return _by_clock(moment, ZoneInfo(hint.timezone), length)
    return _cut(moment if moment.tzinfo else moment.replace(tzinfo=UTC), length)


def _by_clock(moment: datetime, zone: ZoneInfo, length: int) -> str:
    """A local time in UTC; in an hour that the clock shows twice, only the part that both have in common."""
    first, second = moment.replace(tzinfo=zone, fold=0), moment.replace(tzinfo=zone, fold=1)
    earlier = _cut(first, length)
    if first.utcoffset() == second.utcoffset():
        return earlier
    later = _cut(second, length)
    if earlier > later:
        raise BadUnit("no such time", f"{moment} does not exist in {zone}, where clocks go forward then: repair it")
    return next(earlier[:n] for n in _COARSER if earlier[:n] == later[:n])


def _cut(moment: datetime, length: int) -> str:
    """The ISO text of a moment in UTC, with minutes or seconds if the zone's offset has them."""
    moved = moment.astimezone(UTC)
    if moved.second != moment.second:
        length = _WHOLE
    elif moved.minute != moment.minute:
        length = max(length, _TO_THE_MINUTE)
    return moved.isoformat()[:length]


@lru_cache(maxsize=256)
def _length(form: str) -> int:
    """The length of the ISO text that a format gives: 4 for a year, 7 for a month, 10 for a day."""
    used = set(re.findall(r"%(.)", form))
    return next((before for directives, before in _PARTS if not used & set(directives)), _WHOLE)
