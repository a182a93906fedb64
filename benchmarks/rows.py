"""What was measured, with the bound that it has to keep, as a table and as JSON values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Row:
    """One number. `most` and `least` are its bounds; it has none if both are None."""

    what: str
    where: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def kept(self) -> bool | None:
        """Whether it keeps its bounds; None if it has none."""
        if self.most is None and self.least is None:
            return None
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    @property
    def bound(self) -> str:
        """Its bounds, as text."""
        most = [f"<= {self.most:g}"] if self.most is not None else []
        least = [f">= {self.least:g}"] if self.least is not None else []
        return " ".join(most + least)

    def to_dict(self) -> dict[str, Any]:
        """It as JSON values."""
        number = round(self.value, 3)
        return {
            "what": self.what,
            "where": self.where,
            "value": number,
            "unit": self.unit,
            "bound": self.bound,
            "kept": self.kept,
        }


def table(rows: Iterable[Row]) -> str:
    """Rows as lines of text."""
    said = {True: "kept", False: "MISSED", None: ""}
    lines = [
        f"{row.what:<44} {row.where:<10} {row.value:>10.2f} {row.unit:<9} {row.bound:<9} {said[row.kept]}".rstrip()
        for row in rows
    ]
    return "\n".join(lines)


def middle(numbers: Sequence[float]) -> float:
    """The median; NaN of nothing."""
    return median(numbers) if numbers else float("nan")


def p95(numbers: Sequence[float]) -> float:
    """The number that 95 in 100 do not exceed; NaN of nothing."""
    return sorted(numbers)[ceil(0.95 * len(numbers)) - 1] if numbers else float("nan")
