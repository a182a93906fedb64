"""Layouts of parts of a case beside Graphviz's sfdp, and beside vis-network's own physics in a browser.

    python -m benchmarks.layout --store sqlite:///case.db --viewer NAME [--sizes 100,500,2000] [--kinds] [--json]

Each part is what is found first, breadth first, from the person with most ties. Printed for each: the share of entities
whose discs overlap, the least distance of two, crossings per line, the standard deviation of the lengths of lines in
means, and seconds of CPU, those of other programs and of BLAS included. `ours` is without sfdp, even where it is
installed. sfdp and vis-network are left out where Graphviz, or Chromium and Playwright, are missing. `--kinds` adds
the other layouts.
"""

import argparse
import json
import os
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unittest.mock import patch

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from workbench.analytics.layouts import KINDS, Plan, arranged
from workbench.analytics.layouts.crossings import crossings
from workbench.analytics.layouts.plan import lengths
from workbench.analytics.layouts.sfdp import sfdp_places
from workbench.session import open as opened
from workbench.view.snapshot import Snapshot

Places = NDArray[np.float64]

_DISC = 44.0
_PATIENCE = 60  # seconds for vis-network
_FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
_VIS = "pyvis/templates/lib/vis-9.1.2/vis-network.min.js"
_SIMULATE = """([nodes, edges, patience]) => new Promise(done => {
  const box = document.body.appendChild(document.createElement('div'));
  box.style.cssText = 'width:1200px;height:800px';
  const data = {nodes: nodes.map(id => ({id, shape: 'dot', size: 22})), edges: edges.map(([from, to]) => ({from, to}))};
  const network = new vis.Network(box, data, {layout: {randomSeed: 1}});
  const end = () => { const at = network.getPositions(); done(nodes.map(id => [at[id].x, at[id].y])); };
  network.on('stabilized', end);
  setTimeout(end, 1000 * patience);
})"""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a case, as numbers from 0 and as a plan."""

    plan: Plan
    ends: NDArray[np.int64]


def main() -> None:
    """Measure, and print a line for each layout of each part."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.layout", description=__doc__)
    parser.add_argument("--store", required=True)
    parser.add_argument("--viewer", required=True)
    parser.add_argument("--sizes", default="100,500,2000")
    parser.add_argument("--kinds", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with opened(options.store, options.viewer) as case:
        snapshot = case.view.snapshot()
        parts = [part_of(snapshot, int(size)) for size in options.sizes.split(",")]
    rows = []
    for row in (row for part in parts for row in measured(part, options.kinds)):
        rows.append(row)
        if not options.json:
            print("  ".join(f"{name} {value}" for name, value in row.items()), flush=True)
    if options.json:
        print(json.dumps(rows))


def part_of(snapshot: Snapshot, size: int) -> Part:
    """The first entities around the person with most ties, breadth first."""
    ids, a, b = snapshot.ids, np.asarray(snapshot.a), np.asarray(snapshot.b)
    schema = [snapshot.names[each] if each >= 0 else "" for each in snapshot.schema]
    ties = np.bincount(np.concatenate([a, b]), minlength=len(ids))
    persons = [node for node, name in enumerate(schema) if name == "Person"]
    graph: nx.Graph[int] = nx.Graph()
    graph.add_edges_from(sorted(set(zip(a.tolist(), b.tolist(), strict=True))))
    hub = max(persons, key=lambda node: (ties[node], -node))
    chosen = [hub]
    for _, found in nx.bfs_edges(graph, hub, sort_neighbors=sorted):
        if len(chosen) == size:
            break
        chosen.append(found)
    number = {node: at for at, node in enumerate(chosen)}
    inner = graph.subgraph(chosen)
    ends = np.array(sorted(sorted((number[one], number[other])) for one, other in inner.edges))
    first: dict[int, int] = {}
    for ends_of_tie in (a, b):
        for node, day in zip(ends_of_tie.tolist(), snapshot.day.tolist(), strict=True):
            if day > 0 and node in number:
                first[node] = min(day, first.get(node, day))
    path = max(nx.single_source_shortest_path(inner, hub).values(), key=len)
    plan = Plan(
        entities=[ids[node] for node in chosen],
        pairs=[(ids[chosen[one]], ids[chosen[other]]) for one, other in ends.tolist()],
        types={ids[node]: schema[node] for node in chosen},
        dates={ids[node]: date.fromordinal(day).isoformat() for node, day in first.items()},
        path=[ids[node] for node in path],
    )
    return Part(plan, ends)


def measured(part: Part, kinds: bool) -> Iterator[dict[str, Any]]:
    """Rows of measurements, one for each way."""
    many = len(part.plan.entities)
    with patch("workbench.analytics.layouts.organic.sfdp_places", return_value=None):
        yield _row("ours", part, lambda: _arranged("organic", part))
    if shutil.which("sfdp"):
        yield _row("ours or sfdp", part, lambda: _arranged("organic", part))
        yield _row("sfdp", part, lambda: sfdp_places(many, part.ends))
    if shutil.which("chromium") and find_spec("playwright"):
        places, seconds = _in_browser(part)
        yield _told("vis-network", part, places, seconds)
    for kind in KINDS[1:] if kinds else ():
        yield _row(kind, part, lambda kind=kind: _arranged(kind, part))  # type: ignore[misc]


def _arranged(kind: str, part: Part) -> Places:
    places = arranged(kind, part.plan)
    return np.array([places[entity] for entity in part.plan.entities])


def _row(way: str, part: Part, lay_out: Callable[[], Places | None]) -> dict[str, Any]:
    begun = _seconds()
    places = lay_out()
    took = _seconds() - begun
    if places is None:
        raise SystemExit(f"{way} failed")
    return _told(way, part, places, took)


def _told(way: str, part: Part, places: Places, seconds: float) -> dict[str, Any]:
    nearest, long = cKDTree(places).query(places, 2)[0][:, 1], lengths(places, part.ends)
    wide, high = np.ptp(places, axis=0)
    return {
        "entities": len(places),
        "lines": len(part.ends),
        "layout": way,
        "overlapping_percent": round(100 * float((nearest < _DISC).mean()), 1),
        "nearest": round(float(nearest.min()), 1),
        "crossings_per_line": round(crossings(places, part.ends) / len(part.ends), 2),
        "spread": round(float(long.std() / long.mean()), 2),
        "size": f"{wide:.0f}x{high:.0f}",
        "cpu_s": round(seconds, 2),
    }


def _seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _in_browser(part: Part) -> tuple[Places, float]:
    """The places of vis-network when it came to rest, or ran out of patience, and the seconds of the browser's CPU."""
    from playwright.sync_api import sync_playwright

    spec = find_spec("pyvis")
    if spec is None or spec.origin is None:
        raise SystemExit("no pyvis")
    script = Path(spec.origin).parents[1] / _VIS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
        page = browser.new_page()
        page.set_default_timeout(2000 * _PATIENCE)
        page.add_script_tag(content=script.read_text("utf-8"))
        time.sleep(1)  # until it is at rest
        begun = _of_descendants()
        places = page.evaluate(_SIMULATE, [list(range(len(part.plan.entities))), part.ends.tolist(), _PATIENCE])
        took = _of_descendants() - begun
        browser.close()
    return np.array(places, dtype=float), took


def _of_descendants() -> float:
    """The seconds of CPU of all processes below this one."""
    told = {}
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = each.read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        told[int(each.parent.name)] = int(fields[1]), int(fields[11]) + int(fields[12])
    ours = {os.getpid()}
    while more := {process for process, (parent, _) in told.items() if parent in ours} - ours:
        ours |= more
    return sum(told[process][1] for process in ours - {os.getpid()}) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
