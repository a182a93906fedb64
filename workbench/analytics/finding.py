"""What an analysis answers, and everything that is needed to check it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer with its parameters, seed, revision and the records that it rests on.

    `results` are rows of the kind; `records` keys of records, sorted; `set_aside` the common
    values that were left out; `handling` the union of the handling codes of the records.
    """

    kind: str
    parameters: Mapping[str, Any]
    seed: int
    revision: str
    results: tuple[Row, ...]
    records: tuple[str, ...]
    set_aside: tuple[Row, ...]
    handling: tuple[str, ...]

    @property
    def rows_told(self) -> Any:
        """The rows that are told."""
        return self.results

    @property
    def estimated(self) -> str:
        """In words, from how much betweenness was estimated; "" where nothing was."""
        said = self.parameters
        if not said.get("estimated"):
            return ""
        return f"Betweenness is estimated from {said['sources']} of {said['sources_possible']} sources."

    @property
    def limit(self) -> str:
        """In words, what was not looked for because it would have taken too long; "" where all was."""
        said = self.parameters
        if said.get("limit_reached") and "sets_tried" in said:
            return (
                f"There are {said['sets_possible']:,} sets of these agencies; {said['sets_tried']:,} were tried. "
                'Where it says "smallest found", a smaller set may do.'
            )
        steps = said.get("steps_searched")
        if steps is None:
            return ""
        return (
            f"Too many payments lie between the two: paths of more than {steps} steps were not looked for, "
            "and there may be one."
        )

    def to_dict(self) -> dict[str, Any]:
        """The finding as JSON can say it."""
        return asdict(self) | {name: list(getattr(self, name)) for name in _LISTS}


_LISTS: Sequence[str] = ("results", "records", "set_aside", "handling")
