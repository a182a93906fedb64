"""The rows of the table: a command, what was measured at each size, what is to be reached, and whether it was."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.scale.processes import Cost, NotMeasured


@dataclass(frozen=True)
class Row:
    """One row. `reached` is None if there is nothing to reach; `details` are the numbers behind it."""

    command: str
    measured: Mapping[str, str]
    reach: str = ""
    reached: bool | None = None
    why: str = ""
    details: Any = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The row as JSON values."""
        return {
            "command": self.command,
            "measured": dict(self.measured),
            "reach": self.reach,
            "reached": self.reached,
            "why": self.why,
            "details": self.details,
        }


@dataclass(frozen=True)
class Task:
    """A row that is still to be measured, or several: what they are called and what they are to reach."""

    command: str
    reach: str
    measure: Callable[[], Sequence[Row]]

    def rows(self) -> Sequence[Row]:
        """Its rows; one that says why, if it can't be measured."""
        try:
            return self.measure()
        except NotMeasured as error:
            return [Row(self.command, {}, self.reach, False, f"not measured: {error}")]


def left_out(command: str, reach: str, why: str) -> Row:
    """A row that was not asked for."""
    return Row(command, {}, reach, None, f"left out: {why}")


def size(records: int) -> str:
    """A number of records as people say it: 50k, 5M."""
    for unit, many in (("M", 1_000_000), ("k", 1_000)):
        if records >= many and records % (many // 10) == 0:
            return f"{records / many:g}{unit}"
    return str(records)


def seconds(value: float) -> str:
    """A time as people read it."""
    return f"{value * 1e3:.0f} ms" if abs(value) < 1 else f"{value:.1f} s"


def took(cost: Cost) -> str:
    """What a process took, as people read it."""
    return f"{seconds(cost.wall)} wall, {seconds(cost.cpu)} CPU, {cost.peak_mb:.0f} MB"


def drawn(rows: Sequence[Row]) -> Iterator[str]:
    """The lines of the table for people: under each command what was measured, one size a line."""
    for row in rows:
        verdict = {True: "reached", False: "NOT reached", None: "-"}[row.reached]
        yield f"{row.command:32} {verdict:12} {row.reach}"
        for name, told in row.measured.items():
            yield f"    {name:8} {told}"
        if row.why:
            yield f"    {row.why}"
