"""Read tables that are known by their headers: each row is a tree, and says under `^` which table it is of."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest.account import Account
from ingest.adapters.delimited import Table, check_names
from ingest.shapes import Frame, Readable, Reject, Row
from ingest.specs import Written
from workbench.errors import FileRefused

TABLE = "^"


class Known(NamedTuple):
    """A table: its name, and columns by which it is told from those that come after it."""

    name: str
    columns: frozenset[str]


def rows(
    path: Readable, written: Written, account: Account, known: Sequence[Known], renamed: Sequence[tuple[str, str]] = ()
) -> Iterator[Frame | Row | Reject]:
    """Yield each row, or its reject; FileRefused for a header that is of no known table.

    `renamed` has pairs of a name and a better one: of several columns of a name, the first gets the first pair's.
    """
    table = Table(path, written, account)
    names = list(written.columns or table.names)
    for name, better in renamed:
        if name in names:
            names[names.index(name)] = better
    check_names(names, path)
    kind = _kind(path, names, known)
    yield Frame(table.raw_header, b"")
    for each in table.rows(names):
        if isinstance(each, Row):
            yield each._replace(fields={TABLE: kind, **dict(zip(names, each.fields, strict=True))})
        else:
            yield each


def _kind(path: Readable, names: Sequence[str], known: Sequence[Known]) -> str:
    for each in known:
        if each.columns.issubset(names):
            return each.name
    wanted = "; or ".join(f"{each.name}: {', '.join(sorted(each.columns))}" for each in known)
    message = f"{path.name} line 1 has the header of no table of this format. It reads {wanted}: map it as csv instead"
    raise FileRefused("not this format", message, 1)


__all__ = ["TABLE", "Known", "rows"]
