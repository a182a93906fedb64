"""Adapter `pajek`: networks of Pajek (`.net`, and `.paj` with one network).

A vertex is a node whose id is its number, and whose name is its label; vertices that `*Vertices` only counts are nodes
too. In a network of two modes the nodes have the labels `mode 1` and `mode 2`. A line of `*Arcs`, a pair in
`*Arcslist`, and a cell of a `*Matrix` that is not 0 is a link from the first to the second; one of `*Edges`,
`*Edgeslist`, and of a matrix of two modes is a link without a direction. The name of a relation (`*Arcs :1 "knows"`)
is the type of its links. Kept are values as `weight`, labels of lines, times (`[2-5]`), and words that Pajek does not
know as `more`. Left out are coordinates, colours, shapes and fonts. Partitions, vectors and other objects of a `.paj`
are counted as not read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from ingest.account import Account
from ingest.adapters.numbers import count_of, is_number, is_zero, shown, value_of
from ingest.adapters.pajek_words import Word, fields_of_line, fields_of_vertex, unescaped, words_of
from ingest.adapters.text_lines import Line, Lines, check_line
from ingest.shapes import BadUnit, Frame, Item, Link, Node, Readable, Reject, Way
from ingest.specs import Written

_SECTION = re.compile(r"\s*\*\s*([A-Za-z0-9_]*)\s*(.*)", re.DOTALL)
_MATRIX = re.compile(r"\*\s*matrix", re.IGNORECASE | re.ASCII)
_RELATION = re.compile(r':\s*(\d+)\s*(?:"([^"]*)"|(\S+))?', re.ASCII)
_OF_RELATION = re.compile(r"\s*(\d+)\s*:\s*(.*)", re.ASCII | re.DOTALL)

_LINKS = frozenset({"arcs", "edges", "arcslist", "edgeslist", "matrix"})
_DIRECTED = frozenset({"arcs", "arcslist"})
# What other objects of a project begin with; each may have a *Vertices of its own.
_OTHERS = frozenset({"partition", "vector", "permutation", "cluster", "hierarchy"})
_MOST_UNLISTED = 1_000_000
_SECTIONS_KEPT = 4

# What stands before a unit that is read alone: a comment, so that vertices which are only counted are no units.
_ALONE = "% one line of a network, without its other vertices"
_CELL = f"{_ALONE}, with the value of a cell"


_NO_LINE = Line(0, "", b"")


class _Size(NamedTuple):
    """The number of vertices, and how many of them are of the first mode; 0 in a network of one mode."""

    vertices: int
    first: int = 0

    def labels(self, number: int) -> tuple[str, ...]:
        """The labels of a vertex."""
        return (f"mode {1 if number <= self.first else 2}",) if self.first else ()

    def matrix(self) -> tuple[int, int]:
        """The rows and columns of a matrix."""
        return (self.first, self.vertices - self.first) if self.first else (self.vertices, self.vertices)

    def number(self, text: str) -> int:
        """The number of a vertex; BadUnit if there is none of that number."""
        number = count_of(text)
        if not number or number > self.vertices:
            message = f"{shown(text)} is no vertex: the network has those from 1 to {self.vertices}"
            raise BadUnit("no such vertex", f"{message}: correct the number, or *Vertices")
        return number


@dataclass(frozen=True, slots=True)
class _Section:
    """Where a line stands: the name of the section, its relation and line; a row of a matrix also has its number."""

    name: str = ""
    relation: str = ""
    opening: str = ""
    row: int = 0
    cell: bool = False

    def way(self, size: _Size) -> Way:
        """Which way its links run."""
        return "forward" if self.name in _DIRECTED or (self.name == "matrix" and not size.first) else "unsaid"


@dataclass(slots=True)
class _Network:
    """One way through a file: its size and section so far."""

    lines: Lines
    size: _Size | None = None
    opened_at: Line = _NO_LINE
    section: _Section = field(default_factory=_Section)
    alone: str = ""
    listed: set[int] = field(default_factory=set)

    def contents(self) -> Iterator[tuple[_Section, Line]]:
        """The lines of sections; FileRefused if the file is not a network, or is cut off. Ends with an empty line."""
        line = _NO_LINE
        for line in self.lines:
            text = line.text.strip()
            if text in (_ALONE, _CELL):
                self.alone = text
            elif text.startswith("*"):
                self._end(line.number)
                self._begin(line)
            elif text and not text.startswith("%"):
                if self.section.name == "matrix":
                    self.section = replace(self.section, row=self.section.row + 1)
                yield self.section, line
        self._end(line.number)
        if self.size is None:
            message = "it ends without *Vertices: is it a network of Pajek?"
            raise self.lines.refused("not this format", line.number, message)

    def _begin(self, line: Line) -> None:
        match = _SECTION.match(line.text.strip())
        name, rest = (match[1].lower(), match[2].strip()) if match else ("", "")
        if name == "vertices" and self.section.name not in _OTHERS:
            self._count(line, rest)
        if name in _LINKS and self.section.name not in _OTHERS and self.size is None:
            raise self.lines.refused("not this format", line.number, f"*{name} comes before *Vertices")
        if name != "vertices" or self.section.name not in _OTHERS:
            relation = _RELATION.match(rest)
            called = unescaped(relation[2] or relation[3] or relation[1]) if relation else ""
            self.section = _Section(name, called, line.text, cell=self.alone == _CELL)

    def _count(self, line: Line, rest: str) -> None:
        """Take the size of the network from *Vertices."""
        if self.size is not None:
            message = "a second *Vertices: a file may have one network: put others in files of their own"
            raise self.lines.refused("several networks", line.number, message)
        counts = [count_of(word) for word in rest.split()]
        known = [each for each in counts if each is not None]
        if not 1 <= len(known) <= 2 or len(known) != len(counts) or known[-1] > known[0]:
            message = f"*Vertices {shown(rest)}: write the number of vertices, and of those of the first mode if any"
            raise self.lines.refused("bad size", line.number, message)
        first = known[1] if len(known) == 2 and known[1] < known[0] else 0
        self.size, self.opened_at = _Size(known[0], first), line

    def _end(self, number: int) -> None:
        """FileRefused if a matrix ends before its last row, or has too many."""
        if self.section.name == "matrix" and self.size is not None:
            rows = self.size.matrix()[0]
            if self.section.row != rows:
                message = f"the matrix before this has {self.section.row} rows, not {rows}: was it cut off?"
                raise self.lines.refused("not a matrix", number, message)

    def unlisted(self) -> int:
        """How many vertices are only counted; FileRefused for too many."""
        size = self.size.vertices if self.size and not self.alone else 0
        number = max(size - len(self.listed), 0) if size else 0
        if number > _MOST_UNLISTED:
            message = f"it counts {number} vertices more than it lists, above {_MOST_UNLISTED}: is that right?"
            raise self.lines.refused("bad size", self.opened_at.number, message)
        return number


def read(path: Readable, written: Written, account: Account) -> Iterator[Item]:
    """Yield each vertex and link; FileRefused, before the first, for what is no network or was cut off."""
    lines = Lines(path, written)
    first = _Network(lines)
    for section, line in first.contents():
        if section.name == "vertices" and first.size:
            first.listed |= _listed(line, first.size)
    first.unlisted()
    return _units(_Network(lines, alone=first.alone), first, account)


def _listed(line: Line, size: _Size) -> set[int]:
    """The number of the vertex that a line lists; none if it lists no new one."""
    words = line.text.split(maxsplit=1)
    number = count_of(words[0])
    return {number} if number and number <= size.vertices else set()


def _units(network: _Network, first: _Network, account: Account) -> Iterator[Item]:
    seen, told = set[int](), False
    for section, line in network.contents():
        size = network.size
        if not told and size is not None and section.name != "vertices":
            told = True
            yield from _unlisted(first, size)
        if section.name == "vertices" and size:
            yield from _vertex(network.lines, section, size, line, seen)
        elif section.name in _LINKS and size:
            yield from _links(network.lines, section, size, line)
        else:
            account.skip(f"*{section.name}" if section.name else "text before the network")
    if not told and network.size is not None:
        yield from _unlisted(first, network.size)


def _unlisted(network: _Network, size: _Size) -> Iterator[Item]:
    """The vertices that are only counted. None can be read alone: all stand in one line."""
    if network.unlisted():
        line = network.opened_at
        before = f"{network.lines.name}:{line.number}"
        yield Frame(b"", b"")
        for number in range(1, size.vertices + 1):
            if number not in network.listed:
                yield Node(size.labels(number), str(number), {"name": str(number)}, f"{before}.{number}", line.raw)


def _vertex(lines: Lines, section: _Section, size: _Size, line: Line, seen: set[int]) -> Iterator[Item]:
    locator = f"{lines.name}:{line.number}"
    frame = _frame(lines, size, section.opening)
    yield frame
    try:
        words = line.text.split(maxsplit=1)
        number = size.number(words[0])
        if number in seen:
            raise BadUnit("vertex stands twice", f"vertex {number} stands twice: keep the line that holds")
        seen.add(number)
        check_line(line.text)
        fields = fields_of_vertex(words_of(words[1] if len(words) > 1 else ""), str(number))
        yield Node(size.labels(number), str(number), fields, locator, line.raw)
    except BadUnit as bad:
        yield Reject(locator, bad.reason, str(bad), line.raw, *frame.around)


def _links(lines: Lines, section: _Section, size: _Size, line: Line) -> Iterator[Item]:
    if section.name == "matrix":
        return _row(lines, section, size, line)
    if section.name in ("arcslist", "edgeslist"):
        return _list(lines, section, size, line)
    return _line(lines, section, size, line)


def _line(lines: Lines, section: _Section, size: _Size, line: Line) -> Iterator[Item]:
    """The link of a line of *Arcs or *Edges."""
    locator, frame = f"{lines.name}:{line.number}", _frame(lines, size, section.opening)
    yield frame
    try:
        check_line(section.relation + line.text)
        of_relation = _OF_RELATION.match(line.text)
        relation = of_relation[1] if of_relation else section.relation
        start, end, rest = _pair(of_relation[2] if of_relation else line.text)
        ends = str(size.number(start)), str(size.number(end))
        words = [Word(value_of(rest.strip()), quoted=False)] if section.cell else words_of(rest)
        weighed = bool(words) and not words[0].quoted and is_number(words[0].text)
        fields = fields_of_line(words[1:] if weighed else words)
        if weighed:
            fields["weight"] = words[0].text
        yield Link(relation, *ends, fields, locator, line.raw, way=section.way(size))
    except BadUnit as bad:
        yield Reject(locator, bad.reason, str(bad), line.raw, *frame.around)


def _pair(text: str) -> tuple[str, str, str]:
    """The two ends of a line, and what follows them."""
    words = text.split(maxsplit=2)
    if len(words) < 2:
        raise BadUnit("no second end", "the line has one vertex only: write both ends of a link")
    return words[0], words[1], words[2] if len(words) > 2 else ""


def _list(lines: Lines, section: _Section, size: _Size, line: Line) -> Iterator[Item]:
    """The links of a line of *Arcslist or *Edgeslist: from its first vertex to each of the others."""
    start, *others = line.text.split()
    frame = Frame(_before(lines, size, section.opening), lines.encoded("\n"), lines.encoded(f"{start} "))
    if others:
        yield frame
    for place, end in enumerate(others, 1):
        locator, raw = f"{lines.name}:{line.number}.{place}", lines.encoded(end)
        try:
            check_line(section.relation + start + end)
            ends = str(size.number(start)), str(size.number(end))
            yield Link(section.relation, *ends, {}, locator, raw, way=section.way(size))
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), raw, *frame.around)


def _row(lines: Lines, section: _Section, size: _Size, line: Line) -> Iterator[Item]:
    """The links of a row of *Matrix: one for each cell that is not 0. Alone, a cell is read as a line of a list."""
    cells, width, way = line.text.split(), size.matrix()[1], section.way(size)
    if len(cells) != width:
        message = f"the row has {len(cells)} cells, and the matrix {width} columns: repair it, and load the file again"
        yield Reject(f"{lines.name}:{line.number}", "ragged row", message, line.raw)
        return
    opening = _MATRIX.sub("*Arcs" if way == "forward" else "*Edges", section.opening, count=1)
    before, after, start = _before(lines, size, opening, _CELL), lines.encoded("\n"), section.row
    for column, cell in enumerate(cells, 1):
        if is_zero(cell):
            continue
        end = column + size.first
        frame = Frame(before, after, lines.encoded(f"{start} {end} "))
        yield frame
        locator, raw = f"{lines.name}:{line.number}.{column}", lines.encoded(cell)
        try:
            check_line(section.relation + cell)
            fields = {"weight": value_of(cell)}
            yield Link(section.relation, str(start), str(end), fields, locator, raw, way=way)
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), raw, *frame.around)


def _frame(lines: Lines, size: _Size, opening: str) -> Frame:
    return Frame(_before(lines, size, opening), b"")


@lru_cache(_SECTIONS_KEPT)
def _before(lines: Lines, size: _Size, opening: str, alone: str = _ALONE) -> bytes:
    """What makes a line a file of its own: the comment, the size, and the beginning of its section."""
    counted = f"*Vertices {size.vertices}" + (f" {size.first}" if size.first else "")
    is_vertex = opening.lstrip().lower().startswith("*vertices")
    return lines.marked(f"{alone}\n{counted}\n" + ("" if is_vertex else f"{opening.strip()}\n"))
