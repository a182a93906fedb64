"""Work on many rows part by part, to bound memory."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray


def in_parts(work: NDArray[np.integer | np.floating], most: int) -> Iterator[slice]:
    """Slices of rows, in order: each of up to `most` work, or of one row that alone is more.

    >>> list(in_parts(np.array([2, 2, 9, 1]), 4))
    [slice(0, 2, None), slice(2, 3, None), slice(3, 4, None)]
    """
    ends, start = np.cumsum(work), 0
    while start < len(ends):
        before = ends[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(ends, before + most, "right")))
        yield slice(start, end)
        start = end
