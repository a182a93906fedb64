"""Normal forms of addresses, written in any script."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rigour.addresses import address_fingerprint

from workbench.model.normal.skeletons import skeleton
from workbench.model.text import romanise, words

_LONGEST_NUMBER, _A_TOWN = 3, 3
_FEWEST, _FEW = 3, 4
_PARTS = ("street", "street2", "city", "postalCode", "region", "country")
_ALIKE = str.maketrans("bdghcjzv", "ptkkkssf")


@dataclass(frozen=True, slots=True)
class AddressForms:
    """The normal forms of an address: its words in Latin letters, in order, keywords as "Street" shortened."""

    words: tuple[str, ...]
    houses: tuple[str, ...] = ()  # each number of a house, with the consonants of the word beside it

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
    keyed = address_fingerprint(address.encode("utf-8", "replace").decode()) or ""
    spelt = words(romanise(keyed))
    return AddressForms(tuple(sorted(set(spelt))), tuple(_houses(spelt)))


def address_of(values: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The addresses that a record about one says, in its properties; none if it is about something else."""
    if said := (*values.get("full", ()), *values.get("name", ())):
        return said
    whole = " ".join(values[name][0] for name in _PARTS if values.get(name))
    return [whole] if whole else []


def _houses(spelt: Sequence[str]) -> Iterator[str]:
    """Each number of a house with the sounds of its street, which stands before it, or else behind."""
    for at, word in enumerate(spelt):
        if word.isdigit() and len(word) <= _LONGEST_NUMBER:
            street = _street(spelt[at - 1]) if at else ""
            street = street or (_street(spelt[at + 1]) if at + 1 < len(spelt) else "")
            if street:
                yield f"{word} {street}"


def _street(word: str) -> str:
    """The consonants of a word, those alike as one; without the first of many, which scripts write most differently."""
    sounds = "" if word.isdigit() else skeleton(word).translate(_ALIKE)
    return (sounds[1:] if len(sounds) > _FEW else sounds) if len(sounds) >= _FEWEST else ""
