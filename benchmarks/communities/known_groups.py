"""How near our groups come to groups that are known from elsewhere, at the resolution that is recommended for that."""

from collections import Counter
from typing import Any

import numpy as np

from benchmarks.communities import generated
from benchmarks.networks import Named
from workbench.analytics.communities import grouping
from workbench.analytics.engines import Network

RECOMMENDED = 1.5  # the resolution; said here before anything is measured
_UNKNOWN = {"", "MISS", "OUT", "NA", "NONE", "UNKNOWN"}  # labels that are no group
_MOST_GROUPS = 0.5  # as a share of the labelled: more are names, not groups
_DIGITS = 3


def measured(each: Named) -> dict[str, Any]:
    """For each column of labels that may be groups, how near ours come; {} without any."""
    told = {}
    for column, labels in each.labels.items():
        known = np.array([label.strip().upper() not in _UNKNOWN for label in labels])
        counts = Counter(label for label, is_known in zip(labels, known, strict=True) if is_known)
        if 1 < len(counts) <= _MOST_GROUPS * known.sum():
            told[column] = {"labelled": int(known.sum()), "groups": len(counts)} | _near(each.network, labels, known)
    return told


def lfr(seeds: int) -> dict[str, Any]:
    """The same for LFR networks of 1,000 nodes with a share of 0.6 of ties outside groups; means over seeds."""
    every = []
    for seed in range(seeds):
        network, labels = generated.lfr(generated.LFR[-1], 0.6, seed)
        every.append(_near(network, labels, np.ones(network.n, bool)))
    return {name: round(float(np.mean([each[name] for each in every])), _DIGITS) for name in ("nmi", "ari")}


def _near(network: Network, labels: Any, known: Any) -> dict[str, float]:
    """The normalised mutual information and the adjusted Rand index, over the labelled that have a tie."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    found = grouping(network, RECOMMENDED, 0).labels
    kept = np.flatnonzero(known & (network.degrees > 0))
    theirs = [labels[node] for node in kept.tolist()]
    return {
        "nmi": round(float(normalized_mutual_info_score(theirs, found[kept])), _DIGITS),
        "ari": round(float(adjusted_rand_score(theirs, found[kept])), _DIGITS),
    }
