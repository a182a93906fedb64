"""Tables, documents, and the files of FollowTheMoney."""

from collections.abc import Mapping

from ingest.adapters import (
    csv_table,
    ftm,
    ftm_statements,
    json_document,
    jsonl,
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
from ingest.formats.adapter import Adapter
from ingest.recount import (
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

TABLES: Mapping[str, Adapter] = {
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
        version=3,
        about="FollowTheMoney entities, one JSON object a line, or a delta of them",
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
        confined=True,
    ),
    "xml": Adapter(
        version=1,
        about="an XML document: the elements at a path of names, which a manifest maps to records",
        units="elements",
        read=xml_document.read,
        count=count_units,
        gives="rows",
        confined=True,
    ),
}
