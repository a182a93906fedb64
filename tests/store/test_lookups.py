"""Each lookup in SQLite goes through an index: none reads a table from end to end."""

import re
from collections.abc import Iterator

import pytest

from workbench.store.sqlite import columns, lookups, reader
from workbench.store.sqlite.connection import new_tables

# The lists that a statement gets as parameters, or finds in a row, are read from end to end, and nothing else is.
_SCANNED = re.compile(r"SCAN (\w+)")
_LISTS = {"j", "json_each"}


def statements() -> Iterator[str]:
    for name, value in vars(lookups).items():
        if isinstance(value, str) and value.lstrip().startswith("SELECT"):
            yield name


def test_there_are_statements() -> None:
    assert len(list(statements())) >= 10


@pytest.mark.parametrize("name", list(statements()))
def test_a_lookup_reads_no_table_from_end_to_end(name: str) -> None:
    statement = getattr(lookups, name)
    db = new_tables()
    plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {statement}", ["[]"] * statement.count("?"))]
    scanned = {found[1] for each in plan if (found := _SCANNED.search(each))}
    assert scanned <= _LISTS, plan


def test_kinds_of_records_are_found_by_an_index_that_nothing_else_goes_through() -> None:
    parts = (lookups, reader, columns)
    every = [(name, text) for part in parts for name, text in vars(part).items() if "SELECT" in str(text)[:200]]
    found, db = set(), new_tables()
    for name, text in every:
        if isinstance(text, str):
            plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {text}", ["[]"] * text.count("?"))]
            found |= {name for each in plan if "record_kind" in each}
    assert found == {"_KINDS"}


def test_what_ended_is_found_by_an_index() -> None:
    (plan,) = new_tables().execute(f"EXPLAIN QUERY PLAN {columns._ENDED}", (0, 1)).fetchall()
    assert "record_ended" in plan[3]
