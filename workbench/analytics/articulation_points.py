"""Whose removal takes the network apart."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar, NamedTuple

import networkx as nx

from workbench.analytics.finding import Finding, Row
from workbench.analytics.graph import bare_graph
from workbench.analytics.projection import positions_of
from workbench.analytics.support import finding
from workbench.errors import UsageError
from workbench.model.numbers import Place
from workbench.view.asking import question
from workbench.view.view import View


@dataclass(frozen=True, slots=True)
class ArticulationPoint(Row):
    """Somebody without whom a connected part falls into `parts`, and how many are then outside the largest."""

    WHO: ClassVar[tuple[str, ...]] = ("id",)

    id: str
    caption: str
    parts: int
    cut_off: int

    def cell(self, column: str, names: Mapping[str, str]) -> str:
        """What people read in a column; the id as it is, for the caption stands beside it."""
        return self.id if column == "id" else Row.cell(self, column, names)


@question
def articulation_points(
    view: View, projection: str = "persons", count_common: bool = False, limit: int = 20
) -> Finding[ArticulationPoint]:
    """Who holds a connected part together alone, by biconnected components, outsiders left out.

    After Hopcroft and Tarjan (1973); where ties have a direction, it does not count. Those who cut
    off the most come first, of these those who leave the most parts, equals by their ids; `limit`
    is how many rows are shown, `points` in what is measured how many there are.
    """
    if limit < 1:
        raise UsageError("a list of articulation points needs a limit of 1 or more", "limit")
    found = positions_of(view, projection, count_common)
    cuts = sorted(_cuts(nx.Graph(bare_graph(found))), key=lambda cut: (-cut.off, -cut.parts, cut.node))
    shown = cuts[:limit]
    known = view.summaries([found.snapshot.id_at(cut.node) for cut in shown])
    rows = [ArticulationPoint(who.id, who.caption, cut.parts, cut.off) for who, cut in zip(known, shown, strict=True)]
    asked = {"count_common": count_common, "limit": limit}
    measured = {"entities": len(found.nodes), "ties": len(found.edges.a), "points": len(cuts)}
    return finding(view, found, "articulation-points", asked, measured, rows, found.records(found.edges.rows))


class _Cut(NamedTuple):
    """A node that is in several blocks: how many parts are left without it, and how much is off the largest."""

    node: Place
    parts: int
    off: int


def _cuts(graph: "nx.Graph[Place]") -> Iterator[_Cut]:
    """The nodes between blocks, by the tree that blocks (as numbers below 0) and these are."""
    blocks = list(nx.biconnected_components(graph))
    between = {node for node, n in Counter(chain.from_iterable(blocks)).items() if n > 1}
    weights = dict.fromkeys(between, 1)
    tree: nx.Graph[Place] = nx.Graph()
    for number, block in enumerate(blocks, 1):
        tree.add_edges_from((-number, node) for node in block & between)
        weights[-number] = len(block - between)
    for part in nx.connected_components(tree):
        yield from _of_tree(tree, min(part), weights)


def _of_tree(tree: "nx.Graph[Place]", root: Place, weights: Mapping[Place, int]) -> Iterator[_Cut]:
    """The cuts of one tree, from a block of it: what is below a node, and what is above, falls apart without it."""
    above = {child: parent for parent, child in nx.dfs_edges(tree, root)}
    order = list(nx.dfs_postorder_nodes(tree, root))
    below = {node: weights[node] for node in order}
    for node in order[:-1]:
        below[above[node]] += below[node]
    for node in order:
        if node >= 0:
            sides = [below[block] for block in tree[node] if block != above[node]]
            sides.append(below[root] - below[node])
            yield _Cut(node, len(sides), sum(sides) - max(sides))
