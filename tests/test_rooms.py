"""The packages: no import cycle, every package under the contract, and only public names across packages."""

import ast
import re
import tomllib
from collections.abc import Iterator
from inspect import getmembers, isfunction
from pathlib import Path
from typing import get_type_hints

import grimp
import networkx as nx
import pytest

from workbench.store.columns import Columns
from workbench.view.snapshot import Snapshot

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("workbench", "ingest")
# Of named tuples, and of what the standard library has with an underscore.
_OF_PYTHON = {"_replace", "_asdict", "_make", "_fields", "_exit"}


def test_no_module_imports_itself_by_way_of_others() -> None:
    found = grimp.build_graph(*PACKAGES, include_external_packages=False, cache_dir=None)
    graph = nx.DiGraph(
        (module, other) for module in found.modules for other in found.find_modules_directly_imported_by(module)
    )
    assert [sorted(part) for part in nx.strongly_connected_components(graph) if len(part) > 1] == []


def test_every_room_is_under_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = (each for each in contracts if each.get("exhaustive"))
    named = {room.strip() for layer in layers["layers"] for room in re.split("[:|]", layer)}
    there = {
        path.stem for path in (ROOT / "workbench").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert layers["containers"] == ["workbench"]
    assert there - {"__init__"} == named


def test_no_room_takes_a_name_with_an_underscore_from_another() -> None:
    rooms = _rooms()
    own = {room: set(_made_in(files)) for room, files in rooms.items()}
    taken = [
        f"{path.relative_to(ROOT)}: {name}"
        for room, files in rooms.items()
        for path in files
        for name in _taken_in(ast.parse(path.read_text("utf-8")), own[room])
    ]
    assert taken == []


@pytest.mark.parametrize(
    "taking",
    [
        "from workbench.view.walking import _Side",
        "from workbench.view.walking import _Side as Side",
        "import workbench.view._inside",
        "from workbench._inside import name",
        "def ask(view):\n    _scope = 1\n    return view._scope(), _scope",
    ],
)
def test_a_name_with_an_underscore_is_noticed(taking: str) -> None:
    tree = ast.parse(taking)
    assert list(_taken_in(tree, set(_made_by(tree))))


def _taken_in(tree: ast.Module, own: set[str]) -> Iterator[str]:
    """Names with an underscore that a module imports, or takes from an object; `own` are those that its room makes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            origin = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            parts = {part for name in (*origin, *(each.name for each in node.names)) for part in name.split(".")}
            yield from (part for part in sorted(parts) if re.match("_[A-Za-z]", part))
        elif isinstance(node, ast.Attribute) and not _of_self(node) and re.match("_[A-Za-z]", node.attr):
            yield from {node.attr} - own - _OF_PYTHON


def _rooms() -> dict[str, list[Path]]:
    """The files of each room."""
    rooms: dict[str, list[Path]] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).parts
            depth = 3 if parts[:2] == ("workbench", "store") and len(parts) > 3 else 2
            rooms.setdefault("/".join(parts[:depth]), []).append(path)
    return rooms


def _made_in(files: list[Path]) -> Iterator[str]:
    """Names that a room makes for others to see: functions, classes, attributes, constants; no local variables."""
    for path in files:
        yield from _made_by(ast.parse(path.read_text("utf-8")))


def _made_by(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _of_self(node):
            yield node.attr
        if isinstance(node, ast.Module | ast.ClassDef):
            yield from (name.id for each in node.body for name in _assigned(each))


def _assigned(statement: ast.stmt) -> list[ast.Name]:
    """The names that a statement of a module or a class gives a value, or a type."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return [name for each in targets if each for name in ast.walk(each) if isinstance(name, ast.Name)]


def test_nothing_outside_the_view_asks_for_its_columns() -> None:
    """A snapshot is used through its methods only."""
    asking = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room, files in _rooms().items()
        if not room.startswith(("workbench/store", "workbench/view"))
        for path in files
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "_columns" and not _of_self(node)
    }
    assert asking == set()
    given = {name for name, hint in get_type_hints(Snapshot).items() if hint is Columns}
    told = {name for name, value in getmembers(Snapshot) if get_type_hints(_getter(value)).get("return") is Columns}
    assert given | told == {"_columns"}


def _of_self(node: ast.Attribute) -> bool:
    """Whether an attribute is of the object that asks."""
    return isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")


def _getter(value: object) -> object:
    """The function behind a method or a property, of whatever kind."""
    return getattr(value, "fget", None) or getattr(value, "func", None) or (value if isfunction(value) else _nothing)


def _nothing() -> None:
    """What is no function."""


def test_nothing_above_the_view_asks_for_a_backend() -> None:
    asking = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room, files in _rooms().items()
        if not room.startswith(("workbench/store", "workbench/view"))
        for path in files
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "backend"
    }
    assert asking == set()
