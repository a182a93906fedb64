"""What networkx is told about our backend when it is imported itself: nothing large is loaded for it.

The backend is `workbench.analytics.engines.backend`; `docs/engines.md` says how to use it.
"""

from typing import Any

# Graphs with fewer nodes are left to networkx: converting them costs more than it saves.
LEAST_NODES = 500

_FUNCTIONS = {
    "adamic_adar_index": "scipy",
    "articulation_points": "igraph or networkit",
    "betweenness_centrality": "igraph, scipy or networkit; sources of samples are those that networkx draws",
    "bridges": "igraph or networkit",
    "closeness_centrality": "networkit or scipy",
    "clustering": "networkit or scipy",
    "connected_components": "scipy",
    "core_number": "igraph or networkit",
    "jaccard_coefficient": "scipy",
    "leiden_communities": "networkit",
    "louvain_communities": "networkit: another partition than networkx's, for the same seed the same again",
    "number_connected_components": "scipy",
    "number_strongly_connected_components": "scipy",
    "number_weakly_connected_components": "scipy",
    "pagerank": "scipy, step by step as networkx",
    "resource_allocation_index": "scipy",
    "shortest_path_length": "scipy; from or to one node",
    "single_source_shortest_path_length": "scipy",
    "strongly_connected_components": "scipy",
    "triangles": "networkit or scipy",
    "weakly_connected_components": "scipy",
}


def info() -> dict[str, Any]:
    """The functions of the backend, and its settings: `nx.config.backends.workbench`.

    `automatic` is whether a session's graph lets plain networkx calls come to the backend, `least_nodes` from how many
    nodes they do.
    """
    return {
        "backend_name": "workbench",
        "project": "joint-workbench",
        "package": "workbench",
        "short_summary": "Measures of networks by networkit, scipy and, where it is installed, igraph.",
        "functions": {name: {"additional_docs": f"By {by}."} for name, by in _FUNCTIONS.items()},
        "default_config": {"automatic": True, "least_nodes": LEAST_NODES},
    }
