"""The engine of numpy and scipy: searches from many nodes at once, as products of matrices."""

import math
from collections.abc import Iterator

import numpy as np
from scipy.sparse.csgraph import breadth_first_order, connected_components

from workbench.analytics.engines.dependencies import dependencies
from workbench.analytics.engines.neighbours import scores, top_pairs
from workbench.analytics.engines.network import Float64, Network
from workbench.errors import UsageError
from workbench.store.columns import Int64

__all__ = [
    "betweenness", "betweenness_from", "closeness", "depth", "distances", "pagerank", "scores", "strong_parts",
    "top_pairs", "triangles", "weak_parts",
]  # fmt: skip
_AT_ONCE = 4_000_000  # entries of a dense matrix, or of a product
_MOST_STEPS = 1_000


def betweenness(network: Network) -> Float64:
    """See `operations.betweenness`."""
    return betweenness_from(network, np.arange(network.n))


def betweenness_from(network: Network, sources: Int64) -> Float64:
    """See `operations.betweenness`. A column of the matrices holds one source of each part."""
    part = weak_parts(network)
    order = np.argsort(part[sources], kind="stable")
    of = part[sources][order]
    columns = np.arange(len(of)) - np.searchsorted(of, of)
    return dependencies(network.structure, network.into, part, sources[order], columns)


def closeness(network: Network) -> Float64:
    """See `operations.closeness`."""
    found = np.zeros(network.n)
    width = max(1, min(network.n, _AT_ONCE // max(1, network.n)))
    for start in range(0, network.n, width):
        targets = np.arange(start, min(network.n, start + width))
        reach, lengths = np.zeros(len(targets)), np.zeros(len(targets))
        for far, new in enumerate(_levels_to(network, targets), 1):
            reach += new
            lengths += far * new
        found[targets] = reach * reach / np.maximum(lengths * (network.n - 1), 1)
    return found


def _levels_to(network: Network, targets: Int64) -> Iterator[Float64]:
    """Level by level, how many nodes are so far from each target, against the direction of edges."""
    level = np.zeros((network.n, len(targets)), np.float32)
    level[targets, np.arange(len(targets))] = 1
    seen, edges = level > 0, network.structure.astype(np.float32)
    while True:
        fresh = (edges @ level > 0) & ~seen
        counts = fresh.sum(axis=0).astype(np.float64)
        if not counts.any():
            return
        yield counts
        seen |= fresh
        level = fresh.astype(np.float32)


def pagerank(network: Network, alpha: float, personal: Float64 | None, tolerance: float) -> Float64:
    """See `operations.pagerank`; by the power method, step by step as networkx."""
    found = powers(network, alpha, personal, tolerance, _MOST_STEPS)
    if found is None:
        raise UsageError(f"PageRank was still changing after {_MOST_STEPS} steps: take an alpha below {alpha}")
    return found


def powers(
    network: Network,
    alpha: float,
    personal: Float64 | None,
    tolerance: float,
    steps: int,
    start: Float64 | None = None,
    dangling: Float64 | None = None,
) -> Float64 | None:
    """PageRank from `start`, which jumps from nodes without an edge out to `dangling`; None if `steps` were too few."""
    if not network.n:
        return np.zeros(0)
    out = np.asarray(network.matrix.sum(axis=1), np.float64)
    inverse = np.divide(1.0, out, out=np.zeros(network.n), where=out != 0)
    to = network.matrix.T.tocsr()
    even = np.full(network.n, 1.0 / network.n)
    jump = even if personal is None else personal / personal.sum()
    from_ends = jump if dangling is None else dangling / dangling.sum()
    now = even if start is None else start / start.sum()
    ends = np.flatnonzero(out == 0)
    for _ in range(steps):
        last, now = now, alpha * (to @ (now * inverse) + now[ends].sum() * from_ends) + (1 - alpha) * jump
        if np.abs(now - last).sum() < tolerance:
            return np.asarray(now, np.float64)
    return None


def weak_parts(network: Network) -> Int64:
    """See `operations.weak_parts`."""
    return np.asarray(connected_components(network.structure, directed=False)[1], np.int64)


def strong_parts(network: Network) -> Int64:
    """See `operations.strong_parts`."""
    return np.asarray(connected_components(network.structure, connection="strong")[1], np.int64)


def triangles(network: Network) -> Int64:
    """See `operations.triangles`."""
    found, edges = np.zeros(network.n), network.structure
    work = np.cumsum(edges @ np.diff(edges.indptr))
    for start, end in blocks_of_rows(work):
        rows = edges[start:end]
        found[start:end] = (rows @ edges).multiply(rows).sum(axis=1)
    return np.asarray(np.rint(found / 2), np.int64)


def blocks_of_rows(work: Float64, at_once: int = _AT_ONCE) -> Iterator[tuple[int, int]]:
    """Ranges of rows which take so much work together at most; `work` is that of all rows up to each."""
    start = 0
    while start < len(work):
        before = work[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(work, before + at_once, "right")))
        yield start, end
        start = end


def distances(network: Network, source: int) -> Int64:
    """See `operations.distances`."""
    found = np.full(network.n, -1, np.int64)
    order, ends = _levels_from(network, source)
    found[order] = np.searchsorted(ends, np.arange(len(order)), "right")
    return found


def _levels_from(network: Network, source: int) -> tuple[Int64, Int64]:
    """The nodes that can be reached in the order of their distance, and where each level ends."""
    order, before = breadth_first_order(network.structure, source)
    place = np.empty(network.n, np.int64)
    place[order] = np.arange(len(order))
    after = place[before[order[1:]]]  # never falls, as nodes are found in the order of those before them
    ends = [1]
    while ends[-1] < len(order):
        ends.append(1 + int(np.searchsorted(after, ends[-1])))
    return np.asarray(order, np.int64), np.asarray(ends, np.int64)


def depth(network: Network) -> int:
    """How many levels a search from the node with most edges has, or more if searches in small parts are deeper."""
    kept = network.kept
    if "depth" not in kept:
        kept["depth"] = _depth(network)
    return int(kept["depth"])


def _depth(network: Network) -> int:
    if not network.m:
        return 0
    first = int(network.degrees.argmax())
    reached, ends = _levels_from(network, first)
    last = int(reached[-1])
    again = len(_levels_from(network, last)[1]) if not network.directed else 0
    outside = network.n - len(reached)
    return max(len(ends), again, 0 if outside < network.n / 2 else math.isqrt(outside))
