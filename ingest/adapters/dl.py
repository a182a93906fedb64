"""Adapter `dl`: networks in UCINET's data language (`.dl`).

It reads full matrices and halves of them, edge lists and arrays, and node lists, of one mode or two, with labels in
the header, embedded in the data, or none, and several matrices. A node is a row or column: its id and name are its
label, or its number if it has none. In a network of two modes the nodes have the labels `row` and `column`, and ids
such as `row/ann`. A cell that is not 0, and each pair in a list, is a link from the row to the column, with its value
as `weight`; in half a matrix it has no direction. The type of a link is the label of its matrix. A pair with the
value 0 is no link, and counts as left. A cell without a value (NA or a dot) is counted as not read.
"""

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain

from ingest.account import Account
from ingest.adapters.dl_header import ONE_LINK, ONE_NODE, Header, header_of
from ingest.adapters.dl_modes import Mode, modes_of
from ingest.adapters.dl_words import Word, words_of
from ingest.adapters.numbers import count_of, is_zero, shown, value_of
from ingest.adapters.text_lines import Line, Lines, check_line
from ingest.shapes import BadUnit, Frame, Item, Left, Link, Readable, Reject, Way
from ingest.specs import Written
from workbench.errors import FileRefused

_NONE = frozenset({"na", ".", "nan"})
_NEXT = "!"


def read(path: Readable, written: Written, account: Account) -> Iterator[Item]:
    """Yield each node and link; FileRefused, before the first, for what is no DL file or was cut off."""
    lines = Lines(path, written)
    header = header_of(lines)
    for _ in _Network(lines, header, Account()).items():
        pass
    return _Network(lines, header, account).items()


class _Network:
    """One way through the data of a file."""

    def __init__(self, lines: Lines, header: Header, account: Account) -> None:
        self._lines, self._header, self._account = lines, header, account
        self._rows, self._columns = modes_of(lines, header)
        self._modes = (self._rows,) if self._rows is self._columns else (self._rows, self._columns)
        self._matrix, self._done = 1, set[str]()
        self._way: Way = "unsaid" if header.halved else "forward"
        begun = header.text.lstrip(" \t,\r\n")
        self._begun = begun if header.alone else f"{begun[:2]} {ONE_LINK}{begun[2:]}"
        self._head, self._head_of, self._after = b"", 0, lines.encoded("\n")  # the header may have many labels

    def items(self) -> Iterator[Item]:
        """The nodes of the header, and what the data have."""
        before = 0
        for mode in self._modes:
            if not mode.embedded:
                yield mode.frame
                yield from mode.nodes(self._header, before)
                before += mode.size
        if self._header.alone != ONE_NODE:
            yield from self._matrices() if self._header.is_matrix else self._lists()
            self._check_labels()

    def _check_labels(self) -> None:
        """FileRefused if the data have more labels than the header says; count those that are missing."""
        for mode in self._modes if not self._header.alone else ():
            missing = mode.size - len(mode.known) if mode.embedded and mode.size else 0
            if missing < 0:
                message = f"the data have {len(mode.known)} labels, and the header says {mode.size}: correct N"
                raise self._lines.refused("bad size", self._header.rest.number, message)
            if missing:
                self._account.skip("node without a label", missing)

    def _data(self) -> Iterator[tuple[Line, list[Word]]]:
        """The lines of the data, with their words."""
        header = self._header
        if header.rest.text.strip():
            yield header.rest, list(words_of(header.rest, header.before))
        for line in self._lines:
            if line.number > header.rest.number and line.text.strip():
                yield line, list(words_of(line))

    def _frame(self, begun: str = "") -> Frame:
        """What makes a link a file of its own: the header, and the beginning of its line."""
        if self._head_of != self._matrix:
            self._head_of = self._matrix
            self._head = self._lines.marked(f"{self._begun}\n" + f"{_NEXT}\n" * (self._matrix - 1))
        return Frame(self._head, self._after, self._lines.encoded(begun))

    # -- lists -------------------------------------------------------------------------

    def _lists(self) -> Iterator[Item]:
        header, row, array = self._header, 0, self._header.format.startswith("edgearray")
        for line, words in self._data():
            row += 1
            if line.text.strip() == _NEXT:
                self._matrix, row = self._matrix + 1, 0
            elif header.format.startswith("nodelist"):
                yield from self._neighbours(line, words, row)
            elif array and not header.alone:
                yield from self._array(line, words)
            else:
                yield from self._pair(line, words)

    def _pair(self, line: Line, words: list[Word]) -> Iterator[Item]:
        """The link of a line: two ends, and a value if there is one."""
        locator, frame = f"{self._lines.name}:{line.number}", self._frame()
        try:
            check_line(line.text)
            if not 2 <= len(words) <= 3:
                message = f"the line has {len(words)} words: write both ends, and a value if there is one"
                raise BadUnit("not a pair", message)
            fields = {"weight": value_of(words[2].text)} if len(words) > 2 else {}
            start, end = self._rows.ref(words[0]), self._columns.ref(words[1])
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), line.raw, *frame.around)
            return
        yield from self._embedded(words[0], words[1])
        yield frame
        if fields and is_zero(fields["weight"]):
            yield Left(locator)
        else:
            yield Link(self._header.relation(self._matrix), start, end, fields, locator, line.raw, way=self._way)

    def _array(self, line: Line, words: list[Word]) -> Iterator[Item]:
        """The links of a line of two ends and a value for each matrix."""
        wanted = self._header.matrices
        if len(words) != wanted + 2:
            message = f"the line has {len(words)} words: write both ends and {wanted} values, and load the file again"
            yield Reject(f"{self._lines.name}:{line.number}", "ragged row", message, line.raw)
            return
        with suppress(BadUnit):  # each cell tells of it
            check_line(words[0].text + words[1].text)
            yield from self._embedded(words[0], words[1])
        for matrix, value in enumerate(words[2:], 1):
            self._matrix = matrix
            yield from self._cell(words[0], words[1], value)

    def _neighbours(self, line: Line, words: list[Word], row: int) -> Iterator[Item]:
        """The links of a line: from its first node to each of the others."""
        if self._header.format == "nodelist1b" and not self._header.alone and words:
            if count_of(words[0].text) != len(words) - 1:
                message = f"the line says that {shown(words[0].text)} nodes follow, and has {len(words) - 1}"
                message += ": repair it, and load the file again"
                yield Reject(f"{self._lines.name}:{line.number}", "ragged row", message, line.raw)
                return
            words[0] = words[0]._replace(text=str(row))
        for word in words[1:]:
            locator, raw = f"{self._lines.name}:{word.place}", self._lines.encoded(word.text)
            frame = self._frame(f"{_written(words[0])} ")
            try:
                check_line(words[0].text + word.text)
                start, end = self._rows.ref(words[0]), self._columns.ref(word)
            except BadUnit as bad:
                yield Reject(locator, bad.reason, str(bad), raw, *frame.around)
                continue
            yield from self._embedded(words[0], word)
            yield frame
            yield Link(self._header.relation(self._matrix), start, end, {}, locator, raw, way=self._way)

    def _embedded(self, row: Word, column: Word) -> Iterator[Item]:
        """The nodes that two labels are, where they stand for the first time."""
        return chain(self._rows.embedded_node(row, self._header), self._columns.embedded_node(column, self._header))

    # -- matrices ----------------------------------------------------------------------

    def _matrices(self) -> Iterator[Item]:
        words = (word for _, some in self._data() for word in some)
        for matrix in range(1, self._header.matrices + 1):
            self._matrix = matrix
            columns, self._done = list[Word](), set[str]()
            for _ in range(self._columns.size if self._columns.embedded else 0):
                columns.append(self._next(words))
                yield from self._labelled(self._columns, columns[-1])
            for row in range(1, self._rows.size + 1):
                yield from self._row(words, row, columns)
        more = next(words, None)
        if more is not None:
            line = int(more.place.partition(".")[0])
            raise self._lines.refused("not a matrix", line, f"{shown(more.text)} is one value too many: correct N")

    def _row(self, words: Iterator[Word], row: int, columns: list[Word]) -> Iterator[Item]:
        start = Word(str(row), "")
        if "rows" in self._header.embedded and self._rows.embedded:
            start = self._next(words)
            if self._rows is self._columns:
                start = self._among(columns, start)
            else:
                yield from self._labelled(self._rows, start)
        elif "rows" in self._header.embedded:
            self._listed(row, self._next(words))
        elif self._rows.embedded:
            start = columns[row - 1]
        for column in self._columns_of(row):
            end = columns[column - 1] if columns else Word(str(column), "")
            yield from self._cell(start, end, self._next(words))

    def _columns_of(self, row: int) -> Iterator[int]:
        """The columns of which a row has values."""
        header, size = self._header, self._columns.size
        first = row if header.format == "upperhalf" else 1
        last = row if header.format == "lowerhalf" else size
        return (each for each in range(first, last + 1) if header.diagonal or each != row)

    def _labelled(self, mode: Mode, word: Word) -> Iterator[Item]:
        """The node of an embedded label; FileRefused if it stood there before."""
        if word.text in mode.known and self._matrix == 1:
            raise self._wrong(word, "stands twice")
        return mode.embedded_node(word, self._header)

    def _among(self, columns: list[Word], word: Word) -> Word:
        """The column with the label of a row, if only in other capitals; FileRefused for none, or one that is done."""
        same = [each for each in columns if each.text == word.text]
        same = same or [each for each in columns if each.text.casefold() == word.text.casefold()]
        if len(same) != 1 or same[0].text in self._done:
            raise self._wrong(word, "stands twice" if same else "is not among the columns")
        self._done.add(same[0].text)
        return same[0]

    def _wrong(self, word: Word, what: str) -> FileRefused:
        line = int(word.place.partition(".")[0])
        return self._lines.refused("wrong labels", line, f"label {shown(word.text)} {what}: correct it")

    def _listed(self, row: int, word: Word) -> None:
        """FileRefused if the label of a row is not the one that the header has for it; capitals do not matter."""
        label = self._rows.labels[row - 1].text
        if word.text.casefold() != label.casefold():
            said = f"row {row} is labelled {shown(word.text)}, and {shown(label)} in the header: correct it"
            raise self._lines.refused("wrong labels", int(word.place.partition(".")[0]), said)

    def _cell(self, start: Word, end: Word, value: Word) -> Iterator[Item]:
        """The link of a cell, if it has one."""
        if not value.quoted and value.text.lower() in _NONE:
            self._account.skip("value not known")
            return
        if is_zero(value.text):
            return
        locator, raw = f"{self._lines.name}:{value.place}", self._lines.encoded(value.text)
        frame = self._frame(f"{_written(start)} {_written(end)} ")
        try:
            check_line(start.text + end.text + value.text)
            ends, fields = (self._rows.ref(start), self._columns.ref(end)), {"weight": value_of(value.text)}
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), raw, *frame.around)
            return
        yield frame
        yield Link(self._header.relation(self._matrix), *ends, fields, locator, raw, way=self._way)

    def _next(self, words: Iterator[Word]) -> Word:
        """The next word of the data; FileRefused at their end."""
        word = next(words, None)
        if word is None:
            line = self._header.rest.number
            raise self._lines.refused("not a matrix", line, "the matrix that begins here has too few values: cut off?")
        return word


def _written(word: Word) -> str:
    return f'"{word.text}"' if word.quoted else word.text
