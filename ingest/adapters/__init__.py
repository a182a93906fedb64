"""Adapters: each reads one format. An entry in `ADAPTERS` registers one; `ingest.mapping` makes the records."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from ingest.account import Account
from ingest.adapters import (
    bods,
    csv_table,
    fbi_wanted,
    ftm,
    gleif,
    json_document,
    jsonl,
    neo4j_csv,
    ofac_csv,
    psc,
    un_xml,
    vcard,
    xml_document,
)
from ingest.adapters.delimited import texts_of_row
from ingest.adapters.json_texts import texts_of_line
from ingest.recount import (
    Counted,
    count_cards,
    count_either,
    count_elements,
    count_gleif,
    count_lines,
    count_objects,
    count_ofac,
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
    members: str = "*"  # pattern of the data files in a zip or folder
    beside: str = ""  # pattern of other files that its exporters put beside them
    folders: bool = False  # whether it reads the files of a folder that is named

    @property
    def needs_manifest(self) -> bool:
        """Whether only a manifest can say what its fields mean."""
        return self.gives == "rows" and self.defaults is None


ADAPTERS: Mapping[str, Adapter] = {
    "bods": Adapter(
        version=1,
        about="statements of beneficial ownership (BODS 0.1 to 0.4), as a list or one a line",
        units="statements",
        read=bods.read,
        count=count_objects("statements"),
        gives="rows",
        defaults=Path(__file__).with_name("bods.toml"),
    ),
    "csv": Adapter(
        version=2,
        about="tables whose columns a manifest maps to records",
        units="rows",
        read=csv_table.read,
        count=count_table,
        gives="rows",
        texts_of=texts_of_row,
    ),
    "fbi-wanted": Adapter(
        version=1,
        about="notices of the FBI, wanted, missing and victims, as its interface gives them in JSON",
        units="notices",
        read=fbi_wanted.read,
        count=count_either("items", ""),
        gives="rows",
        defaults=Path(__file__).with_name("fbi_wanted.toml"),
        members="*.json",
    ),
    "ftm": Adapter(
        version=2,
        about="FollowTheMoney entities, one JSON object a line",
        units="lines",
        read=ftm.read,
        count=count_lines,
        gives="entities",
    ),
    "gleif": Adapter(
        version=1,
        about="entities with an LEI, their relationships, and reporting exceptions, from GLEIF's XML or JSON",
        units="records",
        read=gleif.read,
        count=count_gleif,
        gives="rows",
        defaults=Path(__file__).with_name("gleif.toml"),
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
    "ofac-csv": Adapter(
        version=1,
        about="sanctions lists of the US Office of Foreign Assets Control: sdn.csv, add.csv, alt.csv, sdn_comments.csv",
        units="rows",
        read=ofac_csv.read,
        count=count_ofac,
        gives="rows",
        defaults=Path(__file__).with_name("ofac_csv.toml"),
        members="*.csv",
        folders=True,
    ),
    "psc": Adapter(
        version=1,
        about="people with significant control of companies in the United Kingdom: the snapshot, or single documents",
        units="documents",
        read=psc.read,
        count=count_objects("items"),
        gives="rows",
        defaults=Path(__file__).with_name("psc.toml"),
    ),
    "un-xml": Adapter(
        version=1,
        about="the consolidated sanctions list of the UN Security Council",
        units="entries",
        read=un_xml.read,
        count=count_elements("INDIVIDUAL", "ENTITY"),
        gives="rows",
        defaults=Path(__file__).with_name("un_xml.toml"),
        members="*.xml",
    ),
    "vcard": Adapter(
        version=1,
        about="address books in vCard 2.1, 3.0 and 4.0",
        units="cards",
        read=vcard.read,
        count=count_cards,
        gives="rows",
        defaults=Path(__file__).with_name("vcard.toml"),
        members="*.vc[fa]*",
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
