"""Examples of tables that are no text, and of FollowTheMoney's other files."""

from collections.abc import Mapping

from tests.ingest.example import Example
from tests.ingest.tables import parquet_of_text, sqlite_of_text
from tests.ingest.workbooks import workbook_of_text

_PERSON = """
adapter = "{adapter}"
dataset = "d"
[[files]]
pattern = "*"
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
properties = {{ name = "name", birthDate = {{ column = "born", format = [{formats}] }} }}
"""


def _table(adapter: str, formats: str) -> str:
    return _PERSON.format(adapter=adapter, formats=formats)


_ISO, _BOTH = '"%Y-%m-%d"', '"%Y-%m-%d", "%d/%m/%Y"'

TABLES: Mapping[str, Example] = {
    "ftm-statements": Example(
        name="s.csv",
        manifest='adapter = "ftm-statements"\ndataset = "d"\n',
        mended='adapter = "ftm-statements"\ndataset = "d"\n[[files]]\npattern = "*"\nignore = ["external", "shoe"]\n',
        before=b'"canonical_id","entity_id","prop","schema","value","original_value","external","mood"\n',
        good=[
            b'"NK-1","a","name","Person","Ann","","false",""\n"NK-1","a","alias","Person","An\nna","","",""',
            b'"NK-2","b","owner","Ownership","NK-1","a","f",""\n"NK-2","b","asset","Ownership","NK-3","","",""',
        ],
        unmapped=[
            b'"NK-4","d","name","Company","Acme","ACME","true",""',
            b'"NK-5","e","shoe","Person","42","","",""\n"NK-5","e","name","Person","Bo","","",""',
        ],
        unreadable=[
            b'"NK-6","f","name"',
            b'"NK-7","","name","Person","G","","",""',
            b'"NK-8","h\xff","name","P","H","","",""',
        ],
        repeats=False,
    ),
    "parquet": Example(
        name="t.parquet",
        manifest=_table("parquet", _ISO),
        mended=_table("parquet", _BOTH),
        before=b"id,name,born\n",
        good=[b"1,Ann,1990-04-03", '2,"Жана\nLee",'.encode(), b'3,"B ""b""",1990-04-03'],
        unmapped=[b"4,Di,03/04/1990", b'5,"E\nd",13/04/1990'],
        unreadable=[b"7,G\0,"],
        numbered=True,
        pack=parquet_of_text,
    ),
    "sql": Example(
        name="t.db",
        manifest=_table("sql", _ISO),
        mended=_table("sql", _BOTH),
        before=b"id,name,born\n",
        good=[b"1,Ann,1990-04-03", '2,"Жана\nLee",'.encode(), b'3,"B ""b""",1990-04-03'],
        unmapped=[b"4,Di,03/04/1990", b'5,"E\nd",13/04/1990'],
        unreadable=[b"7,G\0,"],
        numbered=True,
        pack=sqlite_of_text,
    ),
    "vis": Example(
        name="c.vis",
        manifest='adapter = "vis"\ndataset = "d"\n',
        mended='adapter = "vis"\ndataset = "d"\n[[files]]\npattern = "*"\nignore = ["mood", "shoe"]\n',
        before=b'{"layout": {"entities": [',
        between=b",\n",
        after=b'], "vertices": [{"id": "entity:1", "position": {"x": 1, "y": 0}}], "groupings": []}, "viewport": {}}',
        good=[
            b'{"id": "1", "schema": "Person", "properties": {"name": ["Ann"]}, "draft": false}',
            b'{"id": "2", "schema": "Ownership", "properties": {"owner": [{"id": "1", "a": {}}], "asset": ["3"]}}',
        ],
        unmapped=[
            b'{"id": "3", "schema": "Person", "properties": {"shoe": [42]}}',
            b'{"id": "4", "schema": "Person", "mood": "good"}',
        ],
        unreadable=[b"{}", b'{"id": "5", "id": "6"}', b'"text"'],
        numbered=True,
    ),
    "xlsx": Example(
        name="t.xlsx",
        manifest=_table("xlsx", _ISO),
        mended=_table("xlsx", _BOTH),
        before=b"id,name,born\n",
        good=[b"1,Ann,1990-04-03", '2,"Жана\nLee",'.encode(), b'3,"B ""b""",1990-04-03'],
        unmapped=[b"4,Di,03/04/1990", b'5,"E\nd",13/04/1990'],
        unreadable=[b"6,Flo,,x", b"7,G\0,"],
        numbered=True,
        first=2,
        pack=workbook_of_text,
    ),
}
