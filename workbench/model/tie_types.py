"""Relationship types of a property graph: `OWNS`, `LIVES_AT`, `ADDRESS_ENTITY`.

A tie from the source role to the target role of a relationship has the type that its source gives it, or the
verb of its schema (`schema/_tie_types.yaml`). Every other tie, also one of an entity's record, is named
after the role at its head: `PAYER` reads "whose payer is".
"""

import re
from typing import NamedTuple

from workbench.errors import InputError

# Types that a store uses itself: for history, and for judgements.
RESERVED_TIE_TYPES = frozenset({"PAST", "SAME", "DIFFERENT", "UNSURE"})

_TIE_TYPE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_WORDS = re.compile("[A-Z0-9]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Arrow(NamedTuple):
    """The type of a tie, and whether it runs from the first of its two roles to the second."""

    type: str
    forward: bool


def is_tie_type(name: str) -> bool:
    """Whether a source may use this type: a capital, then up to 63 of A-Z, 0-9 and _, and not reserved."""
    return _TIE_TYPE.fullmatch(name) is not None and name not in RESERVED_TIE_TYPES


def check_tie_type(name: str) -> str:
    """Return the name if `is_tie_type`; InputError otherwise."""
    if name in RESERVED_TIE_TYPES:
        raise InputError(f"type {name!r} is the store's own, as are {', '.join(sorted(RESERVED_TIE_TYPES - {name}))}")
    if not is_tie_type(name):
        raise InputError(f"{name!r} is not a relationship type: write a capital A-Z, then up to 63 of A-Z, 0-9 and _")
    return name


def type_of_text(text: str) -> str:
    """What a source calls a tie, as a relationship type; "" if it can't be one.

    >>> type_of_text("attributed-to"), type_of_text("same")
    ('ATTRIBUTED_TO', '')
    """
    name = "_".join(_WORDS.findall(text.upper()))
    return name if is_tie_type(name) else ""


def type_of_name(name: str) -> str:
    """The name of a property or schema, as a relationship type.

    >>> type_of_name("payerAccount")
    'PAYER_ACCOUNT'
    """
    return _HUMP.sub("_", name).upper()
