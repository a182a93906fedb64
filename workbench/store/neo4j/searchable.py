"""What of a record is searched: its folded texts, romanised beside them, for the TEXT indexes and for ranking.

An index proposes records by `search` (all texts and their romanised forms, by lines) or, for what
is too short for trigrams, by `tokens` (each between two spaces); what is longer than an index takes
goes on in nodes of its own. Ranking reads `texts`: one list, five parts to a text, because each
property that is asked for costs a search among all of its node.
"""

from collections.abc import Iterator
from typing import Any

from workbench.model.text import romanise, words
from workbench.store.rows import Row, short_tokens, texts

# Bytes that a TEXT index takes (32,766), and characters by which the pieces of a long text overlap.
_MOST_BYTES = 32_000
OVERLAP = 256

Node = dict[str, Any]


def searchable(row: Row) -> tuple[Node, list[Node]]:
    """Properties for the node of an entity's record, and those of further nodes for what is too long."""
    found = texts(row)
    if not found:
        return {}, []
    romans = [romanise(text) for text in found]
    node: Node = {"texts": [part for text, roman in zip(found, romans, strict=True) for part in _parts(text, roman)]}
    tokens = sorted({token for text in found for token in short_tokens(text)})
    lines = "\n".join(dict.fromkeys([*found, *romans]))
    parts = [{"search": piece} for piece in _pieces(lines)]
    token_parts = [{"tokens": piece} for piece in _token_pieces(tokens)]
    for first in (parts[:1], token_parts[:1]):
        for properties in first:
            node.update(properties)
    return node, parts[1:] + token_parts[1:]


def _parts(text: str, roman: str) -> tuple[str, str, str, str, str]:
    """A text, its words, both romanised, and its short words: "" for what says no more than the part before it."""
    padded = _padded(words(text))
    shown = "" if padded == f" {text} " else padded
    if roman == text:
        return text, shown, "", "", ""
    return text, shown, roman, _padded(words(roman)), _padded(sorted(short_tokens(text)))


def _padded(tokens: list[str]) -> str:
    return f" {' '.join(tokens)} "


def _pieces(text: str) -> Iterator[str]:
    """A text in pieces that an index takes, each overlapping the one before."""
    if len(text) * 4 <= _MOST_BYTES or len(text.encode()) <= _MOST_BYTES:
        yield text
        return
    step = _MOST_BYTES // 4
    for start in range(0, max(len(text) - OVERLAP, 1), step - OVERLAP):
        yield text[start : start + step]


def _token_pieces(tokens: list[str]) -> Iterator[str]:
    step = _MOST_BYTES // 16  # a token has one or two characters, up to 8 bytes, and a space
    for start in range(0, len(tokens), step):
        yield _padded(tokens[start : start + step])
