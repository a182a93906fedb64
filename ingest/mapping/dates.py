"""Read dates: ISO 8601, or as a declared format says. A day is kept as written; a moment is converted to UTC."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ingest.cleaned import cleaned
from ingest.fields import COUNTED, ISO
from ingest.shapes import BadUnit
from workbench.model.record import Value

_KEPT = 1 << 16

_DAY = re.compile(r"\d{4}(-\d{1,2}(-\d{1,2})?)?", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d(:\d\d(:\d\d)?)?)([.,]\d+)?(Z|[+-]\d\d(:?\d\d)?)?", re.ASCII)
# A day of XML may name its zone: it is that day, in that zone.
_DAY_IN_ZONE = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_COUNT = re.compile(r"-?\d{1,18}(\.\d{1,9})?", re.ASCII)

# An ISO text is cut before the first part that the format lacks.
_PARTS = (("mbB", 4), ("d", 7), ("HI", 10), ("M", 13), ("S", 16))
WHOLE = 19
_TO_THE_MINUTE = 16
WHOLE_DAYS = 10
_COARSER = (WHOLE_DAYS, 7, 4)
# The greatest length of the ISO text, by the precision that a manifest says.
FINEST = {"year": 4, "month": 7, "day": WHOLE_DAYS, "minute": _TO_THE_MINUTE, "second": WHOLE}

# The directives that stand for numbers, in the order of `datetime`.
_NUMBERS = "YmdHMS"
_DIGITS = {"Y": "[0-9]{4}"}
_DIRECTIVE = re.compile(f"%([{_NUMBERS}])")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OF_A_SECOND = {"epoch": 1, "epoch ms": 1_000, "epoch us": 1_000_000}
# The day 0 of spreadsheets. They take 1900 for a leap year: no day before 1 March 1900 is sure.
_DAY_0 = {"excel": datetime(1899, 12, 30), "excel 1904": datetime(1904, 1, 1)}  # noqa: DTZ001 - of any zone
_FIRST_SURE = {"excel": 61, "excel 1904": 0}
_SECONDS = 86_400


class DateHint(NamedTuple):
    """How dates are written: formats to try in order, the default time zone, the first year for `%y`.

    `finest` is the greatest length of the ISO text: 10 for days.
    """

    formats: tuple[str, ...] = ()
    timezone: str | None = None
    first_year: int | None = None
    finest: int = WHOLE


NO_HINT = DateHint()


@lru_cache(maxsize=_KEPT)
def date_values(text: str, hint: DateHint) -> tuple[Value, ...]:
    """A date, as the only value; BadUnit for a text that is none, or could be two."""
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
    if in_zone := _DAY_IN_ZONE.fullmatch(text):
        return cleaned("date", None, in_zone[1])
    moment = _MOMENT.fullmatch(text)
    try:
        return _in_utc(datetime.fromisoformat(text), len(moment[1]), hint) if moment else None
    except (OverflowError, ValueError):
        return None


def _by_formats(text: str, hint: DateHint) -> str | None:
    for form in hint.formats:
        try:
            if form in COUNTED:
                return _counted(text, form, hint)
            if form == ISO:
                if found := _iso(text, hint):
                    return found
                continue
            moment = parsed(text, form)
            if "%y" in form and hint.first_year is not None:
                moment = moment.replace(year=hint.first_year + (moment.year - hint.first_year) % 100)
            return _in_utc(moment, _length(form), hint)
        except (OverflowError, ValueError):
            continue
    return None


def _counted(text: str, form: str, hint: DateHint) -> str:
    """The ISO text of a number of seconds, or of days as spreadsheets count; ValueError for any other text."""
    if not _COUNT.fullmatch(text):
        raise ValueError(text)
    if form in _OF_A_SECOND:
        seconds = int(text.partition(".")[0]) // _OF_A_SECOND[form]
        return _in_utc(_EPOCH + timedelta(seconds=seconds), WHOLE, hint)
    days, part = divmod(float(text), 1)
    if days < _FIRST_SURE[form]:
        raise ValueError(text)
    moment = _DAY_0[form] + timedelta(days=days, seconds=round(part * _SECONDS))
    return _in_utc(moment, WHOLE if "." in text and part else WHOLE_DAYS, hint)


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
    if length <= WHOLE_DAYS:
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
        length = WHOLE
    elif moved.minute != moment.minute:
        length = max(length, _TO_THE_MINUTE)
    return moved.isoformat()[:length]


@lru_cache(maxsize=256)
def _length(form: str) -> int:
    """The length of the ISO text that a format gives: 4 for a year, 7 for a month, 10 for a day."""
    used = set(re.findall(r"%(.)", form))
    return next((before for directives, before in _PARTS if not used & set(directives)), WHOLE)
