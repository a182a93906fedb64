"""Every entity and tie as GraphML, for Gephi, yEd, igraph and others."""

from pathlib import Path

import networkx as nx

from workbench.analytics.graph import as_networkx
from workbench.analytics.projection import everyone
from workbench.export.marking import marking_of
from workbench.export.writing import write_lines
from workbench.view.asking import question
from workbench.view.view import View


@question
def export(view: View, place: Path) -> int:
    """Write a view as GraphML, with the marking as a property of the graph; returns the number of entities."""
    graph = as_networkx(view, everyone(view, "all", count_common=True))
    alone = [each for each in view.snapshot().ids if each not in graph]
    for each in view.summaries(alone):
        graph.add_node(each.id, schema=each.schema, caption=each.caption)
    graph.graph["marking"] = marking_of(view.markings())
    write_lines(nx.generate_graphml(graph), place)
    return len(graph)
