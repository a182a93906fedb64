"""Check the numbers and texts that a caller gives."""

from collections.abc import Iterable
from operator import index
from typing import Any

from workbench.errors import UsageError

MOST_SEED = 2**31 - 1


def whole(number: Any, field: str, least: int = 1, most: int | None = None) -> int:
    """The whole number given for a parameter; UsageError if it is none, or not from `least` to `most`.

    >>> whole(3, "k")
    3
    """
    try:
        given = index(number)
    except TypeError:
        given = None
    if given is None or given < least or (most is not None and given > most):
        wanted = f"{least} or more" if most is None else f"from {least} to {most:,}"
        raise UsageError(f"{field} must be {wanted}, and a whole number: not {number!r}", field)
    return given


def seed_of(number: Any) -> int:
    """The seed given; UsageError if it is no whole number from 0 to `MOST_SEED`."""
    return whole(number, "seed", 0, MOST_SEED)


def share_of(number: Any, field: str, most: float = 1.0) -> float:
    """The share given for a parameter; UsageError if it is no number from 0 to `most`.

    >>> share_of(0.1, "missing")
    0.1
    """
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number <= most:
        raise UsageError(f"{field} must be a number from 0 to {most:g}: not {number!r}", field)
    return float(number)


def one_text(given: Any, field: str) -> str:
    """The text given for a parameter; UsageError if it is none.

    >>> one_text("NKP", "agency")
    'NKP'
    """
    if not isinstance(given, str):
        raise UsageError(f"{field} must be a text: not {given!r}", field)
    return given


def texts(given: str | Iterable[str], field: str) -> tuple[str, ...]:
    """The texts given for a parameter, a single one as a tuple of one; UsageError for anything else.

    >>> texts("NKP", "agencies"), texts(["NKP", "KFIU"], "agencies")
    (('NKP',), ('NKP', 'KFIU'))
    """
    if isinstance(given, str):
        return (given,)
    found: tuple[Any, ...] = tuple(given) if isinstance(given, Iterable) else (None,)
    if not all(isinstance(each, str) for each in found):
        raise UsageError(f"{field} must be a text, or several: not {given!r}", field)
    return found


__all__ = ["MOST_SEED", "one_text", "seed_of", "share_of", "texts", "whole"]
