"""Normal forms of names, of persons and of organisations."""

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import chain

from rigour.names import Name, NamePartTag, NameTypeTag, SymbolCategory, analyze_names

from workbench.model.normal.scripts import is_syllabic, latin
from workbench.model.normal.skeletons import skeleton
from workbench.model.text import fold


class Kind(Enum):
    """Whose names: rules for titles, particles and legal forms differ."""

    PERSON = NameTypeTag.PER
    ORGANISATION = NameTypeTag.ORG


@dataclass(frozen=True, slots=True)
class NameForms:
    """The normal forms of a name.

    `words` are in Latin letters, in order, without titles, particles and legal forms. A name in Han or Hangul keeps its
    letters there, and `romanised` has its words as they sound: compare those only with names in other scripts, because
    different names sound alike. `symbols` are ids of names and words that rigour knows, the same in all languages;
    `legal` is the legal form of an organisation, "" if the name says none.
    """

    words: tuple[str, ...]
    romanised: tuple[str, ...]
    skeletons: tuple[str, ...]  # of the romanised words, in order
    known: frozenset[str]  # those of words that rigour knows
    symbols: frozenset[str]
    legal: str

    @property
    def is_syllabic(self) -> bool:
        """Whether the name is written in Han or Hangul."""
        return self.words != self.romanised

    @property
    def sorted_words(self) -> str:
        """The words in alphabetical order: the same for names in which only the order differs."""
        return " ".join(sorted(self.words))

    @property
    def key(self) -> str:
        """The skeletons in alphabetical order: the same for most spellings of a name."""
        return " ".join(sorted(filter(None, self.skeletons)))


NOTHING = NameForms((), (), (), frozenset(), frozenset(), "")
_LEFT_OUT = (NamePartTag.STOP, NamePartTag.LEGAL, NamePartTag.TITLE, NamePartTag.HONORIFIC)
_KNOWN = (SymbolCategory.NAME, SymbolCategory.NICK, SymbolCategory.SYMBOL, SymbolCategory.DOMAIN)


@lru_cache(maxsize=200_000)
def name_forms(name: str, kind: Kind) -> NameForms:
    """The normal forms of a name; those of nothing for a text without a letter or digit."""
    found = analyse(name, kind)
    return _forms(found) if found else NOTHING


@lru_cache(maxsize=200_000)
def analyse(name: str, kind: Kind) -> Name | None:
    """A name in rigour's parts and symbols; None for a text without a letter or digit."""
    said = name.encode("utf-8", "replace").decode()  # without halves of surrogate pairs
    found = analyze_names(kind.value, [said], infer_initials=True, phonetics=False)
    return min(found, key=lambda each: each.form, default=None)


def _forms(name: Name) -> NameForms:
    parts = [part for part in name.parts if part.tag not in _LEFT_OUT] or list(name.parts)
    sounds = [latin(part.form) for part in parts]
    romanised = tuple(chain(*sounds))
    as_written = (
        (fold(part.form),) if is_syllabic(part.form) else said for part, said in zip(parts, sounds, strict=True)
    )
    places = {part.index for span in name.spans if span.symbol.category in _KNOWN for part in span.parts}
    known = {skeleton(word) for part, said in zip(parts, sounds, strict=True) if part.index in places for word in said}
    symbols = frozenset(str(each) for each in name.symbols if each.category in _KNOWN)
    legal = sorted(str(each.id) for each in name.symbols if each.category == SymbolCategory.ORG_CLASS)
    skeletons = tuple(map(skeleton, romanised))
    return NameForms(tuple(chain(*as_written)), romanised, skeletons, frozenset(known), symbols, " ".join(legal))
