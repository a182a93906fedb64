"""Charts and networks."""

from collections.abc import Mapping

from ingest.adapters import anx, dl, gexf, graphml, neo4j_csv, node_link, pajek, square_csv
from ingest.formats.adapter import Adapter, default_of
from ingest.recount import count_dl, count_graph, count_json, count_pajek, count_square, count_table

# What becomes of the nodes and links of networks, whose labels and types mean something only to who made them.
_NETWORK = default_of("network.toml")

CHARTS: Mapping[str, Adapter] = {
    "anx": Adapter(
        version=1,
        about="charts of i2 Analyst's Notebook, exported as XML",
        units="chart items",
        read=anx.read,
        count=count_graph(ChartItem="ChartItemCollection"),
        gives="graph",
        defaults=default_of("anx.toml"),
        confined=True,
    ),
    "dl": Adapter(
        version=1,
        about="networks in UCINET's data language: matrices, edge lists and node lists",
        units="nodes and links",
        read=dl.read,
        count=count_dl,
        gives="graph",
        defaults=_NETWORK,
    ),
    "gexf": Adapter(
        version=1,
        about="graphs in GEXF, the format of Gephi",
        units="nodes and links",
        read=gexf.read,
        count=count_graph(node="nodes", edge="edges"),
        gives="graph",
        defaults=default_of("gexf.toml"),
        confined=True,
    ),
    "graphml": Adapter(
        version=1,
        about="graphs in GraphML, with graphs in nodes, hyperedges and ports",
        units="nodes and links",
        read=graphml.read,
        count=count_graph(node="graph", edge="graph", hyperedge="graph", endpoint="hyperedge"),
        gives="graph",
        defaults=_NETWORK,
        confined=True,
    ),
    "neo4j-csv": Adapter(
        version=2,
        about="a property graph with the headers of neo4j-admin: tables, a folder or a zip of them",
        units="rows",
        read=neo4j_csv.read,
        count=count_table,
        gives="graph",
        defaults=default_of("neo4j_csv.toml"),
        members="*.csv",
        beside="neo4j_importer_model*.json",
    ),
    "node-link": Adapter(
        version=1,
        about="a graph as one JSON document with nodes and links, or Cytoscape's elements",
        units="nodes and links",
        read=node_link.read,
        count=count_json("nodes", "links", "edges", "elements/[]", "elements/nodes", "elements/edges"),
        gives="graph",
        defaults=_NETWORK,
    ),
    "pajek": Adapter(
        version=1,
        about="networks of Pajek: vertices with arcs, edges, lists of them, or a matrix",
        units="nodes and links",
        read=pajek.read,
        count=count_pajek,
        gives="graph",
        defaults=_NETWORK,
    ),
    "square-csv": Adapter(
        version=1,
        about="a matrix as a table, with the same labels in its first row and first column",
        units="nodes and links",
        read=square_csv.read,
        count=count_square,
        gives="graph",
        defaults=_NETWORK,
    ),
}
