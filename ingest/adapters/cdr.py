"""Adapter `cdr`: call records of telephone providers, a table with a call, message or session in each row.

Columns are found by the names that providers commonly give them, whatever the case and the signs between words. If
yours has others, a manifest says so, and nothing else:

```toml
adapter = "cdr"
country = "nl"                    # of numbers without a country
timezone = "Europe/Amsterdam"     # of times without a zone
[[files]]
pattern = "*.csv"
delimiter = ";"
format = "%d/%m/%Y %H:%M"         # of dates, where 3/4/2026 could be two days
[files.values]
caller = { column = "Party A" }
start = { template = "{Date} {Start time}" }
```

`caller` and `receiver` are the A and the B number, whichever end the row was written for. A file about one connection
has `subscriber` and `other` instead, and `direction` says who called whom; if it does not, both are ends of the call,
and nobody is said to have called. Rows without another party stay what they are: where they have a cell, the phone was
there then; otherwise they are a call with a caller alone.

Each row is a record of its own. If a provider wrote one call twice, once for each end, it is there twice. A duration of
`1:15` may be minutes or hours: it is kept, and not taken for a number.
"""

from collections.abc import Iterator

from ingest.account import Account
from ingest.adapters import csv_table
from ingest.shapes import Header, Readable, Reject, Row
from ingest.specs import Written


def read(path: Readable, written: Written, account: Account) -> Iterator[Header | Row | Reject]:
    """Yield the header of a table, then each row or its reject; FileRefused if the file can't be read at all."""
    return csv_table.read(path, written, account)
