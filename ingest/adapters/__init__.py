"""Adapters: each reads one format into records. `ADAPTERS` is all there is to register one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from ingest.account import Account
from ingest.adapters import csv_table, ftm, neo4j_csv
from ingest.manifest import Left, Manifest, Readable, Reject
from workbench.model.record import Record


class Reader(Protocol):
    """Reads the records of each unit of a file, or its reject, and gives account of the rest."""

    def __call__(
        self, path: Readable, manifest: Manifest, account: Account | None = None
    ) -> Iterator[Record | Reject | Left]: ...


@dataclass(frozen=True, slots=True)
class Adapter:
    """How a format is read: its function, what its units are, and what of an archive it reads."""

    version: int
    read: Reader
    units: str  # "rows" under a header, or "lines": how the second count counts
    members: str  # pattern of the members of a zip, or the files of a folder, that are data
    beside: str  # pattern of what its exporters put beside them, which is none
    folders: bool
    needs_manifest: bool
    about: str


ADAPTERS: Mapping[str, Adapter] = {
    "csv": Adapter(
        version=2,
        read=csv_table.read,
        units="rows",
        members="*",
        beside="",
        folders=False,
        needs_manifest=True,
        about="tables whose columns a manifest maps to records",
    ),
    "ftm": Adapter(
        version=2,
        read=ftm.read,
        units="lines",
        members="*",
        beside="",
        folders=False,
        needs_manifest=False,
        about="FollowTheMoney entities, one JSON object a line",
    ),
    "neo4j-csv": Adapter(
        version=2,
        read=neo4j_csv.read,
        units="rows",
        members="*.csv",
        beside="neo4j_importer_model*.json",
        folders=True,
        needs_manifest=False,
        about="a property graph with the headers of neo4j-admin: tables, a folder or a zip of them",
    ),
}
