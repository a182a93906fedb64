"""Betweenness from many sources at once, by products of a sparse matrix with dense ones.

Brandes's algorithm (2001) in its algebraic form (Buluc and Gilbert 2011): for a block of sources,
breadth-first search is one product per level, and the dependencies are one per level on the way back.
A level takes only the rows that it needs, so that the work is that of a search from each source.
Where paths are long, `deep` takes over.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from workbench.analytics.engines.deep import dependencies_of
from workbench.analytics.engines.network import Float64
from workbench.store.columns import Int64

_AT_ONCE = 2_000_000  # entries of a dense matrix
_WIDEST = 16  # sources in one block: a row of them is two lines of a processor's cache
_WIDEST_DEEP = 512  # where a level has few entries
_DEEP = 60  # levels from which that is so
_FEW = 0.3  # share of the rows below which taking them out is worth it


def dependencies(edges: csr_array, into: csr_array, part: Int64, sources: Int64, columns: Int64) -> Float64:
    """For each node, the sum over all sources of its share of the shortest paths from them to each node.

    `edges` leads from rows to columns, `into` from columns to rows; every entry is 1. `part` is the connected part
    of each node; a source is in the column that `columns` has for it, and no column has two sources of one part.
    """
    total = np.zeros(edges.shape[0])
    inside, place = np.arange(len(part)), np.arange(len(part))
    last = _last_columns(part, sources, columns)
    done, is_deep = 0, False
    while done <= columns.max(initial=-1):
        kept = last[part[inside]] >= done
        if kept.sum() < 0.8 * len(inside):
            inside, edges, into = inside[kept], edges[kept][:, kept].tocsr(), into[kept][:, kept].tocsr()
            place[inside] = np.arange(len(inside))
        width = max(1, min(_WIDEST_DEEP if is_deep else _WIDEST, _AT_ONCE // len(inside)))
        rows = np.flatnonzero((columns >= done) & (columns < done + width))
        block = place[sources[rows]], columns[rows] - done, width
        found = None if is_deep else _of_block(edges, into, *block)
        is_deep = found is None
        total[inside] += dependencies_of(edges, into, *block) if found is None else found
        done += width
    return total


def _last_columns(part: Int64, sources: Int64, columns: Int64) -> Int64:
    """The last column with a source of each part, -1 for none."""
    last = np.full(part.max(initial=-1) + 1, -1)
    np.maximum.at(last, part[sources], columns)
    return last


class _Level(NamedTuple):
    """The entries of a block that a search reaches in one step: their places in the flat matrix, and their rows."""

    entries: Int64
    rows: Int64


def _of_block(edges: csr_array, into: csr_array, starts: Int64, columns: Int64, width: int) -> Float64 | None:
    """For each node, the sum over a block of sources; None if paths are too long for this way."""
    paths, levels = _search(edges, into, starts, columns, width)
    if len(levels) == _DEEP:
        return None
    share, scaled = np.zeros(paths.shape), np.zeros(paths.shape)
    flat_paths, flat_share, flat_scaled = (each.reshape(-1) for each in (paths, share, scaled))
    for before, level in zip(levels[-2::-1], levels[:0:-1], strict=True):
        flat_scaled[level.entries] = (1 + flat_share[level.entries]) / flat_paths[level.entries]
        if before is not levels[0]:  # sources have no dependencies; no edge leads from a level past the next
            passed = _product(edges, before.rows, scaled).reshape(-1)
            flat_share[before.entries] = passed[before.entries] * flat_paths[before.entries]
    return np.asarray(share.sum(axis=1))


def _search(
    edges: csr_array, into: csr_array, starts: Int64, columns: Int64, width: int
) -> tuple[Float64, list[_Level]]:
    """The number of shortest paths from the column's sources to each node, and the first levels of the search."""
    paths, front = np.zeros((edges.shape[0], width)), np.zeros((edges.shape[0], width))
    flat_paths, flat_front = paths.reshape(-1), front.reshape(-1)
    level = _level(starts * width + columns, width)
    flat_paths[level.entries] = flat_front[level.entries] = 1
    levels: list[_Level] = []
    while len(level.entries) and len(levels) < _DEEP:
        levels.append(level)
        reached = _pushed(edges, into, level.rows, front).reshape(-1)
        flat_front[level.entries] = 0
        level = _level(np.flatnonzero((reached > 0) & (flat_paths == 0)), width)
        flat_paths[level.entries] = flat_front[level.entries] = reached[level.entries]
    return paths, levels


def _level(entries: Int64, width: int) -> _Level:
    rows = entries // width
    return _Level(entries, rows[np.concatenate([[True], rows[1:] != rows[:-1]])] if len(rows) else rows)


def _pushed(edges: csr_array, into: csr_array, rows: Int64, front: Float64) -> Float64:
    """What a front, which is 0 outside some rows, brings to all nodes."""
    if len(rows) > _FEW * front.shape[0]:
        return np.asarray(into @ front)
    return np.asarray(edges[rows].T @ front[rows])


def _product(edges: csr_array, rows: Int64, scaled: Float64) -> Float64:
    """The product in some rows; others are anything."""
    if len(rows) > _FEW * scaled.shape[0]:
        return np.asarray(edges @ scaled)
    passed = np.zeros(scaled.shape)
    passed[rows] = edges[rows] @ scaled
    return passed
