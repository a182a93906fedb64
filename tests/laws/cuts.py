"""Mutations: what they cut out of the source, and how the program runs without it.

A mutation is applied to the running program: the module is compiled without the filter, and the code of
functions that differ is replaced.
"""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

COLUMNS = "workbench.store.sqlite.columns:read_base"
# By this one comes to all that is in the module. A store keeps its columns: who asks first is not the only one.
_WAY_IN = dict.fromkeys(("workbench.store.sqlite.columns", "workbench.store.assembly"), COLUMNS)


@dataclass(frozen=True)
class Cut:
    """A text to remove or replace in a part (function, method or constant) of a module."""

    module: str
    part: str
    pattern: str
    instead: str


@dataclass(frozen=True)
class Mutation:
    """Cuts that belong together.

    `writes` names the functions that read what the cut code writes: the stores are then filled again.
    `fence` names a test that fails without a filter that the laws can't show, because it is behind
    another one, or only narrows what the viewer sees anyway.
    """

    name: str
    cuts: tuple[Cut, ...]
    writes: tuple[str, ...] = ()
    fence: str = ""

    @property
    def kind(self) -> str:
        """The kind of filter: of markings, of owners, of one half of the revision, or of traces."""
        return self.name.partition(":")[0]


@dataclass(frozen=True)
class Change:
    """New code for a function, or (without a function) a new value for a constant, and the functions it touches."""

    module: ModuleType
    name: str
    function: FunctionType | None
    new: Any
    touched: tuple[str, ...]

    def make(self) -> None:
        if self.function is not None:
            self.function.__code__ = self.new
        else:
            setattr(self.module, self.name, self.new)


@cache
def changes(mutation: Mutation) -> tuple[Change, ...]:
    """The changes of a mutation in the running program; ValueError if there is nothing to cut."""
    found: list[Change] = []
    for name in sorted({cut.module for cut in mutation.cuts}):
        found += _changes(importlib.import_module(name), [cut for cut in mutation.cuts if cut.module == name])
    if not found:
        raise ValueError(f"{mutation.name} changes nothing: the source changed")
    return tuple(found)


def mutated(mutation: Mutation, place: str) -> FunctionType:
    """The function at a place as the mutation makes it, beside that of the running program."""
    function = function_at(place)
    changed = {change.module.__name__: change.module for change in changes(mutation)}
    modules = {function.__module__: function.__globals__} | {name: vars(each) for name, each in changed.items()}
    codes = {change.function: change.new for change in changes(mutation) if change.function}
    own = {name: dict(names) for name, names in modules.items()}
    for change in changes(mutation):
        if change.function is None:
            own[change.module.__name__][change.name] = change.new
    for names in own.values():
        for name, each in names.items():  # functions of these modules call one another beside the running program, too
            if inspect.isfunction(each) and each.__module__ in own and each.__globals__ is modules[each.__module__]:
                names[name] = _copied(each, codes.get(each, each.__code__), own[each.__module__])
    return _copied(function, codes.get(function, function.__code__), own[function.__module__])


def _copied(function: FunctionType, code: CodeType, names: dict[str, Any]) -> FunctionType:
    made = FunctionType(code, names, function.__name__, function.__defaults__)
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def place_of(function: FunctionType) -> str:
    """The name of a function here."""
    return _WAY_IN.get(function.__module__) or f"{function.__module__}:{function.__qualname__}"


def function_at(place: str) -> FunctionType:
    """The function with a name."""
    module, _, name = place.partition(":")
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        found = vars(found)[part]
    return inspect.unwrap(found.fget if isinstance(found, property) else found)


def places(mutation: Mutation) -> frozenset[str]:
    """The functions that lead to the removed code."""
    return frozenset(mutation.writes or (each for change in changes(mutation) for each in change.touched))


def cut_source(module: str, cuts: list[Cut]) -> str:
    """The source of a module with the cuts applied; ValueError if one finds nothing."""
    lines = source_of(module).splitlines(keepends=True)
    for cut in cuts:
        start, end = parts_of(source_of(module))[cut.part]
        segment, n = re.subn(cut.pattern, cut.instead, "".join(lines[start:end]))
        if n == 0 or segment.count("\n") != end - start:
            raise ValueError(f"nothing to cut by {cut}: the source changed")
        lines[start:end] = segment.splitlines(keepends=True)
    return "".join(lines)


def _changes(module: ModuleType, cuts: list[Cut]) -> Iterator[Change]:
    path = str(inspect.getsourcefile(module))
    fresh: dict[str, Any] = {"__name__": module.__name__, "__file__": path, "__package__": module.__package__}
    exec(compile(cut_source(module.__name__, cuts), path, "exec"), fresh)  # noqa: S102 - our own source
    functions, others = dict(_functions(vars(module), path)), dict(_functions(fresh, path))
    for name, function in functions.items():
        if function.__code__ != others[name].__code__:
            yield Change(module, name, function, others[name].__code__, (place_of(function),))
    for name, value in vars(module).items():
        if isinstance(value, str) and not name.startswith("__") and fresh[name] != value:
            using = tuple(place_of(each) for each in functions.values() if name in _names(each.__code__))
            yield Change(module, name, None, fresh[name], using)


def _functions(namespace: dict[str, Any], path: str) -> Iterator[tuple[str, FunctionType]]:
    """Functions and methods of a module's own, by qualified name."""
    for value in list(namespace.values()):
        inside = vars(value).values() if inspect.isclass(value) and value.__module__ == namespace["__name__"] else ()
        for each in (value, *inside):
            function = inspect.unwrap(each.fget if isinstance(each, property) else each)
            if inspect.isfunction(function) and function.__code__.co_filename == path:
                yield function.__qualname__, function


def _names(code: CodeType) -> set[str]:
    inside = (_names(each) for each in code.co_consts if isinstance(each, CodeType))
    return set(code.co_names).union(*inside)


@cache
def source_of(module: str) -> str:
    return Path(str(inspect.getsourcefile(importlib.import_module(module)))).read_text("utf-8")


@cache
def parts_of(text: str) -> dict[str, tuple[int, int]]:
    """Functions, methods and constants, with their first and last lines."""
    found = {}
    for node in ast.parse(text).body:
        for each in (node, *(node.body if isinstance(node, ast.ClassDef) else ())):
            name = _name_of(each)
            if name:
                inside = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
                found[inside + name] = (each.lineno - 1, each.end_lineno or each.lineno)
    return found


def _name_of(node: ast.stmt) -> str:
    match node:
        case (
            ast.FunctionDef(name=name)
            | ast.Assign(targets=[ast.Name(id=name)])
            | ast.AnnAssign(target=ast.Name(id=name))
        ):
            return name
    return ""
