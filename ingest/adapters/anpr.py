"""Adapter `anpr`: number-plate reads, a table with a row for each time that a camera read a plate.

Columns are found by common names, whatever the case and the signs between words. If yours has others, a manifest says
so, and nothing else:

```toml
adapter = "anpr"
timezone = "Europe/Amsterdam"     # of times without a zone
[[files]]
pattern = "*.csv"
format = "%d/%m/%Y %H:%M:%S"      # of dates, where 3/4/2026 could be two days
[files.values]
plate = { column = "Kenteken" }
country = { value = "nl" }        # of all plates, where no column says it
```

A plate is text, also if it has only digits. Plates of one country, or of none, are one vehicle in the dataset if
they are written alike. A camera without a number is known by its coordinates, or by its name.
"""

from collections.abc import Iterator

from ingest.account import Account
from ingest.adapters import csv_table
from ingest.shapes import Header, Readable, Reject, Row
from ingest.specs import Written


def read(path: Readable, written: Written, account: Account) -> Iterator[Header | Row | Reject]:
    """Yield the header of a table, then each row or its reject; FileRefused if the file can't be read at all."""
    return csv_table.read(path, written, account)
