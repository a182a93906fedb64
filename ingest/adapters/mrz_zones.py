"""The fields of a machine-readable zone, where ICAO Doc 9303 has them, and their check digits."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from ingest.shapes import BadUnit

# How many lines a document has whose lines are as long as this.
LENGTHS = {30: 3, 36: 2, 44: 2}

_FILLER = "<"
_ZONE = re.compile("[A-Z0-9<]+")
_NAME = re.compile("[A-Z<]+")
_DATE = re.compile(r"[0-9]{6}|[0-9]{4}<<|[0-9]{2}<{4}|<{6}")
_VALUES = {sign: value for value, sign in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_WEIGHTS = (7, 3, 1)
_OLDEST_EXPIRY = 80


class _Zone(NamedTuple):
    """The parts of a zone; `whole` is what the last check digit is of, "" if the document has none."""

    size: str
    names: str
    number: str
    number_digit: str
    more: str
    nationality: str
    birth: str
    birth_digit: str
    sex: str
    expiry: str
    expiry_digit: str
    optional: str
    whole: str = ""
    whole_digit: str = ""


def fields_of(lines: Sequence[str]) -> dict[str, str]:
    """The fields of a document by name; BadUnit if its lines are those of no document, or a check digit is wrong."""
    zone = _zone(_checked(lines))
    number, optional = _number(zone)
    _check("birth date", zone.birth, zone.birth_digit)
    _check("expiry date", zone.expiry, zone.expiry_digit)
    if zone.size == "TD3":
        optional = _personal(optional)
    if zone.whole:
        _check("whole", zone.whole, zone.whole_digit)
    expiry = _day("expiry date", zone.expiry, 1900 if _is_old(zone.expiry) else 2000)
    surname, given = _names(zone.names)
    found = {
        "size": zone.size,
        "kind": lines[0][:2].strip(_FILLER),
        "issuer": lines[0][2:5].strip(_FILLER),
        "number": _filled(number),
        "surname": surname,
        "given": given,
        "cut": "" if zone.names.endswith(_FILLER) else "names may be cut off",
        "nationality": zone.nationality.strip(_FILLER),
        "birth": _birth(zone.birth, expiry),
        "sex": zone.sex.strip(_FILLER),
        "expiry": expiry,
        "optional": _filled(optional),
        "more": _filled(zone.more) if zone.size == "TD1" else "",
        "lines": "\n".join(lines),
    }
    return {name: text for name, text in found.items() if text}


def _checked(lines: Sequence[str]) -> Sequence[str]:
    """The lines, if they can be those of a document."""
    length = len(lines[0])
    if length not in LENGTHS:
        message = f"a line has {length} characters: those of documents have 30, 36 or 44. Correct or delete it"
        raise BadUnit("no line of a document", message)
    if len(lines) < LENGTHS[length] or any(len(line) != length for line in lines):
        message = f"a document whose first line has {length} characters has {LENGTHS[length]} lines of that length"
        raise BadUnit("lines missing", f"{message}: complete them")
    if not all(map(_ZONE.fullmatch, lines)):
        raise BadUnit("no such character", "its lines have other signs than A-Z, 0-9 and <: correct what was misread")
    return lines


def _zone(lines: Sequence[str]) -> _Zone:
    if len(lines) == 3:
        return _card(*lines)
    first, second = lines
    size = {"V36": "MRV-B", "V44": "MRV-A"}.get(f"{first[0]}{len(first)}", "TD3" if len(first) == 44 else "TD2")
    is_visa, end = size.startswith("MRV"), len(second) - 1
    return _Zone(
        size=size,
        names=first[5:],
        number=second[:9],
        number_digit=second[9],
        more="",
        nationality=second[10:13],
        birth=second[13:19],
        birth_digit=second[19],
        sex=second[20],
        expiry=second[21:27],
        expiry_digit=second[27],
        optional=second[28:] if is_visa else second[28:end],
        whole="" if is_visa else second[:10] + second[13:20] + second[21:end],
        whole_digit="" if is_visa else second[end],
    )


def _card(first: str, second: str, third: str) -> _Zone:
    """The parts of the three lines of a TD1 document."""
    return _Zone(
        size="TD1",
        names=third,
        number=first[5:14],
        number_digit=first[14],
        more=second[18:29],
        nationality=second[15:18],
        birth=second[:6],
        birth_digit=second[6],
        sex=second[7],
        expiry=second[8:14],
        expiry_digit=second[14],
        optional=first[15:30],
        whole=first[5:30] + second[:7] + second[8:15] + second[18:29],
        whole_digit=second[29],
    )


def _number(zone: _Zone) -> tuple[str, str]:
    """The number of the document, and the optional data without what a long number has there."""
    if zone.size in ("TD1", "TD2") and zone.number_digit == _FILLER and not zone.optional.startswith(_FILLER):
        more, _, rest = zone.optional.partition(_FILLER)
        _check("document number", zone.number + more[:-1], more[-1])
        return zone.number + more[:-1], rest
    _check("document number", zone.number, zone.number_digit)
    return zone.number, zone.optional


def _personal(optional: str) -> str:
    """The personal number of a passport, which has a check digit of its own behind it."""
    _check("personal number", optional[:-1], optional[-1])
    return optional[:-1]


def check_digit(text: str) -> str:
    """The check digit of a text.

    >>> check_digit("L898902C3"), check_digit("740812")
    ('6', '2')
    """
    return str(sum(_VALUES.get(sign, 0) * _WEIGHTS[at % 3] for at, sign in enumerate(text)) % 10)


def _check(what: str, text: str, digit: str) -> None:
    """BadUnit for a wrong check digit; an empty field may have none."""
    if digit == _FILLER and not text.strip(_FILLER):
        return
    if check_digit(text) != digit:
        message = (
            f"the check digit of the {what} is {digit}, and should be {check_digit(text)}: a character was misread"
        )
        raise BadUnit(f"wrong check digit: {what}", f"{message}, so look at the document")


def _names(text: str) -> tuple[str, str]:
    """Surname and given names."""
    if not _NAME.fullmatch(text) or not text.strip(_FILLER):
        raise BadUnit("no name", "its names have digits, or there are none: correct what was misread")
    surname, _, given = text.partition(_FILLER * 2)
    return _filled(surname), _filled(given)


def _filled(text: str) -> str:
    return " ".join(text.replace(_FILLER, " ").split())


def _is_old(expiry: str) -> bool:
    return expiry[:2].isdigit() and int(expiry[:2]) >= _OLDEST_EXPIRY


def _birth(text: str, expiry: str) -> str:
    """A day of birth in the latest century in which it is neither in the future nor after the expiry."""
    latest = min(filter(None, (_today().isoformat(), expiry)))
    made = _day("birth date", text, 2000)
    return _day("birth date", text, 1900) if made > latest[: len(made)] else made


def _today() -> date:
    return datetime.now(UTC).date()


def _day(what: str, text: str, century: int) -> str:
    """A date as ISO 8601 writes it, as far as it is known; BadUnit for one that does not exist."""
    if not _DATE.fullmatch(text):
        raise BadUnit(
            f"no date: {what}", f"the {what} is {text}: a date is written YYMMDD, so correct what was misread"
        )
    digits = text.strip(_FILLER)
    if not digits:
        return ""
    parts = [f"{century + int(digits[:2])}", digits[2:4], digits[4:6]]
    known = [part for at, part in enumerate(parts) if part and "00" not in parts[1 : at + 1]]
    try:
        date(int(known[0]), *map(int, [*known[1:], "1", "1"][:2]))
    except ValueError as error:
        raise BadUnit(f"no date: {what}", f"the {what} {text} does not exist: correct what was misread") from error
    return "-".join(known)
