"""Birth dates as registers have them: right, one digit wrong, day and month exchanged, the year alone, or none."""

from datetime import date

from workbench.scenario.registers.dice import Dice

# How many of all birth dates in a register are so; the rest are right.
SHARES = {"-": 0.045, "y": 0.025, "f": 0.015, "d": 0.055, "e": 0.012, "s": 0.1, "x": 0.006}
_RIGHT = {"t": 1 - sum(SHARES.values())}
_FIRST_YEAR, _LAST_YEAR = 1925, 2012


def stated(born: date, dice: Dice) -> tuple[str, str]:
    """A birth date as ISO 8601, or only its year, or "", and how it is: a letter.

    t right; d one digit of day or month wrong; s day and month exchanged; e one digit of the year wrong; y the year
    alone; f the first of January of the year; x another date; - none.
    """
    kind = dice.by(_RIGHT | SHARES)
    if kind == "-":
        return "", "-"
    if kind == "y":
        return str(born.year), "y"
    if kind == "f":
        return f"{born.year}-01-01", "f"
    wrong = {"d": _other_digit, "e": _other_digit, "s": _exchanged, "x": _other}
    if kind in wrong:
        said = wrong[kind](born, dice, 5 if kind == "d" else 2)
        if said:
            return said, kind
    return born.isoformat(), "t"


def _other_digit(born: date, dice: Dice, first: int) -> str:
    """With another digit from a place on, of the year or of month and day; "" if no such day is found."""
    text = born.isoformat()
    for _ in range(20):
        at = dice.one((5, 6, 8, 9) if first == 5 else (2, 3))
        said = text[:at] + str(dice.below(10)) + text[at + 1 :]
        if said != text and _is_day(said):
            return said
    return ""


def _exchanged(born: date, dice: Dice, first: int) -> str:
    if born.day > 12 or born.day == born.month:
        return ""
    return f"{born.year}-{born.day:02d}-{born.month:02d}"


def _other(born: date, dice: Dice, first: int) -> str:
    return date(born.year + dice.below(9) - 4, 1 + dice.below(12), 1 + dice.below(28)).isoformat()


def _is_day(text: str) -> bool:
    try:
        return _FIRST_YEAR <= date.fromisoformat(text).year <= _LAST_YEAR
    except ValueError:
        return False
