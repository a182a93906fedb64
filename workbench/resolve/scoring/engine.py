"""Score pairs of facets with Splink on DuckDB, in memory: nothing is written to a disk."""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from splink import Linker
from splink.backends.duckdb import DuckDBAPI

from workbench.model.normal.names import Kind
from workbench.resolve.scoring.comparing import Asked, outcomes
from workbench.resolve.scoring.forms import COLUMNS
from workbench.resolve.scoring.settings import (
    NAMES_ALONE,
    SAME_SOUNDS,
    SAME_WORDS,
    UNLIKE,
    settings,
)
from workbench.store.columns import Bool, Int16, Int64
from workbench.store.scores import COMPARISONS, FLOOR, HUNDREDTHS

_ASKED_FOR = "asked"
_OUTCOMES = {
    "same_words": SAME_WORDS,
    "same_sounds": SAME_SOUNDS,
    "names_alone": NAMES_ALONE,
    "unlike": UNLIKE,
    "asked": _ASKED_FOR,
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """Pairs of facets, by their place: weights in hundredths of a bit, and whether a blocking rule found the pair."""

    a: Int64
    b: Int64
    weights: Int16  # a column for each of COMPARISONS
    blocked: Bool


NOTHING = Weighed(
    np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, len(COMPARISONS)), np.int16), np.zeros(0, bool)
)


def weighed(forms: Sequence[str], entities: Sequence[int], is_new: Sequence[bool], kind: Kind) -> Weighed:
    """All pairs of facets of each two entities that a blocking rule finds and that may reach the floor in some view.

    One of the two entities is new. `forms` has the forms of each facet, as JSON.
    """
    if sum(is_new) == 0 or len(forms) < 2:
        return NOTHING
    with _database() as db:
        _read_in(db, forms=forms, facet=np.arange(len(forms)), entity=entities, is_new=is_new)
        for statement in (_KEYS, _FACETS, _FOUND, _DROP_KEYS, _SPELLINGS, _NEAREST):
            db.execute(statement)
        db.execute(_PAIRS, _OUTCOMES)
        _compare_names(db, kind)
        db.execute(_BLOCKED, {each: _OUTCOMES[each] for each in ("asked", "names_alone", "unlike")})
        api = DuckDBAPI(connection=db)
        linker = Linker(api.register("facets"), settings(), log_level=logging.ERROR)
        linker.table_management.register_blocked_pairs_for_predict(api.register("blocked"))
        predicted = linker.inference.predict(warning_mode="never")
        db.execute(f"CREATE VIEW predicted AS FROM {predicted.physical_name}")  # a name that Splink made
        return _read(db)


@contextmanager
def _database() -> Iterator[duckdb.DuckDBPyConnection]:
    db = duckdb.connect()
    try:
        db.execute("SET lambda_syntax = 'ENABLE_SINGLE_ARROW'")
        db.execute("SET temp_directory = ''")
        db.execute("SET threads = 2")
        db.execute(_KEYED)
        yield db
    finally:
        db.close()


def sharing_keys(forms: Sequence[str], others: Iterable[Mapping[int, str]]) -> Int64:
    """The numbers of those facets that have a key in common with some forms, from the forms of each by its number."""
    with _database() as db:
        _read_in(db, forms=forms)
        db.execute(_WANTED)
        return np.concatenate([np.zeros(0, np.int64), *(_sharing(db, some) for some in others)])


def _sharing(db: duckdb.DuckDBPyConnection, forms: Mapping[int, str]) -> Int64:
    _read_in(db, forms=list(forms.values()), facet=list(forms))
    return np.asarray(db.execute(_SHARING).fetchnumpy()["facet"], dtype=np.int64)


def _read_in(db: duckdb.DuckDBPyConnection, **columns: Any) -> None:
    """Make the table `said` of some columns; instead of `forms`, JSON, it has a column for each of `COLUMNS`."""
    db.register("given", pa.table(columns))
    db.execute(_SAID, {"shape": _SHAPE})
    db.unregister("given")


_SHAPE = json.dumps({name: "DOUBLE" if name == "rare" else ["VARCHAR"] for name in COLUMNS})
_SAID = """
CREATE OR REPLACE TABLE said AS SELECT * EXCLUDE forms, unnest(json_transform(forms, $shape)) FROM given
"""
# The keys by which pairs are found: each facet has those of its documents, phones ... and of words of its names with
# its birth dates and addresses. No block is cut by size.
_KEYED = """
CREATE MACRO keyed(facets) AS TABLE SELECT *, hash(unnest(list_concat(
    list_transform(documents, x -> 'd' || x), list_transform(phones, x -> 'p' || x),
    list_transform(emails, x -> 'e' || x), list_transform(addresses, x -> 'a' || x),
    list_transform(names, x -> 'n' || x), list_transform(keys, x -> 'k' || x), list_transform(pairs, x -> 'w' || x),
    flatten(list_transform(births, x -> list_transform(starts, y -> 'b' || x || ' ' || y))),
    flatten(list_transform(years, x -> list_transform(rare_skeletons, y -> 'y' || x || ' ' || y))),
    flatten(list_transform(years, x -> list_transform(beginnings, y -> 's' || x || ' ' || y))),
    flatten(list_transform(days, x -> list_transform(beginnings, y -> 't' || x || ' ' || y))),
    list_transform(houses, x -> 'q' || x), list_transform(postal, x -> 'h' || x)
))) AS key FROM query_table(facets)
"""
_WANTED = "CREATE TABLE wanted AS SELECT DISTINCT key FROM keyed('said')"
_SHARING = "SELECT DISTINCT facet FROM keyed('said') SEMI JOIN wanted USING (key)"
_KEYS = "CREATE TABLE keys AS SELECT facet, entity, is_new, key FROM keyed('said')"
# Splink knows one column of a pair, its key: here, how the names compare. It asks facets for it too, and uses it not.
_FACETS = "ALTER TABLE said ADD COLUMN match_key VARCHAR DEFAULT ''; ALTER TABLE said RENAME TO facets"
_FOUND = """
CREATE TABLE found AS SELECT DISTINCT least(a.facet, b.facet) AS a, greatest(a.facet, b.facet) AS b,
    least(a.entity, b.entity) AS x, greatest(a.entity, b.entity) AS y
FROM keys a JOIN keys b ON a.key = b.key AND a.entity <> b.entity AND (a.facet < b.facet OR NOT b.is_new)
WHERE a.is_new
"""
_DROP_KEYS = "DROP TABLE keys"
# Names that sound alike are beside each other: those that are compared with many are taken apart less often so.
_SPELLINGS = """
CREATE TABLE spellings AS SELECT spelt, row_number() OVER (ORDER BY key, spelt) - 1 AS spelling
FROM (SELECT spelt, min(keys) AS key FROM facets GROUP BY spelt);
CREATE TABLE spelling_of AS SELECT facet, spelling FROM facets JOIN spellings USING (spelt);
"""
# All pairs of facets of two entities of which two were found: whether something beside the names agrees, and how the
# names compare. They are looked at closely where that can matter, and where they have something in common.
_PAIRS = """
CREATE TABLE pairs AS
WITH beside AS (
    SELECT f, g, CASE WHEN list_has_any(f.births, g.births) OR list_has_any(f.documents, g.documents)
        OR list_has_any(f.phones, g.phones) OR list_has_any(f.emails, g.emails)
        OR list_has_any(f.addresses, g.addresses) OR list_has_any(f.houses, g.houses)
        OR len(list_intersect(f.address_words, g.address_words)) >= 3 THEN 'much'
        WHEN list_has_any(f.years, g.years) OR list_has_any(f.days, g.days) THEN 'little' ELSE '' END AS agrees
    FROM (SELECT DISTINCT x, y FROM found) p JOIN facets f ON f.entity = p.x JOIN facets g ON g.entity = p.y
)
SELECT f.facet AS a, g.facet AS b, f.entity AS x, g.entity AS y, agrees, CASE
    WHEN list_has_any(f.names, g.names) THEN $same_words
    WHEN agrees = '' THEN CASE WHEN list_has_any(f.keys, g.keys) THEN $same_sounds ELSE $names_alone END
    WHEN agrees = 'much' AND (list_has_any(f.skeletons, g.skeletons) OR list_has_any(f.beginnings, g.beginnings)
        OR nearest(f.names, g.names) >= 0.6 OR nearest(f.keys, g.keys) >= 0.7) THEN $asked
    WHEN agrees = 'little' AND (len(list_intersect(f.skeletons, g.skeletons)) >= 2
        OR nearest(f.names, g.names) >= 0.7 OR nearest(f.keys, g.keys) >= 0.8) THEN $asked
    ELSE $unlike END AS outcome
FROM beside
"""
_NEAREST = """
CREATE MACRO nearest(ours, theirs) AS coalesce(list_max(flatten(list_transform(
    ours, x -> list_transform(theirs, y -> jaro_similarity(x, y))))), 0)
"""
_ASKED = """
SELECT DISTINCT least(f.spelling, g.spelling) AS one, greatest(f.spelling, g.spelling) AS other
FROM pairs p JOIN spelling_of f ON f.facet = p.a JOIN spelling_of g ON g.facet = p.b WHERE p.outcome = $asked
ORDER BY one, other
"""
# Pairs of two entities of which two facets agree in more than a year, or a day of the year, beside unlike names.
_BLOCKED = """
CREATE TABLE blocked AS
WITH told AS (
    SELECT a, b, x, y, agrees, CASE WHEN p.outcome = $asked THEN c.outcome ELSE p.outcome END AS outcome
    FROM pairs p JOIN spelling_of f ON f.facet = p.a JOIN spelling_of g ON g.facet = p.b
    LEFT JOIN compared c ON c.one = least(f.spelling, g.spelling) AND c.other = greatest(f.spelling, g.spelling)
)
SELECT least(a, b) AS join_key_l, greatest(a, b) AS join_key_r, outcome AS match_key
FROM told WHERE (x, y) IN (
    SELECT (x, y) FROM told WHERE agrees = 'much' OR outcome NOT IN ($names_alone, $unlike)
)
"""
# A pair is kept if some view may propose its entities: one that sees the best of each comparison, and nothing against.
# It counts as found if its own facets have what lets two entities be looked at, so that no other facet decides that.
_READ = """
WITH weighed AS (
    SELECT p.facet_l AS a, p.facet_r AS b, p.match_key AS outcome, f.entity AS x, g.entity AS y,
        p.mw_name AS name, p.mw_birth AS birth, p.mw_document AS document, p.mw_phone AS phone, p.mw_email AS email,
        p.mw_address AS address
    FROM predicted p JOIN facets f ON f.facet = p.facet_l JOIN facets g ON g.facet = p.facet_r
), best AS (
    SELECT least(x, y) AS x, greatest(x, y) AS y FROM weighed GROUP BY ALL
    HAVING round(100 * max(name)) + round(100 * max(birth)) + round(100 * max(document)) + round(100 * max(phone))
        + round(100 * max(email)) + round(100 * max(address)) >= $floor
)
SELECT w.a, w.b, f.a IS NOT NULL AND (q.agrees = 'much' OR w.outcome NOT IN ($names_alone, $unlike)) AS blocked,
    w.name, w.birth, w.document, w.phone, w.email, w.address
FROM weighed w JOIN best ON best.x = least(w.x, w.y) AND best.y = greatest(w.x, w.y)
JOIN pairs q ON q.a = w.a AND q.b = w.b LEFT JOIN found f ON f.a = w.a AND f.b = w.b ORDER BY w.a, w.b
"""


def _read(db: duckdb.DuckDBPyConnection) -> Weighed:
    asked = {"floor": FLOOR, "names_alone": NAMES_ALONE, "unlike": UNLIKE}
    rows = {name: np.asarray(each) for name, each in db.execute(_READ, asked).fetchnumpy().items()}
    weights = np.stack([rows[each] for each in COMPARISONS], axis=1)
    return Weighed(rows["a"], rows["b"], np.round(weights * HUNDREDTHS).astype(np.int16), rows["blocked"].astype(bool))


def _compare_names(db: duckdb.DuckDBPyConnection, kind: Kind) -> None:
    """Fill the table `compared` with the outcomes of comparing names closely, each two once."""
    pairs = db.execute(_ASKED, {"asked": _ASKED_FOR}).fetchnumpy()
    names = [spelt for (spelt,) in db.execute("SELECT spelt FROM spellings ORDER BY spelling").fetchall()]
    ends = (np.asarray(pairs[each], dtype=np.int64).tolist() for each in ("one", "other"))
    told = outcomes(Asked(names, *ends), kind)
    db.register("told", pa.table({**pairs, "outcome": pa.array(list(told), pa.string())}))
    db.execute("CREATE TABLE compared AS SELECT * FROM told")
    db.unregister("told")
