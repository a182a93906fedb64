"""Normal forms of addresses, written in any script."""

from dataclasses import dataclass
from functools import lru_cache

from rigour.addresses import address_fingerprint

from workbench.model.text import romanise, words


@dataclass(frozen=True, slots=True)
class AddressForms:
    """The normal forms of an address: its words in Latin letters, in order, keywords as "Street" shortened."""

    words: tuple[str, ...]

    @property
    def key(self) -> str:
        """The same for addresses in which only the order and the spelling of keywords differ."""
        return " ".join(self.words)


@lru_cache(maxsize=200_000)
def address_forms(address: str) -> AddressForms:
    """The normal forms of an address; those of nothing for a text without a letter or digit."""
    keyed = address_fingerprint(address.encode("utf-8", "replace").decode()) or ""
    return AddressForms(tuple(sorted(set(words(romanise(keyed))))))
