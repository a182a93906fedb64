"""Examples of what phones, plates, travel documents and threat reports come in."""

from collections.abc import Mapping

from tests.ingest.example import Example


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

PHONES: Mapping[str, Example] = {
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
}
