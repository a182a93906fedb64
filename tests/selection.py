"""Which tests run on Neo4j too: those that could answer otherwise there.

All of `tests/conformance` is about what every kind of store must answer. Another module depends on the kind where it
asks a server, or imports what is inside a backend, itself or by a helper
of tests. Others say that they do: `pytest.mark.each_store(reason=…)`. The rest tests what is above the store, or needs
none: once, on SQLite, is enough. What takes long and says little more than others waits for the night:
`pytest.mark.night(reason=…)`, or on one kind of store `night(reason=…, kind=NEO4J)`. `WORKBENCH_TEST_ALL=1` runs all
of them, everywhere.
"""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parent.parent
_EVERY_KIND = _ROOT / "tests" / "conformance"
_INSIDE = ("workbench.store.backend", "workbench.store.neo4j", "workbench.store.sqlite", "tests.servers")
# How any test gets a store: what they import says nothing of who uses them.
_FOR_ALL = {"tests.stores", "tests.store_run"}
EVERYTHING = bool(os.environ.get("WORKBENCH_TEST_ALL"))


def depends_on_store(item: pytest.Item | pytest.Module) -> bool:
    """Whether a test could answer otherwise on another kind of store."""
    is_marked = item.get_closest_marker("each_store") is not None
    return is_marked or is_of_every_kind(item) or _imports_a_backend(item.path)


def is_of_every_kind(item: pytest.Item | pytest.Module) -> bool:
    """Whether a test is of the first suite: what every kind of store must answer."""
    return _EVERY_KIND in item.path.parents


def _imports_a_backend(path: Path) -> bool:
    helper = path.with_name("conftest.py")
    return any(name.startswith(_INSIDE) for each in (path, helper) for name in _imported(each, set()))


def _imported(path: Path, seen: set[Path]) -> Iterator[str]:
    """All modules that a test module imports, directly or by its helpers."""
    if path in seen:
        return
    seen.add(path)
    for name in _imports(path):
        yield name
        if name.startswith("tests.") and name not in _FOR_ALL:
            yield from _imported(_ROOT / f"{name.replace('.', '/')}.py", seen)


@cache
def _imports(path: Path) -> tuple[str, ...]:
    """The modules that a file imports, anywhere in it; none of what is no file."""
    if not path.is_file():
        return ()
    return tuple(name for node in ast.walk(ast.parse(path.read_text("utf-8"))) for name in _named(node))


def _named(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (each.name for each in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{each.name}" for each in node.names)
