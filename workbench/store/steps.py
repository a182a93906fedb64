"""Steps from entity to entity along ties, as a store tells them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.store.columns import NO_DAY, Rows

Places = NDArray[np.integer[Any]]


class Shape(NamedTuple):
    """What a tie is: schema and roles of its record, and how a graph draws it (type "": not at all)."""

    schema: str
    role_a: str
    role_b: str
    type: str = ""
    forward: bool = True


class RecordTies(NamedTuple):
    """What a record says of whom it ties: its key, its day (ISO, "" if unknown), and of each tie `a`, `b`, shape."""

    key: str
    day: str
    ties: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Steps(Rows):
    """Ties, each from the end where one stands (`near`) to the other (`far`).

    `tie` is a number of whoever tells of it. Between two ends a number may stand for several ties.
    """

    near: Places
    far: Places
    tie: Places


def all_steps(parts: Sequence[Steps]) -> Steps:
    """The steps of all parts, of which there is one at least."""
    return Steps(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Steps)))


def day_text(day: int) -> str:
    """A tie's day as ISO text; "" where it is not known."""
    return "" if day == int(NO_DAY) else date.fromordinal(day).isoformat()
