"""Adapters: each reads one format. An entry in `ADAPTERS` registers one; `ingest.mapping` makes the records."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from ingest.account import Account
from ingest.adapters import (
    csv_table,
    ftm,
    ftm_statements,
    json_document,
    jsonl,
    neo4j_csv,
    parquet,
    sql,
    sql_copy,
    vis,
    xlsx,
    xml_document,
)
from ingest.adapters.delimited import texts_of_row
from ingest.adapters.grids import texts_of_kept
from ingest.adapters.json_texts import texts_of_line
from ingest.recount import (
    Counted,
    count_json,
    count_lines,
    count_parquet,
    count_sheets,
    count_sql,
    count_statements,
    count_table,
    count_units,
    count_values,
)
from ingest.shapes import Item, Readable, Reject
from ingest.specs import Written

# Yields the headers and units of a file, and reports lines that belong to no unit to the account.
Read = Callable[[Readable, Written, Account], Iterator[Item]]

# The texts of a unit that could not be read, given the names of the fields that have markings; None if nobody can tell
# for sure what stands in one of them.
TextsOf = Callable[[Reject, Written, Collection[str]], Sequence[str] | None]

# The names of the tables with content in a file that can have several.
Tables = Callable[[Readable, Written], Sequence[str]]

# Gives the path of a file with the content that a file names, as long as it is open; None if the file has the content.
Fetch = Callable[[Readable, Written], AbstractContextManager[Path | None]]

# Counts the units in a second way, which shares no code with the first.
Count = Callable[[IO[bytes], Written], Counted]


@dataclass(frozen=True, slots=True)
class Adapter:
    """How a format is read and counted, and which files of an archive or folder it reads."""

    version: int
    about: str
    units: str  # the word for its units: rows, lines
    read: Read
    count: Count
    gives: Literal["rows", "graph", "entities"]  # mapped by [[files.records]], by [labels] and [types], or not at all
    texts_of: TextsOf | None = None  # for the marking of a unit that can't be read; without it nobody sees one
    defaults: Path | None = None  # a manifest to use where the load's manifest maps nothing
    tables: Tables | None = None  # for files of several tables, each of which is read like a file of its own
    fetch: Fetch | None = None  # for files that only say where the content is
    members: str = "*"  # pattern of the data files in a zip or folder
    beside: str = ""  # pattern of other files that its exporters put beside them
    folders: bool = False  # whether it reads the files of a folder that is named

    @property
    def needs_manifest(self) -> bool:
        """Whether only a manifest can say what its fields mean."""
        return self.gives == "rows" and self.defaults is None


ADAPTERS: Mapping[str, Adapter] = {
    "csv": Adapter(
        version=2,
        about="tables whose columns a manifest maps to records",
        units="rows",
        read=csv_table.read,
        count=count_table,
        gives="rows",
        texts_of=texts_of_row,
    ),
    "ftm": Adapter(
        version=2,
        about="FollowTheMoney entities, one JSON object a line",
        units="lines",
        read=ftm.read,
        count=count_lines,
        gives="entities",
    ),
    "ftm-statements": Adapter(
        version=1,
        about="FollowTheMoney statements, a table with one value of one entity in each row",
        units="entities",
        read=ftm_statements.read,
        count=count_statements,
        gives="entities",
    ),
    "json": Adapter(
        version=1,
        about="a JSON document: the values at a path of keys, which a manifest maps to records",
        units="values",
        read=json_document.read,
        count=count_values,
        gives="rows",
    ),
    "jsonl": Adapter(
        version=2,
        about="JSON objects, one a line, whose values a manifest maps to records",
        units="lines",
        read=jsonl.read,
        count=count_lines,
        gives="rows",
        texts_of=texts_of_line,
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
    "parquet": Adapter(
        version=1,
        about="rows of Parquet files, whose columns a manifest maps to records",
        units="rows",
        read=parquet.read,
        count=count_parquet,
        gives="rows",
        texts_of=texts_of_kept,
    ),
    "sql": Adapter(
        version=1,
        about="tables of an SQLite file, or of a database whose URL is in a file; a manifest maps columns to records",
        units="rows",
        read=sql.read,
        count=count_sql,
        gives="rows",
        texts_of=texts_of_kept,
        tables=sql.tables,
        fetch=sql_copy.fetched,
    ),
    "vis": Adapter(
        version=1,
        about="network diagrams of Aleph (.vis): entities in FollowTheMoney's terms",
        units="entities",
        read=vis.read,
        count=count_json("layout/entities"),
        gives="entities",
    ),
    "xlsx": Adapter(
        version=1,
        about="sheets of Excel workbooks (.xlsx, .xlsm), whose columns a manifest maps to records",
        units="rows",
        read=xlsx.read,
        count=count_sheets,
        gives="rows",
        texts_of=texts_of_kept,
        tables=xlsx.tables,
    ),
    "xml": Adapter(
        version=1,
        about="an XML document: the elements at a path of names, which a manifest maps to records",
        units="elements",
        read=xml_document.read,
        count=count_units,
        gives="rows",
    ),
}
