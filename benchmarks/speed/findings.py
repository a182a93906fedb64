"""Findings of a case of 200,000 records, through a session, beside one Louvain of networkx on the same projection.

The case is generated and loaded first. Each finding is asked of a session of its own, whose view is read before.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import networkx as nx

from benchmarks.resolution.resolving import joint, load_jobs
from benchmarks.speed.generated import graph_of
from benchmarks.speed.timing import timed
from workbench.analytics.engines import Network
from workbench.analytics.projection import positions_of
from workbench.scenario.generate import generate
from workbench.session import Session
from workbench.view.store import GraphStore, open_store

RECORDS = 200_000
_AGENCIES = ("KFIU", "NKP", "RJP", "TRC")
ASKED = ("communities", "key-players", "articulation-points", "disruption", "predict", "joint-value")


def measured(records: int = RECORDS) -> dict[str, Any]:
    """The seconds of CPU of each finding, and how often that is as much as Louvain takes."""
    viewer = joint(_AGENCIES)
    with TemporaryDirectory() as work:
        case = Path(work) / "case"
        generate(records, 1, case)
        store = open_store(f"sqlite:///{work}/case.db")
        load_jobs(store, case, viewer)
        told = _told(store, viewer)
        store.close()
    return {"records": records, **told}


def _told(store: GraphStore, viewer: Any) -> dict[str, Any]:
    def session() -> Session:
        made = Session(store, lambda: viewer)
        made.view.snapshot()
        return made

    network = Network.of(positions_of(session().view, "persons", count_common=False))
    graph = graph_of(network)
    _, louvain = timed(lambda: nx.community.louvain_communities(graph, seed=1, backend="networkx"))
    found: dict[str, Any] = {"entities": network.n, "ties": network.m, "louvain": round(louvain, 2), "findings": {}}
    for name in ASKED:
        ask = getattr(session(), name.replace("-", "_"))
        _, seconds = timed(ask)
        found["findings"][name] = {"cpu": round(seconds, 2), "beside": round(seconds / louvain, 2)}
    return found
