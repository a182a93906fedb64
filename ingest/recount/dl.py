"""Count the nodes and links of a DL file of UCINET a second time."""

import re
from collections.abc import Iterator
from typing import IO

from ingest.recount.counted import Counted, Told
from ingest.recount.networks import lines_of

_WORDS = re.compile(r'"[^"]*"|=|[^\s,=]+')
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_ZERO = re.compile(r"[+-]?(?:0+\.?0*|\.0+)(?:[eE][+-]?[0-9]+)?")
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


class _Said:
    """What the words of a header say, looked up by name."""

    def __init__(self, words: list[str], rest: str) -> None:
        text = " ".join(words)
        before = re.split(r"(?i)\blabels", text)[0]
        self.rest = rest
        self.alone = next((each for each in ("one-link", "one-node") if each in text[:20]), "")
        number = {
            name: int(found[1]) if (found := re.search(rf"(?i)(?<!\S){name} (?:= )?([0-9]+)", before)) else 0
            for name in ("n", "nr", "nc", "nm")
        }
        self.rows, self.columns = number["nr"] or number["n"], number["nc"] or number["n"]
        self.matrices = number["nm"] or 1
        form = re.search(r"(?i)(?<!\S)format (?:= )?(\w+)", text)
        name = form[1].lower() if form else "fullmatrix"
        self.format = _ALIASES.get(name, name)
        self.is_matrix = self.format in ("fullmatrix", "lowerhalf", "upperhalf") and not self.alone
        self.diagonal = not re.search(r"(?i)(?<!\S)diagonal (?:= )?(absent|no)\b", text)
        both = bool(re.search(r"(?i)(?<!(?:row|col|umn) )labels:? ?embedded", text))
        self.row_labels = both or bool(re.search(r"(?i)\brow labels:? ?embedded", text))
        self.column_labels = both or bool(re.search(r"(?i)\bcol(?:umn)? labels:? ?embedded", text))
        self.words = words
        self.two = self.format.endswith("2") or self.rows != self.columns or self._differ()
        if not self.two and not self.is_matrix and (self.row_labels or self.column_labels):
            self.row_labels = self.column_labels = True
        self._seen: tuple[set[str], set[str]] = (set(), set())

    def _differ(self) -> bool:
        """Whether rows and columns have labels of their own, and others."""
        found = dict[str, list[str]]()
        lower = [word.lower() for word in self.words]
        for kind, size in (("row", self.rows), ("column", self.columns), ("col", self.columns)):
            for at, word in enumerate(lower[:-1]):
                if word == kind and lower[at + 1] in ("labels:", "labels"):
                    labels = [each.strip('"') for each in self.words[at + 2 :] if each != "="][:size]
                    if labels and labels[0].lower() not in ("embedded", "embedded:"):
                        found["row" if kind == "row" else "column"] = labels
        return len(found) == 2 and found["row"] != found["column"]

    def data(self, lines: Iterator[str]) -> Iterator[str]:
        """The lines of the data."""
        yield self.rest
        yield from lines

    def nodes(self) -> int:
        """The nodes: as many as rows and columns, or as different labels."""
        rows, columns = self._seen
        if not self.two:
            return len(rows | columns) if self._embedded() else self.rows
        return (len(rows) if self.row_labels else self.rows) + (len(columns) if self.column_labels else self.columns)

    def _embedded(self) -> bool:
        return self.column_labels if self.is_matrix else self.row_labels or self.column_labels

    def matrix(self, data: Iterator[list[str]]) -> int:
        """The cells with a value that is not 0."""
        words, found = (word for line in data for word in line), 0
        for _ in range(self.matrices):
            if self.column_labels:
                self._seen[1].update(next(words).strip('"') for _ in range(self.columns))
            for row in range(1, self.rows + 1):
                if self.row_labels:
                    label = next(words).strip('"')
                    self._seen[0].update([label] if self.two else [])
                width = {"lowerhalf": row, "upperhalf": self.columns - row + 1}.get(self.format, self.columns)
                width -= not self.diagonal and row <= self.columns
                for _ in range(width):
                    cell = next(words)
                    found += not (cell.lower() in _NONE or _ZERO.fullmatch(cell.strip('"')))
        return found

    def lists(self, data: Iterator[list[str]]) -> int:
        """The pairs of lists."""
        found = 0
        for words in data:
            if words == ["!"]:
                continue
            ends = list[tuple[str, str]]()
            if self.format.startswith("nodelist"):
                counted = self.format == "nodelist1b" and not self.alone
                whole = not counted or (_COUNT.fullmatch(words[0]) is not None and int(words[0]) == len(words) - 1)
                found += len(words) - 1 if whole else 1
                ends = [(words[0], each) for each in words[1:] if whole]
            elif self.format.startswith("edgearray") and not self.alone:
                whole = len(words) == self.matrices + 2
                values = [each for each in words[2:] if not (each.lower() in _NONE or _ZERO.fullmatch(each.strip('"')))]
                found += len(values) if whole else 1
                ends = [(words[0], words[1]) for each in values if whole and _NUMBER.fullmatch(each.strip('"'))]
            else:
                found += 1
                fits = len(words) == 2 or (len(words) == 3 and _NUMBER.fullmatch(words[2].strip('"')))
                ends = [(words[0], words[1])] if fits else []
            for row, column in ends:
                if _is_text(row + column):
                    self._seen[0].add(row.strip('"'))
                    self._seen[1].add(column.strip('"'))
        return found


def _is_text(word: str) -> bool:
    try:
        word.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\0" not in word
