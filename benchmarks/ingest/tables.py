"""Files of tables, and of FollowTheMoney's entities."""

import csv
import json
import sqlite3
from collections import deque
from collections.abc import Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.ingest.forms import (
    PERSON,
    Form,
    document_of,
    elements_of,
    lines_of,
    mapped,
    person,
    person_mapped,
    persons,
    rows_of,
    texts,
)
from benchmarks.ingest.invented import Invented

_GROUP = 10_000


def _row(invented: Invented, number: int) -> str:
    return ",".join(person(invented, number))


def _object(invented: Invented, number: int) -> str:
    return json.dumps(dict(zip(PERSON, person(invented, number), strict=True)))


def _element(invented: Invented, number: int) -> str:
    said = zip(PERSON, person(invented, number), strict=True)
    return f"<p>{''.join(f'<{name}>{text}</{name}>' for name, text in said)}</p>"


def _entity(invented: Invented, number: int) -> dict[str, Any]:
    _, name, born, country, phone, town = person(invented, number)
    said = {"name": [name], "birthDate": [born], "nationality": [country], "phone": [phone], "address": [town]}
    return {"id": f"e{number}", "schema": "Person", "properties": said}


def _line(invented: Invented, number: int) -> str:
    return json.dumps(_entity(invented, number))


def _statements(invented: Invented, number: int) -> str:
    said = _entity(invented, number)["properties"]
    return "\n".join(f"NK-{number},e{number},{name},Person,{value},,,case" for name, (value,) in said.items())


def _vertex(invented: Invented, number: int) -> str:
    return json.dumps({**_entity(invented, number), "draft": False})


def _call(invented: Invented, number: int) -> str:
    said = (
        invented.phone(),
        invented.phone(),
        invented.moment(),
        str(number % 600),
        str(20_000 + invented.thing() % 900),
    )
    return ",".join(said)


def _plate(invented: Invented, number: int) -> str:
    camera = invented.number(200)
    return f"AB{invented.thing():05}C,{invented.moment()},C{camera},52.{camera:03},4.{camera:03}"


def _paid(invented: Invented, number: int) -> str:
    moment = invented.moment()[:16].replace("-", "/").replace("T", " ")
    amount = invented.amount()
    accounts = f"0{invented.number(9)},A{invented.thing()},0{invented.number(9)},A{invented.thing()}"
    return f"{moment},{accounts},{amount},Euro,{amount},Euro,ACH,0"


def _simulated(invented: Invented, number: int) -> str:
    return f"{number},{invented.thing()},{invented.thing()},TRANSFER,{invented.amount()},{invented.day()},False,-1"


def _workbook(path: Path, units: int) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("persons")
    sheet.append(PERSON)
    for row in persons(units):
        sheet.append(row)
    book.save(path)


def _sheet_of(path: Path) -> None:
    from openpyxl import load_workbook

    with closing(load_workbook(path, read_only=True)) as book:
        deque(book.active.iter_rows(values_only=True), 0)


def _parquet(path: Path, units: int) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema([(name, pa.string()) for name in PERSON])
    rows = persons(units)
    with parquet.ParquetWriter(path, schema) as writer:
        while group := list(islice(rows, _GROUP)):
            columns = [pa.array(column) for column in zip(*group, strict=True)]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))


def _parquet_of(path: Path) -> None:
    from pyarrow import parquet

    for batch in parquet.ParquetFile(path).iter_batches():
        batch.to_pylist()


def _database(path: Path, units: int) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE persons (id, name, born, country, phone, town)")
        db.executemany("INSERT INTO persons VALUES (?, ?, ?, ?, ?, ?)", persons(units))


def _database_of(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        deque(db.execute("SELECT * FROM persons"), 0)


def _nodes(path: Path, units: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([":ID", "name", "birthDate", "nationality", "phone", "address", ":LABEL"])
        rows.writerows((*row, "Person") for row in persons(units))


_LABELLED = """
[labels.Person]
schema = "Person"
[labels.Person.properties]
name = "name"
birthDate = "birthDate"
nationality = "nationality"
phone = "phone"
address = "address"
"""
_TOLD = 'country = "NL"\ntimezone = "Europe/Amsterdam"\n'
_PAID = "Timestamp,From Bank,Account,To Bank,Account,Amount Received,Receiving Currency,Amount Paid,Payment Currency,"

TABLES: Mapping[str, Form] = {
    "csv": Form("t.csv", texts(_row, ",".join(PERSON) + "\n"), person_mapped("csv"), rows_of),
    "json": Form(
        "t.json",
        texts(_object, '{"persons": [', ",\n", "]}"),
        person_mapped("json", 'units = ["persons"]'),
        document_of,
    ),
    "jsonl": Form("t.jsonl", texts(_object), person_mapped("jsonl"), lines_of),
    "xml": Form("t.xml", texts(_element, "<all>", "\n", "</all>"), person_mapped("xml", 'units = ["p"]'), elements_of),
    "xlsx": Form("t.xlsx", _workbook, person_mapped("xlsx"), _sheet_of),
    "parquet": Form("t.parquet", _parquet, person_mapped("parquet"), _parquet_of),
    "sql": Form("t.db", _database, person_mapped("sql"), _database_of),
    "neo4j-csv": Form("t.csv", _nodes, 'adapter = "neo4j-csv"\n' + _LABELLED, rows_of),
    "ftm": Form("t.ftm.json", texts(_line), plain=lines_of),
    "ftm-statements": Form(
        "t.csv",
        texts(_statements, "canonical_id,entity_id,prop,schema,value,original_value,external,dataset\n"),
        plain=rows_of,
    ),
    "vis": Form(
        "t.vis",
        texts(_vertex, '{"layout": {"entities": [', ",\n", '], "vertices": [], "groupings": []}, "viewport": {}}'),
        plain=document_of,
    ),
    "cdr": Form("t.csv", texts(_call, "caller,receiver,start time,duration,cell id\n"), mapped("cdr", _TOLD), rows_of),
    "anpr": Form("t.csv", texts(_plate, "plate,time,camera,lat,lon\n"), mapped("anpr", _TOLD), rows_of),
    "aml-tx": Form("t.csv", texts(_paid, f"{_PAID}Payment Format,Is Laundering\n"), plain=rows_of),
    "amlsim": Form(
        "t.csv",
        texts(_simulated, "tran_id,orig_acct,bene_acct,tx_type,base_amt,tran_timestamp,is_sar,alert_id\n"),
        plain=rows_of,
    ),
}
