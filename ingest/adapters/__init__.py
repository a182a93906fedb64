"""Adapters: each reads one format. `ADAPTERS` is all there is to register one; `ingest.mapping` makes records of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from ingest.account import Account
from ingest.adapters import csv_table, ftm, jsonl, neo4j_csv
from ingest.recount import Counted, count_lines, count_table
from ingest.shapes import Item, Readable
from ingest.specs import Written

# The units of a file, each once, and the headers that they stand under. The account is told of lines beside units.
Read = Callable[[Readable, Written, Account], Iterator[Item]]

# How many units there are by a second count, which shares no code with the first.
Count = Callable[[IO[bytes], Written], Counted]


@dataclass(frozen=True, slots=True)
class Adapter:
    """How a format is read and counted again, what its units are, and what of an archive or a folder it reads."""

    version: int
    about: str
    units: str  # what they are called: rows, lines
    read: Read
    count: Count
    gives: Literal["rows", "graph", "entities"]  # what a manifest maps by records, by labels and types, or not at all
    defaults: Path | None = None  # labels and types, in the form of a manifest, that hold where a manifest maps none
    members: str = "*"  # pattern of the members of a zip, or the files of a folder, that are data
    beside: str = ""  # pattern of what its exporters put beside them, which is none
    folders: bool = False

    @property
    def needs_manifest(self) -> bool:
        """Whether nothing else says what its fields mean."""
        return self.gives == "rows"


ADAPTERS: Mapping[str, Adapter] = {
    "csv": Adapter(
        version=2,
        about="tables whose columns a manifest maps to records",
        units="rows",
        read=csv_table.read,
        count=count_table,
        gives="rows",
    ),
    "ftm": Adapter(
        version=2,
        about="FollowTheMoney entities, one JSON object a line",
        units="lines",
        read=ftm.read,
        count=count_lines,
        gives="entities",
    ),
    "jsonl": Adapter(
        version=1,
        about="JSON objects, one a line, whose values a manifest maps to records",
        units="lines",
        read=jsonl.read,
        count=count_lines,
        gives="rows",
    ),
    "neo4j-csv": Adapter(
        version=2,
        about="a property graph with the headers of neo4j-admin: tables, a folder or a zip of them",
        units="rows",
        read=neo4j_csv.read,
        count=count_table,
        gives="graph",
        defaults=Path(__file__).with_name("neo4j_csv.toml"),
        members="*.csv",
        beside="neo4j_importer_model*.json",
        folders=True,
    ),
}
