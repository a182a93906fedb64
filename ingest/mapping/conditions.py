"""Compile conditions into functions of a unit's cells."""

import re
from collections.abc import Callable

from ingest.manifest import When
from ingest.mapping.columns import Cells, Columns

Condition = Callable[[Cells], bool]

_EMPTY = ("",)


def condition(when: When | None, columns: Columns) -> Condition | None:
    """A function that tells whether a unit has a record; None if every unit has it."""
    return None if when is None else _condition(when, columns)


def _condition(when: When, columns: Columns) -> Condition:
    if when.not_ is not None:
        denied = _condition(when.not_, columns)
        return lambda row: not denied(row)
    if when.all_ is not None:
        every = [_condition(each, columns) for each in when.all_]
        return lambda row: all(each(row) for each in every)
    if when.any_ is not None:
        some = [_condition(each, columns) for each in when.any_]
        return lambda row: any(each(row) for each in some)
    return _of_column(when.column or "", _of_text(when), columns)


def _of_column(name: str, holds: Callable[[str], bool], columns: Columns) -> Condition:
    """Whether a condition holds for the text of a column, or for one of several."""
    several = columns.several(name)
    if several is not None:
        return lambda row: any(map(holds, several(row) or _EMPTY))
    one = columns.one(name)
    return lambda row: holds(one(row))


def _of_text(when: When) -> Callable[[str], bool]:
    if when.equals is not None:
        wanted = frozenset(when.equals)
        return lambda text: text.strip() in wanted
    if when.matches is not None:
        matches = re.compile(when.matches).search
        return lambda text: matches(text.strip()) is not None
    return lambda text: bool(text.strip())
