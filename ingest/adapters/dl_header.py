"""The header of a DL file: how many nodes it has, their labels, and how its data are written."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.adapters.dl_words import Word, head_of
from ingest.adapters.numbers import count_of, shown
from ingest.adapters.text_lines import Line, Lines
from ingest.shapes import BadUnit

_MOST_NODES = 1_000_000
_FORMATS = {
    "fullmatrix": ("fullmatrix", "fm"),
    "lowerhalf": ("lowerhalf", "lh"),
    "upperhalf": ("upperhalf", "uh"),
    "edgelist1": ("edgelist1", "el1", "edgelist"),
    "edgelist2": ("edgelist2", "el2"),
    "nodelist1": ("nodelist1", "nl1", "nodelist"),
    "nodelist2": ("nodelist2", "nl2"),
    "nodelist1b": ("nodelist1b", "nl1b"),
    "edgearray1": ("edgearray1", "ea1"),
    "edgearray2": ("edgearray2", "ea2"),
}
_KNOWN = {alias: name for name, aliases in _FORMATS.items() for alias in aliases}
_LISTS = {
    "labels": "both",
    "row": "rows",
    "column": "columns",
    "col": "columns",
    "matrix": "matrices",
    "level": "matrices",
}

# The words after DL by which a unit is read alone: a link without nodes, with cells of matrices in a list, or a node.
ONE_LINK, ONE_NODE = "one-link", "one-node"


@dataclass(slots=True)
class Header:
    """What a header says. `labels` has them by `rows`, `columns` and `matrices`; `rest` is what follows DATA in its
    line, after `before` words."""

    rest: Line
    before: int
    text: str
    counts: dict[str, Word] = field(default_factory=dict)
    format: str = "fullmatrix"
    diagonal: bool = True
    labels: dict[str, list[Word]] = field(default_factory=dict)
    embedded: set[str] = field(default_factory=set)
    alone: str = ""

    def count(self, *names: str) -> int:
        """The first of some numbers that the header has; 0 if it has none."""
        return next((count_of(self.counts[name].text) or 0 for name in names if name in self.counts), 0)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return self.count("nr", "n")

    @property
    def columns(self) -> int:
        """The number of columns."""
        return self.count("nc", "n")

    @property
    def matrices(self) -> int:
        """The number of matrices."""
        return self.count("nm") or 1

    @property
    def two_modes(self) -> bool:
        """Whether rows and columns are different things."""
        if self.format.endswith("2") or self.rows != self.columns:
            return True
        rows, columns = ([each.text for each in self.labels.get(name, ())] for name in ("rows", "columns"))
        return bool(rows and columns and rows != columns)

    @property
    def halved(self) -> bool:
        """Whether it has one half of each matrix, so that links have no direction."""
        return self.format.endswith("half")

    @property
    def is_matrix(self) -> bool:
        """Whether the data are matrices, and not lists."""
        return (self.format == "fullmatrix" or self.halved) and not self.alone

    def relation(self, matrix: int) -> str:
        """The name of a matrix, from 1; "" if there is only one, without a name."""
        labels = self.labels.get("matrices")
        if labels and matrix <= len(labels):
            return labels[matrix - 1].text
        return str(matrix) if self.matrices > 1 else ""


def header_of(lines: Lines) -> Header:
    """Read a header; FileRefused if the file has none, or one that can't be read."""
    head = head_of(lines)
    said = Header(head.rest, head.before, head.text)
    try:
        _Statements(said, iter(head.words[1:])).take_all()
        if not said.alone:
            _check(said)
        for labels in said.labels.values():
            _check_labels(labels)
    except BadUnit as bad:
        raise lines.refused(bad.reason, head.rest.number, str(bad)) from bad
    return said


class _Statements:
    """Takes the statements of a header, one after the other."""

    def __init__(self, said: Header, words: Iterator[Word]) -> None:
        self._said, self._words, self._once = said, words, set[str]()

    def take_all(self) -> None:
        """All of them."""
        while (word := self._next()) is not None:
            self._take(word)

    def _next(self) -> Word | None:
        """The next word, after a sign = if there is one; BadUnit for two signs."""
        word = next(self._words, None)
        if not _is_sign(word):
            return word
        word = next(self._words, None)
        if _is_sign(word):
            raise BadUnit("bad header", "the header has two signs = one after the other: remove one")
        return word

    def _value(self, name: str) -> Word:
        word = self._next()
        if word is None:
            raise BadUnit("bad header", f"nothing follows {name} in the header: was it cut off?")
        return word

    def _take(self, word: Word) -> None:
        name = word.name()
        if name in self._once:
            raise BadUnit("bad header", f"{name} stands twice in the header: remove one")
        if name in ("n", "nr", "nc", "nm"):
            self._once.add(name)
            self._said.counts[name] = self._number(name)
        elif name == "format":
            self._once.add(name)
            self._format()
        elif name == "diagonal":
            self._said.diagonal = self._value(name).name() not in ("absent", "no")
        elif name in _LISTS:
            self._list(word)
        elif name == "title":
            self._value(name)
        elif name in (ONE_LINK, ONE_NODE):
            self._said.alone = name
        else:
            message = f"nothing is known of {shown(word.text)} in the header: remove it, or are there more labels than"
            raise BadUnit("bad header", f"{message} nodes?")

    def _number(self, name: str) -> Word:
        word = self._value(name)
        if not 1 <= (count_of(word.text) or 0) <= _MOST_NODES:
            raise BadUnit("bad size", f"{name} is {shown(word.text)}: give a number from 1 to {_MOST_NODES}")
        return word

    def _format(self) -> None:
        name = self._value("format").name()
        if name not in _KNOWN:
            raise BadUnit("unknown format", f"format {shown(name)} can't be read: export one of {', '.join(_FORMATS)}")
        self._said.format = _KNOWN[name]

    def _list(self, word: Word) -> None:
        """Labels, or that they are embedded in the data."""
        what = _LISTS[word.name()]
        if what != "both" and self._value(word.text).name() != "labels":
            raise BadUnit("bad header", f"{shown(word.text)} is not followed by LABELS")
        first = self._next()
        kinds = ("rows", "columns") if what == "both" else (what,)
        if first is not None and first.name() == "embedded":
            self._said.embedded |= set(kinds)
            return
        found = self._labels(what, first)
        self._said.labels.update(dict.fromkeys(kinds, found))

    def _labels(self, what: str, word: Word | None) -> list[Word]:
        said = self._said
        wanted = {"both": said.rows, "rows": said.rows, "columns": said.columns, "matrices": said.matrices}[what]
        if self._said.alone == ONE_NODE:
            wanted = 1
        if not wanted:
            raise BadUnit("bad header", "labels stand before their number: write N, or NR and NC, before them")
        found = list[Word]()
        while word is not None:
            found.append(word)
            if len(found) == wanted:
                return found
            word = self._next()
        raise BadUnit("too few labels", f"{len(found)} labels are given, and {wanted} wanted: was one left out?")


def _is_sign(word: Word | None) -> bool:
    return word is not None and word.text == "=" and not word.quoted


def _check(said: Header) -> None:
    if not (said.rows and said.columns) and (said.is_matrix or not said.embedded):
        raise BadUnit("bad size", "the header has no N, or NR and NC: write how many nodes there are")
    if said.halved and said.rows != said.columns:
        raise BadUnit("bad size", "half a matrix has as many rows as columns: correct NR or NC")


def _check_labels(labels: list[Word]) -> None:
    seen = set[str]()
    for label in labels:
        if label.text in seen:
            raise BadUnit("label stands twice", f"label {shown(label.text)} stands twice: rename one")
        seen.add(label.text)
