"""Which tests run by day and which wait for the night, on which kind of store.

By day all tests run on SQLite but those that wait for the night. On Neo4j run those that could answer otherwise there:
all of `tests/conformance`, which is about what every kind of store must answer, and each other module that asks a
server, or imports what is inside a backend, itself or by a helper of tests. Others say that they depend on the kind:
`pytest.mark.each_store(reason=…)`. The rest tests what is above the store, or needs none.

What takes long and says little more than others waits for the night: it is listed in `tests/night.toml`, with the
reason, or marked `pytest.mark.night(reason=…)`, or for one kind of store `night(reason=…, kind=NEO4J)`. Of the cases of
a test marked `pytest.mark.fewer_cases(reason=…)`, with or without a kind, two of three wait.

`WORKBENCH_TEST_ALL=1` is the night: it runs all tests, everywhere, with all their examples. `WORKBENCH_TEST_PART=3/15`
runs of what the night has more than the day the third part of fifteen: which that is, a hash of a test's name says. It
draws as many examples as the day does, others with each `--hypothesis-seed`. With `WORKBENCH_TEST_SECONDS` it begins no
test later than that, and says how many it did not come to. On Neo4j it leaves out what can't answer otherwise there.
"""

import ast
import os
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zlib import crc32

import pytest
from pydantic import BaseModel, ConfigDict

_ROOT = Path(__file__).resolve().parent.parent
_EVERY_KIND = _ROOT / "tests" / "conformance"
_INSIDE = ("workbench.store.backend", "workbench.store.neo4j", "workbench.store.sqlite", "tests.servers")
# How any test gets a store: what they import says nothing of who uses them.
_FOR_ALL = {"tests.stores", "tests.store_run"}
PART = os.environ.get("WORKBENCH_TEST_PART", "")
SECONDS = float(os.environ.get("WORKBENCH_TEST_SECONDS") or "inf")
NEO4J = "neo4j"
ALL = bool(os.environ.get("WORKBENCH_TEST_ALL"))
EVERYTHING = bool(ALL or PART)
NIGHT = _ROOT / "tests" / "night.toml"


class Waiting(BaseModel):
    """Tests that wait for the night: folders (`tests/app/`), files, tests, or cases of a test with their `[parameter]`.

    With a `kind`, they wait on that kind of store alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: str
    tests: tuple[str, ...]
    kind: str = ""

    def names(self, nodeid: str) -> bool:
        """Whether a test is among them."""
        file, _, name = nodeid.partition("::")
        listed = not {file, f"{file}::{name.partition('[')[0]}", nodeid}.isdisjoint(self.tests)
        return listed or any(each.endswith("/") and file.startswith(each) for each in self.tests)


@cache
def waiting() -> tuple[Waiting, ...]:
    """What `tests/night.toml` lists."""
    return tuple(map(Waiting.model_validate, tomllib.loads(NIGHT.read_text("utf-8"))["night"]))


def waits(item: pytest.Item, kind: str) -> bool:
    """Whether a test waits for the night on a kind of store."""
    is_marked = _is_marked(item, "night", kind) or (_is_marked(item, "fewer_cases", kind) and _case(item) % 3 != 0)
    return is_marked or any(each.names(item.nodeid) for each in waiting() if each.kind in ("", kind))


def _is_marked(item: pytest.Item, name: str, kind: str) -> bool:
    marker = item.get_closest_marker(name)
    return marker is not None and marker.kwargs.get("kind", kind) == kind


def _case(item: pytest.Item) -> int:
    """The number of a test's case; with several lists of parameters, the sum of its different numbers in them."""
    case = getattr(item, "callspec", None)
    return sum(set(case.indices.values())) if case is not None else 0


def has_more_at_night(item: pytest.Item) -> bool:
    """Whether a test that runs by day draws or reads more at night."""
    draws = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    return bool(draws) or not {"tests.stores.examples", "tests.stores.seeds", "tests.selection.EVERYTHING"}.isdisjoint(
        _imports(item.path)
    )


def is_of_part(item: pytest.Item) -> bool:
    """Whether a test is of the part of the night that is run."""
    number, _, of = PART.partition("/")
    return crc32(item.nodeid.encode()) % int(of) == int(number) % int(of)


def turn(item: pytest.Item) -> int:
    """When the file of a test has its turn in a part of the night: in another order each day."""
    return crc32(f"{datetime.now(UTC):%j} {item.path}".encode())


def depends_on_store(item: pytest.Item | pytest.Module) -> bool:
    """Whether a test could answer otherwise on another kind of store."""
    is_marked = item.get_closest_marker("each_store") is not None
    return is_marked or is_of_every_kind(item) or _imports_a_backend(item.path)


def may_run_by_day(path: Path, kind: str) -> bool:
    """Whether a file has tests that may run by day on a kind of store, as far as can be told without importing it."""
    file = path.relative_to(_ROOT).as_posix()
    if any(each.names(file) for each in waiting() if each.kind in ("", kind)):
        return False
    if kind != NEO4J or _EVERY_KIND in path.parents or _imports_a_backend(path):
        return True
    return "each_store" in path.read_text("utf-8")


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
