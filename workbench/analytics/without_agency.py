"""Ranks in the views without one agency each: how far a position rests on what a single agency tells."""

from collections.abc import Sequence

import numpy as np

from workbench.analytics.positions import scores_of
from workbench.analytics.projection import Projection, positions_of
from workbench.analytics.ranks import ranks
from workbench.model.numbers import Place
from workbench.store.columns import Int64
from workbench.view.access import forget
from workbench.view.asking import question
from workbench.view.view import View

MOST_AGENCIES = 6
MOST_TIES = 20_000  # beyond these it would take several times as long as the question itself


def agencies_to_drop(found: Projection) -> tuple[str, ...]:
    """The agencies without which ranks are looked at: all, or none if they or the ties are too many."""
    agencies = tuple(sorted(found.snapshot.agencies))
    few = 1 < len(agencies) <= MOST_AGENCIES
    return agencies if few and len(found.edges.a) <= MOST_TIES else ()


@question
def ranks_without(
    view: View,
    found: Projection,
    agencies: Sequence[str],
    nodes: Sequence[Place],
    measure: str,
    count_common: bool,
    seed: int,
    ties_as: str,
) -> list[dict[str, int]]:
    """For each node, its rank in the view without each of the agencies; 0 if it has no position there.

    An entity whose records are no longer joined there is several: the best of their ranks counts.
    """
    told: list[dict[str, int]] = [{} for _ in nodes]
    for agency in agencies:
        other = view.within([each for each in agencies if each != agency])
        there = positions_of(other, found.name, count_common)
        found_ranks = _ranks_there(other, found, there, nodes, measure, seed, ties_as)
        for each, rank in zip(told, found_ranks, strict=True):
            each[agency] = rank
        forget(other)
    return told


def _ranks_there(
    view: View, union: Projection, there: Projection, nodes: Sequence[Place], measure: str, seed: int, ties_as: str
) -> list[int]:
    rank = np.zeros(len(there.snapshot.nodes), np.int64)
    rank[there.nodes] = ranks(scores_of(view, there, measure, seed, ties_as).scores).first
    own, joint = _both(union, there)
    found = []
    for node in nodes:
        here = rank[own[joint == node]]
        found.append(int(here[here > 0].min(initial=np.iinfo(np.int64).max)) if (here > 0).any() else 0)
    return found


def _both(union: Projection, there: Projection) -> tuple[Int64, Int64]:
    """The places of all that is present there, there and in the union."""
    present = there.snapshot.present
    return there.snapshot.places(present), union.snapshot.places(present)
