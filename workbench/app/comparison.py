"""Two charts beside each other: what only one of them has, and what both have."""

from dataclasses import dataclass

from workbench.app.chart import Chart


@dataclass(frozen=True, slots=True)
class Compared:
    """Entities of this chart only, of the other only, and of both; hidden ones are on neither."""

    here: tuple[str, ...]
    there: tuple[str, ...]
    both: tuple[str, ...]


def compared(chart: Chart, other: Chart) -> Compared:
    """Compare what is shown of two charts of one view."""
    mine, theirs = chart.shown, other.shown
    return Compared(
        tuple(each for each in mine if each not in set(theirs)),
        tuple(each for each in theirs if each not in set(mine)),
        tuple(each for each in mine if each in set(theirs)),
    )
