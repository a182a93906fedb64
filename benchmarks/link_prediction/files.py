"""The networks of a folder as this benchmark takes them: nodes with a tie, sources that can be compared, series."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from pathlib import Path

import numpy as np

from benchmarks.networks import Named, networks
from workbench.analytics.engines import Network
from workbench.analytics.links.future import Periods
from workbench.store.columns import Int32

_SERIES = re.compile(r"^(.*?)(\d+)$")
_FEWEST_FILES, _FEWEST_TIES, _PERIODS = 5, 20, 10


def tied(network: Network) -> Network:
    """The network of the nodes that have a tie: the others have no part in what is asked."""
    nodes = np.flatnonzero(network.degrees)
    a, b = (np.searchsorted(nodes, ends).astype(np.int32) for ends in (network.a, network.b))
    return Network(len(nodes), False, a, b)


def alone(data: Path) -> list[Named]:
    """The networks that are no part of a series, with enough ties to hide some."""
    every = list(networks(data))
    parts = {each.name for _, some in series(every) for each in some}
    return [each for each in every if each.name not in parts and each.network.m >= _FEWEST_TIES]


def series(every: Sequence[Named]) -> Iterator[tuple[str, list[Named]]]:
    """Networks whose names differ by a last number: periods, in order, named by their folder or what they share."""
    found: dict[str, list[tuple[int, Named]]] = defaultdict(list)
    for each in every:
        if said := _SERIES.match(each.name):
            found[said[1]].append((int(said[2]), each))
    for name, some in found.items():
        if len(some) >= _FEWEST_FILES:
            yield name, [each for _, each in sorted(some, key=lambda one: one[0])]


def periods(data: Path) -> Iterator[tuple[str, Periods]]:
    """What has an order in time: series of files, and files whose ties have times."""
    every = list(networks(data))
    for name, some in series(every):
        yield name, _joined([[(tie.source, tie.target) for tie in each.ties] for each in some])
    for each in every:
        timed = sorted((tie for tie in each.ties if tie.time), key=lambda tie: _moment(tie.time))
        if len({tie.time for tie in timed}) >= _FEWEST_FILES:
            parts = _parts([_moment(tie.time) for tie in timed])
            yield each.name, _joined([[(timed[n].source, timed[n].target) for n in part] for part in parts])


def _moment(time: str) -> tuple[float, str]:
    try:
        return float(time), ""
    except ValueError:
        return 0.0, time


def _parts(moments: Sequence[tuple[float, str]]) -> list[list[int]]:
    """The places of ties, cut into periods of about as many; equal times stay together."""
    _, at = np.unique([f"{number:020.6f} {text}" for number, text in moments], return_inverse=True)
    starts = {int(np.searchsorted(at, at[len(at) * n // _PERIODS])) for n in range(1, _PERIODS)} - {0}
    return [part.tolist() for part in np.split(np.arange(len(at)), sorted(starts)) if len(part)]


def _joined(parts: Sequence[Sequence[tuple[str, str]]]) -> Periods:
    names = sorted({end for part in parts for pair in part for end in pair})
    number = {name: n for n, name in enumerate(names)}
    ends = [np.array([(number[a], number[b]) for a, b in part if a != b], np.int32).reshape(-1, 2) for part in parts]
    return Periods(len(names), tuple((each[:, 0], each[:, 1]) for each in ends))


Pairs = list[tuple[str, str]]


def sources(data: Path) -> Iterator[tuple[str, str, Network, Network]]:
    """Two sources about the same nodes, in both orders: files of one folder, or the kinds of ties in one file."""
    for told in _beside(alone(data)).values():
        for (name, ties), (other, others) in permutations(told, 2):
            if _are_about_the_same(ties, others):
                both = _joined([ties, others])
                one, two = (_network(both.n, *each) for each in both.ties)
                if one.m >= _FEWEST_TIES:
                    yield name, other, one, two


def _beside(some: Sequence[Named]) -> Mapping[str, list[tuple[str, Pairs]]]:
    """The sources that may be about the same nodes, with the pairs of each."""
    found: dict[str, list[tuple[str, Pairs]]] = defaultdict(list)
    for each in some:
        found[each.name.rpartition("/")[0] or each.name].append((each.name, _pairs(each)))
        kinds = sorted({tie.kind for tie in each.ties if tie.kind})
        if len(kinds) > 1:
            found[f"{each.name}: kinds"] = [(f"{each.name}: {kind}", _pairs(each, kind)) for kind in kinds]
    return found


def _pairs(named: Named, kind: str = "") -> Pairs:
    return [(tie.source, tie.target) for tie in named.ties if not kind or tie.kind == kind]


def _network(n: int, a: Int32, b: Int32) -> Network:
    pairs = np.unique(np.sort(np.stack([a, b], axis=1), axis=1), axis=0)
    return Network(n, False, pairs[:, 0].copy(), pairs[:, 1].copy())


def _are_about_the_same(ties: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]]) -> bool:
    mine, yours = ({end for pair in some for end in pair} for some in (ties, others))
    return len(mine & yours) * 3 >= min(len(mine), len(yours)) > 0
