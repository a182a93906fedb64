"""A million ties, in a process of its own: our operations beside networkit alone, and the peak of memory of ours.

networkit alone is its own method on its own graph, with its own settings; the graphs of both are made before. It has no
betweenness from given sources: it draws as many itself.
"""

import json
import resource
import subprocess
import sys
from typing import Any

import numpy as np

from benchmarks.speed.generated import grouped
from benchmarks.speed.timing import timed
from workbench.analytics.engines import Network, operations
from workbench.analytics.engines.partitions import modularity
from workbench.analytics.engines.table import engine_for, lasting_engine_for

_SIZE = (200_000, 1_000_000)
_SOURCES = 100


def measured() -> dict[str, Any]:
    """The measurements, by a new process."""
    command = [sys.executable, "-m", "benchmarks.speed.million"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ourselves
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _measured() -> dict[str, Any]:
    network = grouped(*_SIZE, outside=0.4, seed=1)
    sources = np.random.default_rng(1).choice(network.n, _SOURCES, replace=False)
    empty = Network(3, False, np.array([0], np.int32), np.array([1], np.int32))
    operations.leiden(empty, 0)  # loads the library
    _, making = timed(lambda: _make(network))
    leiden, leiden_s = timed(lambda: operations.leiden(network, 1))
    lasting = lasting_engine_for("betweenness_from", network)
    _, betweenness_s = timed(lambda: operations.betweenness(network, sources, lasting))
    _, pairs_s = timed(lambda: operations.top_pairs(network, "adamic_adar", 1_000))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    alone, alone_s, between_s = _alone(network)
    return {
        "nodes": network.n,
        "ties": network.m,
        "making": round(making, 2),
        "leiden": {
            "ours": round(leiden_s, 2),
            "networkit": round(alone_s, 2),
            "beside": round(leiden_s / alone_s, 2),
            "modularity": round(modularity(network, leiden), 4),
            "modularity_of_networkit": round(modularity(network, alone), 4),
        },
        "betweenness": {
            "engine": lasting,
            "chosen": engine_for("betweenness_from", network),
            "ours": round(betweenness_s, 2),
            "networkit": round(between_s, 2),
            "beside": round(betweenness_s / between_s, 2),
        },
        "adamic_adar": {"ours": round(pairs_s, 2)},
        "gb": round(peak, 2),
    }


def _make(network: Network) -> None:
    from workbench.analytics.engines.by_networkit import graph_of

    _ = graph_of(network), network.matrix


def _alone(network: Network) -> tuple[Any, float, float]:
    """networkit's own partition, and its seconds for that and for betweenness."""
    import networkit as nk

    from workbench.analytics.engines.by_networkit import graph_of

    graph = graph_of(network)
    nk.setSeed(1, False)
    found, leiden_s = timed(lambda: nk.community.ParallelLeiden(graph).run().getPartition().getVector())
    _, between_s = timed(lambda: nk.centrality.EstimateBetweenness(graph, _SOURCES).run().scores())
    return np.asarray(found, np.int64), leiden_s, between_s


if __name__ == "__main__":
    print(json.dumps(_measured()))
