"""Adapters: each reads one format. An entry in `ADAPTERS` registers one; `ingest.mapping` makes the records."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Literal, SupportsIndex

from ingest.account import Account
from ingest.adapters import (
    aml_tx,
    amlsim,
    anpr,
    anx,
    bods,
    case_uco,
    cdr,
    csv_table,
    dl,
    fbi_wanted,
    ftm,
    ftm_statements,
    gexf,
    gleif,
    goaml,
    graphml,
    iso20022,
    json_document,
    jsonl,
    misp,
    mrz,
    mt940,
    neo4j_csv,
    node_link,
    ofac_csv,
    pajek,
    parquet,
    psc,
    sql,
    sql_copy,
    square_csv,
    stix,
    un_xml,
    vcard,
    vis,
    xlsx,
    xml_document,
)
from ingest.adapters.delimited import texts_of_row
from ingest.adapters.grids import texts_of_kept
from ingest.adapters.json_texts import texts_of_line
from ingest.recount import (
    Counted,
    count_cards,
    count_dl,
    count_documents,
    count_either,
    count_elements,
    count_gleif,
    count_goaml,
    count_graph,
    count_iso20022,
    count_json,
    count_lines,
    count_mt940,
    count_objects,
    count_ofac,
    count_pajek,
    count_parquet,
    count_sheets,
    count_sql,
    count_square,
    count_statements,
    count_table,
    count_under,
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
    folders: bool = True  # whether it reads the files of a folder that is named
    confined: bool = False  # whether its files are read only in a process with limits: XML, and what is packed inside

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        """Another process takes its own adapter of that name. One that is not of ours is told by its functions."""
        name = next((name for name, each in _OURS.items() if each is self), None)
        return object.__reduce_ex__(self, protocol) if name is None else (ours, (name,))

    @property
    def needs_manifest(self) -> bool:
        """Whether only a manifest can say what its fields mean."""
        return self.gives == "rows" and self.defaults is None


# What becomes of the nodes and links of networks, whose labels and types mean something only to who made them.
_NETWORK = Path(__file__).with_name("network.toml")

ADAPTERS: Mapping[str, Adapter] = {
    "aml-tx": Adapter(
        version=1,
        about="tables of transactions between accounts of banks, as IBM's for research on money laundering",
        units="rows",
        read=aml_tx.read,
        count=count_table,
        gives="rows",
        texts_of=texts_of_row,
        defaults=Path(__file__).with_name("aml_tx.toml"),
    ),
    "amlsim": Adapter(
        version=1,
        about="tables of the simulator AMLSim: accounts, transfers, cash, alerts",
        units="rows",
        read=amlsim.read,
        count=count_table,
        gives="rows",
        texts_of=texts_of_row,
        defaults=Path(__file__).with_name("amlsim.toml"),
    ),
    "anpr": Adapter(
        version=1,
        about="number-plate reads: tables whose columns are found by common names",
        units="rows",
        read=anpr.read,
        count=count_table,
        gives="rows",
        texts_of=texts_of_row,
        defaults=Path(__file__).with_name("anpr.toml"),
    ),
    "anx": Adapter(
        version=1,
        about="charts of i2 Analyst's Notebook, exported as XML",
        units="chart items",
        read=anx.read,
        count=count_graph(ChartItem="ChartItemCollection"),
        gives="graph",
        defaults=Path(__file__).with_name("anx.toml"),
    ),
    "bods": Adapter(
        version=1,
        about="statements of beneficial ownership (BODS 0.1 to 0.4), as a list or one a line",
        units="statements",
        read=bods.read,
        count=count_objects("statements"),
        gives="rows",
        defaults=Path(__file__).with_name("bods.toml"),
    ),
    "case-uco": Adapter(
        version=1,
        about="what forensic tools found on phones and other devices, in the JSON-LD of CASE and UCO",
        units="objects",
        read=case_uco.read,
        count=count_under("@graph", *case_uco.OBJECTS),
        gives="rows",
        defaults=Path(__file__).with_name("case_uco.toml"),
    ),
    "cdr": Adapter(
        version=1,
        about="call records of telephone providers: tables whose columns are found by common names",
        units="rows",
        read=cdr.read,
        count=count_table,
        gives="rows",
        texts_of=texts_of_row,
        defaults=Path(__file__).with_name("cdr.toml"),
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
    "dl": Adapter(
        version=1,
        about="networks in UCINET's data language: matrices, edge lists and node lists",
        units="nodes and links",
        read=dl.read,
        count=count_dl,
        gives="graph",
        defaults=_NETWORK,
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
    "ftm-statements": Adapter(
        version=1,
        about="FollowTheMoney statements, a table with one value of one entity in each row",
        units="entities",
        read=ftm_statements.read,
        count=count_statements,
        gives="entities",
    ),
    "gexf": Adapter(
        version=1,
        about="graphs in GEXF, the format of Gephi",
        units="nodes and links",
        read=gexf.read,
        count=count_graph(node="nodes", edge="edges"),
        gives="graph",
        defaults=Path(__file__).with_name("gexf.toml"),
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
    "graphml": Adapter(
        version=1,
        about="graphs in GraphML, with graphs in nodes, hyperedges and ports",
        units="nodes and links",
        read=graphml.read,
        count=count_graph(node="graph", edge="graph", hyperedge="graph", endpoint="hyperedge"),
        gives="graph",
        defaults=_NETWORK,
    ),
    "goaml": Adapter(
        version=1,
        about="reports of suspicion to a financial intelligence unit, in the XML of goAML",
        units="transactions",
        read=goaml.read,
        count=count_goaml,
        gives="rows",
        defaults=Path(__file__).with_name("goaml.toml"),
    ),
    "iso20022": Adapter(
        version=1,
        about="statements, payments and returns in XML messages of ISO 20022: camt, pain, pacs",
        units="transactions",
        read=iso20022.read,
        count=count_iso20022,
        gives="rows",
        defaults=Path(__file__).with_name("iso20022.toml"),
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
    "misp": Adapter(
        version=1,
        about="events of MISP with their attributes and objects, in its JSON",
        units="events, attributes and objects",
        read=misp.read,
        count=count_json(*("/".join((*around, part)) for around in misp.AROUND for part in misp.PARTS)),
        gives="rows",
        defaults=Path(__file__).with_name("misp.toml"),
    ),
    "mrz": Adapter(
        version=1,
        about="the machine-readable lines of passports, identity cards and visas, with their check digits",
        units="documents",
        read=mrz.read,
        count=count_documents,
        gives="rows",
        defaults=Path(__file__).with_name("mrz.toml"),
    ),
    "mt940": Adapter(
        version=1,
        about="statements of bank accounts in SWIFT's MT940",
        units="transactions",
        read=mt940.read,
        count=count_mt940,
        gives="rows",
        defaults=Path(__file__).with_name("mt940.toml"),
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
    ),
    "node-link": Adapter(
        version=1,
        about="a graph as one JSON document with nodes and links, or Cytoscape's elements",
        units="nodes and links",
        read=node_link.read,
        count=count_json("nodes", "links", "edges", "elements/[]", "elements/nodes", "elements/edges"),
        gives="graph",
        defaults=_NETWORK,
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
    "pajek": Adapter(
        version=1,
        about="networks of Pajek: vertices with arcs, edges, lists of them, or a matrix",
        units="nodes and links",
        read=pajek.read,
        count=count_pajek,
        gives="graph",
        defaults=_NETWORK,
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
    "square-csv": Adapter(
        version=1,
        about="a matrix as a table, with the same labels in its first row and first column",
        units="nodes and links",
        read=square_csv.read,
        count=count_square,
        gives="graph",
        defaults=_NETWORK,
    ),
    "stix": Adapter(
        version=1,
        about="threat intelligence in bundles of STIX 2.0 and 2.1",
        units="objects",
        read=stix.read,
        count=count_under("objects"),
        gives="rows",
        defaults=Path(__file__).with_name("stix.toml"),
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

_OURS: Mapping[str, Adapter] = MappingProxyType(dict(ADAPTERS))


def ours(name: str) -> Adapter:
    """The adapter of this name, whatever was put into `ADAPTERS` since."""
    return _OURS[name]
