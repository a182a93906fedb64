"""Connected components of joins, on whole arrays."""

import numpy as np

from workbench.store.columns import Bool, Int32


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


def rejoined(smallest: Int32, changed: Bool, a: Int32, b: Int32) -> Int32:
    """The same once joins were left out; `changed` says of which smallest members, `a` and `b` are all that stand."""
    within = changed[smallest[a]]
    again, members = smallest.copy(), np.flatnonzero(changed[smallest])
    ends = (np.searchsorted(members, end[within]).astype(np.int32) for end in (a, b))
    again[members] = members[smallest_joined(len(members), *ends)]
    return again


def among(n: int, some: Int32) -> Bool:
    """Which of n numbers are among some."""
    found = np.zeros(n, dtype=bool)
    found[some] = True
    return found


def _followed(smaller: Int32) -> Int32:
    """The root of each number: `smaller` followed until nothing changes."""
    while not np.array_equal(further := smaller[smaller], smaller):
        smaller = further
    return smaller
