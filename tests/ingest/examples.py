"""An example of each format, for the tests that all adapters must pass: files are made of its units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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

    @property
    def units(self) -> list[bytes]:
        """All of its units."""
        return [*self.good, *self.unmapped, *self.unreadable]

    def file(self, units: Sequence[bytes]) -> bytes:
        """The bytes of a file of these units."""
        return self.before + self.between.join(units) + self.after


def _table(adapter: str, said: str, formats: str) -> str:
    return f'adapter = "{adapter}"\ndataset = "d"\n[[files]]\npattern = "*"\n{said}{_PERSON.format(formats=formats)}'


def _graph(formats: str) -> str:
    born = f'properties = {{ name = "name", birthDate = {{ column = "born", format = [{formats}] }} }}'
    return f'adapter = "neo4j-csv"\ndataset = "d"\n[labels.Person]\nschema = "Person"\n{born}\n'


_ISO, _BOTH = '"%Y-%m-%d"', '"%Y-%m-%d", "%d/%m/%Y"'


def _dated(adapter: str, said: str, formats: str) -> str:
    """A manifest for a format with a mapping of its own, which says how dates are written."""
    return f'adapter = "{adapter}"\ndataset = "d"\n[[files]]\npattern = "*"\nformat = [{formats}]\n{said}'


_MRZ = """adapter = "mrz"
dataset = "d"
[[files]]
pattern = "*"
ignore = ["size", "nationality", "birth", "sex", "expiry", "lines"{more}]
[[files.records]]
name = "p"
schema = "Person"
id = "{{issuer}}{{kind}}{{number}}"
properties = {{ lastName = "surname", firstName = "given" }}
"""

EXAMPLES: Mapping[str, Example] = {
    "anpr": Example(
        name="t.csv",
        manifest=_dated("anpr", "", '"iso"'),
        mended=_dated("anpr", "", '"iso", "%d/%m/%Y"'),
        before=b"Plate,Read Time,Camera,lat,lon,lane\n",
        good=[b"007,2026-04-03 10:00:00,9,52.1,4.9,2", '"Ж 1",2026-04-03,,,,'.encode()],
        unmapped=[b"AB1,03/04/2026,9,,,", b"AB2,13/04/2026,,52.1,4.9,"],
        unreadable=[b"AB3,2026-04-03,,52.1,,", b",2026-04-03,,,,", b"AB4", b"A\xff,,,,,", b"A\0,,,,,"],
    ),
    "case-uco": Example(
        name="c.json",
        manifest=_dated("case-uco", "", '"iso"'),
        mended=_dated("case-uco", "", '"iso", "%d/%m/%Y"'),
        before=b'{"@context": {"kb": "http://example.org/", "o": "urn:o/", "c": "urn:c/"}, "@graph": [',
        between=b",\n",
        after=b"]}",
        good=[
            b'{"@id": "kb:1", "@type": "o:PhoneAccount", "c:hasFacet": {"@type": "o:AccountFacet", "x:number": "1"}}',
            '{"@id": "kb:2", "@type": ["x:File"], "c:name": "Жана", "o:size": {"@type": "x:i", "@value": 7}}'.encode(),
        ],
        unmapped=[
            b'{"@id": "kb:3", "@type": "o:Call", "c:hasFacet": [{"@type": "o:CallFacet", "startTime": "03/04/1990",'
            b' "from": {"@id": "kb:1"}, "to": [{"@id": "kb:9"}]}]}',
            b'{"@id": "kb:4", "@type": "Person", "hasFacet": {"@type": "BirthInformation", "birthdate": "13/04/1990"}}',
        ],
        unreadable=[
            b"{}",
            b'"text"',
            b'{"@id": "kb:5", "@id": "kb:6"}',
            b'{"@id": "kb:7", "a:name": "x", "b:name": "y"}',
            b'{"@id": "kb:8", "c:name": "\\ud800"}',
            b'{"@id": "kb:8", "c:name": NaN}',
        ],
        numbered=True,
    ),
    "cdr": Example(
        name="t.csv",
        manifest=_dated("cdr", "", '"iso"'),
        mended=_dated("cdr", "", '"iso", "%d/%m/%Y"'),
        before=b"A number,B number,Call date,Cell ID,IMEI,Tariff\n",
        good=[b"0612345678,0201234567,2026-04-03,7,,x", '"Жана",,2026-04-03 10:00,7,490154203237518,'.encode()],
        unmapped=[b"0612345678,0201234567,03/04/2026,7,,", b"0612345678,,13/04/2026,,,"],
        unreadable=[b",,2026-04-03,,,", b"1,2", b"G\xff,,,,,", b"H\0,,,,,", b'"9"9,,,,,'],
    ),
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
    "stix": Example(
        name="b.json",
        manifest=_dated("stix", "", '"iso"'),
        mended=_dated("stix", "", '"iso", "%d/%m/%Y"'),
        before=b'{"type": "bundle", "id": "bundle--1", "objects": [',
        between=b",\n",
        after=b'], "spec_version": "2.0"}',
        good=[
            '{"type": "threat-actor", "id": "threat-actor--1", "name": "Жана", "created_by_ref": "i--9"}'.encode(),
            b'{"type": "x-own", "id": "x-own--2", "object_marking_refs": ["m--7"], "of": {"a": [1, true]}}',
        ],
        unmapped=[
            b'{"type": "campaign", "id": "campaign--3", "first_seen": "03/04/1990"}',
            b'{"type": "indicator", "id": "indicator--4", "valid_from": "13/04/1990"}',
        ],
        unreadable=[
            b"{}",
            b'"text"',
            b'{"type": "tool"}',
            b'{"id": "5", "id": "6"}',
            b'{"type": "tool", "id": "tool--6", "name": "\\u0000"}',
            b'{"type": "observed-data", "id": "o--7", "objects": {"0": []}}',
        ],
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
    "misp": Example(
        name="e.json",
        manifest=_dated("misp", "", '"iso"'),
        mended=_dated("misp", "", '"iso", "%d/%m/%Y"'),
        before=b'{"Event": {"uuid": "e", "date": "2026-03-01", "Tag": [{"name": "tlp:green"}], "Object": [',
        between=b",\n",
        after=b'], "distribution": "1"}}',
        good=[
            b'{"name": "file", "uuid": "1", "Attribute": [{"object_relation": "filename", "value": "x", "uuid": "a"}]}',
            '{"name": "person", "uuid": "2", "comment": "Жана", "Attribute": []}'.encode(),
        ],
        unmapped=[
            b'{"name": "person", "uuid": "3", "Attribute": [{"type": "date-of-birth", "value": "03/04/1990"}]}',
            b'{"name": "bank-account", "uuid": "4", "Attribute": [{"type": "opened", "value": "13/04/1990"}]}',
        ],
        unreadable=[
            b"{}",
            b'"text"',
            b'{"name": "file", "uuid": "5", "uuid": "6"}',
            b'{"name": "file", "uuid": "6", "Attribute": ["x"]}',
            b'{"name": "file", "uuid": "7", "comment": "\\ud800"}',
        ],
        numbered=True,
    ),
    "mrz": Example(
        name="d.txt",
        manifest=_MRZ.format(more=""),
        mended=_MRZ.format(more=', "optional"'),
        good=[
            b"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159<<<<<<<<<<<<<<08",
            b"V<UTOERIKSSON<<ANNA<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159<<<<<<<<",
        ],
        unmapped=[
            b"P<UTOERIKSSON<<INGA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
            b"V<UTOERIKSSON<<INGA<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ABC<<<<<",
        ],
        unreadable=[
            b"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408123F1204159<<<<<<<<<<<<<<08",
            b"V<UTOERIKSSON<<ANNA<<<<<<<<<<<<<<<<<\nL898902C36UTO7413121F1204159<<<<<<<<",
            b"V<UTOERIKSSON<<aNNA<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159<<<<<<<<",
            b"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        ],
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
