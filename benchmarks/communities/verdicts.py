"""How often groups are said to be supported: where there are none, and where some were planted."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.communities import generated
from benchmarks.networks import networks
from workbench.analytics.communities import grouping
from workbench.analytics.engines import Network
from workbench.analytics.group_evidence import Verdict


def without_groups(data: Path, sample: Network, seeds: int) -> dict[str, Any]:
    """Trees, random networks, and rewired ones: Saltmarsh, and what the folder has under the name of CAVIAR."""
    kinds: list[tuple[str, Iterator[Network]]] = [
        ("trees", generated.trees(seeds)),
        ("random networks", generated.random_networks(seeds)),
        ("Saltmarsh, rewired", generated.exchanged(sample, 5 * seeds)),
    ]
    for each in networks(data):
        if "caviar_full" in each.name.lower():
            kinds.append((f"{each.name}, rewired", generated.exchanged(each.network, 5 * seeds)))
    return dict(_counted(kinds))


def with_groups(seeds: int) -> dict[str, Any]:
    """LFR networks."""
    return dict(_counted(generated.planted(seeds)))


def share(told: dict[str, Any]) -> float:
    """The share of all networks of which a group is said to be supported."""
    every = sum(int(each["networks"]) for each in told.values())
    supported = sum(int(each["supported"]) for each in told.values())
    return round(supported / max(every, 1), 4)


def _counted(kinds: Iterable[tuple[str, Iterator[Network]]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, found in kinds:
        verdicts = Counter(verdict(each) for each in found)
        yield name, {"networks": sum(verdicts.values()), **{str(each): verdicts[each] for each in Verdict}}


def verdict(network: Network) -> Verdict:
    """What is said of the best supported group of a network."""
    found = grouping(network, 1.0, 0)
    said = {found.verdict(group) for group in found.groups}
    return next(each for each in (Verdict.SUPPORTED, Verdict.NOT_SUPPORTED, Verdict.TOO_SMALL) if each in said)
