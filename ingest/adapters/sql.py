"""Adapter `sql`: tables of an SQLite file, whose columns a manifest maps to records.

A row is a unit. Each table is read like a file of its own (`cases.db#persons`), in the order of the file. `sheets`
names the tables or views to read; without it all tables are read, and no view. `query` gives one SELECT to read
instead. The file is opened as one that never changes, and nothing in it is run.

A file can also have the URL of another database, in one line as SQLAlchemy writes it. Then the tables under `sheets`,
or the rows of `query`, are copied first, and the copy is read. The URL, and its password, stand in no report.

Numbers are as they are kept: 12.0 is 12. A float of more than 15 digits lost the others: its row is quarantined if the
column is mapped. Bytes are text in UTF-8 where they can be, and else hexadecimal. `skip`, `header`, `columns`,
`trailer` and `short_rows` mean nothing here: a database names its columns.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

from ingest.account import Account
from ingest.adapters.cell_texts import cell
from ingest.adapters.grids import Line, kept_rows, table
from ingest.adapters.seekable import on_disk, seekable
from ingest.adapters.sqlite_file import MARK, RESULT, WRONG, File, Found, opened
from ingest.adapters.texts import check_text
from ingest.shapes import Header, Readable, Reject, Row
from ingest.specs import Written
from workbench.errors import FileRefused

_START = 100


def read(path: Readable, written: Written, account: Account) -> Iterator[Header | Row | Reject]:
    """Yield the header of each table, then its rows; FileRefused if the file can't be read."""
    kept = kept_rows(path, Written())
    if kept is not None:
        yield from kept
        return
    with _file(path) as file:
        if written.query and not file.is_copy:
            yield from _table(path.name, partial(file.answer, written.query))
            return
        names = _chosen(path, file, written)
        before = [f"{path.name}#{name}" if len(names) > 1 else path.name for name in names]
        for rows in [_table(whole, partial(file.table, name)) for whole, name in zip(before, names, strict=True)]:
            yield from rows


def tables(path: Readable, written: Written) -> Sequence[str]:
    """The names of the tables, and of the views that the manifest names; FileRefused if the file can't be read."""
    if kept_rows(path, Written()) is not None or written.query:
        return ()
    with _file(path) as file:
        views = [name for name in file.views if any(_is(name, each) for each in written.sheets or ())]
        return [*file.tables, *views]


@contextmanager
def _file(path: Readable) -> Iterator[File]:
    """Open the file; FileRefused for what is wrong with it, also while it is read."""
    with seekable(path) as stream:
        _check_start(path, stream.read(_START))
        stream.seek(0)
        with on_disk(stream) as place:
            _check_beside(path, place)
            try:
                with opened(place) as file:
                    yield file
            except WRONG as error:
                message = f"{path.name} can't be read: {error}: check the query, or the file in its own program"
                raise FileRefused("bad database", message, 1) from error


def _check_start(path: Readable, start: bytes) -> None:
    if not start:
        raise FileRefused("empty file", f"{path.name} is empty: was it delivered whole?")
    if not start.startswith(MARK):
        check_text(path, start)
        message = f"{path.name} is no file of SQLite, and has no URL of a database: which program made it?"
        raise FileRefused("not a database", message, 1)


def _check_beside(path: Readable, place: Path) -> None:
    """FileRefused if a part of the content stands in another file, as while a program has the database open."""
    for ending in ("-wal", "-journal"):
        beside = place.with_name(place.name + ending)
        if beside.is_file() and beside.stat().st_size:
            message = f"{path.name} is open in another program, or was not closed: {beside.name} has a part of it"
            raise FileRefused("open database", f"{message}: close the program, or save a copy from it")


def _chosen(path: Readable, file: File, written: Written) -> list[str]:
    """The tables to read; FileRefused if there is none."""
    known = [*file.tables, *file.views]
    for wanted in written.sheets or ():
        if not any(_is(name, wanted) for name in known) and not file.is_copy:
            message = f"{path.name} has no table {wanted!r}: it has {', '.join(map(repr, known)) or 'none'}"
            raise FileRefused("no such sheet", message)
    if written.sheets is None or (file.is_copy and file.tables == [RESULT]):
        found = file.tables
    else:
        found = [name for name in known if any(_is(name, each) for each in written.sheets)]
    if not found:
        raise FileRefused("empty file", f"{path.name} has no table: was it delivered whole?")
    return found


def _is(name: str, wanted: str) -> bool:
    return name == wanted or fnmatchcase(name, wanted)


def _table(name: str, ask: Callable[[], Found]) -> Iterator[Header | Row | Reject]:
    """The header of a table, which can be read to its end, and its rows."""
    for _ in ask().rows:
        pass
    found = ask()
    if len(set(found.columns)) < len(found.columns):
        twice = next(each for each in found.columns if found.columns.count(each) > 1)
        raise FileRefused("duplicate header", f"{name}: two columns are named {twice!r}: say `AS` in the query", 1)
    columns = tuple(column or f"column {place}" for place, column in enumerate(found.columns, 1))
    return table(name, _lines(found), Written(columns=columns, header=False))


def _lines(found: Found) -> Iterator[Line]:
    for number, values in enumerate(found.rows, 1):
        cells = [cell(value) for value in values]
        faults = {place: each.fault for place, each in enumerate(cells) if each.fault}
        yield Line(number, [each.text for each in cells], faults)
