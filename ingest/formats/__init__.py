"""The formats: an entry in `ADAPTERS` registers an adapter with its second count and its mapping."""

from collections.abc import Mapping

from ingest.formats.adapter import Adapter
from ingest.formats.charts import CHARTS
from ingest.formats.lists import LISTS
from ingest.formats.money import MONEY
from ingest.formats.phones import PHONES
from ingest.formats.tables import TABLES

ADAPTERS: Mapping[str, Adapter] = dict(sorted({**CHARTS, **LISTS, **MONEY, **PHONES, **TABLES}.items()))

__all__ = ["ADAPTERS", "Adapter"]
