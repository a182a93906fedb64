"""An example of each format, for the tests that all adapters must pass: files are made of its units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ingest.adapters

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


def _usual(adapter: str, written: str = "", instead: str = "") -> str:
    """A manifest that says what the adapter's own one does, but for one text."""
    said = Path(ingest.adapters.__file__).with_name(f"{adapter.replace('-', '_')}.toml").read_text("utf-8")
    assert written in said
    return f'adapter = "{adapter}"\ndataset = "d"\n{said.replace(written, instead)}'


_ISO, _BOTH = '"%Y-%m-%d"', '"%Y-%m-%d", "%d/%m/%Y"'

EXAMPLES: Mapping[str, Example] = {
    "aml-tx": Example(
        name="t.csv",
        manifest=_usual("aml-tx"),
        mended=_usual("aml-tx", '["%Y/%m/%d %H:%M", ', '["%Y/%m/%d %H:%M", "%d.%m.%Y %H:%M", '),
        before=b"Timestamp,From Bank,Account,To Bank,Account,Amount Received,Receiving Currency,"
        b"Amount Paid,Payment Currency,Payment Format,Is Laundering\n",
        good=[
            b"2022/09/03 12:16,01,A1,02,B1,5.92,US Dollar,5.92,US Dollar,ACH,1",
            b'2022/09/03 12:16,01,A1,01,B1,5,Euro,"6",Thaler,Cash',
        ],
        unmapped=[b"03.09.2022 12:16,01,A1,02,B1,5.92,US Dollar,5.92,US Dollar,ACH,0"],
        unreadable=[b"2022/09/03 12:16,01,A1", b"2022/09/03 12:16,01,A1,02,B1,\xff,,,,,", b"a,b,c,d,e,f,g,h,i,j,k,l"],
    ),
    "amlsim": Example(
        name="t.csv",
        manifest=_usual("amlsim"),
        mended=_usual(
            "amlsim",
            'date = "tran_timestamp" }',
            'date = { column = "tran_timestamp", format = ["%Y-%m-%d", "%d.%m.%Y"] } }',
        ),
        before=b"tran_id,orig_acct,bene_acct,tx_type,base_amt,tran_timestamp,is_sar,alert_id\n",
        good=[
            b"1,10,11,TRANSFER,5.50,2017-01-01,False,-1",
            b"2,11,10,WIRE,7,2017-01-02,True,3",
            b'3,12,0,CASH-IN,"8",2017-01-02,False,-1',
        ],
        unmapped=[b"4,10,11,TRANSFER,5.50,03.01.2017,False,-1"],
        unreadable=[
            b"5,10,11",
            b",10,11,TRANSFER,5.50,2017-01-01,False,-1",
            b"6,10,,TRANSFER,5.50,2017-01-01,False,-1",
            b"7,10,\xff,WIRE,,,,",
        ],
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
    "iso20022": Example(
        name="c.xml",
        manifest=_usual(
            "iso20022", "purpose = [", 'endDate = { column = "RltdDts.TxDtTm", format = ["%Y-%m-%d"] }\npurpose = ['
        ),
        mended=_usual(
            "iso20022",
            "purpose = [",
            'endDate = { column = "RltdDts.TxDtTm", format = ["%Y-%m-%d", "%d.%m.%Y"] }\npurpose = [',
        ),
        before=b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        b"<GrpHdr><MsgId>M1</MsgId></GrpHdr><Stmt><Id>S1</Id><Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></Acct>"
        b'<Bal><Amt Ccy="EUR">5</Amt><CdtDbtInd>DBIT</CdtDbtInd></Bal><Ntry><Amt Ccy="EUR">9</Amt>'
        b"<CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-01-02</Dt></BookgDt><NtryDtls>",
        after=b"</NtryDtls><AddtlNtryInf>late</AddtlNtryInf></Ntry></Stmt></BkToCstmrStmt></Document>",
        good=[
            b"<TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs><RltdDts><TxDtTm>2026-01-01</TxDtTm></RltdDts></TxDtls>",
            "<TxDtls><RltdPties><Dbtr><Pty><Nm>Жана</Nm></Pty></Dbtr></RltdPties></TxDtls>".encode(),
            b"<TxDtls/>",
        ],
        unmapped=[b"<TxDtls><RltdDts><TxDtTm>01.01.2026</TxDtTm></RltdDts></TxDtls>"],
        unreadable=[
            b"<TxDtls><CdtDbtInd>?</CdtDbtInd></TxDtls>",
            b"<TxDtls><RltdPties><Dbtr><Id><PrvtId><DtAndPlcOfBirth><BirthDt>01.02.1990</BirthDt></DtAndPlcOfBirth>"
            b"</PrvtId></Id></Dbtr></RltdPties></TxDtls>",
        ],
        numbered=True,
    ),
    "mt940": Example(
        name="s.sta",
        manifest=_usual(
            "mt940", 'date = "day"', 'date = "day"\nendDate = { column = "supplementary", format = ["%Y"] }'
        ),
        mended=_usual(
            "mt940", 'date = "day"', 'date = "day"\nendDate = { column = "supplementary", format = ["%Y", "%d.%m.%Y"] }'
        ),
        before=b"ABNANL2A\n:20:R1\n:25:NL91ABNA0417164300\n:28C:5/1\n:60F:C110522EUR3236,28\n",
        after=b"\n:62F:C110523EUR876,84\n:86:all\n-\n",
        good=[
            b":61:1105240524D9,N192NONREF//X1\n:86:rent\nof May",
            b":61:1101021231RCR5,50NTRFREF\n2011\n:86:166?00GUT?20EREF+7?31DE89370400440532013000?32Ann",
            ":61:110524C1,NTRFNONREF\n:86:/IBAN/NL91ABNA0417164300/NAME/Жана/REMI/rent/".encode(),
        ],
        unmapped=[b":61:1105240524D9,50N192NONREF//X1\n03.04.2011\n:86:rent"],
        unreadable=[
            b":61:1105240524D9,N192NONREF\n:25:166?00GUT",
            b":61:1102300524D9,N192NONREF",
            b":61:1105240524D9,1,1N192NONREF",
            b":61:x",
            b":61:1105240524D9,N192NONREF\n:86:\xff",
            b":61:1105240524D9,N192NONREF\n:86:\0",
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
