"""Measure our engines beside plain networkx, networkit alone and, with --gds, Neo4j's Graph Data Science.

    python -m benchmarks.speed --data FOLDER [--json] [--gds] [--findings]

One thread, seconds of CPU, ratios in one run. Every network in the folder is measured too, as far as networkx is done
in bearable time. What others published is printed beside, with its source (`known.toml`).
"""

import argparse
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.networks import networks
from benchmarks.speed import beside, findings, gds, million

Told = Mapping[str, Any]

_FEASIBLE = 50_000_000  # nodes x ties up to which networkx computes betweenness


def main() -> None:
    """Measure, and print it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of networks (edges.csv, nodes.csv)")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--gds", action="store_true", help="also beside Graph Data Science, on a server of its own")
    parser.add_argument("--findings", action="store_true", help="also each finding at 200,000 records, by a session")
    options = parser.parse_args()
    found = measured(options.data, options.gds, options.findings)
    print(json.dumps(found, ensure_ascii=False) if options.json else "\n".join(drawn(found)))


def measured(data: Path, with_gds: bool, with_findings: bool) -> dict[str, Any]:
    """Everything that is measured."""
    found: dict[str, Any] = {"known": known()}
    found["networks"] = {each.name: list(_of_network(each.network)) for each in networks(data)}
    found["beside"] = [_judged(row) for row in beside.measured()]
    found["million"] = _judged_million(million.measured())
    if with_findings:
        found["findings"] = _judged_findings(findings.measured())
    if with_gds:
        found["gds"] = _judged_gds(gds.measured())
    return found


def known() -> dict[str, Any]:
    """What others published, and what is to be reached."""
    return tomllib.loads(Path(__file__).with_name("known.toml").read_text("utf-8"))


def _of_network(network: Any) -> Iterator[dict[str, Any]]:
    for case in beside.CASES:
        fits = network.n * network.m <= _FEASIBLE if case.operation == "betweenness" else True
        if fits and (case.name != "betweenness_sampled" or network.n > beside.SOURCES):
            yield beside.one(case, network)


def _judged(row: dict[str, Any]) -> dict[str, Any]:
    """A row with whether what is to be reached was."""
    reach = known()[row["name"]]["reach"]
    row["ours"]["reached"] = row["ours"]["times"] >= reach["times"]
    if "ours with igraph" in row:
        row["ours with igraph"]["reached"] = row["ours with igraph"]["times"] >= reach["times_igraph"]
    return row


def _judged_million(told: dict[str, Any]) -> dict[str, Any]:
    for name in ("leiden", "betweenness"):
        told[name]["reached"] = told[name]["beside"] <= known()[f"million_{name}"]["reach"]["beside"]
    return {**told, "memory_reached": told["gb"] <= known()["million_memory"]["reach"]["gb"]}


def _judged_findings(told: dict[str, Any]) -> dict[str, Any]:
    reach = known()["findings"]["reach"]
    for name, row in told["findings"].items():
        row["reached"] = row["beside"] <= reach["joint_value" if name == "joint-value" else "each"]
    return told


def _judged_gds(told: dict[str, Any]) -> dict[str, Any]:
    for name, row in told["methods"].items():
        as_good = row["ours"].get("modularity", 0) >= row["gds"].get("modularity", 0)
        row["reached"] = row["times"] >= known()[f"gds_{name}"]["reach"]["times"] and as_good
    return told


# -- for people ---------------------------------------------------------------------------


def drawn(found: Told) -> Iterator[str]:
    """The lines of the tables."""
    for name, rows in found["networks"].items():
        if rows:
            yield f"{name}: {rows[0]['nodes']} nodes, {rows[0]['ties']} ties"
        yield from (f"    {line}" for row in rows for line in _of_row(row))
    yield "beside plain networkx, seconds of CPU"
    for row in found["beside"]:
        yield from (f"    {line}" for line in _of_row(row))
        yield f"        published: {_published(row['name'])}"
    yield from _of_million(found["million"])
    if "findings" in found:
        yield from _of_findings(found["findings"])
    if "gds" in found:
        yield from _of_gds(found["gds"])


def _of_row(row: Told) -> Iterator[str]:
    title = known()[row["name"]]["title"]
    yield f"{title}, {row['ties']:,} ties: networkx {row['networkx']}, converting {row['converting']}"
    for name in ("ours", "ours with igraph"):
        if name in row:
            each = row[name]
            said = {key: each[key] for key in each if key in ("difference", "modularity", "modularity_of_networkx")}
            told = ", ".join(f"{key} {value:.3g}" for key, value in said.items())
            yield f"    {name} ({each['engine']}) {each['again']}, first {each['first']}: x{each['times']}{_mark(each)}"
            yield f"        {told}"


def _mark(each: Told) -> str:
    return "" if "reached" not in each else ", reached" if each["reached"] else ", NOT reached"


def _published(name: str) -> str:
    of = known()[name]
    seconds = ", ".join(f"{who} {value}" for who, value in of["known"].items())
    reach = ", ".join(f"{what} {value}" for what, value in of["reach"].items())
    return f"{seconds} ({of['source']}); to reach: {reach}"


def _of_million(told: Told) -> Iterator[str]:
    yield f"{told['ties']:,} ties, {told['nodes']:,} nodes; making matrix and graph takes {told['making']}"
    for name in ("leiden", "betweenness"):
        each = told[name]
        yield f"    {name}: ours {each['ours']}, networkit alone {each['networkit']}: {each['beside']}{_mark(each)}"
        yield f"        published: {_published(f'million_{name}')}"
    leiden = told["leiden"]
    yield f"    modularity: ours {leiden['modularity']}, networkit's {leiden['modularity_of_networkit']}"
    yield f"    Adamic-Adar, the first 1,000: {told['adamic_adar']['ours']}"
    yield f"    peak of memory {told['gb']} GB{_mark({'reached': told['memory_reached']})}"
    yield f"        published: {_published('million_memory')}"


def _of_findings(told: Told) -> Iterator[str]:
    size = f"{told['records']:,} records, {told['entities']:,} persons, {told['ties']:,} ties"
    yield f"findings of {size}, beside one Louvain of networkx, which takes {told['louvain']}"
    for name, row in told["findings"].items():
        yield f"    {name}: {row['cpu']}, x{row['beside']}{_mark(row)}"
    yield f"        published: {_published('findings')}"


def _of_gds(told: Told) -> Iterator[str]:
    yield f"Graph Data Science, {told['entities']:,} entities, {told['ties']:,} ties, {told['cores']} cores"
    for name, row in told["methods"].items():
        theirs, ours = row["gds"], row["ours"]
        spent = f"GDS {theirs['wall']}, {theirs['cpu']}; ours {ours['wall']}, {ours['cpu']}"
        yield f"    {name}, seconds of the wall and of CPU: {spent}"
        good = f"; modularity {ours['modularity']}, theirs {theirs['modularity']}" if "modularity" in theirs else ""
        yield f"        x{row['times']} of the wall, x{row['times_of_processor']} of CPU{_mark(row)}{good}"
        yield f"        published: {_published(f'gds_{name}')}"


if __name__ == "__main__":
    main()
