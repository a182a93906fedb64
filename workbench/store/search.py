"""Ranking of search candidates: an index proposes, the view ranks what it may see.

Scores of an index (bm25, Lucene) depend on records that are hidden; these do not.
"""

from collections.abc import Iterable, Sequence

from workbench.model.text import fold, romanise, words

Rank = tuple[int, int, str]


def forms(query: str) -> tuple[str, ...]:
    """The folded forms in which a query is looked for: as it is, and romanised."""
    return tuple(dict.fromkeys(form for form in (fold(query), romanise(query)) if form))


def matches(text: str, wanted: Iterable[str]) -> bool:
    """Whether a folded text, or its romanised form, holds one of the forms."""
    return any(form in text or form in romanise(text) for form in wanted)


def rank(text: str, wanted: Sequence[str]) -> tuple[int, int]:
    """How well a text answers: exact 0, prefix 1, whole words 2, else 3; then its length."""
    return min(_kind(form, each) for form in wanted for each in {text, romanise(text)}), len(text)


def _kind(form: str, text: str) -> int:
    if text == form:
        return 0
    if text.startswith(form):
        return 1
    if form in text:
        return 2 if set(words(form)) <= set(words(text)) else 3
    return 4


def ranked(candidates: Iterable[tuple[str, str]], wanted: Sequence[str]) -> list[str]:
    """Entities among (entity, text) candidates, best first: by rank, length, id."""
    best: dict[str, tuple[int, int]] = {}
    cache: dict[str, tuple[int, int]] = {}
    for entity, text in candidates:
        found = cache.get(text)
        if found is None:
            found = cache[text] = rank(text, wanted)
        if entity not in best or found < best[entity]:
            best[entity] = found
    return [entity for _, entity in sorted((found, entity) for entity, found in best.items())]
