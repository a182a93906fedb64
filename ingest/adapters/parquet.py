"""Adapter `parquet`: the rows of a Parquet file, whose columns a manifest maps to records.

A row is a unit. A column of plain values is like one of a table of text. If any column has lists or structures, each
row is a tree, and a path of names says where a value is (`person.name`, as in JSON).

- Numbers and decimals are as they are kept: 1.50 of a decimal stays 1.50, 12.0 of a float is 12.
- Dates and moments are ISO texts. A moment with a time zone is in UTC; one without is as written.
- Bytes are read as text in UTF-8. If they are none, the row is quarantined where the column is mapped.
- `columns`, `skip`, `header`, `trailer` and `short_rows` mean nothing here: a Parquet file names its columns.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.account import Account
from ingest.adapters.cell_texts import plain, tree
from ingest.adapters.grids import Line, kept_rows, table
from ingest.adapters.json_objects import OBJECT, parsed
from ingest.adapters.seekable import seekable
from ingest.adapters.texts import check_text
from ingest.shapes import BadUnit, Frame, Header, Readable, Reject, Row
from ingest.specs import Written
from workbench.errors import FileRefused

_MARK = b"PAR1"
_ROWS = 1_000
# What a row that is kept as a tree begins with.
_KEPT_TREE = b"# a row of a table, as JSON\n"


def read(path: Readable, written: Written, account: Account) -> Iterator[Header | Frame | Row | Reject]:
    """Yield the header and each row, or the tree of each row; FileRefused if it is no Parquet file that can be read."""
    kept = kept_rows(path, written)
    if kept is not None:
        yield from kept
        return
    tree_of = _kept_tree(path)
    if tree_of is not None:
        yield _as_row(path.name, 1, tree_of)
        return
    with seekable(path) as stream:
        _check_start(path, stream.read(len(_MARK)))
        stream.seek(0)
        yield from _rows(path, stream, written)


def _rows(path: Readable, stream: Any, written: Written) -> Iterator[Header | Frame | Row | Reject]:
    try:
        file = pq.ParquetFile(stream)
        for group in range(file.num_row_groups):
            file.read_row_group(group)
    except _DAMAGED as error:
        raise _refused(path, error) from error
    names = file.schema_arrow.names
    if len(set(names)) < len(names):
        raise FileRefused("duplicate header", f"{path.name} has two columns of one name: rename one")
    if any(pa.types.is_nested(each) for each in file.schema_arrow.types):
        yield Frame(_KEPT_TREE, b"")
        for number, values in enumerate(_each(file), 1):
            yield _row_of_tree(path.name, number, values)
    else:
        yield from table(path.name, _lines(names, file), Written(columns=tuple(names), header=False))


def _lines(names: Sequence[str], file: pq.ParquetFile) -> Iterator[Line]:
    for number, values in enumerate(_each(file), 1):
        cells = [plain(values[name]) for name in names]
        faults = {place: cell.fault for place, cell in enumerate(cells) if cell.fault}
        yield Line(number, [cell.text for cell in cells], faults)
