"""Tell whether a table has a header, and where it stands."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ingest.suggesting.words import meaning_of

_VALUE = re.compile(r"[-+]?[\d.,:/ T-]*\d[\d.,:/ TZ-]*|(?i:true|false|null|none|-0-)|\S+@\S+")
_LONGEST = 60
_SIGNS = re.compile("[{}|]")


class Guess(NamedTuple):
    """The place of the first row of a table, whether it is a header, and whether that is sure."""

    place: int
    is_header: bool
    is_sure: bool


def guess(rows: Sequence[Sequence[str]]) -> Guess:
    """Where a table begins; an empty row is one that is not of its width.

    >>> guess([[], ["id", "name"], ["1", "Ann"]]), guess([["36", "AERO"], ["37", "BANCO"]])
    (Guess(place=1, is_header=True, is_sure=True), Guess(place=0, is_header=False, is_sure=False))
    """
    place = next((at for at, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)
    first, rest = [cell.strip() for cell in rows[place]], [row for row in rows[place + 1 :] if row]
    named = [cell for cell in first if cell]
    if any(_VALUE.fullmatch(cell) or len(cell) > _LONGEST for cell in named):
        return Guess(place, False, False)
    known = any(meaning_of(cell).name or meaning_of(cell).side for cell in named)
    differs = any(
        any(_VALUE.fullmatch(row[at].strip()) for row in rest if at < len(row)) for at, cell in enumerate(first) if cell
    )
    again = any(cell in {row[at].strip() for row in rest if at < len(row)} for at, cell in enumerate(first) if cell)
    return Guess(place, True, (known or differs) and not again)


def renamed(names: Sequence[str]) -> list[str]:
    """Names of columns of which none is empty, none stands twice, and none has a sign of templates.

    >>> renamed(["Account", " ", "Account"])
    ['Account', 'column 2', 'Account (3)']
    """
    found = list[str]()
    for place, name in enumerate((_SIGNS.sub("_", each.strip()) for each in names), 1):
        whole = name or f"column {place}"
        found.append(whole if whole not in found else f"{whole} ({place})")
    return found
