"""Parameters for what stands around adapters: by day it is tested with one of each family, by night with all."""

import pytest

from ingest.formats import ADAPTERS

_BY_DAY = {
    "csv": "tables of text",
    "ftm": "entities",
    "gexf": "graphs that are read in a process of their own",
    "gleif": "XML",
    "json": "trees",
    "mt940": "text whose manifest has regular expressions",
    "pajek": "graphs in text",
    "xlsx": "tables that are packed",
}
assert _BY_DAY.keys() <= ADAPTERS.keys()
_NIGHT = pytest.mark.night(reason="by day one adapter of its family is tested")

each_family = pytest.mark.parametrize(
    "adapter", [pytest.param(name, marks=() if name in _BY_DAY else _NIGHT) for name in sorted(ADAPTERS)]
)
