"""What an analysis answers, and everything that is needed to check it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, Self, TypeVar

from workbench.analytics.catalogue import ANALYSES, Analysis

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Row:
    """One result of a finding; each analysis has a class of its own. `WHO` names the fields that hold entities' ids."""

    WHO: ClassVar[tuple[str, ...]] = ()

    @property
    def entities(self) -> tuple[str, ...]:
        """The ids of the entities that it is about."""
        said = (getattr(self, name) for name in self.WHO)
        return tuple(each for ids in said for each in ([ids] if isinstance(ids, str) else ids))

    @property
    def section(self) -> str:
        """The heading under which people read it; "" for that of the analysis."""
        return ""

    def cell(self, column: str, names: Mapping[str, str]) -> str:
        """What people read in a column, with a name for each entity."""
        value = getattr(self, column)
        if column in self.WHO:
            return ", ".join(names[each] for each in ([value] if isinstance(value, str) else value))
        if column == "records":
            return str(len(value))
        return f"{value:.3g}" if isinstance(value, float) else str(value)

    def to_dict(self) -> dict[str, Any]:
        """The row as JSON can say it."""
        return {each.name: listed(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Self:
        """The row that JSON says."""
        return cls(**{name: frozen(value) for name, value in said.items()})


R = TypeVar("R", bound=Row, covariant=True)


class Reliance(NamedTuple):
    """In words, how far an answer can be relied on; whether it warns."""

    text: str
    warns: bool


@dataclass(frozen=True, slots=True)
class Finding(Generic[R]):
    """An answer with what was asked, what was measured, and the records that it rests on.

    `kind` is the name of the analysis; `asked` are the arguments of its function but for the seed,
    `measured` what it counted and how it went about it. `results` are rows of the kind; `records`
    keys of records, sorted; `set_aside` the common values that were left out; `handling` the union
    of the handling codes of the records.
    """

    kind: str
    asked: Mapping[str, Any]
    measured: Mapping[str, Any]
    seed: int
    revision: str
    results: tuple[R, ...]
    records: tuple[str, ...]
    set_aside: tuple[Mapping[str, Any], ...]
    handling: tuple[str, ...]

    @property
    def rows_told(self) -> Any:
        """The rows that are told."""
        return self.results

    @property
    def analysis(self) -> Analysis:
        """The analysis that it comes from."""
        return ANALYSES[self.kind]

    @property
    def caution(self) -> str:
        """How not to read it."""
        return self.analysis.caution

    # -- how far it can be relied on -------------------------------------------------------

    @property
    def reliance(self) -> tuple[Reliance, ...]:
        """How far it can be relied on: what the data support, what was estimated, what was not looked for."""
        warnings = (Reliance(text, True) for text in (self.estimated, self.limit) if text)
        return (*self._supported(), *warnings)

    def _supported(self) -> tuple[Reliance, ...]:
        said = self.measured
        if "supported" not in said:
            return ()
        numbers = f"modularity {said['modularity']:.2f}, stability {said['stability']:.2f}"
        if said["supported"]:
            return (Reliance(f"The data support these groups: {numbers}.", False),)
        return (Reliance(f"The data do not support these groups, do not rely on them: {numbers}.", True),)

    @property
    def estimated(self) -> str:
        """In words, from how much betweenness was estimated; "" where nothing was."""
        said = self.measured
        if not said.get("estimated"):
            return ""
        return f"Betweenness is estimated from {said['sources']} of {said['sources_possible']} sources."

    @property
    def limit(self) -> str:
        """In words, what was not looked for because it would have taken too long; "" where all was."""
        said = self.measured
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

    @property
    def counted(self) -> Mapping[str, Any]:
        """What was measured and is not told in the words of `reliance`."""
        return {name: value for name, value in self.measured.items() if name not in _IN_WORDS}

    # -- as others hold it -------------------------------------------------------------------

    def frame(self) -> "pd.DataFrame":
        """Its rows as a table: a column for each field, in the order of the table of analyses.

        Its caution is in `attrs`.
        """
        import pandas as pd  # here: a command that prints JSON starts sooner without

        columns = list(self.analysis.columns)
        rows = [[getattr(row, name) for name in columns] for row in self.results]
        found = pd.DataFrame(rows, columns=columns)
        found.attrs["caution"] = self.caution
        return found

    def to_dict(self) -> dict[str, Any]:
        """The finding as JSON can say it, with its caution."""
        said = {each.name: listed(getattr(self, each.name)) for each in fields(self)}
        return {"kind": self.kind, "caution": self.caution, **said}

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> "Finding[Any]":
        """The finding that JSON says; KeyError for an analysis that there is not."""
        rows: type[Row] = ANALYSES[said["kind"]].rows
        own = {name: frozen(value) for name, value in said.items() if name not in ("caution", "results")}
        return Finding(**own, results=tuple(rows.from_dict(row) for row in said["results"]))


_IN_WORDS = frozenset(
    {
        *("supported", "modularity", "stability"),
        *("estimated", "sources", "sources_possible"),
        *("limit_reached", "steps_searched", "sets_tried", "sets_possible"),
    }
)


def listed(value: Any) -> Any:
    """A value as JSON can say it: tuples are lists, rows objects."""
    if isinstance(value, Row):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {name: listed(each) for name, each in value.items()}
    return [listed(each) for each in value] if isinstance(value, list | tuple) else value


def frozen(value: Any) -> Any:
    """A value that JSON says, as a finding holds it: lists are tuples."""
    if isinstance(value, Mapping):
        return {name: frozen(each) for name, each in value.items()}
    return tuple(frozen(each) for each in value) if isinstance(value, list | tuple) else value
