"""Validation of single entries of a manifest: templates, encodings, countries, date formats."""

import codecs
import re
from functools import cache
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field

from ingest.cleaned import is_dialled, is_identifier_format, is_type
from workbench.errors import InputError
from workbench.model.marking import parse_marking
from workbench.model.ontology import ontology
from workbench.model.tie_types import check_tie_type

_AGENCY = re.compile(r"[A-Z0-9][A-Z0-9_-]*")
_PLACE = re.compile(r"\{([^{}|]+)(?:\|([a-z]+))?\}")

# Directives that identify a day or moment; a week number, for example, does not.
_DIRECTIVES = frozenset("YymbBdHIMSfpzaA%")

# Dates that are numbers: of seconds or parts of them since 1970, or of days since 1900 or 1904 as spreadsheets count.
COUNTED = frozenset({"epoch", "epoch ms", "epoch us", "excel", "excel 1904"})

# Multi-byte encodings that decode and encode without loss. All single-byte ones are allowed too.
_UNICODE = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
_EAST_ASIAN = ("gb18030", "gbk", "gb2312", "euc_kr", "euc_jp", "cp949", "cp950", "shift_jis")
WIDE_ENCODINGS = frozenset((*_UNICODE, *_EAST_ASIAN))

# Types that clean only the spelling of an id. The others would give different values one id: a country and its
# parts, a language and its dialects, a year and its days.
_TYPES = frozenset({"email", "identifier", "ip", "name", "phone", "url"})

# `strict` would make 1/23 and 12/3 equal.
_JOINING = frozenset({"strict"})

# Dates as ISO 8601 writes them, among other formats.
ISO = "iso"


def places(template: str) -> list[tuple[str, str, str]]:
    """Parse a template: (text before, column, type) for each place, then the text after the last.

    >>> places("{a}/{b|phone}!")
    [('', 'a', ''), ('/', 'b', 'phone'), ('!', '', '')]
    """
    parsed, end = [], 0
    for match in _PLACE.finditer(template):
        parsed.append((template[end : match.start()], match[1], match[2] or ""))
        end = match.end()
    return [*parsed, (template[end:], "", "")]


def readable_encoding(name: str) -> str:
    """The common name of an encoding; ValueError if texts can't be read and written in it without loss.

    >>> readable_encoding("UTF8"), readable_encoding("sjis")
    ('utf-8', 'shift_jis')
    """
    try:
        known = codecs.lookup(name).name
        if known == "utf-8-sig":
            return "utf-8"
        if known in WIDE_ENCODINGS or _single_bytes(known):
            return known
    except (LookupError, UnicodeError):
        pass
    raise ValueError(f"{name!r} is not an encoding that can be read: convert the file to utf-8")


def _single_bytes(name: str) -> bool:
    """Whether an encoding is single-byte, with ASCII in its first half, and without escapes."""
    probe = bytes(range(256)) + rb"\u0041"
    text = probe.decode(name, "surrogateescape")
    same = text[:128] == probe[:128].decode("ascii")
    return same and len(text) == len(probe) and text.encode(name, "surrogateescape") == probe


def _delimiter(text: str) -> str:
    if len(text) != 1 or text in '"\r\n\0':
        raise ValueError(f"{text!r} is not a delimiter: give one character")
    return text


def _country(code: str) -> str:
    if not is_dialled(code):
        raise ValueError(f"{code!r} is not a country: give its two letters, such as nl")
    return code.lower()


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


def known_timezone(name: str) -> str:
    """Return the name of a time zone; ValueError for any other text."""
    if name not in _timezones():
        raise ValueError(f"{name!r} is not a time zone: give its name, such as Europe/Sofia")
    return name


def _date_format(text: str) -> str:
    if text in COUNTED or text == ISO:
        return text
    used = re.findall(r"%(.)", text)
    if not {"Y", "y"} & set(used) or not _DIRECTIVES.issuperset(used):
        raise ValueError(
            f"{text!r} is not a date format: it needs %Y, and may have {' '.join(sorted(_DIRECTIVES))};"
            f" or it is one of {', '.join([*sorted(COUNTED), ISO])}"
        )
    if len({"I", "p"} & set(used)) == 1 or {"I", "H"} <= set(used):
        raise ValueError(f"{text!r}: write an hour as %H, or as %I with %p")
    return text


def _template(text: str) -> str:
    parsed = places(text)
    if len(parsed) == 1 or any("{" in before or "}" in before for before, _, _ in parsed):
        raise ValueError(f"{text!r} is not a template: it needs {{column}} or {{column|type}}")
    for _, _, kind in parsed:
        if kind and kind not in _TYPES:
            _check_format(kind, text)
    return text


def _check_format(kind: str, text: str) -> None:
    """ValueError for a type in a template that is not an identifier's format, or gives different values one id."""
    if kind in _JOINING or is_type(kind):
        raise ValueError(
            f"{kind!r} in {text!r} would give different values one id: write the column without a type, or with"
            f" one of {', '.join(sorted(_TYPES))}"
        )
    if not is_identifier_format(kind):
        raise ValueError(f"no type {kind!r} in {text!r}: one of {', '.join(sorted(_TYPES))}")


def _marking(text: str) -> str:
    try:
        parse_marking(text)
    except InputError as error:
        raise ValueError(error.message) from error
    return text


def _schema(name: str) -> str:
    try:
        return ontology().require(name).name
    except InputError as error:
        raise ValueError(error.message) from error


def _tie_type(name: str) -> str:
    try:
        return check_tie_type(name)
    except InputError as error:
        raise ValueError(error.message) from error


def _agency(code: str) -> str:
    if not _AGENCY.fullmatch(code):
        raise ValueError(f"{code!r} is not the code of an agency: use capital letters, digits, - and _, as in markings")
    return code


def several(value: Any) -> Any:
    """A value as a list, unless it is one."""
    return value if isinstance(value, list | tuple) else [value]


Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(several)]
Country = Annotated[str, AfterValidator(_country)]
Timezone = Annotated[str, AfterValidator(known_timezone)]
Template = Annotated[str, AfterValidator(_template)]
MarkingText = Annotated[str, AfterValidator(_marking)]
SchemaName = Annotated[str, AfterValidator(_schema)]
TieType = Annotated[str, AfterValidator(_tie_type)]
AgencyCode = Annotated[str, AfterValidator(_agency)]
Encoding = Annotated[str, AfterValidator(readable_encoding)]
Delimiter = Annotated[str, AfterValidator(_delimiter)]
FirstYear = Annotated[int, Field(ge=1000, le=9900)]
DateFormats = Annotated[tuple[Annotated[str, AfterValidator(_date_format)], ...], BeforeValidator(several)]
