"""Candidates for a search: trigrams, and a table of tokens that are too short for them."""

import json
import sqlite3
from collections.abc import Sequence

from workbench.model.text import romanise
from workbench.store.search import matches
from workbench.store.types import Scope

_TRIGRAM = 3


def indexed(folded: str) -> str:
    """What the trigram index is given for a folded text: the text and its romanised form."""
    if folded.isascii():
        return folded
    roman = romanise(folded)
    return folded if roman == folded else f"{folded}\n{roman}"


def candidates(connection: sqlite3.Connection, scope: Scope, forms: Sequence[str]) -> list[tuple[int, str]]:
    """(entity number, folded text) of visible texts that hold one of the forms."""
    allowed = json.dumps(scope.allowed)
    rows: set[tuple[int, str]] = set()
    for form in forms:
        if len(form) < _TRIGRAM:
            rows.update(connection.execute(_BY_WORD, (form, allowed, scope.revision, scope.revision)))
        else:
            found = connection.execute(_BY_TRIGRAM, (_expression(form), allowed, scope.revision, scope.revision))
            rows.update(row for row in found if matches(row[1], (form,)))
    return sorted(rows)


def _expression(form: str) -> str:
    """All trigrams of a form, each as a quoted string: what holds them may hold the form."""
    grams = sorted({form[i : i + _TRIGRAM] for i in range(len(form) - _TRIGRAM + 1)})
    return " AND ".join('"' + gram.replace('"', '""') + '"' for gram in grams)


_BY_TRIGRAM = """
SELECT t.eid, t.folded FROM text_fts f CROSS JOIN text t ON t.tid = f.rowid
WHERE f.text_fts MATCH ? AND t.vis IN (SELECT value FROM json_each(?)) AND t.rev_from <= ? AND t.rev_to > ?
"""

_BY_WORD = """
SELECT t.eid, t.folded FROM short s JOIN text t USING (tid)
WHERE s.token = ? AND t.vis IN (SELECT value FROM json_each(?)) AND t.rev_from <= ? AND t.rev_to > ?
"""
