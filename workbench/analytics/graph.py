"""networkx graphs of a projection, made on request."""

from collections.abc import Mapping

import networkx as nx

from workbench.analytics.projection import Projection, positions_of
from workbench.store.neighbourhood import day_text
from workbench.store.view import View


def bare_graph(found: Projection) -> "nx.Graph[int]":
    """The graph of a projection over positions, in order, without attributes."""
    graph: nx.Graph[int] = nx.DiGraph() if found.directed else nx.Graph()
    graph.add_nodes_from(found.nodes.tolist())
    graph.add_edges_from(zip(found.edges.a.tolist(), found.edges.b.tolist(), strict=True))
    return graph


def networkx_graph(
    view: View, projection: str = "persons", count_common: bool = False
) -> "nx.Graph[str] | nx.MultiDiGraph[str]":
    """A projection as a networkx graph over canonical ids, as positions are computed on it.

    `persons` is a Graph whose edges list their `records`; `all` and `money` are MultiDiGraphs
    with an edge for each tie or flow: its `schema`, `record` and `date`. Entities have `schema`
    and `caption`.
    """
    return as_networkx(view, positions_of(view, projection, count_common))


def as_networkx(view: View, found: Projection) -> "nx.Graph[str] | nx.MultiDiGraph[str]":
    """A projection as a networkx graph over canonical ids; see `networkx_graph`."""
    snapshot = found.snapshot
    several = found.shows_each_tie
    graph: nx.Graph[str] = nx.MultiDiGraph() if several else nx.Graph()
    for each in view.summaries([snapshot.id_at(node) for node in found.nodes.tolist()]):
        graph.add_node(each.id, schema=each.schema, caption=each.caption)
    edges = [
        (x, y, found.edges.evidence(x, y)) for x, y in zip(found.edges.a.tolist(), found.edges.b.tolist(), strict=True)
    ]
    keys = snapshot.keys_of(
        sorted({int(snapshot.record[row]) for *_, ways in edges for way in ways for row in way.rows})
    )
    for x, y, ways in edges:
        if several:
            for way in ways:
                _add_tie(graph, found, (x, y), way.legs[way.main][0], keys)
        else:
            records = {keys[int(snapshot.record[row])] for way in ways for row in way.rows}
            graph.add_edge(snapshot.id_at(x), snapshot.id_at(y), records=tuple(sorted(records)))
    return graph


def _add_tie(
    graph: "nx.Graph[str]", found: Projection, ends: tuple[int, int], row: int, keys: Mapping[int, str]
) -> None:
    """One tie, in the direction of its record; of a flow, in the money's."""
    snapshot = found.snapshot
    a, b = ends if found.directed else (int(snapshot.a[row]), int(snapshot.b[row]))
    graph.add_edge(
        snapshot.id_at(a),
        snapshot.id_at(b),
        schema=snapshot.columns.names[snapshot.tie_schema[row]],
        record=keys[int(snapshot.record[row])],
        date=day_text(int(snapshot.day[row])),
    )
