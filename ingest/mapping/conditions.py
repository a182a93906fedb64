"""Compile conditions into functions of a unit's cells."""

import re
from collections.abc import Callable, Sequence

from ingest.manifest import When
from ingest.mapping.columns import Cells, Columns

Condition = Callable[[Cells], bool]


def always(row: Cells) -> bool:
    """Every unit."""
    return True


def never(row: Cells) -> bool:
    """No unit."""
    return False


def condition(when: When | None, columns: Columns) -> Condition:
    """A function that tells whether a unit has a record; `always` or `never` if the columns alone tell."""
    if when is None:
        return always
    if when.not_ is not None:
        return _denied(condition(when.not_, columns))
    if when.all_ is not None:
        return _joined([condition(each, columns) for each in when.all_], never)
    if when.any_ is not None:
        return _joined([condition(each, columns) for each in when.any_], always)
    return _of_column(when.column or "", _of_text(when), columns)


def _denied(one: Condition) -> Condition:
    if one in (always, never):
        return never if one is always else always
    return lambda row: not one(row)


def _joined(every: Sequence[Condition], deciding: Condition) -> Condition:
    """All of some conditions if `never` decides alone, any of them if `always` does."""
    neutral = always if deciding is never else never
    some = [each for each in every if each is not neutral]
    if deciding in some:
        return deciding
    if len(some) < 2:
        return some[0] if some else neutral
    end = deciding is always

    def hold(row: Cells) -> bool:
        for each in some:  # faster than `all` or `any` with a generator
            if each(row) is end:
                return end
        return not end

    return hold


def _of_column(name: str, holds: Callable[[str], bool], columns: Columns) -> Condition:
    """Whether a condition holds for the text of a column, or for one of several."""
    if not columns.has(name):
        return always if holds("") else never
    several = columns.several(name)
    if several is not None:
        without = holds("")
        return lambda row: any(map(holds, found)) if (found := several(row)) else without
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
