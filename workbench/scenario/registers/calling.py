"""What a person is called in one record: which names, in whose letters, and what went wrong in writing them down."""

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from workbench.scenario.names import capitals
from workbench.scenario.registers.dice import Dice
from workbench.scenario.registers.people import Citizen
from workbench.scenario.registers.slips import script_of, slipped
from workbench.scenario.registers.spelling import LANGUAGES, either, heard, official, plain, read_off

# How many records have it, of those that could.
SHORT, INITIAL, SLIP, SWAPPED = 0.05, 0.03, 0.11, 0.05
BIRTH_NAME, SECOND_GIVEN, ONE_OF_TWO, WITHOUT_PARTICLE, MASCULINE = 0.25, 0.5, 0.35, 0.2, 0.25
# How many write a name as the passport has it; the others write what they hear.
FROM_PASSPORT, NATIVE = 0.8, 0.95
ENGLISH = 0.15
_SOUNDS = {**LANGUAGES, "zh": "chinese"}
_SCRIPTS = {"dutch": "latin", "german": "latin", "french": "latin", "bulgarian": "cyrillic", "greek": "greek"}


@dataclass(frozen=True, slots=True)
class Called:
    """A name in one record, and what was done to it: letters.

    h written as heard; l in the letters of home, where others are used; n a short name; i an initial; m the name of
    birth of a woman who has another; 2 one of two family names; t a slip; s given and family name exchanged.
    """

    given: str
    father: str
    family: str
    noise: str


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who writes: his language, and whether the letters of home are used for Arabic names too."""

    language: str
    arabic: float = 0.0


def called(person: Citizen, clerk: Clerk, dice: Dice) -> Called:
    """How a clerk writes a person's name in one record."""
    given, noise = _given(person, dice)
    family, why = _family(person, dice)
    how = _way(person, clerk, dice)
    texts = [" ".join(written(word, person, clerk, how, dice) for word in words) for words in (given, family)]
    father = written(person.father, person, clerk, how, dice)
    noise += why + {"heard": "h", "english": "h", "home": "l"}.get(how, "")
    if "i" in noise:
        texts[0] = texts[0][:1] + "."
    if dice.happens(SLIP):
        at = dice.below(2)
        changed = slipped(texts[at], dice)
        noise += "t" if changed != texts[at] else ""
        texts[at] = changed
    if dice.happens(SWAPPED):
        texts.reverse()
        noise += "s"
    return Called(texts[0], father, texts[1], noise)


def _given(person: Citizen, dice: Dice) -> tuple[list[str], str]:
    """The given names, or what the person is called for short."""
    words = list(person.given)
    if len(words) > 1 and not dice.happens(SECOND_GIVEN):
        words = [dice.one(words)] if dice.happens(0.3) else words[:1]
    if dice.happens(SHORT):
        short = _short(person.culture, words[0], dice.draw() < 0.5)
        return ([short], "n") if short else (words, "")
    return words, "i" if person.culture != "zh" and dice.happens(INITIAL) else ""


@lru_cache(1 << 16)
def _short(culture: str, given: str, first: bool) -> str:
    """A short name, by the table of a culture or by its endings; "" if the name is short already."""
    known, endings = _short_names()[culture]
    ways = given.split("/")
    found = known.get(ways[0])
    if found:
        return found
    ending = endings[not first].split("/")
    cut = [_cut(way) for way in ways]
    if any(len(way) < 2 for way in cut) or culture == "zh":
        return ""
    return "/".join(way + either(ending, at) for at, way in enumerate(cut))


def _cut(name: str) -> str:
    """A name up to the second vowel, or to its fourth letter."""
    vowels = [at for at, char in enumerate(plain(name.lower())) if char in "aeiouyаеиоуъюяіїαεηιουωا"]
    return name[: min(vowels[1] if len(vowels) > 1 else 4, 4)]


@cache
def _short_names() -> dict[str, tuple[dict[str, str], list[str]]]:
    text = tomllib.loads(Path(__file__).with_name("short.toml").read_text("utf-8"))
    return {
        culture: (dict(pair.split("=") for pair in said["names"].split()), said["endings"].split())
        for culture, said in text.items()
    }


def _family(person: Citizen, dice: Dice) -> tuple[list[str], str]:
    """The family names: of birth, of the husband, or both; a woman's has the form that women have."""
    own, his = (
        "/".join(_hers(way) for way in text.split("/"))
        if person.sex == "female" and not dice.happens(0 if person.culture == "bg" else MASCULINE)
        else text
        for text in (person.family, person.married)
    )
    if not his:
        return [_without_particle(own, dice)], ""
    if dice.happens(BIRTH_NAME):
        return [_without_particle(own, dice)], "m"
    if not person.joins:
        return [_without_particle(his, dice)], ""
    if dice.happens(ONE_OF_TWO):
        return [dice.one((own, his))], "2"
    return [his, own], ""


def _without_particle(family: str, dice: Dice) -> str:
    return family.rpartition(" ")[2] if " " in family and dice.happens(WITHOUT_PARTICLE) else family


_ENDINGS = (
    ("ський", "ська"), ("ский", "ская"), ("ски", "ска"), ("ий", "а"), ("ов", "ова"), ("ев", "ева"), ("ин", "ина"),
    ("ёв", "ёва"), ("όπουλος", "οπούλου"), ("όγλου", "όγλου"), ("ίδης", "ίδου"), ("άδης", "άδου"), ("ης", "η"),
    ("ός", "ού"), ("ος", "ου"), ("άς", "ά"), ("ας", "α"),
)  # fmt: skip


def _hers(family: str) -> str:
    """A family name as women have it."""
    for old, new in _ENDINGS:
        if family.endswith(old):
            return family.removesuffix(old) + new
    return family


def _way(person: Citizen, clerk: Clerk, dice: Dice) -> str:
    """How the name comes into the record: copied from home's letters, from the passport, or heard."""
    if person.culture == "ma" and dice.happens(clerk.arabic):
        return "home"
    script, native = _SCRIPTS[clerk.language], script_of(person.family)
    if script == native and person.culture != "ma":
        return "copied" if dice.happens(NATIVE) else "heard"
    if dice.happens(FROM_PASSPORT):
        return "passport"
    return "english" if script == "latin" and dice.happens(ENGLISH) else "heard"


def written(word: str, person: Citizen, clerk: Clerk, how: str, dice: Dice) -> str:
    """One name as it is written in a record."""
    ways = word.split("/")
    if how == "home":
        return ways[0]
    language = _language(person, ways)
    if how == "copied":
        return _copied(ways, person, clerk)
    if how in ("heard", "english"):
        by = "english" if how == "english" else clerk.language
        text = ways[1] if person.culture in ("ma", "zh") else either(ways, _tongue(person))
        return heard(text, language, by, dice)
    latin = in_passport(word, person, dice)
    return latin if _SCRIPTS[clerk.language] == "latin" else read_off(latin, clerk.language, dice)


def _tongue(person: Citizen) -> int:
    """0 for who has papers in Ukrainian, 1 for who has them in Russian."""
    return int(person.documents[0][-1]) % 2 if person.culture == "ua" else 0


def _language(person: Citizen, ways: list[str]) -> str:
    return ("ukrainian", "russian")[_tongue(person)] if person.culture == "ua" else _SOUNDS[person.culture]


def _copied(ways: list[str], person: Citizen, clerk: Clerk) -> str:
    """A name that is copied; a Bulgarian clerk has no Ukrainian letters."""
    text = either(ways, _tongue(person))
    if person.culture == "ua" and clerk.language == "bulgarian":
        return text.translate(_BULGARIAN)
    return text


_BULGARIAN = str.maketrans("іїєґыэёІЇЄҐ", "иийгиеоИИЕГ")


def in_passport(word: str, person: Citizen, dice: Dice) -> str:
    """A name as the passport has it in Latin letters; the same each time, whatever the dice say."""
    ways, way = word.split("/"), int(person.documents[0][-2])
    if person.culture == "nl":
        return word
    if person.culture == "ma":
        return ways[1]
    if person.culture == "zh":
        return ways[2].replace("'", "") if way < 2 else ways[1]
    if person.culture == "de":
        return official(word, "german", dice) if way < 5 else word
    standard = _SOUNDS.get(person.culture, "")
    if person.culture == "ua":
        standard = ("ukrainian", "russian")[_tongue(person)] if way < 9 else "iso_9"
    return capitals(official(either(ways, _tongue(person)), standard, dice))
