"""Clean values with FollowTheMoney's types; a value that can't be cleaned keeps its original.

Dates and numbers are stricter than in FollowTheMoney, which reads only the year of `2021/04/03`, silently drops the
rest, and takes any text for a number.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple, TypeVar
from unicodedata import decimal

from ingest.cleaned import cleaned, is_type
from ingest.mapping.dates import NO_HINT, WHOLE_DAYS, DateHint, date_values
from ingest.mapping.numbers import number
from workbench.model.ontology import ontology
from workbench.model.record import Value

# Longer texts seldom repeat: caching them costs more than cleaning them again.
_LONGEST_KEPT = 200
_KEPT = 1 << 16
# A telephone number takes long to clean, and comes again all over a file of calls.
_KEPT_PHONES = 1 << 19
_KEPT_OF_A_COLUMN = 1 << 14

# The number of letters and digits at the end of an id that cleaning may not change.
_COMPARED = 4

# What a list, an object or a quoted text begins with, and no identifier.
_NO_START = frozenset("[{\"'<")

Cleaner = Callable[[str], tuple[Value, ...]]
_T = TypeVar("_T")


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


class Signs(NamedTuple):
    """How numbers are written: the signs before decimals and between thousands."""

    decimal: str | None = None
    thousands: str | None = None


_PLAIN = Signs()


def cleaner(
    schema: str, name: str, *, country: str | None = None, dates: DateHint = NO_HINT, signs: Signs = _PLAIN
) -> Cleaner:
    """A function from a text to values of a schema's property; it raises BadUnit for an invalid date.

    `country` is the country of national phone numbers.
    """
    prop = ontology().schemata[schema].properties[name]
    kind = prop.type
    if kind == "date":
        is_day = ontology().is_day(schema, name)
        written = dates._replace(finest=min(dates.finest, WHOLE_DAYS)) if is_day else dates
        return lambda text: date_values(text, written)
    if kind == "number":
        return lambda text: (Value(number(name, text, *signs), text),)
    if kind == "identifier" and prop.format is None:
        return lambda text: _kept(kind, None, text) if _names(text) else (Value(None, text),)
    hint = country if kind == "phone" else prop.format
    keep = _keep(kind, hint)
    return lambda text: keep(kind, hint, text) if len(text) <= _LONGEST_KEPT else _clean(kind, hint, text)


def _names(text: str) -> bool:
    """Whether a text can be an identifier: it has a letter or digit, and is no piece of a list or of markup."""
    return text.isprintable() and text.lstrip()[:1] not in _NO_START and any(map(str.isalnum, text))


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


_kept, _kept_codes, _kept_phones = (lru_cache(maxsize=most)(_clean) for most in (_KEPT, _KEPT, _KEPT_PHONES))


def _keep(kind: str, hint: str | None) -> Callable[[str, str | None, str], tuple[Value, ...]]:
    """`_clean` with a memory for values of a type."""
    return _kept_phones if kind == "phone" else _kept_codes if hint else _kept
