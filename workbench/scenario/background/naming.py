"""The names of a background, as in a real population: few that many have, and many that few have.

The frequency of a name falls with its rank as a power law (Zipf 1949). There is no last rank, so the more people, the
more names: about the number of people to the power of 1 / tail (Heaps 1978). The names of the first ranks are written
whole, the others composed.
"""

import random
import tomllib
from functools import cache, lru_cache
from math import gcd, prod
from pathlib import Path

import numpy as np

from workbench.scenario.background.chance import Chance, Whole
from workbench.scenario.background.network import Network
from workbench.scenario.names import Name, capitals, joined, pool, sex_of, written

# How slowly the frequencies of the first names fall: the larger, the rarer is the most frequent.
_FLAT_GIVEN, _FLAT_FAMILY = 30, 60
_KEPT = 1 << 17
_STEP = 0.6180339887
_FORMS = {"cy": "{} Holdings Ltd", "nl": "{} Handel B.V.", "bg": "{} Транс ООД"}
_STREETS = {"cy": "Οδός {}", "nl": "{}straat", "bg": "ул. {}", "ma": "rue {}"}
_HOUSES = 40
_MOST = 1 << 60


class Naming:
    """The names of people and companies, by number."""

    def __init__(self, chance: Chance, network: Network) -> None:
        people, companies, shape = network.population.people, network.population.companies, network.shape
        given, family = shape.given_names_tail - 1, shape.family_names_tail - 1
        self._seed = network.seed
        self._given = _ranks(chance, "given names", len(people), given, _FLAT_GIVEN)
        self._family = _ranks(chance, "family names", len(people), family, _FLAT_FAMILY)
        self._firms = _ranks(chance, "companies' names", len(companies), family, _FLAT_FAMILY)

    def person(self, number: int, culture: str) -> Name:
        """The name of a person."""
        first = _given(culture, int(self._given[number]), self._seed)
        last = _family(culture, int(self._family[number]), self._seed)
        return joined(first, _hers(last) if culture == "bg" and first.sex == "female" else last)

    def company(self, number: int, culture: str) -> str:
        """The name of a company: somebody's family name, in the script of the country's customs or else in Latin."""
        last = _family(culture, int(self._firms[number]), self._seed)
        return _FORMS[culture].format(last.cyrillic if culture == "bg" else last.latin)

    def street(self, number: int, culture: str) -> str:
        """A house in a street that has a family's name, in the script of its country's files."""
        rank, house = divmod(number, _HOUSES)
        last = _family(culture, rank, self._seed)
        spelt = {"nl": last.latin, "bg": last.cyrillic, "cy": last.greek, "ma": last.french}[culture]
        return f"{_STREETS[culture].format(spelt)} {house + 1}"


def _ranks(chance: Chance, stream: str, many: int, tail: float, flat: float) -> Whole:
    """Ranks from 0, whose frequencies fall as (rank + flat) to the power of -(tail + 1)."""
    drawn = flat * ((1 - chance.parts(stream, many)) ** (-1 / tail) - 1)
    return np.asarray(np.minimum(drawn, _MOST), np.int64)


@lru_cache(_KEPT)
def _given(culture: str, rank: int, seed: int) -> Name:
    """The given name of a rank, in every script."""
    text, sex = given_name(culture, rank, seed)
    return written(culture, text)._replace(sex=sex)


@lru_cache(_KEPT)
def _family(culture: str, rank: int, seed: int) -> Name:
    """The family name of a rank, in every script."""
    return written(culture, family_name(culture, rank, seed))


def given_name(culture: str, rank: int, seed: int) -> tuple[str, str]:
    """The given name of a rank as its pool has it, and its sex: a whole one, or a composed one for either in turns."""
    whole = _shuffled(culture, "first", seed)
    if rank < len(whole):
        return whole[rank], sex_of(whole[rank].partition("/")[0])
    rest, woman = divmod(rank - len(whole), 2)
    ending = "female" if woman else "male"
    return _composed(culture, rest, (("given", ending), ("given", "middle", ending))), ending


def family_name(culture: str, rank: int, seed: int) -> str:
    """The family name of a rank as its pool has it: a whole one or a composed one."""
    whole = _shuffled(culture, "last", seed)
    if rank < len(whole):
        return whole[rank]
    ways = (("family", "ending"), ("family", "between", "ending"), ("family", "between", "between", "ending"))
    return _composed(culture, rank - len(whole), ways[culture == "ma" :])


def _hers(last: Name) -> Name:
    """A Bulgarian family name as a woman has it."""
    if not last.cyrillic.endswith(("ов", "ев", "ин", "ски")):
        return last
    old, new = ("и", "а") if last.cyrillic.endswith("ски") else ("", "а")
    return written("bg", last.cyrillic.removesuffix(old) + new)


@cache
def _shuffled(culture: str, part: str, seed: int) -> list[str]:
    """The names that are written whole, the most frequent first."""
    found = list(pool(culture, part))
    random.Random(f"{seed}:{culture}:{part}").shuffle(found)
    return found


@cache
def _parts(culture: str, name: str) -> tuple[tuple[str, ...], ...]:
    """Parts of names, each in as many scripts as its culture writes."""
    text = tomllib.loads(Path(__file__).parents[1].joinpath("composed.toml").read_text("utf-8"))[culture][name]
    return tuple(tuple(part.split("/")) for part in text.split())


def _composed(culture: str, number: int, ways: tuple[tuple[str, ...], ...]) -> str:
    """The composed name of a number: those of the first way, of fewest parts, come first, and each only once."""
    for way in ways:
        parts = [_parts(culture, name) for name in way]
        many = prod(map(len, parts))
        if number < many or way is ways[-1]:
            return _of_parts(parts, _scattered(number, many))
        number -= many
    raise AssertionError("no way to compose a name")


def _scattered(number: int, many: int) -> int:
    """Another number below `many` for each number below it."""
    step = int(many * _STEP) | 1
    while gcd(step, many) != 1:
        step += 2
    return number * step % many


def _of_parts(parts: list[tuple[tuple[str, ...], ...]], number: int) -> str:
    """A part of each, chosen by a number below the product of their lengths, put together in every script."""
    chosen = []
    for some in reversed(parts):
        number, at = divmod(number, len(some))
        chosen.append(some[at])
    scripts = zip(*reversed(chosen), strict=True)
    return "/".join(capitals("".join(script)) for script in scripts)
