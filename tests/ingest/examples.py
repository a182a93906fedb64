"""An example of each format, for the tests that all adapters must pass: files are made of its units."""

from collections.abc import Mapping

from tests.ingest.example import Example
from tests.ingest.examples_graphs import GRAPHS
from tests.ingest.examples_lists import LISTS
from tests.ingest.examples_money import MONEY
from tests.ingest.examples_phones import PHONES
from tests.ingest.examples_tables import TABLES

_PERSON = """
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
properties = {{ name = "name", birthDate = {{ column = "born", format = [{formats}] }} }}
"""


def _table(adapter: str, said: str, formats: str) -> str:
    return f'adapter = "{adapter}"\ndataset = "d"\n[[files]]\npattern = "*"\n{said}{_PERSON.format(formats=formats)}'


def _graph(formats: str) -> str:
    born = f'properties = {{ name = "name", birthDate = {{ column = "born", format = [{formats}] }} }}'
    return f'adapter = "neo4j-csv"\ndataset = "d"\n[labels.Person]\nschema = "Person"\n{born}\n'


_ISO, _BOTH = '"%Y-%m-%d"', '"%Y-%m-%d", "%d/%m/%Y"'


EXAMPLES: Mapping[str, Example] = {
    "csv": Example(
        name="t.csv",
        manifest=_table("csv", "line_breaks = 1\n", _ISO),
        mended=_table("csv", "line_breaks = 1\n", _BOTH),
        before=b"id,name,born\n",
        good=[b"1,Ann,1990-04-03", '2,"Жана\nLee",'.encode(), b'3,"B ""b""",1990-04-03'],
        unmapped=[b"4,Di,03/04/1990", b'5,"E\nd",13/04/1990'],
        unreadable=[b"6,Flo", b"7,G\xff,", b"8,H\0,", b'9,"I\n\n\ni",'],
    ),
    "ftm": Example(
        name="e.json",
        manifest='adapter = "ftm"\ndataset = "d"\n',
        mended='adapter = "ftm"\ndataset = "d"\n[[files]]\npattern = "*"\nignore = ["shoe", "height"]\n',
        good=[
            b'{"id": "1", "schema": "Person", "properties": {"name": ["Ann"], "parent": ["2"]}}',
            b'{"id": "2", "schema": "Ownership", "properties": {"owner": "1", "asset": ["3"]}, "caption": "x"}',
        ],
        unmapped=[
            b'{"id": "3", "schema": "Person", "properties": {"shoe": [42, null, {"x": "\\u0000\\ud800"}]}}',
            b'{"id": "4", "schema": "Person", "properties": {"name": ["Di"], "height": [true]}}',
        ],
        unreadable=[b"{}", b'{"id": "5"}', b'{"id": "5", "schema": "Person"', b"[1]", b'{"id": "\xff"}'],
    ),
    "json": Example(
        name="e.json",
        manifest=_table("json", 'units = ["persons"]\n', _ISO),
        mended=_table("json", 'units = ["persons"]\nignore = ["more"]\n', _BOTH),
        before=b'{"of": {"x": [1.50, true, null]}, "persons": [',
        between=b",\n",
        after=b'], "late": "\xc3\xa9"}',
        good=[b'{"id": 1, "name": ["Ann", " Anna "], "born": null}', '{"id": "2", "name": "Жана"}'.encode()],
        unmapped=[
            b'{"id": 3, "born": "03/04/1990"}',
            b'{"id": 4, "name": [], "more": {"a": [{"b": [1.50, true]}, {}]}}',
        ],
        unreadable=[b'{"id": 5, "id": 6}', b'{"id": NaN}', b'"text"', b'{"id": "\\u0000"}', b'{"id": "\\ud800"}'],
        numbered=True,
    ),
    "jsonl": Example(
        name="e.jsonl",
        manifest=_table("jsonl", "", _ISO),
        mended=_table("jsonl", 'ignore = ["more"]\n', _BOTH),
        good=[b'{"id": 1, "name": ["Ann", " Anna "], "born": null}', '{"id": "2", "name": "Жана"}'.encode()],
        unmapped=[
            b'{"id": 3, "born": "03/04/1990"}',
            b'{"id": 4, "name": [], "more": {"a": [{"b": [1.50, true]}, {}]}}',
        ],
        unreadable=[b"[1]", b'{"id": NaN}', b'{"id": 5, "id": 6}', b'{"id": "\\u0000"}', b'{"\\ud800": 1}', b"\xff"],
    ),
    "neo4j-csv": Example(
        name="n.csv",
        manifest=_graph(_ISO),
        mended=_graph(_BOTH),
        before=b":ID(P),name,born,tags:string[],at:datetime{timezone:Europe/Sofia},:LABEL\n",
        good=[b"1,Ann,1990-04-03,,,Person", b"2,Bo,,,,Person;Officer", b"3,Cy,,,,Ship"],
        unmapped=[b"4,Di,03/04/1990,,,Person"],
        unreadable=[b",Ed,,,,Person", b"5,Flo", b"6,G\xff,,,,", b'7,"H"x,,,,'],
    ),
    "xml": Example(
        name="e.xml",
        manifest=_table("xml", 'units = ["p"]\n', _ISO),
        mended=_table("xml", 'units = ["p"]\nignore = ["more"]\n', _BOTH),
        before=b'<?xml version="1.0"?><!-- <p/> --><all at="1"><of x="1.50">&lt;\xc3\xa9</of><list>',
        after=b"</list><late/></all>",
        good=[
            b"<p><id>1</id><name>Ann</name><name> Anna </name><born/></p>",
            "<p><id>2</id><name>Жана</name></p>".encode(),
        ],
        unmapped=[b"<p><id>3</id><born>03/04/1990</born></p>", b'<p><id>4</id><more a="1">x<p>y</p></more></p>'],
        unreadable=[b"<p/>", b"<p>text</p>", b"<p><id><a>1</a></id></p>"],
        numbered=True,
    ),
    **GRAPHS,
    **LISTS,
    **MONEY,
    **PHONES,
    **TABLES,
}
