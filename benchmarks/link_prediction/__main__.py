"""Measure predicted relationships on networks whose truth is known.

    python -m benchmarks.link_prediction --data FOLDER [--json] [--part NAME]

Takes every network in the folder and those within (`edges.csv` and `nodes.csv`, see `benchmarks.networks`). Nodes
without a tie are left out. The parts:

- hold-outs: a tenth of the ties hidden, all pairs without a tie scored, beside single methods and a plain stack;
  calibration, by the same hold-outs.
- sources: what one file of a folder, or one kind of ties, does not say of its persons and another does.
- time: ties of the next period. Files whose names differ by a last number are periods; so are times of ties.
- silence: whether nothing is said on random networks, trees, and the networks of the folder when they are rewired.
- speed: 100,000 ties beside networkx.
- without: what predictions are without one record each, beside the computation in a store without it.

What others measured, and what is to be reached, is printed beside (`known.toml`).
"""

import argparse
import json
import math
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.link_prediction import hold_outs, over_time, silence, sources, speed, without
from benchmarks.link_prediction.files import alone
from benchmarks.networks import Named, networks

Told = Mapping[str, Any]
_MOST_REWIRED = 2_000  # ties of a network that is rewired


def main() -> None:
    """Measure all that is found in a folder, and print it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.link_prediction", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of networks")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part; can be given again")
    parser.add_argument("--times", type=int, default=10, help="hold-outs of each network")
    parser.add_argument("--largest", type=int, default=500, help="most nodes of a network of the folder")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    try:
        if not any(networks(options.data)):
            parser.error(f"{options.data} has no network: see --help for the form")
    except ValueError as error:
        parser.error(str(error))
    found: dict[str, Any] = {"known": known()}
    for name in options.part or PARTS:
        found[name] = PARTS[name](options)
    print(json.dumps(plain(found), ensure_ascii=False) if options.json else "\n".join(drawn(found)))


def plain(value: Any) -> Any:
    """The same for JSON, which has no NaN: where nothing could be measured, null."""
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def known() -> dict[str, Any]:
    """What others measured, and what is to be reached."""
    return tomllib.loads(Path(__file__).with_name("known.toml").read_text("utf-8"))


def _named(options: argparse.Namespace) -> list[Named]:
    return [each for each in alone(options.data) if len(each.names) <= options.largest]


def _hold_outs(options: argparse.Namespace) -> dict[str, Any]:
    every = {each.name: hold_outs.repeats(each, options.times, options.seed) for each in _named(options)}
    ends = tuple(known()["hold_outs"]["networks"])
    return hold_outs.told_of(every, [name for name in every if name.endswith(ends)])


def _silence(options: argparse.Namespace) -> dict[str, Any]:
    some = [each for each in _named(options) if each.network.m <= _MOST_REWIRED]
    return silence.measured(some, options.seed)


PARTS: Mapping[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "hold-outs": _hold_outs,
    "sources": lambda options: sources.measured(options.data, options.largest, options.seed),
    "time": lambda options: over_time.measured(options.data, options.seed),
    "silence": _silence,
    "speed": lambda options: speed.measured(options.seed),
    "without": lambda options: without.measured(_named(options), options.seed),
}


def drawn(found: Told) -> Iterator[str]:
    """The lines for people."""
    for name, told in found.items():
        if name == "known":
            continue
        yield f"{name}:"
        for line in _lines(told):
            yield f"  {line}"
    yield "known, and to be reached:"
    for said in found["known"].values():
        yield f"  {said['title']}: reach {said['reach']}; known {said.get('known', '-')}"


def _lines(told: Told) -> Iterator[str]:
    for name, value in told.items():
        if isinstance(value, Mapping) and any(isinstance(each, Mapping) for each in value.values()):
            yield f"{name}:"
            yield from (f"  {line}" for line in _lines(value))
        elif isinstance(value, Mapping):
            yield f"{name}: " + ", ".join(f"{key} {each}" for key, each in value.items())
        else:
            yield f"{name}: {value}"


if __name__ == "__main__":
    main()
