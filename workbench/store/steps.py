"""Steps from entity to entity along ties."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.store.columns import NO_DAY, Rows

Places = NDArray[np.integer[Any]]


class Shape(NamedTuple):
    """The shape of a tie: schema and roles, and type and direction in the graph (type "": it is not drawn)."""

    schema: str
    role_a: str
    role_b: str
    type: str = ""
    forward: bool = True


class RecordTies(NamedTuple):
    """The ties of a record: its key, its day (ISO, "" if unknown), and `a`, `b`, shape for each tie."""

    key: str
    day: str
    ties: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Steps(Rows):
    """Ties, each from the end where a walk is (`near`) to the other end (`far`).

    `tie` is a number whose meaning the source defines. Between two ends one number may stand for several ties.
    """

    near: Places
    far: Places
    tie: Places


def day_text(day: int) -> str:
    """A tie's day as ISO text; "" if it is not known."""
    return "" if day == int(NO_DAY) else date.fromordinal(day).isoformat()
