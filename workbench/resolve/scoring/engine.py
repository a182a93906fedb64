"""Score pairs of facets with Splink on DuckDB, in memory: nothing is written to a disk."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from pyarrow import json as arrow_json
from splink import Linker
from splink.backends.duckdb import DuckDBAPI

from workbench.model.normal.names import Kind
from workbench.resolve.names import ALIKE as ALIKE_FROM
from workbench.resolve.names import Likeness, compared
from workbench.resolve.scoring.forms import COLUMNS
from workbench.resolve.scoring.settings import ALIKE, PART, UNCLEAR, UNLIKE, settings
from workbench.store.columns import Bool, Int16, Int64
from workbench.store.scores import COMPARISONS, HUNDREDTHS

# From so many bits on a pair is kept: what a view proposes to people at least.
FLOOR = 8.4

_KEPT = 200_000
_BLOCK = 1 << 24  # octets of JSON that are parsed at a time


@dataclass(frozen=True, slots=True)
class Scored:
    """Pairs of facets, by their place: weights in hundredths of a bit, and whether a blocking rule found the pair."""

    a: Int64
    b: Int64
    weights: Int16  # a column for each of COMPARISONS
    blocked: Bool


NOTHING = Scored(
    np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, len(COMPARISONS)), np.int16), np.zeros(0, bool)
)


def scored(forms: Sequence[str], entities: Sequence[int], is_new: Sequence[bool], kind: Kind) -> Scored:
    """All pairs of facets of each two entities that a blocking rule finds and that may reach the floor in some view.

    One of the two entities is new. `forms` has the forms of each facet, as JSON.
    """
    if sum(is_new) == 0 or len(forms) < 2:
        return NOTHING
    with _database() as db:
        db.register("given", _table(forms, entities, is_new))
        db.execute("CREATE TABLE facets AS SELECT * FROM given")
        db.unregister("given")
        db.create_function("names_outcome", _outcome(kind), ["VARCHAR[]"] * 2, "INTEGER")
        for statement in (_KEYS, _FOUND, _DROP_KEYS, _WHOLE):
            db.execute(statement)
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
        yield db
    finally:
        db.close()


def _table(forms: Sequence[str], entities: Sequence[int], is_new: Sequence[bool]) -> Any:
    """The facets as a table: their forms, place, entity, and whether it is new."""
    texts = pa.list_(pa.string())
    schema = pa.schema([(name, pa.float64() if name == "rare" else texts) for name in COLUMNS])
    options = arrow_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
    lines = BytesIO("\n".join(forms).encode())
    table = arrow_json.read_json(lines, arrow_json.ReadOptions(block_size=_BLOCK), options)
    table = table.append_column("facet", pa.array(range(len(forms)), pa.int64()))
    table = table.append_column("entity", pa.array(entities, pa.int64()))
    return table.append_column("is_new", pa.array(is_new, pa.bool_()))


# The keys by which pairs are found: each facet has those of its documents, phones ... and of words of its names with
# its birth dates and addresses. No block is cut by size.
_KEYS = """
CREATE TABLE keys AS SELECT facet, entity, is_new, hash(unnest(list_concat(
    list_transform(documents, x -> 'd' || x), list_transform(phones, x -> 'p' || x),
    list_transform(emails, x -> 'e' || x), list_transform(addresses, x -> 'a' || x),
    list_transform(names, x -> 'n' || x), list_transform(keys, x -> 'k' || x), list_transform(pairs, x -> 'w' || x),
    flatten(list_transform(births, x -> list_transform(first_letters, y -> 'b' || x || ' ' || y))),
    flatten(list_transform(years, x -> list_transform(rare_skeletons, y -> 'y' || x || ' ' || y))),
    flatten(list_transform(years, x -> list_transform(beginnings, y -> 's' || x || ' ' || y))),
    flatten(list_transform(days, x -> list_transform(beginnings, y -> 't' || x || ' ' || y))),
    list_transform(houses, x -> 'q' || x), list_transform(postal, x -> 'h' || x)
))) AS key FROM facets
"""
_FOUND = """
CREATE TABLE found AS SELECT DISTINCT least(a.facet, b.facet) AS a, greatest(a.facet, b.facet) AS b,
    least(a.entity, b.entity) AS x, greatest(a.entity, b.entity) AS y
FROM keys a JOIN keys b ON a.key = b.key AND a.entity <> b.entity AND (a.facet < b.facet OR NOT b.is_new)
WHERE a.is_new
"""
_DROP_KEYS = "DROP TABLE keys"
_WHOLE = """
CREATE TABLE blocked AS
SELECT least(f.facet, g.facet) AS join_key_l, greatest(f.facet, g.facet) AS join_key_r, '0' AS match_key
FROM (SELECT DISTINCT x, y FROM found) p JOIN facets f ON f.entity = p.x JOIN facets g ON g.entity = p.y
"""
# A pair is kept if some view may propose its entities: one that sees the best of each comparison, and nothing against.
_READ = """
WITH weighed AS (
    SELECT p.facet_l AS a, p.facet_r AS b, f.entity AS x, g.entity AS y, p.mw_name AS name, p.mw_birth AS birth,
        p.mw_document AS document, p.mw_phone AS phone, p.mw_email AS email, p.mw_address AS address
    FROM predicted p JOIN facets f ON f.facet = p.facet_l JOIN facets g ON g.facet = p.facet_r
), best AS (
    SELECT least(x, y) AS x, greatest(x, y) AS y FROM weighed GROUP BY ALL
    HAVING max(name) + max(birth) + max(document) + max(phone) + max(email) + max(address) >= ?
)
SELECT w.a, w.b, f.a IS NOT NULL AS blocked, w.name, w.birth, w.document, w.phone, w.email, w.address
FROM weighed w JOIN best ON best.x = least(w.x, w.y) AND best.y = greatest(w.x, w.y)
LEFT JOIN found f ON f.a = w.a AND f.b = w.b ORDER BY w.a, w.b
"""


def _read(db: duckdb.DuckDBPyConnection) -> Scored:
    rows = {name: np.asarray(each) for name, each in db.execute(_READ, [FLOOR]).fetchnumpy().items()}
    weights = np.stack([rows[each] for each in COMPARISONS], axis=1)
    return Scored(rows["a"], rows["b"], np.round(weights * HUNDREDTHS).astype(np.int16), rows["blocked"].astype(bool))


def _outcome(kind: Kind) -> Callable[[list[str], list[str]], int]:
    """The function that compares the names of two facets: the best outcome of any two."""

    @lru_cache(maxsize=_KEPT)
    def best(some: tuple[str, ...], others: tuple[str, ...]) -> int:
        return max((_of_two(compared(one, other, kind)) for one in some for other in others), default=UNLIKE)

    return lambda some, others: best(tuple(some), tuple(others))


def _of_two(likeness: Likeness) -> int:
    if likeness.score >= ALIKE_FROM:
        return ALIKE
    if likeness.is_part:
        return PART
    return UNCLEAR if likeness.begins else UNLIKE
