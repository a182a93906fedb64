"""The modes of a DL file: the rows and the columns, which are the same nodes in a network of one mode."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.adapters.dl_header import ONE_NODE, Header
from ingest.adapters.dl_words import Word
from ingest.adapters.numbers import count_of, shown
from ingest.adapters.text_lines import Lines, check_line
from ingest.shapes import BadUnit, Frame, Item, Node

_COUNTED_BY = {"row": ("nr", "n"), "column": ("nc", "n"), "": ("n", "nr")}


@dataclass(slots=True)
class Mode:
    """The nodes of one mode: `kind` is row or column, "" if there is only one mode. `known` has embedded labels."""

    lines: Lines
    kind: str
    size: int
    labels: list[Word]
    embedded: bool
    known: dict[str, None] = field(default_factory=dict)

    @property
    def frame(self) -> Frame:
        """What makes a label a file of its own."""
        before = f'DL {ONE_NODE} {self.kind} labels: "'.replace("  ", " ")
        return Frame(self.lines.marked(before), self.lines.encoded('" DATA:\n'))

    def ref(self, word: Word) -> str:
        """The id of the node that a word of the data means; BadUnit if there is none."""
        if self.embedded:
            return self._id_of(word.text)
        number = count_of(word.text)
        if not number or number > self.size:
            message = f"{shown(word.text)} is no node: they are numbered from 1 to {self.size}"
            raise BadUnit("no such node", f"{message}: correct the number, or N")
        return self._id_of(self.labels[number - 1].text if self.labels else str(number))

    def nodes(self, header: Header, before: int) -> Iterator[Item]:
        """The nodes of the header, with labels or numbered, unless a link is read alone."""
        if header.alone and header.alone != ONE_NODE:
            return
        if self.labels or header.alone:
            for label in self.labels:
                yield self._node(label.text, label.place)
            return
        counted = next(header.counts[name] for name in _COUNTED_BY[self.kind] if name in header.counts)
        line = counted.place.partition(".")[0]
        for number in range(1, self.size + 1):
            yield self._node(str(number), f"{line}.node.{before + number}")

    def embedded_node(self, word: Word, header: Header) -> Iterator[Item]:
        """The node that an embedded label is, where it stands for the first time."""
        if self.embedded and not header.alone and word.text not in self.known:
            try:
                check_line(word.text)
            except BadUnit as bad:
                raise self.lines.refused(bad.reason, int(word.place.partition(".")[0]), str(bad)) from bad
            self.known[word.text] = None
            yield self.frame
            yield self._node(word.text, f"{word.place}.label")

    def _id_of(self, label: str) -> str:
        return f"{self.kind}/{label}" if self.kind else label

    def _node(self, label: str, place: str) -> Node:
        labels = (self.kind,) if self.kind else ()
        locator = f"{self.lines.name}:{place}"
        return Node(labels, self._id_of(label), {"name": label}, locator, self.lines.encoded(label))


def modes_of(lines: Lines, header: Header) -> tuple[Mode, Mode]:
    """The modes of rows and columns: one and the same in a network of one mode. FileRefused for labels in halves."""
    labels = {name: header.labels.get(name, []) for name in ("rows", "columns")}
    if header.alone == ONE_NODE:
        kind = {1: "row" if "rows" in header.labels else "column"}.get(len(header.labels), "")
        mode = Mode(lines, kind, 1, labels["rows"] or labels["columns"], embedded=False)
        return mode, mode
    if header.two_modes:
        rows = Mode(lines, "row", header.rows, labels["rows"], embedded="rows" in header.embedded)
        columns = Mode(lines, "column", header.columns, labels["columns"], embedded="columns" in header.embedded)
        if labels["rows"] == labels["columns"]:  # listed once for both
            columns.labels = [word._replace(place=f"{word.place}.column") for word in labels["columns"]]
        return rows, columns
    listed = labels["rows"] or labels["columns"]
    embedded = "columns" in header.embedded if header.is_matrix else bool(header.embedded)
    if header.is_matrix and header.embedded and not embedded and not listed:
        message = "only the labels of rows are embedded: embed those of columns too, or list them in the header"
        raise lines.refused("wrong labels", header.rest.number, message)
    mode = Mode(lines, "", header.rows, listed, embedded=embedded)
    return mode, mode
