"""Files of networks and charts: a quarter of their units are nodes, all others links."""

from collections.abc import Mapping
from math import ceil, sqrt
from pathlib import Path

from benchmarks.ingest.forms import Form, document_of, elements_of, links_mapped, network, rows_of
from benchmarks.ingest.invented import Invented

_PER_NODE = 3  # links


def _ends(invented: Invented, number: int) -> tuple[int, int]:
    """The nodes of a link, numbered from 0: each begins some, and a few end many."""
    return number // _PER_NODE, min(invented.thing(), number // _PER_NODE)


def _anx_node(invented: Invented, number: int) -> str:
    end = f"<End><Entity EntityId='{number}' Identity='{number}'/></End>"
    return f"<ChartItem Id='ID{number}' Label='{invented.name()}'>{end}</ChartItem>"


def _anx_link(invented: Invented, number: int) -> str:
    a, b = _ends(invented, number)
    value = f"<Attribute AttributeClass='weight' Value='{invented.number(90)}'/>"
    link = f"<Link End1Id='{a}' End2Id='{b}'><LinkStyle ArrowStyle='ArrowOnHead'/></Link>"
    return f"<ChartItem>{link}<AttributeCollection>{value}</AttributeCollection></ChartItem>"


def _xml_node(invented: Invented, number: int) -> str:
    return f"<node id='n{number}' label='{invented.name()}'/>"


def _graphml_node(invented: Invented, number: int) -> str:
    return f"<node id='n{number}'><data key='name'>{invented.name()}</data></node>"


def _gexf_link(invented: Invented, number: int) -> str:
    a, b = _ends(invented, number)
    return f"<edge source='n{a}' target='n{b}' weight='{invented.number(90)}'/>"


def _graphml_link(invented: Invented, number: int) -> str:
    a, b = _ends(invented, number)
    return f"<edge source='n{a}' target='n{b}'><data key='w'>{invented.number(90)}</data></edge>"


def _json_node(invented: Invented, number: int) -> str:
    return f'{{"id": "n{number}", "label": "{invented.name()}"}}'


def _json_link(invented: Invented, number: int) -> str:
    a, b = _ends(invented, number)
    return f'{{"source": "n{a}", "target": "n{b}", "weight": {invented.number(90)}}}'


def _pajek_node(invented: Invented, number: int) -> str:
    return f'{number + 1} "{invented.name()} {number}"'


def _numbered_link(invented: Invented, number: int) -> str:
    a, b = _ends(invented, number)
    return f"{a + 1} {b + 1} {1 + invented.number(90)}"


def _dl_node(invented: Invented, number: int) -> str:
    return f'"{invented.name()} {number}"'


def _matrix(path: Path, units: int) -> None:
    """A matrix whose cells above the diagonal are not 0."""
    size, invented = ceil(sqrt(2 * units)), Invented(units)
    labels = [f"n{number}" for number in range(size)]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("," + ",".join(labels) + "\n")
        for row, label in enumerate(labels):
            above = (str(1 + invented.number(90)) for _ in range(row + 1, size))
            file.write(",".join([label, *["0"] * (row + 1), *above]) + "\n")


_KEYS = (
    "<key id='w' for='edge' attr.name='weight' attr.type='int'/>"
    "<key id='name' for='node' attr.name='name' attr.type='string'/>"
)

NETWORKS: Mapping[str, Form] = {
    "anx": Form(
        "c.anx",
        network(
            _anx_node,
            _anx_link,
            "<Chart><AttributeClassCollection><AttributeClass Name='weight'/></AttributeClassCollection>"
            "<ChartItemCollection>",
            "\n",
            "</ChartItemCollection></Chart>",
        ),
        links_mapped("anx"),
        elements_of,
    ),
    "gexf": Form(
        "g.gexf",
        network(
            _xml_node,
            _gexf_link,
            "<gexf version='1.3'><graph defaultedgetype='directed'><nodes>",
            "</nodes><edges>",
            "</edges></graph></gexf>",
        ),
        links_mapped("gexf"),
        elements_of,
    ),
    "graphml": Form(
        "g.graphml",
        network(
            _graphml_node,
            _graphml_link,
            f"<graphml xmlns='http://graphml.graphdrawing.org/xmlns'>{_KEYS}<graph edgedefault='directed'>",
            "\n",
            "</graph></graphml>",
        ),
        links_mapped("graphml"),
        elements_of,
    ),
    "node-link": Form(
        "g.json",
        network(_json_node, _json_link, '{"directed": true, "nodes": [', '], "links": [', "]}", ",\n"),
        links_mapped("node-link"),
        document_of,
    ),
    "pajek": Form(
        "t.net", network(_pajek_node, _numbered_link, "*Vertices NODES\n", "\n*Arcs\n", "\n"), links_mapped("pajek")
    ),
    "dl": Form(
        "t.dl",
        network(_dl_node, _numbered_link, "DL n=NODES, format = edgelist1\nlabels:\n", "\ndata:\n", "\n"),
        links_mapped("dl"),
    ),
    "square-csv": Form("m.csv", _matrix, links_mapped("square-csv"), rows_of),
}
