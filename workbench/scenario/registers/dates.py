"""Birth dates as registers have them: right, one digit wrong, day and month exchanged, the year alone, or none."""

from collections.abc import Sequence
from datetime import date

from workbench.scenario.registers.dice import Dice

# How many of all birth dates in a register are so; the rest are right.
SHARES = {"-": 0.045, "y": 0.025, "f": 0.015, "d": 0.055, "e": 0.012, "s": 0.1, "x": 0.006}
_RIGHT = {"t": 1 - sum(SHARES.values())}
_FIRST_YEAR, _LAST_YEAR = 1925, 2012
# Places of digits in a date that may be wrong.
_YEAR, _MONTH_AND_DAY = (2, 3), (5, 6, 8, 9)


def stated(born: date, dice: Dice) -> tuple[str, str]:
    """A birth date as ISO 8601, or only its year, or "", and how it is: a letter.

    t right; d one digit of day or month wrong; s day and month exchanged; e one digit of the year wrong; y the year
    alone; f the first of January of the year; x another date; - none.
    """
    kind = dice.by(_RIGHT | SHARES)
    if kind == "-":
        return "", "-"
    said = _said(kind, born, dice)
    return (said, kind) if said else (born.isoformat(), "t")


def _said(kind: str, born: date, dice: Dice) -> str:
    """A birth date as its letter says; "" if it can't be so."""
    match kind:
        case "y":
            return str(born.year)
        case "f":
            return f"{born.year}-01-01"
        case "d":
            return _other_digit(born, dice, _MONTH_AND_DAY)
        case "e":
            return _other_digit(born, dice, _YEAR)
        case "s":
            return _exchanged(born)
        case "x":
            return _other(born, dice)
    return born.isoformat()


def _other_digit(born: date, dice: Dice, places: Sequence[int]) -> str:
    """With another digit at one of some places; "" if no such day is found."""
    text = born.isoformat()
    for _ in range(20):
        at = dice.one(places)
        said = text[:at] + str(dice.below(10)) + text[at + 1 :]
        if said != text and _is_day(said):
            return said
    return ""


def _exchanged(born: date) -> str:
    if born.day > 12 or born.day == born.month:
        return ""
    return f"{born.year}-{born.day:02d}-{born.month:02d}"


def _other(born: date, dice: Dice) -> str:
    return date(born.year + dice.below(9) - 4, 1 + dice.below(12), 1 + dice.below(28)).isoformat()


def _is_day(text: str) -> bool:
    try:
        return _FIRST_YEAR <= date.fromisoformat(text).year <= _LAST_YEAR
    except ValueError:
        return False
