"""A unit of a graph, read alone between what stood around it, is the same unit: so that it can be replayed."""

from collections.abc import Iterator

import pytest

from ingest.account import Account
from ingest.formats import ADAPTERS
from ingest.manifest import FileSpec
from ingest.shapes import Frame, Item, Left, Link, Node, Reject
from tests.ingest.graphs import Memory

FILES = [
    ("pajek", '*Vertices 3\n1 "Ann" 0.1\n2 "B o"\n3\n*Arcs :1 "knows"\n1 2 3\n*Edges\n2 3\n1 2 l "x'),
    ("pajek", "*Vertices 3\n1 a\n2 b\n3 c\n*Arcslist :2\n1 2 3 4\n*Edgeslist\n2 1\n"),
    ("pajek", '*Vertices 3 1\n1 "Ann"\n2 b\n3 c\n*Matrix :1 "goes to"\n1 x\n'),
    ("pajek", "*Vertices 2\n1 a\n2 b\n*Matrix\n0 1\n2.5 x\n"),
    ("dl", 'dl n=3 labels: Ann,"B o",Cy data:\n0 1 2\n0 0 x\n1 0 0\n'),
    ("dl", 'dl n=3 format=lowerhalf labels: Ann,"B o",Cy data:\n0\n1 0\n1 0 2\n'),
    ("dl", 'dl nr=2 nc=1 row labels: a,"b c" column labels: a data:\n0\n1\n'),
    ("dl", 'dl n=2 labels embedded data:\n"a b" c\n"a b" 0 1\nc 1 x\n'),
    ("dl", 'dl nr=1 nc=2 labels embedded format=edgelist2 data:\n"a b" "a b" 2\n"a b" c\n'),
    ("dl", "dl n=3 nm=2 matrix labels: x,y format=edgelist1 data:\n1 2 7\n!\n2 3\n1 9\n"),
    ("dl", "dl n=3 nm=2 format=edgearray1 data:\n1 2 0 7\n1 3 2 x\n"),
    ("dl", "dl n=3 nm=2 format=nodelist1 labels: a,b,c data:\n1 2 3\n!\n3 1 9\n"),
    ("dl", "dl n=3 format=nodelist1b data:\n1 3\n0\n2 1 2\n"),
    ("square-csv", ',"a b",b,"c ""q"""\n"a b",0,1,2\nb,0,3,x\n"c ""q""",0,0,0\n'),
    ("square-csv", "a,b\na,0,1\nb,1,2\n"),
    (
        "node-link",
        '{"directed": true, "nodes": [{"id": "a", "type": "Person"}], "links": [{"source": "a", "target": 2}]}',
    ),
    ("node-link", '{"elements": {"nodes": [{"data": {"id": "a"}}], "edges": [{"data": {"source": 1, "target": 2}}]}}'),
    (
        "graphml",
        '<graphml><graph id="G" edgedefault="directed"><node id="a"><data key="k">1</data></node><node/>'
        '<edge id="e" source="a" target="b"/></graph><key id="k" attr.name="age"/></graphml>',
    ),
    (
        "gexf",
        '<gexf><graph defaultedgetype="directed"><attributes class="node"><attribute id="0" title="age"><default>7'
        '</default></attribute></attributes><nodes><node id="a"/><node/></nodes><edges><edge source="a" target="b"/>'
        "</edges></graph></gexf>",
    ),
    ("node-link", '{"elements": [{"data": {"id": "a"}}, {"data": {"source": 1, "target": 2}}]}'),
]


def read(adapter: str, name: str, content: bytes) -> Iterator[Item]:
    return iter(ADAPTERS[adapter].read(Memory(name, content), FileSpec(pattern="*"), Account()))


@pytest.mark.parametrize(("adapter", "content"), FILES)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_unit_alone_is_itself(adapter: str, content: str, mark: str) -> None:
    frame, units = Frame(b"", b""), 0
    for item in read(adapter, "g", f"{mark}{content}".encode()):
        if isinstance(item, Frame):
            frame = item
            continue
        assert isinstance(item, Node | Link | Reject | Left)
        units += 1
        if isinstance(item, Left):
            continue
        before, after = (item.header, item.footer) if isinstance(item, Reject) else frame.around
        assert before
        found = [each for each in read(adapter, "g", before + item.raw + after) if not isinstance(each, Frame)]
        (alone,) = found
        if isinstance(item, Reject):
            assert isinstance(alone, Reject)
            assert alone.reason == item.reason
        else:
            assert isinstance(alone, Node | Link)
            assert alone._replace(locator="", raw=b"") == item._replace(locator="", raw=b"")
            assert item.raw.strip() in alone.raw
    assert units
