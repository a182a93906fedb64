"""Connected components of joins, on whole arrays."""

import numpy as np

from workbench.store.columns import Int32


def smallest_joined(n: int, a: Int32, b: Int32) -> Int32:
    """The smallest member of the connected component of each of n numbers; `a[i]` is joined to `b[i]`.

    Each round hangs the larger of two joined roots under the smaller, until both ends of each join have one root.
    Small clusters take two rounds, a chain of a million about ten.
    """
    smallest = np.arange(n, dtype=np.int32)
    while len(a):
        ends = smallest[a], smallest[b]
        np.minimum.at(smallest, np.maximum(*ends), np.minimum(*ends))
        smallest = _followed(smallest)
        between = smallest[a] != smallest[b]
        a, b = a[between], b[between]
    return smallest


def _followed(smaller: Int32) -> Int32:
    """The root of each number: `smaller` followed until nothing changes."""
    while not np.array_equal(further := smaller[smaller], smaller):
        smaller = further
    return smaller
