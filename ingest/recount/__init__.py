"""A second count of a file's units, which shares no code with adapters or the pipeline.

If a load's outcomes do not add up to this count, one of the two has lost or invented a unit, and the
load fails. Each adapter is registered with the counter of its format.
"""

from ingest.recount.counted import Counted, Told
from ingest.recount.gleif import count_gleif
from ingest.recount.json_values import count_either, count_json, count_values
from ingest.recount.lines import count_lines
from ingest.recount.lists import count_objects
from ingest.recount.ofac import count_ofac
from ingest.recount.tables import count_table
from ingest.recount.vcards import count_cards
from ingest.recount.xml_elements import count_elements, count_units

__all__ = [
    "Counted",
    "Told",
    "count_cards",
    "count_either",
    "count_elements",
    "count_gleif",
    "count_json",
    "count_lines",
    "count_objects",
    "count_ofac",
    "count_table",
    "count_units",
    "count_values",
]
