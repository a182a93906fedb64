"""Adapter `csv`: tables whose columns a manifest maps to records. Each row is a unit."""

from collections.abc import Iterator

from ingest.account import Account
from ingest.adapters.delimited import Table, check_names
from ingest.shapes import Column, Header, Readable, Reject, Row
from ingest.specs import Written


def read(path: Readable, written: Written, account: Account) -> Iterator[Header | Row | Reject]:
    """Yield the header of a table, then each row or its reject; FileRefused if the file can't be read at all."""
    table = Table(path, written, account)
    if written.columns is None:
        check_names(table.names, path)
    names = written.columns or table.names
    yield Header([Column(name) for name in names], table.raw_header)
    yield from table.rows(names)
