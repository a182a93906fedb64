"""Adapter `parquet`: the rows of a Parquet file, whose columns a manifest maps to records.

A row is a unit. A column of plain values is like one of a table of text. If any column has lists or structures, each
row is a tree, and a path of names says where a value is (`person.name`, as in JSON).

- Decimals are as they are kept: 1.50 stays 1.50. Of floats 12.0 is 12. A float of more than 15 digits lost the others,
  as account numbers do that went through a program with empty cells: its row is quarantined if the column is mapped.
- Dates and moments are ISO texts. A moment with a time zone is in UTC; one without is as written. A length of time is
  in seconds.
- Bytes are text in UTF-8 where they can be, and else hexadecimal.
- `skip`, `header`, `columns`, `trailer` and `short_rows` mean nothing here: a Parquet file names its columns.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any

from ingest.account import Account
from ingest.adapters.cell_texts import NoDate, cell, tree
from ingest.adapters.grids import Line, kept_rows, table
from ingest.adapters.json_objects import OBJECT, parsed
from ingest.adapters.seekable import seekable
from ingest.adapters.texts import check_text
from ingest.shapes import BadUnit, Frame, Header, Readable, Reject, Row
from ingest.specs import Written
from workbench.errors import FileRefused

if TYPE_CHECKING:  # pyarrow takes long to import, and starts a thread, which no prepared process may have
    import pyarrow as pa
    import pyarrow.parquet as pq

_MARK = b"PAR1"
_ROWS = 1_000
# What a row that is kept as a tree begins with.
_KEPT_TREE = b"# a row of a table, as JSON\n"

Items = Iterator[Header | Frame | Row | Reject]


def read(path: Readable, written: Written, account: Account) -> Items:
    """Yield the header and each row, or the tree of each row; FileRefused if it is no Parquet file that can be read."""
    kept, kept_tree = kept_rows(path, Written()), _kept_tree(path)
    if kept is not None:
        yield from kept
    elif kept_tree is not None:
        yield _read_again(path.name, kept_tree)
    else:
        with seekable(path) as stream:
            file = _opened(path, stream)
            yield from _trees(path.name, file) if _nests(file) else table(path.name, _lines(file), _written(file))


def _opened(path: Readable, stream: IO[bytes]) -> "pq.ParquetFile":
    """A file whose content was gone through; FileRefused if it can't be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    start = stream.read(8)
    if not start:
        raise FileRefused("empty file", f"{path.name} is empty: was it delivered whole?")
    if not start.startswith(_MARK):
        check_text(path, start)
        raise FileRefused("not Parquet", f"{path.name} is no Parquet file: is it a table of text?", 1)
    stream.seek(0)
    try:
        file = pq.ParquetFile(stream, page_checksum_verification=True)
        rows = 0
        for batch in file.iter_batches(_ROWS):
            batch.validate(full=True)
            rows += batch.num_rows
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise FileRefused("bad Parquet", f"{path.name} can't be read: {said}: was it delivered whole?", 1) from error
    twice = _twice(file.schema_arrow)
    if twice is not None:
        raise FileRefused("duplicate header", f"{path.name} has two columns named {twice!r}: rename one", 1)
    if rows != file.metadata.num_rows:
        said = f"{rows} rows, and says that there are {file.metadata.num_rows}"
        raise FileRefused("bad Parquet", f"{path.name} has {said}: was it delivered whole?", 1)
    return file


def _nests(file: "pq.ParquetFile") -> bool:
    import pyarrow as pa

    return any(pa.types.is_nested(each) for each in file.schema_arrow.types)


def _written(file: "pq.ParquetFile") -> Written:
    """The settings under which its rows are a table."""
    names = enumerate(file.schema_arrow.names, 1)
    return Written(columns=tuple(name or f"column {place}" for place, name in names), header=False)


def _twice(fields: Iterable["pa.Field"]) -> str | None:
    """A name that stands twice among fields, or inside one of them."""
    seen = set[str]()
    for field in fields:
        if field.name in seen:
            return str(field.name)
        seen.add(field.name)
        inside = _twice(field.type.field(place) for place in range(field.type.num_fields))
        if inside is not None:
            return inside
    return None


def _each(file: "pq.ParquetFile") -> Iterator[Mapping[str, Any]]:
    for batch in file.iter_batches(_ROWS):
        yield from _rows(batch)


def _rows(batch: "pa.RecordBatch") -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = batch.to_pylist()
    except (OverflowError, ValueError, KeyError):
        names = batch.schema.names
        return [dict(zip(names, map(_value, row), strict=True)) for row in zip(*batch.columns, strict=True)]
    return rows


def _value(scalar: "pa.Scalar") -> Any:
    """A value, with the days and moments in it that Python does not know."""
    try:
        return scalar.as_py()
    except (OverflowError, ValueError, KeyError):
        import pyarrow as pa

        if isinstance(scalar, pa.StructScalar):
            return {name: _value(scalar[name]) for name in scalar}
        if isinstance(scalar, pa.MapScalar):
            return [(each["key"].as_py(), _value(each["value"])) for each in scalar.values]
        if isinstance(scalar, pa.ListScalar):
            return [_value(each) for each in scalar.values]
        return _value(scalar.value) if isinstance(scalar.value, pa.Scalar) else NoDate(scalar.value)


def _lines(file: "pq.ParquetFile") -> Iterator[Line]:
    for number, values in enumerate(_each(file), 1):
        cells = [cell(value) for value in values.values()]
        faults = {place: each.fault for place, each in enumerate(cells) if each.fault}
        yield Line(number, [each.text for each in cells], faults)


def _trees(name: str, file: "pq.ParquetFile") -> Items:
    yield Frame(_KEPT_TREE, b"")
    for number, values in enumerate(_each(file), 1):
        said: Any = tree(values)
        yield Row(said, f"{name}:{number}", json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _kept_tree(path: Readable) -> bytes | None:
    with path.open("rb") as stream:
        if stream.read(len(_KEPT_TREE)) != _KEPT_TREE:
            return None
        return b"".join(iter(lambda: stream.read(1 << 16), b""))


def _read_again(name: str, raw: bytes) -> Row | Reject:
    try:
        return Row(parsed(raw, OBJECT), f"{name}:1", raw)
    except BadUnit as bad:
        return Reject(f"{name}:1", bad.reason, str(bad), raw, _KEPT_TREE)
