"""Plain Splink on the normal forms that the workbench scores: the same table, ordinary comparisons and blocking rules.

No function in Python is asked for a pair, and what is compared and how it is trained is as for names as they were
delivered (`raw`).
"""

import logging
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import duckdb
import pyarrow as pa
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from pyarrow import json as arrow_json
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

from benchmarks.resolution.raw import IDENTIFIERS, Pairs, identifier, predicted, train

_GIVEN = ("names", "keys", "skeletons", "births", "years", "phones", "emails", "documents", "addresses")
_LISTS = {"phone": "phones", "email": "emails", "document": "documents"}

# Of names, birth dates and keys the first; of the skeletons, which are in alphabetical order, the first and the last.
_TABLE = """
CREATE TABLE facets AS SELECT facet AS number, names[1] AS name, keys[1] AS key, births[1] AS birth, years[1] AS year,
    skeletons[1] AS first, skeletons[-1] AS last,
    CASE WHEN len(phones) > 0 THEN phones END AS phones, CASE WHEN len(emails) > 0 THEN emails END AS emails,
    CASE WHEN len(documents) > 0 THEN documents END AS documents,
    CASE WHEN len(addresses) > 0 THEN addresses END AS addresses
FROM given
"""


def settings() -> SettingsCreator:
    """The settings of plain Splink on normal forms."""
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="number",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.92, 0.88]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("birth"),
            *(identifier(each, cll.ArrayIntersectLevel(each, 1), *IDENTIFIERS[name]) for name, each in _LISTS.items()),
            cl.ArrayIntersectAtSizes("addresses", [1]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("key"),
            block_on("first", "last", "year"),
            block_on("first", "birth"),
            block_on("last", "birth"),
            *(block_on(column, arrays_to_explode=[column]) for column in _LISTS.values()),
            block_on("addresses", "first", arrays_to_explode=["addresses"]),
            block_on("addresses", "last", arrays_to_explode=["addresses"]),
        ],
        retain_matching_columns=False,
        max_iterations=15,
    )


def found(forms: Sequence[str]) -> Pairs:
    """The pairs of facets that plain Splink finds likely, given the forms of each facet as JSON."""
    base = duckdb.connect()
    base.execute("SET threads = 2")  # as many as the workbench takes
    base.register("given", _given(forms))
    base.execute(_TABLE)
    base.unregister("given")
    linker = Linker(DuckDBAPI(connection=base).register("facets"), settings(), log_level=logging.ERROR)
    sure = [block_on("documents", arrays_to_explode=["documents"]), block_on("key", "birth")]
    train(linker, sure, (block_on("birth"), block_on("name")))
    return predicted(linker)


def _given(forms: Sequence[str]) -> Any:
    """The forms as a table, with the place of each facet."""
    texts = pa.list_(pa.string())
    schema = pa.schema([(name, texts) for name in _GIVEN])
    options = arrow_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
    lines = BytesIO("\n".join(forms).encode())
    table = arrow_json.read_json(lines, arrow_json.ReadOptions(block_size=1 << 24), options)
    return table.append_column("facet", pa.array(range(len(forms)), pa.int64()))
