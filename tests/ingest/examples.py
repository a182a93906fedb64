"""An example of each format, for the tests that all adapters must pass: files are made of its units."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.ingest.tables import parquet_of_text, sqlite_of_text
from tests.ingest.workbooks import workbook_of_text

_PERSON = """
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
properties = {{ name = "name", birthDate = {{ column = "born", format = [{formats}] }} }}
"""


@dataclass(frozen=True)
class Example:
    """An example of a format: good and bad units, and the bytes around them in a file.

    With `manifest` each unit in `good` makes records, and each in `unmapped` is a reject, but makes records with
    `mended`. Each unit in `unreadable` is a reject with both.
    """

    name: str
    manifest: str
    mended: str
    good: Sequence[bytes]
    unmapped: Sequence[bytes]
    unreadable: Sequence[bytes]
    before: bytes = b""
    between: bytes = b"\n"
    after: bytes = b"\n"
    numbered: bool = False  # places are the numbers of units, not of lines
    first: int = 1  # the place of the first unit, if places are numbers
    repeats: bool = True  # whether a unit can stand twice in a file, and they in any order
    pack: Callable[[bytes], bytes] = bytes  # makes a file of what else would be one

    @property
    def units(self) -> list[bytes]:
        """All of its units."""
        return [*self.good, *self.unmapped, *self.unreadable]

    def drawn(self, units: Sequence[bytes]) -> list[bytes]:
        """Units as a file can have them."""
        return [*units] if self.repeats else [unit for unit in self.units if unit in units]

    def file(self, units: Sequence[bytes]) -> bytes:
        """The bytes of a file of these units."""
        return self.pack(self.before + self.between.join(units) + self.after)


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
    "vis": Example(
        name="c.vis",
        manifest='adapter = "vis"\ndataset = "d"\n',
        mended='adapter = "vis"\ndataset = "d"\n[[files]]\npattern = "*"\nignore = ["mood", "shoe"]\n',
        before=b'{"layout": {"entities": [',
        between=b",\n",
        after=b'], "vertices": [{"id": "entity:1", "position": {"x": 1, "y": 0}}], "groupings": []}, "viewport": {}}',
        good=[
            b'{"id": "1", "schema": "Person", "properties": {"name": ["Ann"]}, "draft": false}',
            b'{"id": "2", "schema": "Ownership", "properties": {"owner": [{"id": "1", "properties": {}}], "asset": ["3"]}}',
        ],
        unmapped=[
            b'{"id": "3", "schema": "Person", "properties": {"shoe": [42]}}',
            b'{"id": "4", "schema": "Person", "mood": "good"}',
        ],
        unreadable=[b"{}", b'{"id": "5", "id": "6"}', b'"text"'],
        numbered=True,
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
    "parquet": Example(
        name="t.parquet",
        manifest=_table("parquet", "", _ISO),
        mended=_table("parquet", "", _BOTH),
        before=b"id,name,born\n",
        good=[b"1,Ann,1990-04-03", '2,"Жана\nLee",'.encode(), b'3,"B ""b""",1990-04-03'],
        unmapped=[b"4,Di,03/04/1990", b'5,"E\nd",13/04/1990'],
        unreadable=[b"7,G\0,"],
        numbered=True,
        pack=parquet_of_text,
    ),
    "sql": Example(
        name="t.db",
        manifest=_table("sql", "", _ISO),
        mended=_table("sql", "", _BOTH),
        before=b"id,name,born\n",
        good=[b"1,Ann,1990-04-03", '2,"Жана\nLee",'.encode(), b'3,"B ""b""",1990-04-03'],
        unmapped=[b"4,Di,03/04/1990", b'5,"E\nd",13/04/1990'],
        unreadable=[b"7,G\0,"],
        numbered=True,
        pack=sqlite_of_text,
    ),
    "xlsx": Example(
        name="t.xlsx",
        manifest=_table("xlsx", "", _ISO),
        mended=_table("xlsx", "", _BOTH),
        before=b"id,name,born\n",
        good=[b"1,Ann,1990-04-03", '2,"Жана\nLee",'.encode(), b'3,"B ""b""",1990-04-03'],
        unmapped=[b"4,Di,03/04/1990", b'5,"E\nd",13/04/1990'],
        unreadable=[b"6,Flo,,x", b"7,G\0,"],
        numbered=True,
        first=2,
        pack=workbook_of_text,
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
}
