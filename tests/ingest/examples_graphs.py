"""Examples of charts and networks."""

from collections.abc import Mapping, Sequence

from tests.ingest.example import Example

_YEAR, _YEAR_OR_DAY = '"%Y"', '"%Y", "%Y%m%d"'


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


GRAPHS: Mapping[str, Example] = {
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
}
