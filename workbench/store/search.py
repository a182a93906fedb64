"""Ranks of search results: an index proposes texts, and the visible ones are ranked here.

The scores of an index (bm25, Lucene) would depend on hidden records; these ranks do not. Names that are only similar
(`workbench.model.normal.similar`) come after all texts that match.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from workbench.model.normal.similar import Said, distance, said
from workbench.model.text import fold, romanise, words

_SPACING = re.compile(r"[\s().,/-]+")
_SHORTEST_NUMBER = 10  # twice the digits of the shortest number that is searched without its spacing
TRIGRAM = 3
# Longer than any text: a rank is the kind of match times this, plus the length of the text.
LONGEST = 1_000_000_000
# Ranks from here on are those of names that are only similar: by distance in thousandths, then by length.
SIMILAR = 5 * LONGEST
_STEPS, _LONG = 1_000, 1_000_000


class Query(NamedTuple):
    """What is searched for: folded forms, one of which a text must contain, and the words of a name like this."""

    forms: tuple[str, ...]
    said: Said


def asked(text: str) -> Query:
    """The query of a text; without forms if nothing in it can be searched for."""
    return Query(forms(text), said(text))


def forms(query: str) -> tuple[str, ...]:
    """The folded forms of a query to search for: as it is, romanised, and for a number also without its spacing."""
    said = fold(query), romanise(query)
    return tuple(dict.fromkeys(filter(None, (*said, _number(said[1])))))


def _number(text: str) -> str:
    """A text without spaces and signs, if half of the rest are digits: numbers are kept so; "" for any other."""
    bare = _SPACING.sub("", text)
    return bare if 2 * sum(map(str.isdigit, bare)) >= max(len(bare), _SHORTEST_NUMBER) else ""


@lru_cache(maxsize=1_000)
def words_of(form: str) -> tuple[str, ...]:
    """The words of a form that may come in any order: of several, one of which an index of trigrams has; else none."""
    several = tuple(dict.fromkeys(words(form)))
    return several if len(several) > 1 and max(map(len, several)) >= TRIGRAM else ()


def matches(text: str, wanted: Iterable[str]) -> bool:
    """Whether a folded text, or its romanised form, contains one of the forms, or all of its words in any order."""
    return any(_contains(each, form) for form in wanted for each in (text, romanise(text)))


def _contains(text: str, form: str) -> bool:
    if form in text:
        return True
    several = words_of(form)
    return bool(several) and set(words(text)).issuperset(several)


def rank(text: str, wanted: Sequence[str]) -> int:
    """The rank of a text that matches, lower is better; then its length.

    Exact 0, prefix 1, whole words 2, otherwise contained 3, words in another order 4.
    """
    return min(_kind(form, each) for form in wanted for each in {text, romanise(text)}) * LONGEST + len(text)


def _kind(form: str, text: str) -> int:
    if text == form:
        return 0
    if text.startswith(form):
        return 1
    if form in text:
        return 2 if set(words(form)) <= set(words(text)) else 3
    return 4


def ranked(candidates: Iterable[tuple[int, str]], wanted: Sequence[str]) -> dict[int, int]:
    """The best rank of each entity among (entity, text) candidates."""
    best: dict[int, int] = {}
    cache: dict[str, int] = {}
    for entity, text in candidates:
        own = cache.get(text)
        if own is None:
            own = cache[text] = rank(text, wanted)
        best[entity] = min(own, best.get(entity, own))
    return best


def with_similar(exact: Mapping[int, int], candidates: Iterable[tuple[int, str]], wanted: Said) -> dict[int, int]:
    """The ranks of entities with a text that matches, and of those with a name among (entity, name) that is similar."""
    best = dict(exact)
    cache: dict[str, int | None] = {}
    for entity, name in candidates:
        if entity in exact:
            continue
        if name not in cache:
            cache[name] = _similar(name, wanted)
        own = cache[name]
        if own is not None:
            best[entity] = min(own, best.get(entity, own))
    return best


def _similar(name: str, wanted: Said) -> int | None:
    apart = distance(wanted, name)
    return None if apart is None else SIMILAR + round(apart * _STEPS) * _LONG + min(len(name), _LONG - 1)
