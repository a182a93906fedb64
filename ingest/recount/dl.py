"""Count the nodes and links of a DL file of UCINET a second time."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import IO

from ingest.recount.counted import Counted, Told
from ingest.recount.networks import NUMBER, ZERO, lines_of

_WORDS = re.compile(r'"[^"]*"|=|[^\s,=]+')
_COUNT = re.compile("[0-9]{1,9}")
_NONE = frozenset({"na", ".", "nan"})
_ALIASES = {
    "fm": "fullmatrix",
    "lh": "lowerhalf",
    "uh": "upperhalf",
    "edgelist": "edgelist1",
    "el1": "edgelist1",
    "el2": "edgelist2",
    "nodelist": "nodelist1",
    "nl1": "nodelist1",
    "nl2": "nodelist2",
    "nl1b": "nodelist1b",
    "ea1": "edgearray1",
    "ea2": "edgearray2",
}

_KINDS = {"labels": "both", "row": "row", "column": "column", "col": "column", "matrix": "matrix", "level": "matrix"}
_JOINED = re.compile(r"(labels:|embedded:)(.+)", re.IGNORECASE)


def count_dl(stream: IO[bytes], told: Told) -> Counted:
    """Count the rows and columns that are nodes, the cells with a value that is not 0, and the pairs of lists."""
    lines = lines_of(stream, told.encoding)
    said = _Said(*_cut(lines))
    if said.alone == "one-node":
        return Counted(1)
    data = (_WORDS.findall(line) for line in said.data(lines) if line.strip())
    links = said.matrix(data) if said.is_matrix else said.lists(data)
    return Counted(links + (0 if said.alone else said.nodes()))


def _cut(lines: Iterator[str]) -> tuple[list[str], str]:
    """The words of the header, and the rest of the line of DATA."""
    words = list[str]()
    for line in lines:
        for match in _WORDS.finditer(line):
            if match[0].lower().startswith("data:"):
                return words, line[match.start() + len("data:") :]
            words.append(match[0])
    return words, ""


def _bare(word: str) -> str:
    """A word without its quotes."""
    return word[1:-1] if len(word) > 1 and word[0] == word[-1] == '"' else word


def _unjoined(word: str) -> list[str]:
    """A word, or both of two that have no space between them."""
    joined = _JOINED.fullmatch(word)
    return [*joined.groups()] if joined else [word]


class _Said:
    """What the words of a header say: each statement is a name and what follows it."""

    def __init__(self, words: list[str], rest: str) -> None:
        self.rest, self.alone, self.form, self.diagonal = rest, "", "fullmatrix", True
        self._numbers = dict.fromkeys(("n", "nr", "nc", "nm"), 0)
        self._labels = dict[str, list[str]]()
        self._embedded = set[str]()
        self._words = iter([part for word in words[1:] if word != "=" for part in _unjoined(word)])
        for word in self._words:
            self._take(word.lower().removesuffix(":"))
        self.rows = self._numbers["nr"] or self._numbers["n"]
        self.columns = self._numbers["nc"] or self._numbers["n"]
        self.matrices = self._numbers["nm"] or 1
        self.is_matrix = self.form in ("fullmatrix", "lowerhalf", "upperhalf") and not self.alone
        self.row_labels, self.column_labels = "row" in self._embedded, "column" in self._embedded
        listed = list(self._labels.values())
        self.two = self.form.endswith("2") or self.rows != self.columns or (len(listed) == 2 and listed[0] != listed[1])
        if not self.two and not self.is_matrix and self._embedded:
            self.row_labels = self.column_labels = True
        self._seen: tuple[set[str], set[str]] = (set(), set())

    def _take(self, name: str) -> None:
        """Take a statement: its name was read, and what follows it is taken from the words."""
        if name in self._numbers:
            self._numbers[name] = int(next(self._words))
        elif name == "format":
            told = next(self._words).lower().removesuffix(":")
            self.form = _ALIASES.get(told, told)
        elif name == "diagonal":
            self.diagonal = next(self._words).lower().removesuffix(":") not in ("absent", "no")
        elif name == "title":
            next(self._words)
        elif name in ("one-link", "one-node"):
            self.alone = name
        elif name in _KINDS:
            kind = _KINDS[name]
            if kind != "both":
                next(self._words)
            self._take_labels(kind)

    def _take_labels(self, kind: str) -> None:
        kinds = {"row", "column"} if kind == "both" else {kind}
        first = next(self._words)
        if first.lower().removesuffix(":") == "embedded":
            self._embedded |= kinds
            return
        n = self._numbers
        size = {"column": n["nc"] or n["n"], "matrix": n["nm"] or 1}.get(kind, n["nr"] or n["n"])
        found = [first, *islice(self._words, 0 if self.alone == "one-node" else size - 1)]
        self._labels.update({each: [_bare(label) for label in found] for each in kinds - {"matrix"}})

    def data(self, lines: Iterator[str]) -> Iterator[str]:
        """The lines of the data."""
        yield self.rest
        yield from lines

    def nodes(self) -> int:
        """The nodes: as many as rows and columns, or as different labels."""
        rows, columns = self._seen
        if not self.two:
            return len(rows | columns) if self._is_embedded() else self.rows
        return (len(rows) if self.row_labels else self.rows) + (len(columns) if self.column_labels else self.columns)

    def _is_embedded(self) -> bool:
        return self.column_labels if self.is_matrix else self.row_labels or self.column_labels

    def matrix(self, data: Iterator[list[str]]) -> int:
        """The cells with a value that is not 0."""
        words, found = (word for line in data for word in line), 0
        for _ in range(self.matrices):
            if self.column_labels:
                self._seen[1].update(_bare(next(words)) for _ in range(self.columns))
            for row in range(1, self.rows + 1):
                if self.row_labels:
                    label = _bare(next(words))
                    self._seen[0].update([label] if self.two else [])
                width = {"lowerhalf": row, "upperhalf": self.columns - row + 1}.get(self.form, self.columns)
                width -= not self.diagonal and row <= self.columns
                for _ in range(width):
                    cell = next(words)
                    found += not (cell.lower() in _NONE or ZERO.fullmatch(_bare(cell)))
        return found

    def lists(self, data: Iterator[list[str]]) -> int:
        """The pairs of lists."""
        found = 0
        for words in data:
            if words == ["!"]:
                continue
            ends = list[tuple[str, str]]()
            if self.form.startswith("nodelist"):
                counted = self.form == "nodelist1b" and not self.alone
                whole = not counted or (_COUNT.fullmatch(words[0]) is not None and int(words[0]) == len(words) - 1)
                found += len(words) - 1 if whole else 1
                ends = [(words[0], each) for each in words[1:] if whole]
            elif self.form.startswith("edgearray") and not self.alone:
                whole = len(words) == self.matrices + 2
                values = [each for each in words[2:] if not (each.lower() in _NONE or ZERO.fullmatch(_bare(each)))]
                found += len(values) if whole else 1
                ends = [(words[0], words[1])] if whole else []
            else:
                found += 1
                fits = len(words) == 2 or (len(words) == 3 and NUMBER.fullmatch(_bare(words[2])))
                ends = [(words[0], words[1])] if fits else []
            for row, column in ends:
                if _is_text(row + column):
                    self._seen[0].add(_bare(row))
                    self._seen[1].add(_bare(column))
        return found


def _is_text(word: str) -> bool:
    try:
        word.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\0" not in word
