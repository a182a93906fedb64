"""Articulation points: entities whose removal splits the network."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar, NamedTuple

import networkx as nx

from workbench.analytics.engines import Network, operations
from workbench.analytics.finding import Finding, Row
from workbench.analytics.projection import Drawn, positions_of
from workbench.analytics.support import finding
from workbench.model.asked import whole
from workbench.model.numbers import Place
from workbench.view.asking import question
from workbench.view.view import View


@dataclass(frozen=True, slots=True)
class ArticulationPoint(Row):
    """An entity whose removal splits a connected part into `parts`; `cut_off` entities are then outside the largest."""

    WHO: ClassVar[tuple[str, ...]] = ("id",)

    id: str
    caption: str
    parts: int
    cut_off: int

    def cell(self, column: str, names: Mapping[str, str]) -> str:
        """The text of a column; the id unchanged, because the caption stands beside it."""
        return self.id if column == "id" else Row.cell(self, column, names)


@question
def articulation_points(
    view: View, projection: str = "persons", count_common: bool = False, limit: int = 20
) -> Finding[ArticulationPoint]:
    """Entities that alone hold a connected part together, by biconnected components (Hopcroft and Tarjan 1973).

    Outsiders are left out, and the direction of ties does not count. Ordered by `cut_off` and then by `parts`,
    descending; equals by id. `limit` is the number of rows to return, `points` in `measured` the number there are.
    UsageError for a limit below 1.
    """
    limit = whole(limit, "limit")
    projected = positions_of(view, projection, count_common)
    cuts = sorted(_cuts(projected), key=lambda cut: (-cut.off, -cut.parts, cut.node))
    shown = cuts[:limit]
    known = view.summaries([projected.snapshot.id_at(cut.node) for cut in shown])
    rows = [ArticulationPoint(who.id, who.caption, cut.parts, cut.off) for who, cut in zip(known, shown, strict=True)]
    asked = {"count_common": count_common, "limit": limit}
    measured = {"entities": len(projected.nodes), "ties": len(projected.edges.a), "points": len(cuts)}
    return finding(
        view, projected, "articulation-points", asked, measured, rows, projected.records(projected.edges.rows)
    )


class _Cut(NamedTuple):
    """A node in several blocks: `parts` are left without it, with `off` nodes outside the largest."""

    node: Place
    parts: int
    off: int


def _cuts(found: Drawn) -> Iterator[_Cut]:
    """The nodes that connect blocks, from the tree of blocks (numbered below 0) and these nodes."""
    network = Network.of(found).undirected()
    blocks = [set(network.nodes[block].tolist()) for block in operations.blocks(network)]
    between = {node for node, n in Counter(chain.from_iterable(blocks)).items() if n > 1}
    weights = dict.fromkeys(between, 1)
    tree: nx.Graph[Place] = nx.Graph()
    for number, block in enumerate(blocks, 1):
        tree.add_edges_from((-number, node) for node in block & between)
        weights[-number] = len(block - between)
    for part in nx.connected_components(tree):
        yield from _of_tree(tree, min(part), weights)


def _of_tree(tree: "nx.Graph[Place]", root: Place, weights: Mapping[Place, int]) -> Iterator[_Cut]:
    """The cuts of one tree, rooted at a block: without a node, its subtrees and the rest of the tree are separate."""
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
