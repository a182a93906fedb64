"""Engines: what a network's measures are computed by. `operations` asks the one that `table` names for each.

    from workbench.analytics.engines import Network, operations

    network = Network.of(projection)
    scores = operations.pagerank(network)

An array over nodes is in the order of `network.nodes`.
"""

from workbench.analytics.engines.network import Network

__all__ = ["Network"]
