"""Copy what a database has whose URL stands in a file, so that it can be read like a file of SQLite.

The URL and what the database says of it stand in no message: there may be a password in them.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ingest.adapters.cell_texts import cell
from ingest.adapters.sqlite_file import RESULT, Copy
from ingest.shapes import Readable
from ingest.specs import Written
from workbench.errors import FileRefused

if TYPE_CHECKING:
    from sqlalchemy import Connection, Executable

_LONGEST = 4_096
_URL = re.compile(r"[a-z][a-z0-9]*(\+[a-z0-9_]+)?://\S+", re.ASCII)
_MOST = 1 << 63
_ROWS = 1_000


@contextmanager
def fetched(path: Readable, written: Written) -> Iterator[Path | None]:
    """The path of a copy, as long as it is open; None if the file has no URL. FileRefused if nothing can be copied."""
    url = url_in(path)
    if url is None:
        yield None
        return
    with TemporaryDirectory(prefix="workbench-") as folder:
        place = Path(folder, "copy.db")
        with closing(Copy(place)) as copy:
            _fill(copy, path.name, url, written)
        yield place


def url_in(path: Readable) -> str | None:
    """The URL that a file has and nothing else; None if it has none."""
    with path.open("rb") as stream:
        start = b""
        while len(start) <= _LONGEST and (more := stream.read(256)):
            start += more
    try:
        text = start.decode("utf-8").strip()
    except UnicodeDecodeError:
        return None
    return text if len(start) <= _LONGEST and _URL.fullmatch(text) else None


def _fill(copy: Copy, name: str, url: str, written: Written) -> None:
    if not (written.query or written.sheets):
        message = (
            f"{name} has the URL of a database: say under [[files]] which tables to read, as `sheets`, or a `query`"
        )
        raise FileRefused("no units", message)
    try:
        from sqlalchemy import create_engine
        from sqlalchemy.exc import SQLAlchemyError
    except ImportError as error:
        message = f"{name} has the URL of a database: install `joint-workbench[sql]`, and the driver of the database"
        raise FileRefused("not installed", message) from error
    try:
        engine = create_engine(url)
        with closing(engine.connect()) as connection:
            for table, query in _wanted(connection, name, written):
                answer = connection.execution_options(stream_results=True).execute(query)
                copy.add(table, list(answer.keys()), ([_kept(value) for value in row] for row in answer))
            connection.rollback()
        engine.dispose()
    except (SQLAlchemyError, ImportError, ValueError, OSError) as error:
        message = f"{name}: the database can't be read ({type(error).__name__}): try its URL and the query by hand"
        raise FileRefused("bad database", message) from None


def _wanted(connection: "Connection", name: str, written: Written) -> "Sequence[tuple[str, Executable]]":
    """The tables to copy, each with its query; FileRefused if there is none."""
    from sqlalchemy import MetaData, Table, inspect, select, text

    if written.query:
        return [(RESULT, text(written.query))]
    inspected = inspect(connection)
    known = sorted({*inspected.get_table_names(), *inspected.get_view_names()})
    found = [each for each in known if any(fnmatchcase(each, one) or each == one for one in written.sheets or ())]
    if not found:
        raise FileRefused("no such sheet", f"{name}: the database has no table that `sheets` names")
    return [(each, select(Table(each, MetaData(), autoload_with=connection))) for each in found]


def _kept(value: Any) -> Any:
    """A value as a file of SQLite keeps it."""
    if value is None or isinstance(value, str | float) or (isinstance(value, int) and -_MOST <= value < _MOST):
        return str(value).lower() if isinstance(value, bool) else value
    return cell(value).text
