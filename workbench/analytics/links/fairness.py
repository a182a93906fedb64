"""On whom the errors of predictions fall, by hold-outs: a wrong lead is a person under suspicion.

The likeliest pairs of each hold-out are looked at, as leads would be. Who is observed more often has more ties, and
comes up more often, wrongly too. So the errors of a group are compared with those to be expected from how often its
members were observed.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import spearmanr

from workbench.analytics.links.training import Trained
from workbench.store.columns import Bool, Int64

_PARTS = 3
_NAMES = ("seldom observed", "observed at times", "often observed")


class Errors(NamedTuple):
    """The errors that fall on a group of nodes.

    `named` is how often one of them is in a first pair of a hold-out, `wrong` how many of these pairs were not hidden,
    and `expected` how many would be if the group erred as others do who were observed as often.
    """

    group: str
    nodes: int
    named: int
    wrong: int
    expected: float


class _Ends(NamedTuple):
    """Each end of each first pair: the node, and whether the pair was wrong."""

    node: Int64
    wrong: Bool


def by_group(found: Trained, groups: Mapping[str, Bool], observed: Int64) -> tuple[Errors, ...]:
    """The errors by group, each a mask over the nodes; `observed` is how often each node was."""
    ends, part = _ends(found), _parts(observed)
    wrong, named = (np.bincount(part[some], minlength=_PARTS) for some in (ends.node[ends.wrong], ends.node))
    share = (wrong / np.maximum(named, 1))[part[ends.node]]
    return tuple(_errors(name, mask, ends, float(share[mask[ends.node]].sum())) for name, mask in groups.items())


def by_exposure(found: Trained, observed: Int64) -> tuple[Errors, ...]:
    """The errors by how often nodes were observed, in three parts; expected are as many as all have in the mean."""
    ends, part = _ends(found), _parts(observed)
    share = float(ends.wrong.mean()) if len(ends.wrong) else 0.0
    masks = ((name, part == number) for number, name in enumerate(_NAMES))
    return tuple(_errors(name, mask, ends, share * int(mask[ends.node].sum())) for name, mask in masks if mask.any())


def leaning(found: Trained, observed: Int64) -> float:
    """Spearman's correlation of how often a node was observed and in how many wrong first pairs it is; 0 of none."""
    ends = _ends(found)
    wrong = np.bincount(ends.node[ends.wrong], minlength=len(observed))
    if len(np.unique(wrong)) < 2 or len(np.unique(observed)) < 2:
        return 0.0
    return float(spearmanr(observed, wrong).statistic)


def _ends(found: Trained) -> _Ends:
    codes = np.concatenate([np.zeros(0, np.int64), *(each.codes for each in found.first)])
    wrong = np.concatenate([np.zeros(0), *(each.hidden for each in found.first)]) == 0
    n = max(found.network.n, 1)
    return _Ends(np.concatenate([codes // n, codes % n]), np.concatenate([wrong, wrong]))


def _parts(observed: Int64) -> Int64:
    """The part of each node: equals are in one."""
    cuts = np.quantile(observed, [1 / 3, 2 / 3], method="higher") if len(observed) else np.zeros(2)
    return np.searchsorted(cuts, observed, "left").astype(np.int64)


def _errors(name: str, mask: Bool, ends: _Ends, expected: float) -> Errors:
    here = mask[ends.node]
    return Errors(name, int(mask.sum()), int(here.sum()), int((here & ends.wrong).sum()), round(expected, 1))


def told(every: Sequence[Errors]) -> list[dict[str, float | int | str]]:
    """As rows with names."""
    return [each._asdict() for each in every]
