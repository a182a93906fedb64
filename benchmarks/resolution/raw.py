"""Plain Splink on names as they were delivered: what a competent user gets who does not normalise names.

    python -m benchmarks.resolution.raw --data FOLDER [--json]

Names are in small letters, and compared as Splink's own comparison of given and family names does (exchanged ones, two
thresholds of Jaro-Winkler, frequencies of terms). Birth dates, phones, e-mails, documents and addresses are compared
too; m and u of what identifies are fixed by hand, because expectation maximisation learns none of them. All else is
trained as Splink's documentation says. The threshold is the best of a few by the truth, which nobody has who needs it.
"""

import argparse
import json
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI
from splink.blocking_rule_library import CustomRule

from benchmarks.resolution import registers
from benchmarks.resolution.resolving import most_memory
from benchmarks.resolution.scoring import cluster_score

THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999)
_COLUMNS = ("record", *registers.FIELDS, "whole", "year")
# m and u of an exact match of what identifies.
IDENTIFIERS = {"phone": (0.65, 2e-6), "email": (0.7, 2e-6), "document": (0.65, 1e-7)}
_EM_RECALL = 0.5
_MOST_PAIRS = 2_000_000
_SEED = 1

Pairs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]


def settings() -> SettingsCreator:
    """The settings of plain Splink."""
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="number",
        comparisons=[
            cl.ForenameSurnameComparison("given", "family", forename_surname_concat_col_name="whole"),
            _birth(),
            *(identifier(name, cll.ExactMatchLevel(name), *sure) for name, sure in IDENTIFIERS.items()),
            cl.JaroWinklerAtThresholds("address", [0.95]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("given", "family"),
            block_on("family", "birth"),
            block_on("given", "birth"),
            block_on("birth", "substr(family, 1, 1)"),
            block_on("family", "substr(given, 1, 1)", "year"),
            CustomRule("l.given = r.family AND l.family = r.given"),
            *map(block_on, IDENTIFIERS),
            block_on("address", "family"),
            block_on("address", "given"),
        ],
        retain_matching_columns=False,
        max_iterations=15,
    )


def _birth() -> cl.CustomComparison:
    whole = "length(birth_l) = 10 AND length(birth_r) = 10"
    return cl.CustomComparison(
        output_column_name="birth",
        comparison_levels=[
            cll.NullLevel("birth"),
            cll.CustomLevel(f"{whole} AND birth_l = birth_r", "the same day"),
            cll.CustomLevel(f"{whole} AND damerau_levenshtein(birth_l, birth_r) <= 1", "one digit apart"),
            cll.CustomLevel(f"{whole} AND year_l = year_r AND right(birth_l, 2) = substr(birth_r, 6, 2)", "exchanged"),
            cll.CustomLevel("year_l = year_r", "the same year"),
            cll.ElseLevel(),
        ],
    )


def identifier(column: str, same: Any, m: float, u: float) -> cl.CustomComparison:
    """The comparison of what identifies: whether it is the same, by m and u that training leaves alone."""

    def fixed(level: Any, m: float, u: float) -> Any:
        return level.configure(m_probability=m, u_probability=u, fix_m_probability=True, fix_u_probability=True)

    levels = [cll.NullLevel(column), fixed(same, m, u), fixed(cll.ElseLevel(), 1 - m, 1 - u)]
    return cl.CustomComparison(output_column_name=column, comparison_levels=levels)


def trained(rows: Iterable[Mapping[str, str]]) -> Linker:
    """A linker on records, trained on them; `number` is the place of each."""
    base = duckdb.connect()
    base.execute("SET threads = 1")
    columns = {name: np.array(values, dtype=object) for name, values in _columns(rows).items()}
    table = columns | {"number": np.arange(len(columns["record"]))}
    base.register("delivered", table)
    base.execute("CREATE TABLE records AS SELECT * FROM delivered")
    linker = Linker(DuckDBAPI(connection=base).register("records"), settings(), log_level=logging.ERROR)
    sure = [block_on("document"), block_on("given", "family", "birth"), block_on("phone", "birth")]
    train(linker, sure, [block_on("birth"), block_on("given", "family")])
    return linker


def train(linker: Linker, sure: Sequence[Any], rules: Sequence[Any]) -> None:
    """Train a linker as Splink's documentation says: by rules that surely find one, and by expectation maximisation."""
    linker.training.estimate_probability_two_random_records_match(list(sure), recall=_EM_RECALL)
    linker.training.estimate_u_using_random_sampling(max_pairs=_MOST_PAIRS, seed=_SEED)
    for rule in rules:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)


def _columns(rows: Iterable[Mapping[str, str]]) -> dict[str, list[str | None]]:
    columns: dict[str, list[str | None]] = {name: [] for name in _COLUMNS}
    for row in rows:
        more = {**row, "whole": f"{row['given']} {row['family']}".strip(), "year": row["birth"][:4]}
        for name, values in columns.items():
            values.append(more[name] or None)
    return columns


def predicted(linker: Linker) -> Pairs:
    """The pairs of records that are likelier than the least threshold, and how likely each is."""
    found = linker.inference.predict(threshold_match_probability=min(THRESHOLDS))
    table = found.as_duckdbpyrelation().select("number_l, number_r, match_probability").fetchnumpy()
    return table["number_l"], table["number_r"], table["match_probability"]


def clusters(records: list[str], pairs: Pairs, threshold: float) -> dict[str, int]:
    """The cluster of each record, if all pairs at a threshold are joined."""
    left, right, likely = pairs
    joined = likely >= threshold
    shape = (len(records), len(records))
    graph = coo_array((np.ones(joined.sum(), bool), (left[joined], right[joined])), shape=shape)
    return dict(zip(records, connected_components(graph, directed=False)[1].tolist(), strict=True))


def measured(folder: Path) -> dict[str, Any]:
    """The score at each threshold, the best, seconds of one processor and of the clock, and the most memory in MB."""
    start, clock = time.process_time(), time.monotonic()
    rows = list(registers.rows(folder))
    records = [row["record"] for row in rows]
    pairs = predicted(trained(rows))
    spent, passed = time.process_time() - start, time.monotonic() - clock
    who = registers.truth(folder)
    scores = {each: cluster_score(clusters(records, pairs, each), who) for each in THRESHOLDS}
    best = max(scores, key=lambda threshold: scores[threshold].f1)
    return {
        "records": len(records),
        "threshold": best,
        **scores[best].told(),
        "by_threshold": {str(each): score.told() for each, score in scores.items()},
        "seconds": round(spent, 1),
        "seconds_by_the_clock": round(passed, 1),
        "megabytes": most_memory(),
    }


def main() -> None:
    """Measure plain Splink on the registers in a folder, and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.resolution.raw", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measured(options.data)
    print(json.dumps(found) if options.json else "\n".join(f"{name}: {value}" for name, value in found.items()))


if __name__ == "__main__":
    main()
