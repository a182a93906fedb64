"""Our engines beside Neo4j's Graph Data Science (GPL-3), on a server of its own that ends with the measurement.

The network is projected there, and columns and graphs are made here, before the clock starts. Its time is that of the
wall and of the server's process; it uses as many threads as there are cores, we one. Its modularity is its own.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from neo4j import GraphDatabase, Session

from benchmarks.speed.generated import grouped
from workbench.analytics.engines import Network, operations
from workbench.analytics.engines.partitions import modularity

_TOOL = Path(__file__).parents[2] / "tools" / "neo4j.py"
_NAME = "benchmark-speed"
_SIZE = (250_000, 700_000)
_SOURCES = 256
_TIMES = 2
_PROJECT = (
    "UNWIND $ties AS tie RETURN gds.graph.project('case', tie[0], tie[1], {}, {undirectedRelationshipTypes: ['*']})"
)
_SAY = "CALL gds.{0}.stats('case', $settings)"


def measured() -> dict[str, Any]:
    """Each method's seconds, theirs and ours."""
    network = grouped(*_SIZE, outside=0.55, seed=1)
    ours = dict(_ours(network))
    with _server() as (session, pid):
        begun = time.perf_counter()
        _project(session, network)
        found = {"projecting": round(time.perf_counter() - begun, 2)}
        theirs = dict(_theirs(session, pid))
    rows = {name: {"gds": theirs[name], "ours": ours[name], **_ratios(theirs[name], ours[name])} for name in ours}
    return {"entities": network.n, "ties": network.m, "cores": os.cpu_count(), **found, "methods": rows}


def _ratios(theirs: dict[str, float], ours: dict[str, float]) -> dict[str, float]:
    return {
        "times": round(theirs["wall"] / ours["wall"], 2),
        "times_of_processor": round(theirs["cpu"] / ours["cpu"], 2),
    }


def _ours(network: Network) -> Iterator[tuple[str, dict[str, float]]]:
    operations.leiden(network, 0)  # makes the graph
    _ = network.structure
    sources = np.random.default_rng(1).choice(network.n, _SOURCES, replace=False)
    for name, ask in (
        ("leiden", lambda: operations.leiden(network, 1)),
        ("louvain", lambda: operations.louvain(network, 1)),
        ("pageRank", lambda: operations.pagerank(network, tolerance=1e-7)),
        ("betweenness", lambda: operations.betweenness(network, sources)),
    ):
        yield name, _quickest(partial(_timed, network, ask), name)


def _quickest(measure: Callable[[], dict[str, float]], name: str) -> dict[str, float]:
    """The quickest of two measurements, by the wall: others use the machine too. Betweenness takes too long for two."""
    return min((measure() for _ in range(1 if name == "betweenness" else _TIMES)), key=lambda told: told["wall"])


def _timed(network: Network, ask: Callable[[], Any]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    answer = ask()
    told = {"wall": round(time.perf_counter() - wall, 3), "cpu": round(time.process_time() - cpu, 3)}
    if answer.dtype == np.int64:
        told["modularity"] = round(modularity(network, answer), 4)
    return told


def _theirs(session: Session, pid: int) -> Iterator[tuple[str, dict[str, float]]]:
    for name, settings in (
        ("leiden", {"randomSeed": 1}),
        ("louvain", {}),
        ("pageRank", {}),  # by its default it stops after 20 steps; ours goes on until little changes
        ("betweenness", {"samplingSize": _SOURCES, "samplingSeed": 1}),
    ):
        asked = {"concurrency": min(4, os.cpu_count() or 1), **settings}
        yield name, _quickest(partial(_said, session, pid, name, asked), name)


def _said(session: Session, pid: int, name: str, asked: dict[str, Any]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), _processor(pid)
    said = session.run(_SAY.format(name), settings=asked).single(strict=True)
    told = {"wall": round(time.perf_counter() - wall, 3), "cpu": round(_processor(pid) - cpu, 3)}
    if "modularity" in said.keys():  # noqa: SIM118 - a record holds values
        told["modularity"] = round(said["modularity"], 4)
    return told


def _project(session: Session, network: Network) -> None:
    ties = np.stack([network.a, network.b], axis=1).tolist()
    session.run(_PROJECT, ties=ties).consume()


def _processor(pid: int) -> float:
    """The seconds of CPU of a process, in all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _server() -> Iterator[tuple[Session, int]]:
    """A server of our own: a session, and its process."""
    try:
        url = _tool("start", "--gds", "--heap", "3g", "--page-cache", "256m").strip()
        pid = int(_tool("status").split(" pid ")[1].split()[0])
        login, _, server = url.removeprefix("neo4j://").rpartition("@")
        user, _, password = login.partition(":")
        with GraphDatabase.driver(f"bolt://{server}", auth=(user, password)) as driver, driver.session() as session:
            yield session, pid
    finally:
        _tool("remove")


def _tool(command: str, *options: str) -> str:
    asked = [sys.executable, str(_TOOL), command, "--name", _NAME, *options]
    return subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603 - ourselves


if __name__ == "__main__":
    print(json.dumps(measured(), indent=1))
