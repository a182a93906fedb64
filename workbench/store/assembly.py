"""Base columns put in the one order that content decides, whatever store the rows came from."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.store.columns import Claims, Int16, Int32, Int64, Ties


def ties_in_order(ties: Ties) -> Ties:
    """Ties whose records are in order already, with those of one record by their ends and roles."""
    beside = np.concatenate([[False], ties.record[1:] == ties.record[:-1], [False]])
    rows = np.flatnonzero(beside[1:] | beside[:-1])
    order = np.lexsort(
        (ties.role_b[rows], ties.role_a[rows], ties.b[rows], ties.a[rows], ties.record[rows]),
    )
    every = np.arange(len(ties.record))
    every[rows] = rows[order]
    return ties.at(every)


def claims_in_order(
    kind: Int16, texts: Sequence[str], entity: Int32, record: Int64, vis: Int32
) -> tuple[NDArray[np.object_], Claims]:
    """All texts of claims in alphabetical order, the empty one first, and the claims by their numbers in it.

    `texts` are the value and scope of each claim, one after the other.
    """
    codes, values = _in_alphabet(*pd.factorize(np.array(["", *texts], dtype=object)))
    value, scope = codes[1::2].astype(np.int32), codes[2::2].astype(np.int32)
    order = np.lexsort((record, entity, value, kind))
    return np.asarray(values, dtype=object), Claims(
        kind[order], value[order], scope[order], entity[order], record[order], vis[order]
    )


def _in_alphabet(codes: Int64, texts: NDArray[np.object_]) -> tuple[Int64, NDArray[np.object_]]:
    """Texts in order, and their numbers in it."""
    order = np.array(sorted(range(len(texts)), key=texts.__getitem__), dtype=np.int64)
    place = np.empty(len(texts), dtype=np.int64)
    place[order] = np.arange(len(texts))
    return place[codes], texts[order]
