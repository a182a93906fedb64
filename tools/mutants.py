"""Mutants of a Python file: each changes one small thing inside a function."""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

_COMPARED: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"),
    ast.NotIn: (r"not\s+in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: (r"is\s+not", "is"),
}
_JOINED: dict[type[ast.boolop | ast.operator], tuple[str, str]] = {
    ast.And: ("and", "or"),
    ast.Or: ("or", "and"),
    ast.Add: (r"\+", "-"),
    ast.Sub: ("-", "+"),
}
_CALLED = {"any": "all", "all": "any", "min": "max", "max": "min"}
_Span = tuple[int, int]
_Spans = Callable[[ast.expr | ast.stmt], _Span]


@dataclass(frozen=True, slots=True, order=True)
class Mutant:
    """One change: the bytes of a file from `start` to `end` are replaced by `new`."""

    file: str
    start: int
    end: int
    old: str
    new: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {_short(self.old)} → {_short(self.new)}"

    def made(self, root: Path) -> str:
        """The text of the file with the change in it."""
        source = (root / self.file).read_bytes()
        return (source[: self.start] + self.new.encode() + source[self.end :]).decode()


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else f"{flat[:57]}..."


def mutants_of(root: Path, file: str) -> list[Mutant]:
    """All mutants of a file, in order: inside functions, but not in annotations, docstrings or error messages."""
    source = (root / file).read_bytes()
    starts = [0, *(each.end() for each in re.finditer(b"\n", source))]

    def span(node: ast.expr | ast.stmt) -> _Span:
        end_line, end_column = node.end_lineno or 0, node.end_col_offset or 0
        return starts[node.lineno - 1] + node.col_offset, starts[end_line - 1] + end_column

    def changes(node: ast.AST) -> Iterator[tuple[_Span, str]]:
        """The possible changes at a node: span and replacement."""
        text = _Text(source, span)
        match node:
            case ast.Compare(ops=[op], left=left, comparators=[right]):
                yield from text.between(left, right, _COMPARED.get(type(op)))
            case ast.BoolOp(op=op, values=values):
                for one, other in pairwise(values):
                    yield from text.between(one, other, _JOINED[type(op)])
            case ast.BinOp(left=left, op=op, right=right):
                yield from text.between(left, right, _JOINED.get(type(op)))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield span(node), f"({text.of(operand)})"
            case ast.Constant(value=bool(value)):
                yield span(node), str(not value)
            case ast.Constant(value=int(value)):
                yield span(node), str(value + 1)
            case ast.Call(func=ast.Name(id=name) as func) if name in _CALLED:
                yield span(func), _CALLED[name]
            case ast.Expr(value=ast.Call()):
                yield span(node), "None"
            case ast.Continue():
                yield span(node), "break"
        for test in _tests(node):
            yield span(test), f"(not ({text.of(test)}))"

    mutants = [
        Mutant(file, start, end, source[start:end].decode(), new, source[:start].count(b"\n") + 1)
        for node in _inside_functions(ast.parse(source))
        for (start, end), new in changes(node)
    ]
    return sorted(set(mutants))


class _Text:
    """The source text of nodes, and between two nodes."""

    def __init__(self, source: bytes, span: _Spans) -> None:
        self._source, self._span = source, span

    def of(self, node: ast.expr) -> str:
        start, end = self._span(node)
        return self._source[start:end].decode()

    def between(self, one: ast.expr, other: ast.expr, change: tuple[str, str] | None) -> Iterator[tuple[_Span, str]]:
        """The change of an operator between two nodes."""
        if change is None:
            return
        start, end = self._span(one)[1], self._span(other)[0]
        operator = re.search(change[0], self._source[start:end].decode("latin-1"))
        if operator:
            yield (start + operator.start(), start + operator.end()), change[1]


def _tests(node: ast.AST) -> Sequence[ast.expr]:
    """The conditions of a node."""
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        return [node.test]
    return node.ifs if isinstance(node, ast.comprehension) else []


def _inside_functions(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for statement in node.body:
                yield from _changeable(statement)


def _changeable(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all nodes in it, without functions (which are walked separately), annotations and errors."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Raise | ast.Assert | ast.FormattedValue):
        return
    if isinstance(node, ast.keyword) and node.arg == "strict":  # of `zip`: an assertion, too
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name != "annotation":
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, ast.AST):
                    yield from _changeable(each)
