"""Slips of fingers and eyes: typos of keyboards, letters misread, doubled, dropped or exchanged, digits mistyped."""

import tomllib
from functools import cache
from pathlib import Path

from workbench.scenario.registers.dice import Dice
from workbench.scenario.registers.spelling import tables

_SCRIPTS = (("cyrillic", "\u0400", "\u04ff"), ("greek", "\u0370", "\u03ff"), ("arabic", "\u0600", "\u06ff"))
_KINDS = {"key": 0.3, "look": 0.25, "dropped": 0.2, "doubled": 0.15, "exchanged": 0.1}


def script_of(text: str) -> str:
    """The script of a text: cyrillic, greek, arabic, han or latin."""
    for char in text:
        for script, first, last in _SCRIPTS:
            if first <= char <= last:
                return script
        if char >= "\u4e00":
            return "han"
    return "latin"


@cache
def _beside(script: str) -> dict[str, str]:
    """The keys beside each key."""
    rows = tomllib.loads(Path(__file__).with_name("spelling.toml").read_text("utf-8"))["keys"][script].split()
    return {key: row[max(0, at - 1) : at] + row[at + 1 : at + 2] for row in rows for at, key in enumerate(row)}


def slipped(text: str, dice: Dice) -> str:
    """A text with one slip in a letter; the same if it has too few letters or none that slips so."""
    places = [at for at, char in enumerate(text) if char.isalpha()]
    script = script_of(text)
    if len(places) < 3 or script == "han":
        return text
    at = places[1 + dice.below(len(places) - 1)]
    kind = dice.by(_KINDS)
    if kind == "look":
        return _misread(text, script, dice)
    if kind == "dropped":
        return text[:at] + text[at + 1 :]
    if kind == "doubled":
        return text[:at] + text[at] + text[at:]
    if kind == "exchanged":
        return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
    keys = _beside(script).get(text[at].lower(), "")
    return text[:at] + _cased(dice.one(keys), text[at]) + text[at + 1 :] if keys else text[:at] + text[at + 1 :]


def _misread(text: str, script: str, dice: Dice) -> str:
    """A text in which one group of letters is taken for another that looks like it."""
    lower = text.lower()
    found = [(at, one, other) for one, (other,) in tables("looks")[script].items() if (at := lower.find(one, 1)) > 0]
    if not found or len(lower) != len(text):
        return text[:-1]
    at, one, other = dice.one(found)
    return text[:at] + _cased(other, text[at]) + text[at + len(one) :]


def _cased(letters: str, like: str) -> str:
    return letters.upper() if like.isupper() else letters


def mistyped(number: str, dice: Dice) -> str:
    """A number with one digit typed wrong, or two neighbours exchanged; never the same number."""
    places = [at for at, char in enumerate(number) if char.isdigit()]
    if len(places) < 4:
        return number
    at = places[2 + dice.below(len(places) - 2)]
    before = at - 1
    if number[before].isdigit() and number[before] != number[at] and dice.happens(0.3):
        return number[:before] + number[at] + number[before] + number[at + 1 :]
    return number[:at] + str((int(number[at]) + 1 + dice.below(9)) % 10) + number[at + 1 :]
