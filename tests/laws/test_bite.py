"""The laws fail without a filter. `make mutate` tries all filters on all functions; this tries some."""

import subprocess
import sys
from collections.abc import Callable
from inspect import getmembers, isfunction, signature
from pathlib import Path

import pytest

from tests.laws.cuts import Mutation, changes, cut_source, places
from tests.laws.mutations import mutations, of_cypher, of_memory
from workbench.store import registers
from workbench.store.backend import Backend
from workbench.store.sqlite.backend import SqliteBackend

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.sqlite_only(reason="the filters that are taken out are those of SQLite's statements")
SOME = ("marking: everywhere", "marking: registers", "superseded: columns._TIES", "superseded: reader._BY_ABOUT")
KINDS = {"scope": {"marking", "later", "superseded"}, "allowed": {"marking"}, "agencies": {"owner"}}
# A document is kept beside the revisions: its newest version is shown at each.
# The marking of a record is told also after it was superseded.
NOT_FILTERED = {
    **dict.fromkeys(
        ("registers.documents", "registers._visible", "registers.rests_on"), frozenset({"later", "superseded"})
    ),
    "markings_by_key": {"superseded"},
}
# What is given what to filter by: the contract, and where it is kept.
PRIMITIVES = {
    **{name: (getattr(Backend, name), getattr(SqliteBackend, name)) for name in sorted(Backend.__abstractmethods__)},
    **{
        f"registers.{name}": (each, each)
        for name, each in getmembers(registers, isfunction)
        if each.__module__ == registers.__name__
    },
}


@pytest.mark.parametrize("name", mutations())
def test_there_is_something_to_cut(name: str) -> None:
    assert changes(mutations()[name])


@pytest.mark.parametrize("table", [of_memory, of_cypher])
def test_there_is_something_to_cut_on_other_kinds(table: Callable[[], dict[str, Mutation]]) -> None:
    """Without its filter each source still compiles."""
    for mutation in table().values():
        for cut in mutation.cuts:
            compile(cut_source(cut.module, [cut]), cut.module, "exec")


@pytest.mark.parametrize("name", PRIMITIVES)
def test_every_filter_of_a_primitive_has_its_mutation(name: str) -> None:
    """A primitive that is given what to filter by calls something from which each filter is taken out."""
    contract, function = PRIMITIVES[name]
    given = set(signature(contract).parameters) & set(KINDS)
    wanted = set().union(*(KINDS[each] for each in given))
    wanted -= NOT_FILTERED.get(name, set())
    called = {function.__name__, *function.__code__.co_names}
    found = {m.kind for m in mutations().values() if called & {p.rpartition(":")[2] for p in places(m)}}
    assert found >= wanted


def test_some_filters_taken_out_are_noticed() -> None:
    program = [sys.executable, "-W", "ignore", "-m", "tools.mutate_view"]
    command = [*program, "--cases", "1", "--functions", "View.", *SOME]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(f"{name}:" in done.stdout for name in SOME)
