"""Disruption on known networks, beside the figures of the reference notes."""

from typing import Any

import numpy as np

from benchmarks.networks import Named
from workbench.analytics.disruption import disrupted
from workbench.analytics.engines import Network

SOURCE = (
    "reference/analytics.md, section 3c: drop of the largest part in per cent when 10 % are removed "
    "(random, degree, betweenness, betweenness with re-wiring by resource allocation)"
)
# By the end of the network's name.
PUBLISHED = {
    "Montagna_meetings": (14, 64, 79, 12),
    "Montagna_phone": (16, 94, 94, 68),
    "CAVIAR_FULL": (15, 95, 95, 50),
    "OVERSIZE_WiretapRecordsnet": (17, 98, 98, 88),
    "SIREN": (13, 73, 82, 52),
    "LONDON_GANG": (9, 9, 9, 9),
    "infinito_locale": (10, 10, 19, 10),
}
_SHARE = 0.1
_MOST_NODES = 400


def disruption_of(named: Named, seed: int) -> dict[str, Any] | None:
    """The drop of the largest part if a tenth of those with a tie are taken out; None if that are too few or many."""
    network = _tied(named.network)
    if not 10 <= network.n <= _MOST_NODES:
        return None
    k = round(_SHARE * network.n)
    rows = [row for row in disrupted(network, k, 1.0, 0.1, seed) if row.k == k]
    told: dict[str, Any] = {"removed": k, "of": network.n}
    for row in rows:
        told[row.strategy] = {
            "drop %": _drop(row.largest),
            "interval": [_drop(row.largest_to), _drop(row.largest_from)],
            "recovered": _drop(row.largest_recovered),
            "recovered interval": [_drop(row.recovered_to), _drop(row.recovered_from)],
        }
    published = PUBLISHED.get(named.name.rsplit("/", 1)[-1])
    if published:
        told["published"] = {
            **dict(zip(("random", "degree", "betweenness", "betweenness, re-wired"), published, strict=True)),
            "source": SOURCE,
        }
    return told


def _tied(network: Network) -> Network:
    """The network without nodes that have no tie."""
    ends = np.unique(np.concatenate([network.a, network.b]), return_inverse=True)[1].reshape(2, -1).astype(np.int32)
    return Network(int(ends.max(initial=-1)) + 1, network.directed, ends[0], ends[1])


def _drop(share: float) -> int:
    return round(100 * (1 - share))
