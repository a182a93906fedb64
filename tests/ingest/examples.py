"""An example of each format, for the tests that all adapters must pass: files are made of its units."""

from collections.abc import Callable, Mapping, Sequence
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

    The units of a graph are its links; its nodes are units too, all of which make records. `arranged` makes a file of
    units that do not follow one another, such as the cells of a matrix.
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
    nodes: int = 0  # how many nodes stand before the units
    arranged: Callable[[Sequence[bytes]], bytes] | None = None

    @property
    def units(self) -> list[bytes]:
        """All of its units."""
        return [*self.good, *self.unmapped, *self.unreadable]

    def file(self, units: Sequence[bytes]) -> bytes:
        """The bytes of a file of these units."""
        if self.arranged:
            return self.arranged(units)
        return self.before + self.between.join(units) + self.after


def _table(adapter: str, said: str, formats: str) -> str:
    return f'adapter = "{adapter}"\ndataset = "d"\n[[files]]\npattern = "*"\n{said}{_PERSON.format(formats=formats)}'


def _network(adapter: str, formats: str) -> str:
    """A link's value is a year, so that it can be one that is not as declared."""
    at = f'properties = {{ startDate = {{ column = "weight", format = [{formats}] }} }}'
    ends = 'source = "subject"\ntarget = "object"'
    return f'adapter = "{adapter}"\ndataset = "d"\n[types."*"]\nschema = "DirectedLink"\n{ends}\n{at}\n'


def _square(cells: Sequence[bytes]) -> bytes:
    """A matrix whose cells above its diagonal are these, row by row, with a last row of zeros."""
    size = 2
    while size * (size - 1) // 2 < len(cells):
        size += 1
    left, labels = list(cells), [b"n%d" % number for number in range(size)]
    lines = [b",".join([b"", *labels])]
    for row, label in enumerate(labels):
        above = [left.pop(0) if left else b"0" for _ in range(row + 1, size)]
        lines.append(b",".join([label, *[b"0"] * (row + 1), *above]))
    return b"\n".join(lines) + b"\n"


def _graph(formats: str) -> str:
    born = f'properties = {{ name = "name", birthDate = {{ column = "born", format = [{formats}] }} }}'
    return f'adapter = "neo4j-csv"\ndataset = "d"\n[labels.Person]\nschema = "Person"\n{born}\n'


def _usual(adapter: str, written: str = "", instead: str = "") -> str:
    """A manifest that says what the adapter's own one does, but for one text."""
    said = Path(ingest.adapters.__file__).with_name(f"{adapter.replace('-', '_')}.toml").read_text("utf-8")
    assert written in said
    return f'adapter = "{adapter}"\ndataset = "d"\n{said.replace(written, instead)}'


_ISO, _BOTH = '"%Y-%m-%d"', '"%Y-%m-%d", "%d/%m/%Y"'
_YEAR, _YEAR_OR_DAY = '"%Y"', '"%Y", "%Y%m%d"'

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
    "anx": Example(
        name="c.anx",
        manifest=_network("anx", _YEAR),
        mended=_network("anx", _YEAR_OR_DAY),
        before="<Chart><AttributeClassCollection><AttributeClass Id='ID9' Name='weight'/></AttributeClassCollection>"
        "<ChartItemCollection>"
        "<ChartItem Id='ID1' Label='Ann'><End><Entity EntityId='1' Identity='Ж'/></End></ChartItem>"
        "<ChartItem Id='ID2'><End><Entity EntityId='2' Identity='b'/></End></ChartItem>".encode(),
        good=[
            b"<ChartItem><Link End1Id='1' End2Id='2'><LinkStyle ArrowStyle='ArrowOnHead'/></Link></ChartItem>",
            b"<ChartItem><Link End1Reference='ID2' End2Reference='ID1'><LinkStyle ArrowStyle='ArrowOnTail'/></Link>"
            b"<AttributeCollection><Attribute AttributeClassReference='ID9' Value='1990'/></AttributeCollection>"
            b"</ChartItem>",
        ],
        unmapped=[
            b"<ChartItem><Link End1Id='1' End2Id='2'><LinkStyle ArrowStyle='ArrowOnBoth'/></Link><AttributeCollection>"
            b"<Attribute AttributeClass='weight' Value='19900403'/></AttributeCollection></ChartItem>",
        ],
        unreadable=[
            b"<ChartItem><Link End1Id='1' End2Id='9'/></ChartItem>",
            b"<ChartItem><Link/></ChartItem>",
            b"<ChartItem Label='x'/>",
            b"<ChartItem><End><Entity/></End></ChartItem>",
        ],
        after=b"</ChartItemCollection></Chart>",
        numbered=True,
        nodes=2,
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
    "dl": Example(
        name="t.dl",
        manifest=_network("dl", _YEAR),
        mended=_network("dl", _YEAR_OR_DAY),
        before='DL n=3, format = edgelist1\nlabels:\nAnn,"B o" Жана\ndata:\n'.encode(),
        good=[b"1 2 1990", b"2, 3", b"  3 1 1991"],
        unmapped=[b"1 3 19900403"],
        unreadable=[b"1", b"1 4", b"a 1", b"1 2 x", b"1 2 3 4", b"1 2 \xff", b"1 2 \0"],
        nodes=3,
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
    "gexf": Example(
        name="g.gexf",
        manifest=_network("gexf", _YEAR),
        mended=_network("gexf", _YEAR_OR_DAY),
        before="<gexf version='1.3'><graph defaultedgetype='directed'><attributes class='edge'>"
        "<attribute id='0' title='weight' type='long'/></attributes><nodes><node id='a' label='Ann'/><node id='Ж'/>"
        "</nodes><edges>".encode(),
        good=[b"<edge source='a' target='b'/>", "<edge source='a' target='Ж' weight='1990'/>".encode()],
        unmapped=[
            b"<edge source='a' target='b'><attvalues><attvalue for='0' value='19900403'/></attvalues></edge>",
            b"<edge source='a' target='b' weight='19900404'></edge>",
        ],
        unreadable=[b"<edge/>", b"<edge source='a' target=' '>text</edge>"],
        after=b"</edges></graph></gexf>",
        numbered=True,
        nodes=2,
    ),
    "graphml": Example(
        name="g.graphml",
        manifest=_network("graphml", _YEAR),
        mended=_network("graphml", _YEAR_OR_DAY),
        before="<graphml xmlns='http://graphml.graphdrawing.org/xmlns'><key id='w' for='edge' attr.name='weight'/>"
        "<graph edgedefault='directed'><node id='a'/><node id='Ж'/>".encode(),
        good=[
            b"<edge source='a' target='b'/>",
            "<edge source='a' target='Ж'><data key='w'> 1990 </data></edge>".encode(),
        ],
        unmapped=[b"<edge source='a' target='b'><data key='w'>19900403</data></edge>"],
        unreadable=[b"<edge/>", b"<edge source='a' target=' '>text</edge>"],
        after=b"<data key='d'>1</data></graph></graphml>",
        numbered=True,
        nodes=2,
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
    "node-link": Example(
        name="g.json",
        manifest=_network("node-link", _YEAR),
        mended=_network("node-link", _YEAR_OR_DAY),
        before='{"directed": true, "nodes": [{"id": "a", "label": "Ann"}, {"id": "Жана"}], "links": ['.encode(),
        good=[b'{"source": "a", "target": "b"}', '{"source": "a", "target": "Жана", "weight": 1990}'.encode()],
        unmapped=[b'{"source": "a", "target": "b", "weight": 19900403}'],
        unreadable=[b"{}", b"1", b'{"source": "a"}', b'{"source": {}, "target": "a"}', b'{"source": 1, "source": 2}'],
        between=b",\n",
        after=b"]}\n",
        numbered=True,
        nodes=2,
    ),
    "pajek": Example(
        name="t.net",
        manifest=_network("pajek", _YEAR),
        mended=_network("pajek", _YEAR_OR_DAY),
        before='*Vertices 4\n1 "Ann" 0.1 0.2\n2 "B o"\n3 Жана ic Red\n*Arcs :1 "knows"\n'.encode(),
        good=[b"1 2 1990 c Blue", b" 2 3 1991 w 2", b"3 4"],
        unmapped=[b"1 3 19900403"],
        unreadable=[b"1", b"1 5", b"a 1", b'1 2 1 l "x', b"1 2 1 l \xff", b"1 2 \0"],
        nodes=4,
    ),
    "square-csv": Example(
        name="m.csv",
        manifest=_network("square-csv", _YEAR),
        mended=_network("square-csv", _YEAR_OR_DAY),
        good=[b"1990", b"1991"],
        unmapped=[b"19900403"],
        unreadable=[b"x", b"1.2.3"],
        arranged=_square,
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
}
