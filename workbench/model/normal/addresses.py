"""Normal forms of addresses, written in any script."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from workbench.model.normal.skeletons import skeleton
from workbench.model.text import romanise, words

_LONGEST_NUMBER, _A_TOWN = 3, 3
_SHORTEST_TOWN = 5  # shorter words are kinds of streets, as "odos"
_FEWEST, _FEW = 3, 4
_PARTS = ("street", "street2", "city", "postalCode", "region", "country")
_ALIKE = str.maketrans("bdghcjzv", "ptkkkssf")


@dataclass(frozen=True, slots=True)
class AddressForms:
    """The normal forms of an address: its words in Latin letters, in order, keywords as "Street" shortened."""

    words: tuple[str, ...]
    houses: tuple[str, ...] = ()  # each number of a house, with the consonants of the word beside it
    buildings: tuple[str, ...] = ()  # each house, "|", and a postal area or a long word, as that of the town

    @property
    def is_of_a_house(self) -> bool:
        """Whether it says more than a town: it has a number, or many words."""
        return any(map(str.isdigit, self.words)) or len(self.words) > _A_TOWN

    @property
    def key(self) -> str:
        """The same for addresses in which only the order and the spelling of keywords differ."""
        return " ".join(self.words)


@lru_cache(maxsize=200_000)
def address_forms(address: str) -> AddressForms:
    """The normal forms of an address; those of nothing for a text without a letter or digit."""
    from rigour.addresses import address_fingerprint  # brings a language of templates, for what is seldom asked

    keyed = address_fingerprint(address.encode("utf-8", "replace").decode()) or ""
    spelt = words(romanise(keyed))
    houses = dict(_houses(spelt))
    return AddressForms(tuple(sorted(set(spelt))), tuple(houses), tuple(_buildings(spelt, houses)))


def address_of(values: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The addresses that a record about one says, in its properties; none if it is about something else."""
    if said := (*values.get("full", ()), *values.get("name", ())):
        return said
    whole = " ".join(values[name][0] for name in _PARTS if values.get(name))
    return [whole] if whole else []


def _houses(spelt: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each number of a house with the sounds of its street, and the street, which stands before it, or else behind."""
    for at, word in enumerate(spelt):
        if word.isdigit() and len(word) <= _LONGEST_NUMBER:
            beside = (*reversed(spelt[max(at - 1, 0) : at]), *spelt[at + 1 : at + 2])
            if street := next(filter(_street, beside), ""):
                yield f"{word} {_street(street)}", street


def _buildings(spelt: Sequence[str], houses: Mapping[str, str]) -> Iterator[str]:
    """Each house with each postal area, and with each of the two longest words beside its street; with "" without any.

    Of a street its first sounds count, as its end may be shortened. For an address without a house all of its words
    stand for it.
    """
    longest = sorted({word for word in spelt if not word.isdigit()}, key=lambda word: (-len(word), word))
    areas = [word for word in spelt if word.isdigit() and len(word) > _LONGEST_NUMBER]
    for house, street in houses.items():
        first = house[: house.index(" ") + 1 + _FEWEST]
        towns = [word for word in longest if word != street and len(word) >= _SHORTEST_TOWN][:2]
        yield from (f"{first}|{area}" for area in (*areas, *towns) or ("",))
    if not houses and spelt:
        yield f"{' '.join(sorted(set(spelt)))}|"


def _street(word: str) -> str:
    """The consonants of a word, those alike as one; without the first of many, which scripts write most differently."""
    sounds = "" if word.isdigit() else skeleton(word).translate(_ALIKE)
    return (sounds[1:] if len(sounds) > _FEW else sounds) if len(sounds) >= _FEWEST else ""
