"""Filters to remove: those in statements are found in the source of the stores, those in Python are listed.

A mutation is applied to the running program: the module is compiled without the filter, and the code of
functions that differ is replaced.
"""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import workbench.store.memory
import workbench.store.neo4j
import workbench.store.sqlite

LAWS = "tests/laws/test_laws.py"


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


# -- statements, found --------------------------------------------------------------------

_FILTERS = {
    "marking": r"(\w+\.)?vis IN \(SELECT value FROM json_each\(\?\)\)",
    "owner": r"(\w+\.)?agency IN \(SELECT value FROM json_each\(\?\)\)",
    "later": r"(\w+\.)?rev_from <= \?",
    "superseded": r"(\w+\.)?rev_to > \?",
}
_CHANGES = re.compile(r"\b(UPDATE|DELETE|INSERT)\b")
_FENCES = {
    "reader.keys_of": f"{LAWS}::test_a_store_tells_the_keys_of_what_is_seen_alone",
}


def of_statements() -> Iterator[Mutation]:
    """Every filter in a reading SQL statement: of markings, of agencies, and both halves of the revision's."""
    package = workbench.store.sqlite
    for each in sorted(pkgutil.iter_modules(package.__path__), key=lambda each: each.name):
        module = f"{package.__name__}.{each.name}"
        text = _source(module)
        for part, (start, end) in _parts(text).items():
            segment = "".join(text.splitlines(keepends=True)[start:end])
            if _CHANGES.search(segment):
                continue
            where = f"{each.name}.{part}"
            for kind, pattern in _FILTERS.items():
                if re.search(pattern, segment):
                    cut = Cut(module, part, pattern, "? IS NOT NULL")
                    yield Mutation(f"{kind}: {where}", (cut,), fence=_FENCES.get(where, ""))


_OF_CYPHER = {
    "marking": r"(\w+\.)?vis IN \$allowed",
    "owner": r"\w+\.agency IN \$agencies",
    "later": r"\w+\.rev_from <= \$revision",
    "superseded": r"\w+\.rev_to > \$revision",
}
_FENCES_OF_CYPHER = {
    "reader._KEYS_OF": _FENCES["reader.keys_of"],
    **dict.fromkeys(
        ("around._STEPS", "around._SAID_OF"),
        f"{LAWS}::test_a_store_walks_by_what_is_seen_alone",
    ),
}


def of_cypher() -> dict[str, Mutation]:
    """The same for Cypher statements: there all laws are the fence, run on a copy of the program."""
    return _found_in(workbench.store.neo4j, _OF_CYPHER, "true", LAWS, _FENCES_OF_CYPHER)


_OF_MEMORY = {
    "marking": r"row\.vis in allowed|not set\(allowed\)\.isdisjoint\(row\.classes\)",
    "later": r"row\.rev_from <= (now|revision)",
    "superseded": r"row\.rev_to > (now|revision)",
}


def of_memory() -> dict[str, Mutation]:
    """The same for the store in memory: there the fence is the oracle of what views answer."""
    return _found_in(workbench.store.memory, _OF_MEMORY, "True", "tests/conformance/test_against_oracle.py", {})


def _found_in(
    package: ModuleType, filters: Mapping[str, str], instead: str, fence: str, fences: Mapping[str, str]
) -> dict[str, Mutation]:
    """Every filter in a package, by the name of its mutation; `fences` names the tests of some parts."""
    found = {}
    for each in sorted(pkgutil.iter_modules(package.__path__), key=lambda each: each.name):
        module = f"{package.__name__}.{each.name}"
        for part, (start, end) in _parts(_source(module)).items():
            segment = "".join(_source(module).splitlines(keepends=True)[start:end])
            where = f"{each.name}.{part}"
            for kind, pattern in filters.items():
                if re.search(pattern, segment):
                    cut, name = Cut(module, part, pattern, instead), f"{kind}: {where}"
                    found[name] = Mutation(name, (cut,), fence=fences.get(where, fence))
    return found


# -- what is filtered in Python, named -------------------------------------------------------


def _one(name: str, module: str, part: str, pattern: str, instead: str, **more: Any) -> Mutation:
    return Mutation(name, (Cut(f"workbench.{module}", part, pattern, instead),), **more)


_RULE, _MASK, _VIEW = "access.policy", "view.masking", "view.view"
_SIGHT, _MARKS = "view.access", "store.remarking"


_COLUMNS = "workbench.store.sqlite.columns:read_columns"
_READER, _SEARCH = "workbench.store.sqlite.reader", "workbench.store.sqlite.search"
_REGISTERS = "workbench.store.registers"
_READING = {
    "record": (
        _COLUMNS,
        *(f"{_READER}:{name}" for name in ("records_by_key", "markings_by_key", "records_about", "keys")),
    ),
    "claim": (_COLUMNS,),
    "tie": (_COLUMNS,),
    "text": (f"{_SEARCH}:candidates",),
    "judgement": (f"{_REGISTERS}:judgements",),
    "document": (f"{_REGISTERS}:documents",),
}
# By this one comes to all that is in the module. A store keeps its columns: who asks first is not the only one.
_WAY_IN = dict.fromkeys(("workbench.store.sqlite.columns", "workbench.store.assembly"), _COLUMNS)


def _renewed(table: str) -> Mutation:
    """A change of marking that does not come to a table."""
    name, writes = f"marking: renewed, {table}", _READING[table]
    if table in ("judgement", "document"):
        return _one(name, _MARKS, "_follow_evidence", rf"{table}\._replace\(vis=vis\)", table, writes=writes)
    old, kept = rf"\b{table} SET vis = \?", f"{table} SET vis = coalesce(vis, ?)"
    return _one(name, "store.sqlite.transaction", "SqliteTransaction.move", old, kept, writes=writes)


def _ended(table: str) -> Mutation:
    """The end of a record that does not come to a table."""
    old, kept = rf"\b{table} SET rev_to = \?", f"{table} SET rev_to = coalesce(rev_to, ?)"
    return _one(
        f"superseded: ended, {table}", "store.sqlite.history", "close_records", old, kept, writes=_READING[table]
    )


def _unmasked(part: str) -> Mutation:
    """A view that does not mask a part of its columns; one within it masks them still."""
    masking = r"masked\(self\._backend\.columns\(scope\.revision\), scope\.allowed\)"
    more = "" if part == "present" else "present=all.present, "
    instead = f"(lambda all: replace(masked(all, scope.allowed), {more}{part}=all.{part}))"
    return _one(f"marking: {part}", _VIEW, "View._masked", masking, f"{instead}(self._backend.columns(scope.revision))")


_ROWS = "store.registers"
_OF_REGISTERS = (
    _one("marking: registers", _ROWS, "_standing", r"row\.vis in allowed", "True"),
    _one("later: registers", _ROWS, "_standing", r"row\.rev_from <= revision", "True"),
    _one("superseded: registers", _ROWS, "_standing", r"row\.rev_to > revision", "True"),
    _one(
        "marking: registers.judgements, overridden",
        _ROWS,
        "judgements",
        r" if each in shown",
        "",
        fence="tests/conformance/test_registers.py::test_a_judgement_names_of_those_that_it_overrides_what_is_seen",
    ),
    _one("marking: registers.documents", _ROWS, "documents", r"row\.vis in allowed", "True"),
    _one("marking: registers.loads", _ROWS, "loads", r"seen\.issuperset\(row\.classes\)", "True"),
    _one(
        "owner: registers.loads",
        _ROWS,
        "loads",
        r"row\.agency in agencies",
        "True",
        fence="tests/conformance/test_registers.py::test_a_load_is_told_to_its_own_agency_whoever_sees_all_of_it",
    ),
    _one(
        "owner: registers.quarantined",
        _ROWS,
        "quarantined",
        r"row\.agency in agencies",
        "True",
        fence=f"{LAWS}::test_a_store_gives_the_quarantine_of_those_agencies_alone",
    ),
)
NAMED = (
    _one("marking: everywhere", _RULE, "may_read", r"return \(", "return True or ("),
    _one("marking: level", _RULE, "may_read", r"viewer\.clearance >= marking\.level", "True"),
    _one("marking: agencies", _RULE, "may_read", r"not viewer\.agencies\.isdisjoint\(marking\.releasable\)", "True"),
    _one("marking: compartments", _RULE, "may_read", r"viewer\.compartments >= marking\.compartments", "True"),
    _one("marking: privilege", _RULE, "may_read", r"not marking\.privileged", "True"),
    _one(
        "marking: within agencies",
        _SIGHT,
        "allowed_classes",
        r"agencies is None or",
        "True or",
        fence="tests/laws/test_laws.py::test_a_view_within_agencies_is_one_of_their_records_alone",
    ),
    _one("marking: evidence", _SIGHT, "allowed_classes", r"bool\(visibility\.members\) and .*", "True"),
    *(_unmasked(part) for part in ("about", "ties", "claims", "present")),
    _one("marking: revisions of loads", _VIEW, "View.loads", r"each if .* else replace\(.*\) for", "each for"),
    _one("marking: units in quarantine", _VIEW, "View.quarantine", r" if may_repair\(.*\)\)", ")"),
    *(_renewed(table) for table in ("record", "claim", "text", "tie", "judgement", "document")),
    _one(
        "marking: renewed, revisions",
        *(_MARKS, "_refresh_revisions", r"sorted\(touched\[rev\]\)", "sorted(touched[rev].union(each.classes))"),
        writes=(f"{_READER}:publications",),
    ),
    _one(
        "marking: evidence, all of it",
        *(_MARKS, "conjunction", r"\*known\.values\(\)\)", "*([*known.values()][1:] or known.values()))"),
        writes=(*_READING["judgement"], *_READING["document"]),
    ),
    _one("trace: ids, names, datasets, texts", _VIEW, "View._masked", r"pruned\((masked\(.*\))\)", r"\1"),
    _one("trace: numbers of records", _MASK, "numbered", r"_used\(n, .*\)\)", "np.ones(n, dtype=bool))"),
    _one("trace: numbers of classes", _MASK, "numbered", r" if used\[vis\]", ""),
    _one("trace: order of rows about", "store.assembly", "about_in_order", r"kept\.at\(.*\)$", "kept"),
    _one("trace: order of ties", "store.assembly", "ties_in_order", r"ties\.at\(every\)", "ties"),
    _one("trace: order of texts", "store.assembly", "_in_alphabet", r"place\[codes\], (.*)\[order\]", r"codes, \1"),
    *_OF_REGISTERS,
    _one("later: View.history", _VIEW, "View.history", r" if number <= self\._number", ""),
    _one("later: View.within", _VIEW, "View.within", r" if number <= self\._number", ""),
    *(_ended(table) for table in ("record", "claim", "text", "tie")),
)


@cache
def mutations() -> dict[str, Mutation]:
    """All mutations by name; a filter of revisions also removed everywhere at once."""
    found = [*NAMED, *of_statements()]
    for kind in ("later", "superseded"):
        cuts = tuple(c for each in found if each.name.startswith(f"{kind}:") and not each.writes for c in each.cuts)
        found.append(Mutation(f"{kind}: everywhere", cuts))
    return {each.name: each for each in sorted(found, key=lambda each: each.name)}


# -- taking them out -----------------------------------------------------------------------


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
    lines = _source(module).splitlines(keepends=True)
    for cut in cuts:
        start, end = _parts(_source(module))[cut.part]
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
def _source(module: str) -> str:
    return Path(str(inspect.getsourcefile(importlib.import_module(module)))).read_text("utf-8")


@cache
def _parts(text: str) -> dict[str, tuple[int, int]]:
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
