"""Measure communities: how modular they are, when they are said to be supported, how near they come to known groups.

    python -m benchmarks.communities --data FOLDER [--json] [--largest TIES] [--seeds N]

Every network in the folder (`edges.csv`, `nodes.csv` with labels) is measured beside networkx, and generated ones of
200 ties and more. For known groups the resolution 1.5 is recommended, in advance. What others published is printed
beside, with its source (`known.toml`).
"""

import argparse
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.communities import best, generated, known_groups, verdicts
from benchmarks.communities.sample import sample_network
from benchmarks.networks import networks

Told = Mapping[str, Any]
_SIZES = (200, 2_000, 20_000, 100_000)


def main() -> None:
    """Measure, and print it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.communities", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of networks (edges.csv, nodes.csv)")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--largest", type=int, default=2_000, help="most ties of a generated network")
    parser.add_argument("--seeds", type=int, default=10, help="networks of each kind, for verdicts and LFR")
    options = parser.parse_args()
    found = measured(options.data, options.largest, options.seeds)
    print(json.dumps(found, ensure_ascii=False) if options.json else "\n".join(drawn(found)))


def measured(data: Path, largest: int, seeds: int) -> dict[str, Any]:
    """Everything that is measured."""
    every = list(networks(data))
    beside = {each.name: best.measured(each.network) for each in every}
    for size in _SIZES:
        if size <= largest:
            beside |= {name: best.measured(network) for name, network in generated.by_kind(size)}
    false = verdicts.without_groups(data, sample_network(), seeds)
    true = verdicts.with_groups(seeds)
    return {
        "known": known(),
        "networkx_has_leiden": best.has_leiden(),
        "modularity": beside,
        "below": sorted(name for name, told in beside.items() if told["below"]),
        "false": {"share": verdicts.share(false), **false},
        "true": {"share": verdicts.share(true), **true},
        "resolution": known_groups.RECOMMENDED,
        "groups": {each.name: told for each in every if (told := known_groups.measured(each))},
        "lfr": known_groups.lfr(seeds),
    }


def known() -> dict[str, Any]:
    """What others published, and what is to be reached."""
    return tomllib.loads(Path(__file__).with_name("known.toml").read_text("utf-8"))


def drawn(found: Told) -> Iterator[str]:
    """The lines of the table for people."""
    yield "modularity: ours beside the best of 20 of networkx"
    for name, told in found["modularity"].items():
        theirs = "  ".join(f"{each} {told[each]['modularity']:.5f}" for each in ("louvain", "leiden") if each in told)
        yield f"  {name}: {told['ours']['modularity']:.5f}  {theirs}{'  BELOW' if told['below'] else ''}"
    for name in ("false", "true"):
        yield f"{found['known'][name]['title']}: {found[name]['share']:.3f}, to reach {found['known'][name]['reach']}"
        for kind, told in found[name].items():
            if kind != "share":
                yield f"  {kind}: {told}"
    yield f"known groups, at resolution {found['resolution']}"
    for name, told in found["groups"].items():
        for column, near in told.items():
            yield f"  {name}, {column}: {near}{_beside(found['known'], name, column)}"
    yield f"  LFR 0.6: {found['lfr']}{_told(found['known']['lfr'])}"


def _beside(every: Told, name: str, column: str) -> str:
    rows = [each for each in every.values() if (each.get("network"), each.get("label")) == (name, column)]
    return _told(rows[0]) if rows else ""


def _told(known_row: Told) -> str:
    return f"; to reach {known_row['reach']}; {known_row['source']}: {known_row['known']}"


if __name__ == "__main__":
    main()
