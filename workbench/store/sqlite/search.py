"""Candidates for a search: by trigrams, by a table of tokens too short for them, or by the keys of names."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from workbench.errors import StoreError
from workbench.model.normal.similar import Said, keys_in
from workbench.model.text import romanise
from workbench.store.rows import Texts, short_tokens, texts_in
from workbench.store.search import TRIGRAM, matches, words_of
from workbench.store.sqlite.schema import TEXT_BITS
from workbench.store.types import Scope

# The most text rows that a record has numbers for. Several texts in one row are separated by a line feed, which no
# folded text contains.
_MOST_ROWS = 1 << TEXT_BITS
_BETWEEN = "\n"


def in_rows(texts: Texts) -> tuple[list[str], int]:
    """The texts of a record as rows of the table: one text in each, or several if there are too many.

    Also how many of the rows have names: they come first.
    """
    if len(texts.names) + len(texts.others) <= _MOST_ROWS:
        return [*texts.names, *texts.others], len(texts.names)
    names = _joined(texts.names)
    return names + _joined(texts.others), len(names)


def _joined(texts: Sequence[str]) -> list[str]:
    each = max(-(-len(texts) // (_MOST_ROWS // 2)), 1)
    return [_BETWEEN.join(texts[start : start + each]) for start in range(0, len(texts), each)]


def keys_of(row: str) -> set[str]:
    """The keys of the names in a row."""
    return keys_in(row.split(_BETWEEN))


def keys_of_names(content: str, row: str) -> str:
    """The keys, as JSON, of those texts in a row that are names, from the content of their record."""
    names = _names_in(content)
    return json.dumps(sorted(keys_in(text for text in row.split(_BETWEEN) if text in names)))


@lru_cache(maxsize=1)  # the texts of one record come one after the other
def _names_in(content: str) -> frozenset[str]:
    try:
        return frozenset(texts_in(content).names)
    except StoreError:
        return frozenset()  # the doctor tells of it: it keeps no store from being opened


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


def similar(connection: sqlite3.Connection, scope: Scope, said: Said) -> list[tuple[int, str]]:
    """The (entity number, folded name) of visible names that may be similar: each has a key of every word."""
    counts = [(connection.execute(_HOW_MANY, (json.dumps(keys),)).fetchone()[0], keys) for keys in said.keys]
    if not counts or min(counts)[0] == 0:
        return []
    (_, rarest), *others = sorted(counts)
    parameters = json.dumps(rarest), json.dumps([keys for _, keys in others]), json.dumps(scope.allowed)
    rows = connection.execute(_BY_KEYS, (*parameters, scope.revision, scope.revision))
    return sorted(set(_single(rows)))


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

# Enough to know which word of a name is the rarest: hidden names count, and change nothing but the order of work.
_HOW_MANY = """
SELECT count(*) FROM (SELECT 1 FROM sound WHERE key IN (SELECT value FROM json_each(?)) LIMIT 10000)
"""

_BY_KEYS = """
SELECT t.eid, t.folded FROM sound s JOIN text t USING (tid) WHERE s.key IN (SELECT value FROM json_each(?))
    AND NOT EXISTS (SELECT 1 FROM json_each(?) word WHERE NOT EXISTS
        (SELECT 1 FROM json_each(word.value) k JOIN sound other ON other.key = k.value AND other.tid = s.tid))
    AND t.vis IN (SELECT value FROM json_each(?)) AND t.rev_from <= ? AND t.rev_to > ?
"""
