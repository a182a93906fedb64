"""How the files of all adapters are made."""

from collections.abc import Mapping

from benchmarks.ingest.forms import Form
from benchmarks.ingest.lists import LISTS
from benchmarks.ingest.networks import NETWORKS
from benchmarks.ingest.reports import REPORTS
from benchmarks.ingest.tables import TABLES

FORMS: Mapping[str, Form] = {**TABLES, **NETWORKS, **LISTS, **REPORTS}

# What must read and map at most two times as long as FollowTheMoney cleans, on top of their plain libraries.
XML = ("xml", "anx", "gexf", "graphml", "un-xml", "gleif", "iso20022", "goaml")
JSON = ("json", "jsonl", "vis", "node-link", "fbi-wanted", "psc", "bods", "case-uco", "misp", "stix")
# What must be loaded at least half as fast as the store takes as many records.
HALF = ("csv", "ftm", "cdr")
