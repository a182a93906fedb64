"""Numbers as the text of a file has them: values of links, and numbers of nodes."""

import re

from ingest.shapes import BadUnit

_NUMBER = re.compile(r"[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_COUNT = re.compile(r"\d{1,9}", re.ASCII)
_SHOWN = 50


def is_number(text: str) -> bool:
    """Whether a text is a decimal number."""
    return _NUMBER.fullmatch(text) is not None


def is_zero(text: str) -> bool:
    """Whether a text is a number that is 0."""
    match = _NUMBER.fullmatch(text)
    return match is not None and not any(digit in match[1] for digit in "123456789")


def count_of(text: str) -> int | None:
    """A whole number of at most nine digits; None for any other text."""
    return int(text) if _COUNT.fullmatch(text) else None


def value_of(text: str) -> str:
    """The value of a link; BadUnit if it is no number."""
    if not is_number(text):
        raise BadUnit("value is no number", f"{shown(text)} is no number: a link's value is one")
    return text


def shown(text: str) -> str:
    """A text for a message."""
    return repr(text[:_SHOWN])
