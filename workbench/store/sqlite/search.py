"""Candidates for a search: by trigrams, or by a table of tokens too short for them."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from workbench.model.text import romanise
from workbench.store.rows import short_tokens
from workbench.store.search import TRIGRAM, matches, words_of
from workbench.store.sqlite.schema import TEXT_BITS
from workbench.store.types import Scope

# The most text rows that a record has numbers for. Several texts in one row are separated by a line feed, which no
# folded text contains.
_MOST_ROWS = 1 << TEXT_BITS
_BETWEEN = "\n"


def in_rows(texts: Sequence[str]) -> Sequence[str]:
    """The texts of a record as rows of the table: one text in each, or several if there are too many."""
    if len(texts) <= _MOST_ROWS:
        return texts
    each = -(-len(texts) // _MOST_ROWS)
    return [_BETWEEN.join(texts[start : start + each]) for start in range(0, len(texts), each)]


def indexed(row: str) -> str:
    """The text to index for a row of folded texts: each of them and its romanised form."""
    return row if row.isascii() else _BETWEEN.join(form for text in row.split(_BETWEEN) for form in _forms(text))


def _forms(text: str) -> tuple[str, ...]:
    roman = romanise(text)
    return (text,) if roman == text else (text, roman)


def tokens_in(row: str) -> set[str]:
    """The tokens in a row of folded texts that are too short for trigrams."""
    return set().union(*map(short_tokens, row.split(_BETWEEN))) if _BETWEEN in row else short_tokens(row)


def candidates(connection: sqlite3.Connection, scope: Scope, forms: Sequence[str]) -> list[tuple[int, str]]:
    """The (entity number, folded text) of visible texts that may contain one of the forms."""
    allowed = json.dumps(scope.allowed)
    rows: set[tuple[int, str]] = set()
    for form in forms:
        if len(form) < TRIGRAM:
            matching = connection.execute(_BY_WORD, (form, allowed, scope.revision, scope.revision))
            rows.update(each for each in _single(matching) if form in short_tokens(each[1]))
        else:
            matching = connection.execute(_BY_TRIGRAM, (expression(form), allowed, scope.revision, scope.revision))
            rows.update(each for each in _single(matching) if matches(each[1], (form,)))
    return sorted(rows)


def _single(matching: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Split rows with several texts into single texts."""
    for entity, row in matching:
        if _BETWEEN in row:
            yield from ((entity, text) for text in row.split(_BETWEEN))
        else:
            yield entity, row


def expression(form: str) -> str:
    """A search for all trigrams of a form, or of its words; a text that contains them may match."""
    grams = sorted({gram for each in words_of(form) or (form,) for gram in _grams(each)})
    return " AND ".join('"' + gram.replace('"', '""') + '"' for gram in grams)


def _grams(text: str) -> Iterator[str]:
    return (text[i : i + TRIGRAM] for i in range(len(text) - TRIGRAM + 1))


_BY_TRIGRAM = """
SELECT t.eid, t.folded FROM text_fts f CROSS JOIN text t ON t.tid = f.rowid
WHERE f.text_fts MATCH ? AND t.vis IN (SELECT value FROM json_each(?)) AND t.rev_from <= ? AND t.rev_to > ?
"""

_BY_WORD = """
SELECT t.eid, t.folded FROM short s JOIN text t USING (tid)
WHERE s.token = ? AND t.vis IN (SELECT value FROM json_each(?)) AND t.rev_from <= ? AND t.rev_to > ?
"""
