"""The signs of all formats, by adapter: what `ingest load` goes by if nobody names an adapter.

To add a format, add its adapter with a sign or several; `ingest.detection.signs` has kinds for XML, JSON, JSON lines,
tables, texts, magic bytes and zips, and `By` for a function of your own.
"""

from collections.abc import Mapping, Sequence

from ingest.detection.general import (
    csv_table,
    json_document,
    json_lines,
    neo4j_header,
    url_of_database,
    xml_document,
)
from ingest.detection.signs import By, Header, Json, Lines, Magic, Member, Sign

SIGNS: Mapping[str, Sequence[Sign]] = {
    "csv": [By(csv_table)],
    "ftm": [Lines("FollowTheMoney entities, one a line", {"id": "", "schema": r"\w+", "properties": ""})],
    "ftm-statements": [
        Header("FollowTheMoney statements", ["canonical_id", "entity_id", "prop", "schema", "value"]),
        Header("FollowTheMoney statements, packed", ["entity_id", "prop", "value", "dataset", "original_value"]),
    ],
    "json": [By(json_document)],
    "jsonl": [By(json_lines)],
    "neo4j-csv": [
        By(neo4j_header),
    ],
    "parquet": [Magic("a Parquet file", b"PAR1")],
    "sql": [Magic("a database of SQLite", b"SQLite format 3\0"), By(url_of_database)],
    "vis": [Json("a network diagram of Aleph", {"layout.entities.schema": r"\w+", "layout.entities.properties": ""})],
    "xlsx": [Member("an Excel workbook", "xl/workbook.xml")],
    "xml": [By(xml_document)],
}
