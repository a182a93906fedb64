"""A second count of a file's units, which shares no code with adapters or the pipeline.

If a load's outcomes do not add up to this count, one of the two has lost or invented a unit, and the
load fails. Each adapter is registered with the counter of its format.
"""

from ingest.recount.counted import Counted, Told
from ingest.recount.json_values import count_json, count_values
from ingest.recount.lines import count_lines
from ingest.recount.parquet_rows import count_parquet
from ingest.recount.sheets import count_sheets
from ingest.recount.sql_rows import count_sql
from ingest.recount.statements import count_statements
from ingest.recount.tables import count_table
from ingest.recount.xml_elements import count_elements, count_units

__all__ = [
    "Counted",
    "Told",
    "count_elements",
    "count_json",
    "count_lines",
    "count_parquet",
    "count_sheets",
    "count_sql",
    "count_statements",
    "count_table",
    "count_units",
    "count_values",
]
