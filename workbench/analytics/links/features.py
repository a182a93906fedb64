"""The features of a pair: what the stack is fitted to. All of them are of ties, none is of a person.

No attribute of anybody is one: not where somebody lives or was born, nationality, ethnicity, religion, sex or age. A
test holds the list to that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from workbench.analytics.engines import Network
from workbench.analytics.engines.network import Float64
from workbench.analytics.links import scores
from workbench.analytics.links.common import in_common
from workbench.analytics.links.scores import Shared, is_walked
from workbench.store.columns import Bool, Int64


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of nodes of a network, and what the neighbours say that both have."""

    network: Network
    a: Int64
    b: Int64
    shared: Shared

    @classmethod
    def of(cls, network: Network, a: Int64, b: Int64) -> "Pairs":
        """Some pairs."""
        return cls(network, a, b, scores.shared(network, a, b))

    def take(self, rows: Bool) -> "Pairs":
        """Those where the mask is true."""
        return Pairs(self.network, self.a[rows], self.b[rows], Shared(*(each[rows] for each in self.shared)))


def _product(of: Pairs) -> Float64:
    at = scores.degrees(of.network)
    return at[of.a] * at[of.b]


def _sum(of: Pairs) -> Float64:
    at = scores.degrees(of.network)
    return at[of.a] + at[of.b]


FEATURES: Mapping[str, Callable[[Pairs], Float64]] = {
    "resource allocation": lambda of: of.shared.allocation,
    "Adamic-Adar": lambda of: of.shared.adamic_adar,
    "Jaccard": lambda of: scores.jaccard(of.network, of.a, of.b, of.shared.many),
    "degrees multiplied": _product,
    "degrees added": _sum,
    "blocks": lambda of: scores.blocks(of.network, of.a, of.b),
    "paths of three": lambda of: scores.paths_of_three(of.network, of.a, of.b),
    "walk": lambda of: scores.walk(of.network, of.a, of.b),
    "short walk": lambda of: scores.short_walk(of.network, of.a, of.b),
}
DEGREES = ("degrees multiplied", "degrees added")
MISSING = ("resource allocation", "Adamic-Adar", "Jaccard", *DEGREES, "blocks", "walk", "short walk")
FUTURE = ("resource allocation", *DEGREES, "blocks", "paths of three", "walk")  # those that weights have a meaning for
WALKED = ("paths of three", "walk", "short walk")
SIZED = ("resource allocation",)  # features of which the size counts too, and not only where it stands


def used(names: tuple[str, ...], network: Network) -> tuple[str, ...]:
    """Those of some features that are computed in a network, and what its nodes have in common besides ties.

    In a large network there are no walks.
    """
    known = names if is_walked(network) else tuple(name for name in names if name not in WALKED)
    return (*known, *in_common(network))


def features(pairs: Pairs, names: tuple[str, ...]) -> Float64:
    """The features of pairs with these names: an array with a row for each pair. Each is 0 or more."""
    known = in_common(pairs.network)
    found = [known[name].at(pairs.a, pairs.b) if name in known else FEATURES[name](pairs) for name in names]
    return np.stack(found, axis=1)
