"""What an edge of a projection weighs: how far it is believed, from 0 (not at all) to 1.

- A record weighs what its grade says, by `weights.toml`.
- A source counts once wherever it stands, by the best of its records: it may be wrong once.
- Several sources are independent: with weights w, what they say is wrong with the product of all 1 - w.
- A derivation needs all of its legs, and is as good as the weakest. An edge is wrong if one leg of each derivation is.
  Taken are the legs at one end, those in the middle, those at the other end: what weighs least is the edge's weight.
"""

from typing import NamedTuple

import numpy as np

from workbench.analytics.forms.reasons import Reasons, expanded
from workbench.analytics.sources import Float64, Said
from workbench.store.columns import Int64

COUNTED, WEIGHTED = "counted", "weighted"
TIES = (COUNTED, WEIGHTED)
TIES_ARE = "ties_are"  # says in what a finding measured which of them it took
_DIGITS = 9  # of a weight: sources are multiplied in another order in another view


class Voices(NamedTuple):
    """The best weight of each source on each leg, in order of legs, then sources; `start` is where each leg's begin."""

    source: Int64
    weight: Float64
    start: Int64


def weighed(reasons: Reasons, said: Said, record: Int64, edges: int) -> Float64:
    """The weight of each of so many edges; `record` has the number of the record of each row of the snapshot."""
    voices = _voices(reasons, said, record)
    found = np.ones(edges)
    for cut in reasons.cuts:
        found = np.minimum(found, _of_cut(reasons.edge, cut, voices, len(said.names), edges))
    return np.round(found, _DIGITS)


def _voices(reasons: Reasons, said: Said, record: Int64) -> Voices:
    legs = int(reasons.leg.max(initial=-1)) + 1
    used = np.zeros(legs, dtype=bool)
    used[np.concatenate(reasons.cuts)] = True  # what only one member has makes no edge
    rows = used[reasons.leg]
    places = said.places(record[reasons.row[rows]])
    codes, weight = _best(reasons.leg[rows] * len(said.names) + said.source[places], said.weight[places])
    counts = np.bincount(codes // max(len(said.names), 1), minlength=legs)
    return Voices(codes % max(len(said.names), 1), weight, np.concatenate([[0], np.cumsum(counts)]))


def _of_cut(edge: Int64, cut: Int64, voices: Voices, sources: int, edges: int) -> Float64:
    """The weight of each edge by one leg of each of its derivations."""
    of, nth = expanded(voices.start[cut + 1] - voices.start[cut])
    voice = voices.start[cut[of]] + nth
    codes, weight = _best(edge[of] * sources + voices.source[voice], voices.weight[voice])
    return _together(codes // max(sources, 1), weight, edges)


def _best(codes: Int64, weight: Float64) -> tuple[Int64, Float64]:
    """The different codes, in order, and the highest weight of each."""
    if not len(codes):
        return codes, weight
    order = np.argsort(codes, kind="stable")
    codes, weight = codes[order], weight[order]
    starts = np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]]))
    return codes[starts], np.maximum.reduceat(weight, starts)


def _together(edge: Int64, weight: Float64, edges: int) -> Float64:
    """What independent sources weigh together, for each edge; edges are in order, and each has a source."""
    wrong = np.ones(edges)
    if len(edge):
        starts = np.flatnonzero(np.concatenate([[True], edge[1:] != edge[:-1]]))
        wrong[edge[starts]] = np.multiply.reduceat(1 - weight, starts)
    return 1 - wrong


def leg_weight(said: Said, places: Int64) -> float:
    """The weight of one leg, by the places in `said` of the records that say it."""
    if len(places) == 1:
        return round(float(said.weight[places[0]]), _DIGITS)
    _, best = _best(said.source[places].astype(np.int64), said.weight[places])
    return round(1 - float(np.multiply.reduce(1 - best)), _DIGITS)
