"""Search in the database: TEXT indexes propose records, and those that the view sees are ranked by their texts.

The scores of an index would depend on hidden records; these ranks do not (`workbench.store.search`).
"""

from collections.abc import Sequence
from typing import LiteralString

from workbench.model.normal.similar import Said
from workbench.model.text import words
from workbench.store.neo4j.connection import Database
from workbench.store.neo4j.searchable import OVERLAP, token
from workbench.store.search import LONGEST, TRIGRAM, words_of
from workbench.store.types import Scope

# `kind`, how a text matches a form: 0 equal, 1 prefix, 2 whole words, 3 contained, 4 in another order or not at all.
_RANKED: LiteralString = """
CALL () {
    UNWIND $grams AS gram MATCH (r:Record) USING TEXT INDEX r:Record(search) WHERE r.search CONTAINS gram RETURN r
    UNION
    UNWIND $grams AS gram MATCH (p:TextPart) USING TEXT INDEX p:TextPart(search) WHERE p.search CONTAINS gram
    MATCH (r:Record {rid: p.rid}) RETURN r
    UNION
    UNWIND $tokens AS token MATCH (r:Record) USING TEXT INDEX r:Record(tokens) WHERE r.tokens CONTAINS token RETURN r
    UNION
    UNWIND $tokens AS token MATCH (p:TextPart) USING TEXT INDEX p:TextPart(tokens) WHERE p.tokens CONTAINS token
    MATCH (r:Record {rid: p.rid}) RETURN r
}
WITH r WHERE r.vis IN $allowed AND r.rev_from <= $revision AND r.rev_to > $revision
WITH r.about AS eid, r.texts AS texts
UNWIND range(0, size(texts) - 1, 5) AS i
WITH eid, texts[i] AS text, texts[i + 1] AS said_words, texts[i + 2] AS roman, texts[i + 3] AS roman_words,
    texts[i + 4] AS short
WITH eid, text, roman, roman_words, CASE said_words WHEN '' THEN ' ' + text + ' ' ELSE said_words END AS words, short
WHERE any(f IN $long WHERE text CONTAINS f OR roman CONTAINS f)
    OR any(f IN $several WHERE all(w IN f WHERE words CONTAINS w) OR all(w IN f WHERE roman_words CONTAINS w))
    OR any(t IN $tokens WHERE (CASE short WHEN '' THEN words ELSE short END) CONTAINS t)
WITH eid, size(text) AS length, reduce(kind = 4, f IN $forms | CASE
    WHEN text = f[0] OR roman = f[0] THEN 0
    WHEN kind > 1 AND (text STARTS WITH f[0] OR roman STARTS WITH f[0]) THEN 1
    WHEN kind > 2 AND ((text CONTAINS f[0] AND all(w IN f[1] WHERE words CONTAINS w))
        OR (roman CONTAINS f[0] AND all(w IN f[1] WHERE roman_words CONTAINS w))) THEN 2
    WHEN kind > 3 AND (text CONTAINS f[0] OR roman CONTAINS f[0]) THEN 3
    ELSE kind END) AS kind
WITH eid, min(kind * $longest + length) AS rank RETURN collect(eid), collect(rank)
"""

# The other words are looked for in the same property, unless it continues in another node: then names are compared.
_SIMILAR: LiteralString = """
CALL () {
    UNWIND $tokens AS token MATCH (r:Record) USING TEXT INDEX r:Record(tokens) WHERE r.tokens CONTAINS token RETURN r
    UNION
    UNWIND $tokens AS token MATCH (p:TextPart) USING TEXT INDEX p:TextPart(tokens) WHERE p.tokens CONTAINS token
    MATCH (r:Record {rid: p.rid}) RETURN r
}
WITH r WHERE r.vis IN $allowed AND r.rev_from <= $revision AND r.rev_to > $revision
    AND (all(word IN $others WHERE any(token IN word WHERE r.tokens CONTAINS token))
        OR EXISTS { MATCH (:TextPart {rid: r.rid}) })
UNWIND r.names AS name RETURN DISTINCT r.about, name
"""


def found(database: Database, scope: Scope, forms: Sequence[str]) -> dict[int, int]:
    """The entities in scope with a text that matches one of the folded forms: number -> rank."""
    long = [form for form in forms if len(form) >= TRIGRAM]
    short = [f" {form} " for form in forms if len(form) < TRIGRAM]
    several = [words_of(form) for form in long]
    grams = sorted({max(each, key=len, default=form)[:OVERLAP] for form, each in zip(long, several, strict=True)})
    asked = [[form, [f" {word} " for word in words(form)]] for form in forms]
    entities, ranks = database.row(
        _RANKED,
        grams=grams,
        tokens=short,
        long=long,
        several=[[f" {word} " for word in each] for each in several if each],
        forms=asked,
        longest=LONGEST,
        allowed=list(scope.allowed),
        revision=scope.revision,
    )
    return dict(zip(entities, ranks, strict=True))


def similar(database: Database, scope: Scope, said: Said) -> list[tuple[int, str]]:
    """The (entity number, folded name) of visible names that may be similar, looked up by the longest word."""
    words = sorted((_tokens(keys) for keys in said.keys), key=lambda tokens: min(map(len, tokens)))
    if not words:
        return []
    rows = database.read(
        _SIMILAR,
        tokens=words[-1],
        others=words[:-1],
        allowed=list(scope.allowed),
        revision=scope.revision,
    )
    return [(entity, name) for entity, name in rows]


def _tokens(keys: Sequence[str]) -> list[str]:
    return [f" {token(key)} " for key in keys]
