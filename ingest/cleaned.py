"""FollowTheMoney's types, which clean values. They are imported when the first value is cleaned.

That import takes longer than all else of a program's start, and a load that repeats files cleans nothing.
"""

from functools import cache
from typing import TYPE_CHECKING

from phonenumbers import SUPPORTED_REGIONS
from rigour.territories import get_territory

if TYPE_CHECKING:
    from followthemoney.types import PropertyType


def cleaned(kind: str, hint: str | None, text: str) -> str | None:
    """A text as a type writes it, None if it can't be cleaned; `hint` is a country or an identifier's format."""
    of, wrong = _type(kind)
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


@cache
def is_dialled(country: str) -> bool:
    """Whether telephone numbers can be cleaned as those of this country; FollowTheMoney decides the same."""
    territory = get_territory(country)
    codes = (territory.code, territory.ftm_country) if territory else ()
    return any(each is not None and each.upper() in SUPPORTED_REGIONS for each in codes)


@cache
def _type(name: str) -> tuple["PropertyType", type[Exception]]:
    """The type of a name, and the error that it raises for a wrong hint or value."""
    from followthemoney.exc import InvalidData
    from followthemoney.types import registry

    return registry.get(name), InvalidData
