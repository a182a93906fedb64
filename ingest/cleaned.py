"""FollowTheMoney's types, which clean values. They are imported when the first value is cleaned.

That import takes longer than all else of a program's start, and a load that repeats files cleans nothing.
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from phonenumbers import (
    SUPPORTED_REGIONS,
    NumberParseException,
    PhoneNumberFormat,
    format_number,
    is_valid_number,
    parse,
)
from rigour.territories import get_territory

if TYPE_CHECKING:
    from followthemoney.types import PropertyType

# What a telephone number begins with that has its country in it.
_PLUS = frozenset("+\uff0b")


def cleaned(kind: str, hint: str | None, text: str) -> str | None:
    """A text as a type writes it, None if it can't be cleaned; `hint` is a country or an identifier's format."""
    of, wrong, as_text = _type(kind)
    if kind == "phone" and not _PLUS.intersection(said := as_text(text) or ""):
        return _national(said, hint)
    try:
        value = of.clean(text, format=hint)
    except (wrong, ValueError):
        return None
    return value or None


def is_type(name: str) -> bool:
    """Whether there is a type of this name."""
    from followthemoney.types import registry

    return any(each.name == name for each in registry.types)


def is_identifier_format(name: str) -> bool:
    """Whether there is a format of identifiers of this name."""
    from rigour.ids import get_identifier_format

    return get_identifier_format(name) is not None


def is_dialled(country: str) -> bool:
    """Whether telephone numbers can be cleaned as those of this country; FollowTheMoney decides the same."""
    return bool(_region(country))


@cache
def _region(country: str) -> str:
    """The region of telephone numbers of a country, "" if there is none."""
    territory = get_territory(country)
    codes = (territory.code, territory.ftm_country) if territory else ()
    return next((each.upper() for each in codes if each is not None and each.upper() in SUPPORTED_REGIONS), "")


def _national(text: str, country: str | None) -> str | None:
    """What FollowTheMoney makes of a telephone number without a plus, which it first reads once more, in vain."""
    region = _region(country) if country else ""
    try:
        number = parse(text, region) if region else None
    except NumberParseException:
        return None
    return str(format_number(number, PhoneNumberFormat.E164)) if number and is_valid_number(number) else None


@cache
def _type(name: str) -> tuple["PropertyType", type[Exception], Callable[[str], str | None]]:
    """The type of a name, the error that it raises for a wrong hint or value, and what it first makes of a text."""
    from followthemoney.exc import InvalidData
    from followthemoney.types import registry
    from followthemoney.util import sanitize_text

    return registry.get(name), InvalidData, sanitize_text
