"""Read the first rows of a table, whatever holds it, and how it is written."""

import codecs
import csv
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from glob import escape
from itertools import islice
from pathlib import Path
from typing import Any

from ingest.account import Account
from ingest.detection.delimiters import Cut, cut
from ingest.detection.encodings import Encoding, guessed
from ingest.detection.start import Start, start_of
from ingest.fields import readable_encoding
from ingest.formats import ADAPTERS
from ingest.manifest import sheet_name
from ingest.shapes import BadUnit, Header, Readable, Reject, Row
from ingest.specs import Written
from ingest.suggesting.headers import Guess, guess, renamed
from ingest.suggesting.trailers import TAIL, Trailer, trailer
from ingest.trees import flattened
from workbench.errors import InputError

_CHUNK = 1 << 20
_MOST_ODD = 1 << 16
_WIDEST = 200
_LOOKED_AT = 200


@dataclass(slots=True)
class Sample:
    """The first rows of a table: its columns, and what a manifest must say of how it is written.

    `pattern` is that of its [[files]]; `questions` are what nobody could tell; `unread` counts rows by reason. A column
    of `several` can have several values in a row, of which the first is here. `part` is the name of the sheet or table
    in a file that has several.
    """

    pattern: str
    part: str = ""
    names: Sequence[str] = ()
    rows: list[Sequence[str]] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)
    unread: dict[str, int] = field(default_factory=dict)
    several: set[str] = field(default_factory=set)

    def cells(self, place: int) -> list[str]:
        """The cells of a column."""
        return [row[place] for row in self.rows]


def samples(path: Readable, adapter: str, most: int) -> list[Sample]:
    """A sample of each table of a file; FileRefused or InputError if it can't be read."""
    if adapter == "csv":
        return [_of_text(path, most)]
    if adapter in ("json", "jsonl"):
        return [_of_trees(path, adapter, most)]
    tables = ADAPTERS[adapter].tables
    names = tables(path, Written()) if tables else ()
    if adapter == "xlsx":
        return [_of_sheet(path, name, _pattern(path, name, names), most) for name in names]
    if not names:
        return [_read(Sample(_last(path.name)), path, adapter, most)]
    made = [(Sample(_pattern(path, name, names), name), name) for name in names]
    return [_read(sample, path, adapter, most, sheets=(escape(name),)) for sample, name in made]


def _last(name: str) -> str:
    return Path(name.rpartition("!")[2]).name


def _pattern(path: Readable, name: str, names: Sequence[str]) -> str:
    """The pattern of a table in a file."""
    last = escape(_last(path.name))
    return sheet_name(last, escape(name)) if len(names) > 1 else last


def _of_text(path: Readable, most: int) -> Sample:
    """A sample of delimited text."""
    start, sample = start_of(path), Sample(escape(_last(path.name)))
    encoding = _encoding(path, start)
    try:
        readable_encoding(encoding.name)
    except ValueError as error:
        raise InputError(f"{path.name} seems to be written in another encoding: {error}", "paths") from error
    if encoding.name != "utf-8":
        sample.said["encoding"] = encoding.name
    if encoding.certainty != "sure":
        said = f"{encoding.name} is told by {encoding.why}"
        sample.questions.append(f"encoding: {said}: look at names with accents, and correct it")
    found = _cut(start.raw[len(encoding.mark) :].decode(encoding.name, "replace"), start.is_cut)
    if found.delimiter != ",":
        sample.said["delimiter"] = found.delimiter
    if found.share < 0.9:
        said = f"{found.share:.0%} of the first rows have {found.columns} cells between {found.delimiter!r}"
        sample.questions.append(f"delimiter: {said}: is it right?")
    rows = [row if len(row) == found.columns else [] for row in found.rows]
    where = guess(rows)
    sample.said |= {"skip": found.ends[where.place - 1]} if where.place else {}
    return _headed(sample, path, "csv", where, rows[where.place], most)


def _cut(text: str, is_cut: bool) -> Cut:
    """How a text is cut; one column if nothing else can be told."""
    lines = [(line, number) for number, line in enumerate(text.splitlines()[:_LOOKED_AT], 1) if line.strip()]
    rows, ends = [[line] for line, _ in lines], [number for _, number in lines]
    return cut(text, is_cut=is_cut) or Cut(",", 1, 1.0, rows, ends)


def _encoding(path: Readable, start: Start) -> Encoding:
    """The encoding of a whole file: what begins as ASCII may not go on so. InputError if it is no text."""
    found = start.encoding
    if found is None or not start.text.strip():
        raise InputError(f"{path.name} is no text with content: `ingest detect` says what it may be", "paths")
    if found.name != "utf-8" or found.mark:
        return found
    decoder, odd = codecs.getincrementaldecoder("utf-8")(), b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            with suppress(UnicodeDecodeError):
                if not odd:
                    decoder.decode(chunk)
                    continue
            odd += b"\n".join(line for line in chunk.split(b"\n") if not line.isascii())
            if len(odd) > _MOST_ODD:
                break
    return guessed(odd) if odd else found


def _of_sheet(path: Readable, name: str, pattern: str, most: int) -> Sample:
    """A sample of a sheet of a workbook, without columns if no table is there: at most one cell has something."""
    wide = Written(header=False, columns=tuple(map(str, range(_WIDEST))), sheets=(escape(name),))
    grid = [item for item in islice(_items(path, "xlsx", wide), _LOOKED_AT) if isinstance(item, Row)]
    if sum(bool(cell.strip()) for row in grid for cell in row.fields) + sum(len(row.faults) for row in grid) < 2:
        return Sample(pattern, name)
    width = max(place + 1 for row in grid for place, cell in enumerate(row.fields) if cell.strip() or row.faults)
    cells = [[*row.fields][:width] for row in grid]
    rows = [row if 2 * sum(bool(cell.strip()) for cell in row) > width or width == 1 else [] for row in cells]
    where, sample = guess(rows), Sample(pattern, name)
    line = int(grid[where.place].locator.rpartition(":")[2])
    sample.said |= {"skip": line - 1} if where.place else {}
    return _headed(sample, path, "xlsx", where, cells[where.place], most, sheets=(escape(name),))


def _headed(
    sample: Sample, path: Readable, adapter: str, where: Guess, first: Sequence[str], most: int, **more: Any
) -> Sample:
    """A sample with the names that its first row gives, if it is a header."""
    if not where.is_header:
        sample.said |= {"header": False, "columns": [f"column {n}" for n in range(1, len(first) + 1)]}
    elif (names := renamed(first)) != [name.strip() for name in first]:
        sample.said["columns"] = names
    if not where.is_sure:
        said = "is the first row a header, or data?" if where.is_header else "the columns have no names: name them"
        sample.questions.append(f"header: {said}")
    return _read(sample, path, adapter, most, **more)


def _read(sample: Sample, path: Readable, adapter: str, most: int, **more: Any) -> Sample:
    """A sample with its rows."""
    items, tail = _items(path, adapter, Written(**sample.said, **more)), deque[Sequence[str]](maxlen=TAIL)
    for item in islice(items, most + 1):
        if isinstance(item, Header):
            sample.names = [column.name for column in item.columns]
        elif isinstance(item, Reject):
            sample.unread[item.reason] = sample.unread.get(item.reason, 0) + 1
            tail.append(_cells(item, sample))
        elif isinstance(item, Row) and isinstance(item.fields, Mapping):
            return _as_table(sample, _trees(_items(path, adapter, Written(**sample.said, **more)), most))
        elif isinstance(item, Row):
            sample.rows.append(list(item.fields))
            tail.append(sample.rows[-1])
    if adapter not in ("csv", "xlsx") or "trailer" in sample.said or next(items, None) is not None:
        return sample
    found = trailer(tail, sample.said.get("delimiter", ",") if adapter == "csv" else "")
    return _ended(sample, found, path, adapter, most, **more) if found else sample


def _cells(reject: Reject, sample: Sample) -> list[str]:
    """The cells of a row that could not be read, as far as they can be told."""
    text = reject.raw.decode(sample.said.get("encoding", "utf-8"), "replace")
    with suppress(csv.Error):
        return next(csv.reader([text], delimiter=sample.said.get("delimiter", ",")), [])
    return []


def _ended(sample: Sample, found: Trailer, path: Readable, adapter: str, most: int, **more: Any) -> Sample:
    """A sample without its last rows, if their pattern fits no row before them."""
    said, word, n = {**sample.said, "trailer": found.pattern}, repr(found.word), found.rows
    ended = _read(replace(sample, said=said, rows=[], unread={}), path, adapter, most, **more)
    if ended.rows and _count(ended) + n == _count(sample):
        said_so = f"trailer: the last row begins with {word}" if n == 1 else f"trailer: {word} begins the last {n} rows"
        ended.questions.append(f"{said_so}: is it no data? Nothing is read from the first such row on")
        return ended
    sample.questions.append(f"{word} stands in the last rows, and begins others too: which are no data? Say `trailer`")
    return sample


def _count(sample: Sample) -> int:
    return len(sample.rows) + sum(sample.unread.values())


def _items(path: Readable, adapter: str, written: Written) -> Iterator[Any]:
    return ADAPTERS[adapter].read(path, written, Account())


def _trees(items: Iterable[Any], most: int) -> list[Mapping[str, Any]]:
    found = list[Mapping[str, Any]]()
    trees = (item.fields for item in items if isinstance(item, Row) and isinstance(item.fields, Mapping))
    for tree in islice(trees, most):
        with suppress(BadUnit):
            found.append(flattened(tree))
    return found


def _as_table(sample: Sample, trees: Sequence[Mapping[str, Any]]) -> Sample:
    """A sample of trees: a column for each name."""
    sample.names = [name for name in dict.fromkeys(name for tree in trees for name in tree) if name[:1] != "^"]
    sample.several = {name for tree in trees for name, field_ in tree.items() if isinstance(field_, list)}
    sample.rows = [[_one(tree.get(name, "")) for name in sample.names] for tree in trees]
    return sample


def _one(found: Any) -> str:
    return str(found[0]) if isinstance(found, list) else str(found)


def _of_trees(path: Readable, adapter: str, most: int) -> Sample:
    """A sample of JSON objects."""
    sample = Sample(escape(_last(path.name)))
    if adapter == "json":
        _choose_units(sample, start_of(path).json)
    return _as_table(sample, _trees(_items(path, adapter, Written(**sample.said)), most))


def _choose_units(sample: Sample, document: Any) -> None:
    """Say which values of a document are units: the items of its longest list of objects."""
    if not isinstance(document, Mapping):
        return
    lists = list(_lists(document, ()))
    if not lists:
        sample.questions.append("units: the document is read as one unit: is it one?")
        return
    _, way = max(lists, key=lambda each: (each[0], -len(each[1])))
    sample.said["units"] = [".".join(way)]
    if len(lists) > 1:
        sample.questions.append(
            f"units: the document has {len(lists)} lists of objects: is {'.'.join(way)} the right one?"
        )


def _lists(tree: Mapping[str, Any], way: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for key, value in tree.items():
        if isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
            yield len(value), (*way, key)
        elif isinstance(value, Mapping):
            yield from _lists(value, (*way, key))
