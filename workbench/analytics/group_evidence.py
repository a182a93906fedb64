"""Whether the ties support the groups that a search finds; some groups always come out.

Each connected part is asked by itself, against random networks with the same degrees:

- *modularity*: is the part more modular than all of them, and by three standard deviations or more?
- *stability*: do searches from several seeds agree on the part's groups, and more so than on theirs?
- *description*: does a block model describe the part with several groups in fewer words than with one?

A division is supported if the part is more modular, and its groups are stable or shorten the description. Of more than
10,000 ties stability is not asked: one search takes a fifth of five, and the description is the sharper test there. A
tree is never supported: each of its ties holds it together alone, so every cut is as good as another.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np

from workbench.analytics.agreement import stability
from workbench.analytics.description_length import description_length, shortest
from workbench.analytics.engines import Network, operations
from workbench.analytics.modularity import Modularity, within, without_directions
from workbench.analytics.rewiring import rewired
from workbench.store.columns import Int64

_LEAST_MEMBERS = 10  # of a part of which anything can be said
_MOST_PARTS = 32  # that are asked, the largest first
_TIMES = 5  # searches of a part, and of each random network; one, without stability, of those with more ties than
_MANY = 10_000
_ROUNDS = 3  # of each search
_MODULAR = 3.0  # standard deviations
_STEADY = 0.6  # stability: higher than this, and than the random networks' by
_STEADIER = 3.0  # standard deviations; but searches that agree on everything are stable whatever theirs do
_SAME = 0.99
_EQUAL = 1e-9
_SHORTER = 4.6  # nats: several groups are a hundred times as probable as one
_COARSE = (0.5, 0.7)  # resolutions of further partitions whose descriptions are compared
_WORK = 400_000  # ties of all random networks of one part together, within these numbers of networks:
_FEWEST, _MOST = 5, 49
_DIGITS = 3


class Verdict(StrEnum):
    """What the ties say of a division into groups."""

    SUPPORTED = "supported"
    NOT_SUPPORTED = "not supported"
    TOO_SMALL = "too small to say"


class Evidence(NamedTuple):
    """What was measured of a part, beside random networks with its degrees.

    `excess` is how many standard deviations it is more modular, `stability` of how many searches, `shorter` by how
    many nats several groups shorten the description; None of what was not asked. There is no `excess` if all random
    networks are as modular as each other.
    """

    verdict: Verdict
    excess: float | None = None
    stability: float | None = None
    shorter: float | None = None
    networks: int = 0
    is_tree: bool = False

    @property
    def asked(self) -> bool:
        """Whether the part is large enough to be asked."""
        return self.is_tree or self.networks > 0

    def told(self) -> dict[str, Any]:
        """The measurements for a finding."""
        numbers = {"excess": self.excess, "stability": self.stability, "shorter": self.shorter}
        told = {name: None if number is None else round(number, _DIGITS) for name, number in numbers.items()}
        return {"verdict": str(self.verdict), **told, "random_networks": self.networks}


def evidence(network: Network, resolution: float, seed: int) -> tuple[Int64, list[Evidence]]:
    """The part of each node, and the evidence for a division of each part; directions are not counted.

    The largest parts that a partition of the whole network may divide are asked. The others are too small.
    """
    network = without_directions(network)
    modularity = Modularity(network, resolution)
    found = [Evidence(Verdict.TOO_SMALL)] * len(modularity.of_parts)
    sizes = np.bincount(modularity.part, minlength=len(found))
    largest = np.lexsort((np.arange(len(sizes)), -sizes))
    asked = [part for part in largest.tolist() if modularity.is_open[part] and sizes[part] >= _LEAST_MEMBERS]
    weights = max(float(modularity.of_parts.sum()), 1.0)
    for part in asked[:_MOST_PARTS]:
        share = float(modularity.of_parts[part]) / weights
        found[part] = _of_part(within(network, np.flatnonzero(modularity.part == part)), resolution * share, seed)
    return modularity.part, found


def _of_part(part: Network, resolution: float, seed: int) -> Evidence:
    """The evidence for a division of one connected part."""
    if part.m < part.n:
        return Evidence(Verdict.NOT_SUPPORTED, is_tree=True)
    tried = _searched(part, resolution, seed)
    nulls = _random(part, _best(tried), resolution, seed)
    modular, steady = _beside([_best(each) for each in nulls]), _beside([each.stability for each in nulls])
    excess = (_best(tried) - modular[0]) / modular[1] if modular[1] else None
    is_modular = (excess is None or excess >= _MODULAR) and _best(tried) > max(map(_best, nulls)) + _EQUAL
    is_steady = len(tried.labels) > 1 and tried.stability >= min(_SAME, max(_STEADY, steady[0] + _STEADIER * steady[1]))
    shorter = _shorter(part, tried.labels)
    is_supported = is_modular and (is_steady or shorter >= _SHORTER)
    verdict = Verdict.SUPPORTED if is_supported else Verdict.NOT_SUPPORTED
    steadiness = tried.stability if len(tried.labels) > 1 else None
    return Evidence(verdict, excess, steadiness, shorter, len(nulls))


def _random(part: Network, best: float, resolution: float, seed: int) -> list["_Searched"]:
    """Searches of random networks; only the fewest if one of them is as modular as the part: that settles it."""
    found: list[_Searched] = []
    for number in range(int(np.clip(_WORK // (_TIMES * part.m), _FEWEST, _MOST))):
        found.append(_searched(rewired(part, seed + 1 + number), resolution, seed))
        if len(found) >= _FEWEST and max(map(_best, found)) >= best:
            break
    return found


class _Searched(NamedTuple):
    """What a few searches found: partitions, their modularities, and their stability."""

    labels: Sequence[Int64]
    modularities: Sequence[float]
    stability: float


def _searched(network: Network, resolution: float, seed: int) -> _Searched:
    """The same for the part and for random networks: searched with more effort, any would be more modular."""
    modularity = Modularity(network, resolution)
    times = _TIMES if network.m <= _MANY else 1
    tried = [operations.leiden(network, seed + number, resolution, rounds=_ROUNDS) for number in range(times)]
    return _Searched(tried, [modularity.total(each) for each in tried], stability(tried))


def _best(searched: _Searched) -> float:
    return max(searched.modularities)


def _beside(values: Sequence[float]) -> tuple[float, float]:
    """The mean of what random networks have, and its standard deviation; 0 if all are equal."""
    deviation = float(np.std(values, ddof=1))
    return float(np.mean(values)), deviation if deviation > _EQUAL else 0.0


def _shorter(part: Network, tried: Sequence[Int64]) -> float:
    """By how many nats several groups describe a part shorter than one; 0 if they do not."""
    coarse = [operations.leiden(part, 0, each, rounds=_ROUNDS) for each in _COARSE]
    alone = description_length(part, np.zeros(part.n, np.int64))
    return max(0.0, alone - min(shortest(part, each) for each in [*tried, *coarse]))
