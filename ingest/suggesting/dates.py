"""Tell how the dates of a column are written."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_ISO = re.compile(r"\d{4}-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?)?)?", re.ASCII)
_SIGNED = re.compile(
    r"(\d{1,4})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:[ T](\d{1,2}:\d\d(?::\d\d)?)( ?[AaPp][Mm])?)?|"
    r"(\d{4})(/|\.|-)(\d{1,2})\8(\d{1,2})(?:[ T](\d{1,2}:\d\d(?::\d\d)?))?",
    re.ASCII,
)
_NAMED = (
    (re.compile(r"\d{1,2} [A-Za-z]{3} \d{4}"), "%d %b %Y"),
    (re.compile(r"\d{1,2}-[A-Za-z]{3}-\d{4}"), "%d-%b-%Y"),
    (re.compile(r"\d{1,2}-[A-Za-z]{3}-\d\d"), "%d-%b-%y"),
    (re.compile(r"\d{1,2} [A-Za-z]{3} \d\d"), "%d %b %y"),
    (re.compile(r"\d{1,2} [A-Za-z]{4,9} \d{4}"), "%d %B %Y"),
    (re.compile(r"[A-Za-z]{3} \d{1,2}, \d{4}"), "%b %d, %Y"),
    (re.compile(r"[A-Za-z]{3} \d{1,2} \d{4}"), "%b %d %Y"),
    (re.compile(r"[A-Za-z]{4,9} \d{1,2}, \d{4}"), "%B %d, %Y"),
)
_PACKED = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", re.ASCII)
_EPOCH, _EPOCH_MS = re.compile(r"1\d{9}", re.ASCII), re.compile(r"1\d{12}", re.ASCII)
# Of real dates three in five have a day above 12; if fewer than one in so many has, another form may be among them.
_FEW_TELL = 5
_ISO_FORMS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y-%m", "%Y")


class Written(NamedTuple):
    """How dates are written: `format` for the manifest, () for ISO; what is not sure; and how many are not known.

    `has_time` if they have a time of day without a zone; `two_digits` if years have two digits.
    """

    formats: tuple[str, ...]
    doubt: str = ""
    unknown: int = 0
    has_time: bool = False
    two_digits: bool = False


def written(texts: Sequence[str], *, is_said: bool) -> Written | None:
    """How some dates are written; None if they are none. Numbers alone are dates only where the header says so.

    >>> written(["3/31/1954", "12/11/1978"], is_said=True).formats, written(["03/04/2021"], is_said=False).doubt != ""
    (('%m/%d/%Y',), True)
    """
    iso = [text for text in texts if _ISO.fullmatch(text)]
    rest = [text for text in texts if not _ISO.fullmatch(text)]
    years = [text for text in rest if is_said and re.fullmatch(r"(?:1[89]|20)\d\d", text)]
    counted = _counted(rest) if is_said else ()
    if counted and not iso:
        return Written(counted)
    formats, doubts, unknown = list[str](), list[str](), 0
    signed = [found for text in rest if (found := _SIGNED.fullmatch(text))]
    for key in sorted({_shape(found) for found in signed}):
        said, doubt = _of_shape(key, [found for found in signed if _shape(found) == key])
        formats += said
        doubts += [doubt] if doubt else []
    if not doubts and len({form[:2] for form in formats} & {"%d", "%m"}) > 1:
        doubts.append("some forms begin with the day, others with the month")
    for pattern, form in _NAMED:
        if any(pattern.fullmatch(text) for text in rest):
            formats.append(form)
    known = len(iso) + len(years) + len(signed) + sum(any(p.fullmatch(text) for p, _ in _NAMED) for text in rest)
    unknown = len(texts) - known
    if not known or unknown * (2 if is_said else 20) > len(texts):
        return None
    if formats and (iso or years):
        formats = [*(form for form in _ISO_FORMS if _any_of(form, [*iso, *years])), *formats]
    has_time = any(":" in text and not re.search(r"Z$|[+-]\d\d:?\d\d$", text) for text in texts)
    return Written(tuple(formats), "; ".join(doubts), unknown, has_time, any("%y" in form for form in formats))


def _counted(texts: Sequence[str]) -> tuple[str, ...]:
    for pattern, form in ((_PACKED, "%Y%m%d"), (_EPOCH, "epoch"), (_EPOCH_MS, "epoch ms")):
        if texts and all(pattern.fullmatch(text) for text in texts):
            return (form,)
    return ()


def _any_of(form: str, texts: Sequence[str]) -> bool:
    pattern = re.escape(form)
    for sign, digits in (("Y", 4), ("m", 2), ("d", 2), ("H", 2), ("M", 2), ("S", 2)):
        pattern = pattern.replace(f"%{sign}", rf"\d{{{digits}}}")
    return any(re.fullmatch(pattern, text) for text in texts)


def _shape(found: re.Match[str]) -> tuple[str, bool, str, bool]:
    """Which signs and parts a date has: the sign, whether the year stands first, its time, whether it has am or pm."""
    if found[8]:
        return found[8], True, _time(found[11]), False
    if len(found[1]) == 4:
        return found[2], True, _time(found[5]), False
    return found[2], False, f"{'y' if len(found[4]) == 2 else 'Y'}{_time(found[5])}", bool(found[6])


def _time(text: str | None) -> str:
    return "" if not text else " %H:%M:%S" if text.count(":") == 2 else " %H:%M"


def _of_shape(key: tuple[str, bool, str, bool], found: Sequence[re.Match[str]]) -> tuple[list[str], str]:
    sign, year_first, rest, has_half = key
    if year_first:
        return [f"%Y{sign}%m{sign}%d{rest}"], ""
    year, time = rest[0], rest[1:]
    if has_half:
        time = time.replace("%H", "%I") + ("%p" if not any(" " in (one[6] or "") for one in found) else " %p")
    first, second = max(int(one[1]) for one in found), max(int(one[3]) for one in found)
    day_first, month_first = f"%d{sign}%m{sign}%{year}{time}", f"%m{sign}%d{sign}%{year}{time}"
    if first > 12 and second > 12:
        return [day_first, month_first], f"some dates begin with the day, others with the month ({sign})"
    if first > 12 or second > 12:
        chosen = day_first if first > 12 else month_first
        telling = sum(max(int(one[1]), int(one[3])) > 12 for one in found)
        few = f"only {telling} of {len(found)} dates tell that they are {chosen}"
        return [chosen], few if telling * _FEW_TELL < len(found) else ""
    return [day_first], f"nobody can tell day from month: it is {day_first} or {month_first}"
