"""A second count of a file's units, which shares no code with adapters or the pipeline.

If a load's outcomes do not add up to this count, one of the two has lost or invented a unit, and the
load fails. Each adapter is registered with the counter of its format.
"""

from ingest.recount.counted import Counted, Told
from ingest.recount.dl import count_dl
from ingest.recount.gleif import count_gleif
from ingest.recount.goaml import count_goaml
from ingest.recount.graphs import count_graph
from ingest.recount.iso20022 import count_iso20022
from ingest.recount.json_values import count_either, count_json, count_stix, count_under, count_values
from ingest.recount.lines import count_lines
from ingest.recount.lists import count_objects
from ingest.recount.matrices import count_square
from ingest.recount.mrz_lines import count_documents
from ingest.recount.mt940 import count_mt940
from ingest.recount.networks import count_pajek
from ingest.recount.ofac import count_ofac
from ingest.recount.parquet_rows import count_parquet
from ingest.recount.sheets import count_sheets
from ingest.recount.sql_rows import count_sql
from ingest.recount.statements import count_statements
from ingest.recount.tables import count_table
from ingest.recount.vcards import count_cards
from ingest.recount.xml_elements import count_elements, count_units

__all__ = [
    "Counted",
    "Told",
    "count_documents",
    "count_dl",
    "count_elements",
    "count_graph",
    "count_goaml",
    "count_iso20022",
    "count_json",
    "count_lines",
    "count_parquet",
    "count_sheets",
    "count_sql",
    "count_statements",
    "count_stix",
    "count_pajek",
    "count_square",
    "count_mt940",
    "count_cards",
    "count_either",
    "count_gleif",
    "count_objects",
    "count_ofac",
    "count_table",
    "count_under",
    "count_units",
    "count_values",
]
