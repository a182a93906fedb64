"""A drawing by forces: what is tied is drawn together, and everything pushes everything else apart.

The spring-electrical model of Fruchterman and Reingold (1991), from coarse to fine as in Walshaw (2003) and Hu
(2005): stars and pairs are merged until few nodes are left; these are drawn, and each level begins from the one above.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workbench.analytics.layouts.plan import Ends, Places, lengths

_PUSH = 0.2  # strength of repulsion, as in Hu
_FEWEST = 20  # nodes of the coarsest level
_SHRINK = 0.9  # a level with a larger share of the nodes of the one below is not worth drawing
_WIDER = 1.4  # a finer level is so much wider than the coarser one
_SMALL, _STEPS_OF_LARGE = 400, 100
_STEPS, _STEPS_OF_EACH = 30, 5  # steps of a small network: some, and more for each node
_MOST_STEPS = 300
_COOLER, _PATIENCE = 0.9, 5  # Hu's steps: shorter where forces grew, longer after five times in which they fell
_AT_ONCE = 1024  # rows of distances

Numbers = NDArray[np.int64]
_Narrow = NDArray[np.float32]


class _Level(NamedTuple):
    """A network as drawn at some coarseness; each tie is listed in both directions."""

    mass: Places
    rows: Numbers
    columns: Numbers
    weights: Places


def drawn(many: int, ends: Ends, seed: int) -> Places:
    """Places of a connected network's nodes; the lengths of its ties are about 1."""
    random = np.random.default_rng(seed)
    levels, merged = [_finest(many, ends)], []
    while len(levels[-1].mass) > _FEWEST:
        into = _merging(levels[-1], random)
        if into.max() + 1 > _SHRINK * len(into):
            break
        merged.append(into)
        levels.append(_coarser(levels[-1], into))
    count = len(levels[-1].mass)
    places = _moved(levels.pop(), random.normal(size=(count, 2)) * np.sqrt(count), 1.0)
    while levels:
        into = merged.pop()
        places = _moved(levels.pop(), places[into] * _WIDER + random.normal(size=(len(into), 2)) * 0.1, 0.5)
    return places


def settled(places: Places, ends: Ends, fixed: NDArray[np.bool_], unit: float) -> Places:
    """A drawing whose fixed nodes were put elsewhere and stay there, after the others have followed."""
    return _moved(_finest(len(places), ends), places / unit, 0.5, fixed) * unit


def unit_of(places: Places, ends: Ends) -> float:
    """The length that counts as 1 in a drawing: the one by which all pulling equals all pushing."""
    pushed = _PUSH * len(places) * (len(places) - 1) / 2
    return float(np.cbrt((lengths(places, ends) ** 3).sum() / pushed))


def _finest(many: int, ends: Ends) -> _Level:
    rows, columns = np.concatenate([ends, ends[:, ::-1]]).T
    return _Level(np.ones(many), rows, columns, np.ones(len(rows)))


def _merging(level: _Level, random: np.random.Generator) -> Numbers:
    """The number of the node into which each node is merged: those with one tie into their star, others in pairs."""
    count = len(level.mass)
    matrix = sparse.csr_array((level.weights, (level.rows, level.columns)), shape=(count, count))
    near = np.split(matrix.indices, matrix.indptr[1:-1])
    weights = np.split(matrix.data, matrix.indptr[1:-1])
    into, used = np.full(count, -1), 0
    for node in np.flatnonzero(np.diff(matrix.indptr) == 1):
        hub = near[node][0]
        if into[hub] < 0:
            into[hub], used = used, used + 1
        into[node] = into[hub]
    for node in random.permutation(count):
        if into[node] < 0:
            free = into[near[node]] < 0
            if free.any():
                best = np.argmax(weights[node][free] / level.mass[near[node][free]])
                into[near[node][free][best]] = used
            into[node], used = used, used + 1
    return into


def _coarser(level: _Level, into: Numbers) -> _Level:
    rows, columns = into[level.rows], into[level.columns]
    between = rows != columns
    count = int(into.max()) + 1
    found = sparse.coo_array((level.weights[between], (rows[between], columns[between])), shape=(count, count))
    found.sum_duplicates()
    return _Level(np.bincount(into, level.mass).astype(np.float64), found.row, found.col, found.data)


def _moved(level: _Level, places: Places, step: float, fixed: NDArray[np.bool_] | None = None) -> Places:
    """Move all nodes along the forces on them, by Hu's adaptive steps."""
    count = len(places)
    at, mass = places.astype(np.float32), level.mass.astype(np.float32)
    before, falls = np.inf, 0
    steps = min(_MOST_STEPS, _STEPS + _STEPS_OF_EACH * count) if count < _SMALL else _STEPS_OF_LARGE
    for _ in range(steps):
        way = at[level.columns] - at[level.rows]
        pull = (level.weights * np.hypot(*way.T))[:, None] * way
        force = np.stack([np.bincount(level.rows, axis, count) for axis in pull.T], axis=1)
        force = force + _PUSH * mass[:, None] * _pushed(at, mass)
        if fixed is not None:
            force[fixed] = 0
        size = np.hypot(*force.T)
        at += (step * force / np.maximum(size, 1e-9)[:, None]).astype(np.float32)
        total = float(np.square(size).sum())
        falls = falls + 1 if total < before else 0
        if total >= before:
            step *= _COOLER
        elif falls % _PATIENCE == 0:
            step /= _COOLER
        before = total
    return at.astype(np.float64)


def _pushed(places: _Narrow, mass: _Narrow) -> _Narrow:
    """What pushes each node: the sum of the ways from all others, over the squares of their lengths.

    Squares of distances are products of matrices, as are the sums.
    """
    square, ones = np.square(places).sum(axis=1), np.ones(len(places), np.float32)
    left = np.column_stack([places, square, ones])
    right = np.stack([-2 * places[:, 0], -2 * places[:, 1], ones, square])
    summed = np.column_stack([mass, mass[:, None] * places])
    found = np.empty((len(places), 3), np.float32)
    for start in range(0, len(places), _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        inverse = left[rows] @ right
        np.maximum(inverse, 1e-3, out=inverse)
        np.reciprocal(inverse, out=inverse)
        np.fill_diagonal(inverse[:, start:], 0)
        found[rows] = inverse @ summed
    result: _Narrow = found[:, :1] * places - found[:, 1:]
    return result
