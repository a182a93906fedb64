"""Examples of lists of people and companies."""

from collections.abc import Mapping

from tests.ingest.example import Example

_ISO, _BOTH = '"%Y-%m-%d"', '"%Y-%m-%d", "%d/%m/%Y"'


def _mapped(adapter: str, ident: str, name: str, born: str, ignored: str, formats: str) -> str:
    """A manifest that maps a person with an id, a name and a birth date."""
    return f"""
adapter = "{adapter}"
dataset = "d"
[[files]]
pattern = "*"
ignore = [{ignored}]
[[files.records]]
name = "person"
schema = "Person"
id = "{{{ident}}}"
properties = {{ name = "{name}", birthDate = {{ column = "{born}", format = [{formats}] }} }}
"""


def _both(adapter: str, columns: tuple[str, str, str], ignored: str, more: str) -> tuple[str, str]:
    """A manifest, and one that maps more."""
    wrong = _mapped(adapter, *columns, ignored, _ISO)
    return wrong, _mapped(adapter, *columns, f"{ignored}, {more}", _BOTH)


def _card(text: str) -> bytes:
    return f"BEGIN:VCARD\nVERSION:3.0\n{text}\nEND:VCARD".encode("utf-8", "surrogateescape")


def _entry(number: str, name: str, title: str = "-0- ", kind: str = "-0- ", remarks: str = "-0- ") -> bytes:
    """A row of sdn.csv, with the type of a vessel if the number is 5."""
    vessel = '"Tug"' if number == "5" else "-0- "
    cells = [number, f'"{name}"', kind, '"CUBA"', title, "-0- ", vessel, "-0- ", "-0- ", "-0- ", "-0- ", remarks]
    return ",".join(cells).encode("utf-8", "surrogateescape")


_OFAC = _both(
    "ofac-csv", ("ent_num", "name", "title"), '"program", "type", "remarks", "dob", "linked"', '"vessel_type"'
)
_UN = _both("un-xml", ("REFERENCE_NUMBER", "FIRST_NAME", "LISTED_ON"), '"UN_LIST_TYPE"', '"more"')
_FBI = _both("fbi-wanted", ("uid", "title", "publication"), '"about", "capacity", "name", "sex"', '"more"')
_VCARD = _both("vcard", ("id", "names", "REV"), '"VERSION", "UID", "about"', '"TEL"')
_PSC = _both(
    "psc",
    ("self", "full_name", "notified_on"),
    '"company_number", "kind", "links", "who", "born", "shares", "control"',
    '"more"',
)
_GLEIF = _both("gleif", ("LEI", "Entity.LegalName", "Entity.EntityCreationDate"), '"Entity.LegalName.@lang"', '"More"')
_BODS = _both(
    "bods",
    ("recordId", "recordDetails.names.fullName", "statementDate"),
    '"recordType", "history"',
    '"recordDetails.more"',
)
_SELF = b'"links": {"self": "/company/1/persons-with-significant-control/individual/'
_KIND = b'"data": {"kind": "individual-person-with-significant-control", '

LISTS: Mapping[str, Example] = {
    "ofac-csv": Example(
        name="sdn.csv",
        manifest=_OFAC[0],
        mended=_OFAC[1],
        good=[
            _entry("1", "ANN LTD"),
            _entry("2", "Жана", '"1990-04-03"', '"individual"', '"DOB 12 Jan 1961; Linked To: ANN LTD."'),
        ],
        unmapped=[_entry("4", "DI", '"03/04/1990"'), _entry("5", "TUG")],
        unreadable=[b'6,"FLO"', _entry("7", "G\udcff"), _entry("x", "H"), _entry("9", "I\0"), _entry("10", 'J"K')],
    ),
    "un-xml": Example(
        name="list.xml",
        manifest=_UN[0],
        mended=_UN[1],
        before=b'<?xml version="1.0"?><CONSOLIDATED_LIST dateGenerated="2026-01-01"><INDIVIDUALS>',
        between=b"",
        after=b"</INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>",
        good=[
            b"<INDIVIDUAL><REFERENCE_NUMBER>XXi.1</REFERENCE_NUMBER><FIRST_NAME>Ann</FIRST_NAME>"
            b"<UN_LIST_TYPE>X</UN_LIST_TYPE><LISTED_ON>1990-04-03</LISTED_ON></INDIVIDUAL>",
            "<ENTITY><REFERENCE_NUMBER>XXe.2</REFERENCE_NUMBER><FIRST_NAME>Жана</FIRST_NAME></ENTITY>".encode(),
        ],
        unmapped=[
            b"<INDIVIDUAL><REFERENCE_NUMBER>XXi.3</REFERENCE_NUMBER><LISTED_ON>03/04/1990</LISTED_ON></INDIVIDUAL>",
            b"<INDIVIDUAL><REFERENCE_NUMBER>XXi.4</REFERENCE_NUMBER><more>x</more></INDIVIDUAL>",
        ],
        unreadable=[b"<INDIVIDUAL/>", b"<ENTITY><REFERENCE_NUMBER><a>1</a></REFERENCE_NUMBER></ENTITY>"],
        numbered=True,
    ),
    "fbi-wanted": Example(
        name="wanted.json",
        manifest=_FBI[0],
        mended=_FBI[1],
        before=b'{"total": 9, "items": [',
        between=b",\n",
        after=b'], "page": 1}',
        good=[
            b'{"uid": "1", "title": "ANN", "sex": "Female", "publication": "1990-04-03"}',
            '{"uid": "2", "title": "ЖАНА"}'.encode(),
        ],
        unmapped=[
            b'{"uid": "3", "title": "DI", "publication": "03/04/1990"}',
            b'{"uid": "4", "title": "ED", "more": {"a": [1.50, true]}}',
        ],
        unreadable=[b'{"uid": 5, "uid": 6}', b'{"uid": NaN}', b'"text"', b'{"uid": "\\u0000"}', b"{}"],
        numbered=True,
    ),
    "vcard": Example(
        name="book.vcf",
        manifest=_VCARD[0],
        mended=_VCARD[1],
        between=b"\n\n",
        good=[_card("UID:1\nFN:Ann\nREV:1990-04-03"), _card("UID:urn:uuid:2\nFN:Жа\n на")],
        unmapped=[_card("UID:3\nFN:Di\nREV:03/04/1990"), _card("UID:4\nTEL;TYPE=cell:5")],
        unreadable=[
            b"stray",
            _card("UID:5\nno colon"),
            _card("UID:6\nFN:\udcff"),
            _card("UID:7\nFN:I\0"),
            b"BEGIN:VCARD\nVERSION:9.0\nEND:VCARD",
        ],
    ),
    "psc": Example(
        name="psc.txt",
        manifest=_PSC[0],
        mended=_PSC[1],
        good=[
            b'{"company_number": "1", ' + _KIND + b'"name": "Ann", "notified_on": "1990-04-03", ' + _SELF + b'1"}}}',
            b'{"company_number": "1", ' + _KIND + '"name": "Жана", '.encode() + _SELF + b'2"}}}',
        ],
        unmapped=[
            b'{"company_number": "1", ' + _KIND + b'"notified_on": "03/04/1990", ' + _SELF + b'3"}}}',
            b'{"company_number": "1", ' + _KIND + b'"more": [{"a": 1.50}], ' + _SELF + b'4"}}}',
        ],
        unreadable=[b"[1]", b'{"data": NaN}', b'{"company_number": "1"}', b'{"data": {"kind": "x"}}', b"\xff"],
    ),
    "gleif": Example(
        name="lei.xml",
        manifest=_GLEIF[0],
        mended=_GLEIF[1],
        before=b'<l:LEIData xmlns:l="x"><l:LEIHeader><l:RecordCount>2</l:RecordCount></l:LEIHeader><l:LEIRecords>',
        between=b"\n",
        after=b"</l:LEIRecords></l:LEIData>",
        good=[
            b'<l:LEIRecord><l:LEI>1</l:LEI><l:Entity><l:LegalName xml:lang="en">Ann</l:LegalName>'
            b"<l:EntityCreationDate>1990-04-03</l:EntityCreationDate></l:Entity></l:LEIRecord>",
            "<l:LEIRecord><l:LEI>2</l:LEI><l:Entity><l:LegalName>Жана</l:LegalName></l:Entity></l:LEIRecord>".encode(),
        ],
        unmapped=[
            b"<l:LEIRecord><l:LEI>3</l:LEI><l:Entity><l:EntityCreationDate>03/04/1990</l:EntityCreationDate>"
            b"</l:Entity></l:LEIRecord>",
            b'<l:LEIRecord><l:LEI>4</l:LEI><More a="1">x</More></l:LEIRecord>',
        ],
        unreadable=[b"<l:LEIRecord/>", b"<l:LEIRecord><l:LEI><a>1</a></l:LEI></l:LEIRecord>"],
        numbered=True,
    ),
    "bods": Example(
        name="statements.json",
        manifest=_BODS[0],
        mended=_BODS[1],
        before=b"[",
        between=b",\n",
        after=b"]",
        good=[
            b'{"recordId": "1", "recordType": "person", "recordDetails": {"names": [{"fullName": "Ann"}]},'
            b' "statementDate": "1990-04-03"}',
            '{"recordId": "2", "recordType": "person", "recordDetails": {"names": [{"fullName": "Жана"}]}}'.encode(),
        ],
        unmapped=[
            b'{"recordId": "3", "recordType": "person", "statementDate": "03/04/1990"}',
            b'{"recordId": "4", "recordType": "person", "recordDetails": {"more": [{"a": 1.50}]}}',
        ],
        unreadable=[b"{}", b'{"recordId": NaN}', b'"text"', b'{"statementType": "x", "statementID": "y"}'],
        numbered=True,
    ),
}
