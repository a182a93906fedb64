"""networkx graphs of a projection."""

from collections.abc import Mapping, Sequence

import networkx as nx

from workbench.analytics.projection import Projection, positions_of
from workbench.model.numbers import Place, RecordNumber
from workbench.model.ontology import ontology
from workbench.store.steps import day_text
from workbench.view.asking import question
from workbench.view.view import View

_SUM = ("amount", "currency")
_AT_ONCE = 20_000  # records read together


@question
def networkx_graph(
    view: View, projection: str = "persons", count_common: bool = False
) -> "nx.Graph[str] | nx.MultiDiGraph[str]":
    """A projection as a networkx graph over canonical ids; outsiders are left out, as for positions.

    `persons` is a Graph whose edges list their `records`. `all` and `money` are MultiDiGraphs with an
    edge for each tie or flow, with `schema`, `record` and `date`, and with `amount` and `currency` (as
    text) if its record has them. Edges have a `weight`, over 0 and up to 1: of `persons` that of the tie, of the
    others that of the one reason (see `weights`). Many functions of networkx take it if you do not say
    `weight=None`. Nodes have `schema` and `caption`.
    """
    return as_networkx(view, positions_of(view, projection, count_common))


def as_networkx(view: View, found: Projection) -> "nx.Graph[str] | nx.MultiDiGraph[str]":
    """A projection as a networkx graph over canonical ids; see `networkx_graph`."""
    snapshot = found.snapshot
    several = found.shows_each_tie
    graph: nx.Graph[str] = nx.MultiDiGraph() if several else nx.Graph()
    for each in view.summaries([snapshot.id_at(node) for node in map(Place, found.nodes.tolist())]):
        graph.add_node(each.id, schema=each.schema, caption=each.caption)
    edges = [
        (x, y, found.edges.evidence(x, y)) for x, y in zip(found.edges.a.tolist(), found.edges.b.tolist(), strict=True)
    ]
    keys = snapshot.keys_of(sorted({snapshot.record_at(row) for *_, ways in edges for way in ways for row in way.rows}))
    if several:
        ties = [(x, y, way.legs[way.main][0], found.weight_of(way)) for x, y, ways in edges for way in ways]
        _add_ties(graph, view, found, ties, keys)
        return graph
    for (x, y, ways), weight in zip(edges, found.weights.tolist(), strict=True):
        records = {keys[snapshot.record_at(row)] for way in ways for row in way.rows}
        graph.add_edge(snapshot.id_at(x), snapshot.id_at(y), records=tuple(sorted(records)), weight=weight)
    return graph


def _add_ties(
    graph: "nx.Graph[str]",
    view: View,
    projected: Projection,
    ties: Sequence[tuple[Place, Place, int, float]],
    keys: Mapping[RecordNumber, str],
) -> None:
    """Add each tie as an edge, in the direction of its record; a flow in the direction of the money."""
    snapshot = projected.snapshot
    sums = _sums(view, projected, sorted({row for *_, row, _ in ties}), keys)
    for x, y, row, weight in ties:
        a, b = (snapshot.id_at(x), snapshot.id_at(y)) if projected.directed else snapshot.ends(row)
        key = keys[snapshot.record_at(row)]
        graph.add_edge(
            a,
            b,
            schema=snapshot.relationship(row),
            record=key,
            date=day_text(int(snapshot.day[row])),
            weight=weight,
            **sums.get(key, {}),
        )


def _sums(
    view: View, projected: Projection, rows: Sequence[int], keys: Mapping[RecordNumber, str]
) -> dict[str, dict[str, str]]:
    """The amount and currency, by record key, of ties whose schema has an amount."""
    snapshot, names, known = projected.snapshot, projected.snapshot.names, ontology().schemata
    can = [name in known and _SUM[0] in known[name].properties for name in names]
    wanted = sorted({keys[snapshot.record_at(row)] for row in rows if can[snapshot.tie_schema[row]]})
    sums = {}
    for start in range(0, len(wanted), _AT_ONCE):
        for each in view.records(wanted[start : start + _AT_ONCE]):
            values = each.record.values()
            sums[each.key] = {name: values[name][0] for name in _SUM if values.get(name)}
    return sums
