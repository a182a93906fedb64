"""The searchable texts of a record: folded and romanised, for the TEXT indexes and for ranking.

An index proposes records by `search` (all texts and their romanised forms, one a line) or, for forms
too short for trigrams, by `tokens` (each between two spaces). The keys of names, by which similar ones are found, are
tokens that begin with a sign of their own. Texts longer than an index takes continue in nodes of their own. Ranking
reads `texts`, one list with five parts for each text, because reading another property would cost another search
among those of the node; similar names are compared with `names`.
"""

from collections.abc import Iterator
from itertools import accumulate, groupby
from typing import Any

from workbench.model.normal.similar import keys_in
from workbench.model.text import romanise, words
from workbench.store.rows import Texts, short_tokens

# The bytes that a TEXT index takes at most (32,766), and the overlap of a long text's pieces in characters.
_MOST_BYTES = 32_000
OVERLAP = 256
_LEAST_BYTES = 16  # of a token: a short word has up to 8, and a space
_OF_KEYS = "~"

Node = dict[str, Any]


def searchable(texts: Texts) -> tuple[Node, list[Node]]:
    """The search properties of an entity record's node, and of further nodes for the rest of long texts."""
    folded = texts.both
    if not folded:
        return {}, []
    romans = [romanise(text) for text in folded]
    node: Node = {"texts": [part for text, roman in zip(folded, romans, strict=True) for part in _parts(text, roman)]}
    node |= {"names": list(texts.names)} if texts.names else {}
    lines = "\n".join(dict.fromkeys([*folded, *romans]))
    parts = [{"search": piece} for piece in _pieces(lines)]
    token_parts = [{"tokens": piece} for piece in token_pieces(texts)]
    for first in (parts[:1], token_parts[:1]):
        for properties in first:
            node.update(properties)
    return node, parts[1:] + token_parts[1:]


def _parts(text: str, roman: str) -> tuple[str, str, str, str, str]:
    """A text, its words, both romanised, and its short words; "" for each that adds nothing to the one before."""
    padded = _padded(words(text))
    shown = "" if padded == f" {text} " else padded
    if roman == text:
        return text, shown, "", "", ""
    return text, shown, roman, _padded(words(roman)), _padded(sorted(short_tokens(text)))


def _padded(tokens: list[str]) -> str:
    return f" {' '.join(tokens)} "


def _pieces(text: str) -> Iterator[str]:
    """A text in pieces short enough for an index, each overlapping the one before."""
    if len(text) * 4 <= _MOST_BYTES or len(text.encode()) <= _MOST_BYTES:
        yield text
        return
    step = _MOST_BYTES // 4
    for start in range(0, max(len(text) - OVERLAP, 1), step - OVERLAP):
        yield text[start : start + step]


def token(key: str) -> str:
    """The token of a key of a name."""
    return f"{_OF_KEYS}{key}"


def token_pieces(texts: Texts) -> Iterator[str]:
    """The tokens of texts in pieces short enough for an index; those of names come first."""
    keys = [token(key) for key in sorted(keys_in(texts.names))]
    tokens = keys + sorted({short for text in texts.both for short in short_tokens(text)})
    ends = list(accumulate(max(len(each) + 1, _LEAST_BYTES) for each in tokens))
    for _, piece in groupby(range(len(tokens)), lambda n: ends[n] // (_MOST_BYTES // 2)):
        yield _padded([tokens[n] for n in piece])
