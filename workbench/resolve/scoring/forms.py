"""What one facet says, in the normal forms that are compared: one row of the table that is scored."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import combinations
from math import log2
from typing import Any, NamedTuple

import orjson

from workbench.model.normal.addresses import address_forms
from workbench.model.normal.contacts import line, mailbox
from workbench.model.normal.names import Kind, NameForms, name_forms
from workbench.model.normal.skeletons import COARSE

# A word that a model has not counted: how rare it is, in bits; one that rigour knows as a name is less so.
_RARE, _KNOWN, _INITIAL = 10.0, 5.5, 2.0
# All that it knows of one name together: three such words are common together too, as "Maria Garcia Lopez".
_KNOWN_TOGETHER = 11.0
# Of so many words of a name each two are looked at together: more are no name.
_MOST_WORDS = 24
# A word that is less rare is no key by itself, nor are two words that are less rare together: so up to so many facets.
# With each doubling they must be rarer by a bit, or the pairs that agree by accident would grow by its square.
_COMMON, _COMMON_TWO, _FACETS = 8.0, 16.0, 262_144
_SHORTEST_KEY = 3
_LONG_NUMBER = 4
_FULL_DATE = 10

Texts = tuple[str, ...]
# The rarity of a skeleton, in bits; None if the model has not counted it.
Rarity = Callable[[str], float | None]
FormsOfName = Callable[[str, Kind], NameForms]


class Words(NamedTuple):
    """What a model has counted: how rare skeletons are, among how many facets; 0 for nothing."""

    rarity: Rarity = lambda skeleton: None
    facets: int = 0

    @property
    def doublings(self) -> float:
        """How often the facets have doubled since they were few."""
        return max(0.0, log2(max(self.facets, 1) / _FACETS))


NO_WORDS = Words()


@dataclass(frozen=True, slots=True)
class Said:
    """What the records of one class say about an entity, as cleaned texts; documents as "kind|number"."""

    kind: Kind
    names: Texts = ()
    given: Texts = ()
    births: Texts = ()
    documents: Texts = ()
    phones: Texts = ()
    emails: Texts = ()
    addresses: Texts = ()
    places: Texts = ()


@dataclass(frozen=True, slots=True)
class Forms:
    """A row of the table that is scored: texts in alphabetical order, each once; `rare` in bits."""

    names: Texts  # the words of each name, in alphabetical order
    keys: Texts  # the skeletons of each name, likewise
    skeletons: Texts
    rare_skeletons: Texts
    pairs: Texts  # of skeletons of one name that are rare together
    starts: Texts  # the first sound of each word; the first two among many facets
    given: Texts  # skeletons of the words that are said to be given names
    beginnings: Texts  # of each two words of one name, the first two sounds; none among many facets
    spelt: Texts  # the names as they were said, to be compared by their letters
    rare: float  # how rare the rarest name is
    births: Texts
    years: Texts
    days: Texts  # of the year
    documents: Texts
    document_kinds: Texts
    phones: Texts
    emails: Texts
    addresses: Texts
    address_words: Texts
    houses: Texts  # numbers of houses with the sounds of their streets
    buildings: Texts  # these with a postal area or a town: not compared, but counted
    postal: Texts  # postal areas, each with another number or a long word of its address
    places: Texts

    def kept(self) -> str:
        """The forms as JSON, as they are kept in a store."""
        return orjson.dumps(self).decode()


# All but what is counted and not compared.
COLUMNS = tuple(each.name for each in fields(Forms) if each.name != "buildings")


def forms_of(said: Said, words: Words = NO_WORDS, of_name: FormsOfName = name_forms) -> Forms | None:
    """The forms of what a facet says; None if it says neither a name nor a document, as nothing joins without one."""
    forms = {name: each for name in said.names if (each := of_name(name, said.kind)).words}
    if not forms and not said.documents:
        return None
    addresses = [address_forms(each) for each in said.addresses]
    return Forms(
        **_of_names(list(forms.values()), words),
        spelt=_each(forms),
        given=_each(s for name in said.given for s in of_name(name, said.kind).skeletons if len(s) > 1),
        births=_each(said.births),
        years=_each(each[:4] for each in said.births),
        days=_each(each[4:] for each in said.births if len(each) == _FULL_DATE),
        documents=_each(said.documents),
        document_kinds=_each(each.partition("|")[0] for each in said.documents),
        phones=_each(map(line, said.phones)),
        emails=_each(map(mailbox, said.emails)),
        addresses=_each(each.key for each in addresses if each.is_of_a_house),
        address_words=_each(word for each in addresses for word in each.words),
        houses=_each(house for each in addresses for house in each.houses),
        buildings=_each(each for address in addresses if address.is_of_a_house for each in address.buildings),
        postal=_each(each for address in addresses for each in _postal(address.words)),
        places=_each(said.places),
    )


def _of_names(names: Sequence[NameForms], words: Words) -> dict[str, Any]:
    """The columns that the names fill."""
    bits = {s: _bits(s, each, words.rarity) for each in names for s in each.skeletons if s}
    rarer, is_many = words.doublings, words.doublings > 0
    twos = (two for each in names for two in combinations(sorted(set(filter(None, each.skeletons)))[:_MOST_WORDS], 2))
    return {
        "names": _each(each.sorted_words for each in names),
        "keys": _each(each.key for each in names if len(each.key) >= _SHORTEST_KEY),
        "skeletons": _each(s for each in names for s in each.skeletons if len(s) > 1),
        "rare_skeletons": _each(s for s in bits if len(s) > 1 and bits[s] > _COMMON + rarer),
        "pairs": _each(" ".join(two) for two in twos if bits[two[0]] + bits[two[1]] > _COMMON_TWO + rarer),
        "starts": _each(s for each in names for s in (_beginnings(each) if is_many else map(_first, each.skeletons))),
        "beginnings": _each(
            " ".join(two) for each in names for two in combinations(_beginnings(each)[:_MOST_WORDS], 2) if not is_many
        ),
        "rare": max((_rare(each, words.rarity) for each in names), default=0.0),
    }


def _postal(words: Texts) -> Iterator[str]:
    """The long numbers of an address, each with another of its numbers or one of its two longest words."""
    numbers = [word for word in words if word.isdigit()]
    longest = sorted((word for word in words if not word.isdigit()), key=lambda word: (-len(word), word))[:2]
    for area in numbers:
        if len(area) >= _LONG_NUMBER:
            yield from (f"{area} {other}" for other in (*numbers, *longest) if other != area)


def _first(skeleton: str) -> str:
    return skeleton[:1]


def _beginnings(name: NameForms) -> list[str]:
    """The first two sounds of each word, in order; sounds that are spelt in each other's letters are one."""
    return sorted({s[:2].translate(COARSE) for s in name.skeletons if len(s) > 1})


def _rare(name: NameForms, rarity: Rarity) -> float:
    """How rare a name is, in bits: those of its words together, each counted once."""
    by_word = dict(zip(name.romanised, name.skeletons, strict=True))
    bits = [_INITIAL if len(word) == 1 else _bits(skeleton, name, rarity) for word, skeleton in by_word.items()]
    known = [rarity(skeleton) is None and _is_known(skeleton, name) for skeleton in by_word.values()]
    together = sum(each for each, is_known in zip(bits, known, strict=True) if is_known)
    return sum(bits) - max(0.0, together - _KNOWN_TOGETHER)


def _bits(skeleton: str, name: NameForms, rarity: Rarity) -> float:
    counted = rarity(skeleton)
    if counted is not None:
        return counted
    return _KNOWN if _is_known(skeleton, name) else _RARE


def _is_known(skeleton: str, name: NameForms) -> bool:
    """Whether rigour knows a word as a name, or it is a syllable: there are few in Han or Hangul that name people."""
    return skeleton in name.known or name.is_syllabic


def _each(texts: Iterable[str]) -> Texts:
    return tuple(sorted(set(filter(None, texts))))
