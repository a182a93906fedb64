"""Count the rows of a Parquet file a second time: its footer says how many there are."""

from typing import IO

from ingest.recount.copied import copied
from ingest.recount.counted import Counted, Told
from ingest.recount.kept import kept_rows

_ONE = b"# a row of a table, as JSON\n"


def count_parquet(stream: IO[bytes], told: Told) -> Counted:
    """The number of rows that the footer gives."""
    kept = kept_rows(stream)
    if kept is not None:
        return Counted(kept)
    stream.seek(0)
    if stream.read(len(_ONE)) == _ONE:
        return Counted(1)
    import pyarrow.parquet as pq  # imported here, as no other file needs it

    with copied(stream) as file:
        return Counted(pq.read_metadata(file).num_rows)
