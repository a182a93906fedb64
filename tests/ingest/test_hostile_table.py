"""Every hostile input has a test: each that the table names is there."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.ingest.hostile_table import SHOWN

ROOT = Path(__file__).parents[2]
NAMED = sorted({node for clauses in SHOWN.values() for nodes in clauses.values() for node in nodes})


@cache
def functions_of(file: str) -> frozenset[str]:
    """The functions of a file, among which are its tests."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return frozenset(each.name for each in tree.body if isinstance(each, ast.FunctionDef))


def test_no_item_and_no_clause_is_without_a_test() -> None:
    assert list(SHOWN) == list(range(1, 19))
    assert all(clauses and all(clauses.values()) for clauses in SHOWN.values())


@pytest.mark.parametrize("node", NAMED)
def test_what_the_table_names_is_a_test(node: str) -> None:
    file, _, name = node.partition("::")
    assert name in functions_of(file)
    assert name.startswith("test_")
