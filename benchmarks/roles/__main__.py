"""Measure how far ranks and disruption can be relied on, on networks whose truth is known.

    python -m benchmarks.roles --data FOLDER [--json]

Takes every network in the folder and those within (`edges.csv` and `nodes.csv`, see `benchmarks.networks`), and
some that it makes:

- coverage of the 90 % rank intervals when 5, 10 and 20 % of ties or persons are dropped, by measure, of all ranks and
  of the first ten and twenty, with their widths beside those of the best interval that is as wide for all;
- how many of the first ten by each measure are still among them;
- disruption if a tenth is taken out, beside the figures of the reference notes.
"""

import argparse
import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np

from benchmarks.networks import Named, Tie, networks
from benchmarks.roles.coverage import Case, cases, summed
from benchmarks.roles.disrupting import disruption_of

_LARGEST = 50_000  # ties of a network that is measured: 18 observed ones take a minute by then
_FIRST = 10


def main() -> None:
    """Measure all that is found in a folder, and what is made, and print it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.roles", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of networks")
    parser.add_argument("--seed", type=int, default=0, help="of what is dropped, and of networks that are made")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measured(options.data, options.seed)
    print(json.dumps(found, ensure_ascii=False) if options.json else "\n".join(drawn(found)))


def measured(data: Path, seed: int) -> dict[str, Any]:
    """What is measured: pooled over the folder's networks and over those made, and by network."""
    told: dict[str, Any] = {}
    for name, some in (("networks in the folder", networks(data)), ("networks made", made(seed))):
        pooled: list[Case] = []
        each_one: dict[str, Any] = {}
        for named in some:
            if named.network.m > _LARGEST:
                each_one[named.name] = {"left out": f"{named.network.m} ties"}
                continue
            mine = list(cases(named, seed))
            pooled += mine
            each_one[named.name] = _of_one(named, mine, seed)
        told[name] = {"coverage": summed(pooled), "first ten kept": _kept(pooled), "each": each_one}
    return told


def _of_one(named: Named, mine: list[Case], seed: int) -> dict[str, Any]:
    inside = {
        measure: [
            float(((each.found.best <= each.true.first) & (each.true.first <= each.found.worst)).mean())
            for each in mine
            if each.measure == measure
        ]
        for measure in dict.fromkeys(each.measure for each in mine)
    }
    told: dict[str, Any] = {
        "nodes": named.network.n,
        "ties": named.network.m,
        "covered": {measure: round(float(np.mean(shares)), 3) for measure, shares in inside.items()},
    }
    disruption = disruption_of(named, seed)
    return told | ({"disruption": disruption} if disruption else {})


def _kept(pooled: list[Case]) -> dict[str, Any]:
    """By measure, what was dropped and share: which share of the true first ten is observed among the first ten."""
    shares: dict[tuple[str, str, float], list[float]] = {}
    for each in pooled:
        true, observed = each.true.first <= _FIRST, each.observed.first <= _FIRST
        shares.setdefault((each.measure, each.dropped, each.share), []).append(float(observed[true].mean()))
    told: dict[str, Any] = {}
    for (measure, dropped, share), kept in shares.items():
        told.setdefault(measure, {}).setdefault(dropped, {})[f"{share:.0%}"] = round(float(np.mean(kept)), 3)
    return told


def made(seed: int) -> Iterator[Named]:
    """Networks of known kinds: random, by preferential attachment, planted groups, small worlds, a tree."""
    draw = random.Random(seed)
    kinds: Mapping[str, nx.Graph[int]] = {
        "random 40": nx.gnm_random_graph(40, 80, seed=seed),
        "random 120": nx.gnm_random_graph(120, 300, seed=seed),
        "random 400": nx.gnm_random_graph(400, 1200, seed=seed),
        "random 1000": nx.gnm_random_graph(1000, 3000, seed=seed),
        "attachment 60": nx.barabasi_albert_graph(60, 2, seed=seed),
        "attachment 300": nx.barabasi_albert_graph(300, 3, seed=seed),
        "attachment 3000": nx.barabasi_albert_graph(3000, 3, seed=seed),
        "clustered 250": nx.powerlaw_cluster_graph(250, 3, 0.5, seed=seed),
        "planted 100": nx.planted_partition_graph(4, 25, 0.25, 0.02, seed=seed),
        "planted 300": nx.planted_partition_graph(6, 50, 0.12, 0.01, seed=seed),
        "small world 200": nx.watts_strogatz_graph(200, 6, 0.1, seed=seed),
        "tree 80": nx.from_prufer_sequence([draw.randrange(80) for _ in range(78)]),
    }
    for name, graph in kinds.items():
        yield Named(name, tuple(map(str, graph)), tuple(Tie(str(a), str(b)) for a, b in graph.edges))


def drawn(found: Mapping[str, Any]) -> Iterator[str]:
    """The lines for people."""
    for name, told in found.items():
        yield f"{name}: coverage of 90 % rank intervals (of all; of the first ten, twenty; width, that of one for all)"
        for measure, by in told["coverage"].items():
            for dropped, shares in by.items():
                yield f"  {measure:26} {dropped:8} " + " | ".join(_line(*each) for each in shares.items())
        yield f"{name}: share of the first ten kept"
        for measure, by in told["first ten kept"].items():
            yield f"  {measure:26} {by}"
        for each, one in told["each"].items():
            yield f"  {each}: {one.get('nodes')} nodes, {one.get('ties')} ties, covered {one.get('covered')}"
            for strategy, what in one.get("disruption", {}).items():
                yield f"      {strategy}: {what}"


def _line(share: str, told: Mapping[str, Any]) -> str:
    first = [told[f"first {many}"] for many in (10, 20)]
    covered = " ".join(f"{each['covered']:.3f}" for each in (told, *first))
    return f"{share}: {covered} ({first[1]['width']}, {first[1]['width of one for all']})"


if __name__ == "__main__":
    main()
