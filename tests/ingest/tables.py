"""Make files of tables that are no text, for tests."""

import csv
import io
import sqlite3
from contextlib import closing

import pyarrow as pa
import pyarrow.parquet as pq


def _cells(text: bytes) -> list[list[str]]:
    return [row for row in csv.reader(io.StringIO(text.decode("utf-8"), newline="")) if row]


def parquet_of(table: pa.Table, group: int = 2) -> bytes:
    """The bytes of a Parquet file, with so many rows in a group."""
    stream = io.BytesIO()
    pq.write_table(table, stream, row_group_size=group)
    return stream.getvalue()


def parquet_of_text(text: bytes) -> bytes:
    """A Parquet file with the cells of a table of text."""
    head, *rows = _cells(text)
    columns = {name: [row[at] for row in rows] for at, name in enumerate(head)}
    return parquet_of(pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()}))


def sqlite_of(*statements: str) -> bytes:
    """The bytes of an SQLite file that these statements make."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for each in statements:
            connection.execute(each)
        connection.commit()
        return bytes(connection.serialize())


def sqlite_of_text(text: bytes) -> bytes:
    """An SQLite file of one table with the cells of a table of text."""
    head, *rows = _cells(text)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE TABLE t ({', '.join(head)})")
        connection.executemany(" ".join(("INSERT INTO t VALUES (", ", ".join("?" * len(head)), ")")), rows)
        connection.commit()
        return bytes(connection.serialize())
