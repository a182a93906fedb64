"""How well a text answers a search: an index proposes, what may be seen is ranked.

Scores of an index (bm25, Lucene) depend on records that are hidden; these do not.
"""

from collections.abc import Iterable, Sequence

from workbench.model.text import fold, romanise, words

# No text is as long: a rank is a kind of answer times this, and the length of the text.
LONGEST = 1_000_000_000


def forms(query: str) -> tuple[str, ...]:
    """The folded forms in which a query is looked for: as it is, and romanised."""
    return tuple(dict.fromkeys(form for form in (fold(query), romanise(query)) if form))


def matches(text: str, wanted: Iterable[str]) -> bool:
    """Whether a folded text, or its romanised form, holds one of the forms."""
    return any(form in text or form in romanise(text) for form in wanted)


def rank(text: str, wanted: Sequence[str]) -> int:
    """How well a text answers, the least is the best: exact 0, prefix 1, whole words 2, else 3; then its length."""
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
        found = cache.get(text)
        if found is None:
            found = cache[text] = rank(text, wanted)
        best[entity] = min(found, best.get(entity, found))
    return best
