"""Entities that may as well have one another's places change them, so that what is tied is nearer."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment

from workbench.analytics.layouts.plan import Ends, Graph, Place, Places, numbered

_ROUNDS = 8
_EXACT = 100  # so many are matched exactly; more are divided before


def seated(graph: Graph, places: Mapping[str, Place], groups: Iterable[Sequence[str]]) -> dict[str, Place]:
    """The places, after those within each group have been dealt out again.

    In each round an entity wants to be at the mean of those it is tied to. The places of a group are matched with
    these wishes so that the sum of squared distances is least; a large group is halved until it is small, its places
    and wishes both by their order along its longer side.
    """
    names, ends = numbered(graph)
    rows, columns = np.concatenate([ends, ends[:, ::-1]]).T
    matrix = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(names), len(names)))
    ties = np.asarray(matrix.sum(axis=1))
    number = {entity: at for at, entity in enumerate(names)}
    seats = [np.sort([number[each] for each in group]) for group in groups if len(group) > 1]
    at = np.array([places[entity] for entity in names], dtype=float).reshape(-1, 2)
    for _ in range(_ROUNDS):
        for seat in seats:
            wishes = np.where(ties[seat, None] > 0, (matrix[seat] @ at) / np.maximum(ties[seat, None], 1), at[seat])
            at[seat] = _dealt(at[seat], wishes, ties[seat])
    return {entity: (float(x), float(y)) for entity, (x, y) in zip(names, at, strict=True)}


def _dealt(seats: Places, wishes: Places, ties: Places) -> Places:
    """The seat of each wish."""
    found = np.empty_like(seats)
    waiting: list[tuple[Ends, Ends]] = [(np.arange(len(seats)), np.arange(len(seats)))]
    while waiting:
        seat, wish = waiting.pop()
        if len(seat) <= _EXACT:
            squares = np.square(seats[seat] - wishes[wish, None]).sum(axis=2)
            one, other = linear_sum_assignment(ties[wish, None] * squares)
            found[wish[one]] = seats[seat[other]]
            continue
        longer = int(np.ptp(seats[seat], axis=0).argmax())
        seat = seat[np.argsort(seats[seat, longer], kind="stable")]
        wish = wish[np.argsort(wishes[wish, longer], kind="stable")]
        half = len(seat) // 2
        waiting += [(seat[:half], wish[:half]), (seat[half:], wish[half:])]
    return found
