"""Findings: the results of an analysis, with everything needed to check them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, Self, TypeVar

from workbench.analytics.catalogue import ANALYSES, Analysis
from workbench.analytics.chances import share

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Row:
    """One result of a finding; each analysis has its own subclass.

    `WHO` names the fields with ids of entities, `KEY` those that say what else it is about: no other row has the same.
    """

    WHO: ClassVar[tuple[str, ...]] = ()
    KEY: ClassVar[tuple[str, ...]] = ()

    @property
    def entities(self) -> tuple[str, ...]:
        """The ids of the entities that the row is about."""
        said = (getattr(self, name) for name in self.WHO)
        return tuple(each for ids in said for each in ([ids] if isinstance(ids, str) else ids))

    @property
    def section(self) -> str:
        """The heading to show it under; "" for the heading of the analysis."""
        return ""

    def cell(self, column: str, names: Mapping[str, str]) -> str:
        """The text of a column; `names` has the name of each entity, by id."""
        value = getattr(self, column)
        if column in self.WHO:
            return ", ".join(names[each] for each in ([value] if isinstance(value, str) else value))
        if column == "records":
            return str(len(value))
        return f"{value:.3g}" if isinstance(value, float) else str(value)

    def to_dict(self) -> dict[str, Any]:
        """The row as JSON values."""
        return {each.name: listed(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Self:
        """The row from JSON values."""
        return cls(**{name: frozen(value) for name, value in said.items()})


R = TypeVar("R", bound=Row, covariant=True)


class Reliance(NamedTuple):
    """A sentence on how far an answer can be relied on; `warns` if it is a warning."""

    text: str
    warns: bool


@dataclass(frozen=True, slots=True)
class Finding(Generic[R]):
    """The result of an analysis, with the question, measurements, and the supporting records.

    - `kind`: the name of the analysis.
    - `asked`: the arguments of its function, without the seed.
    - `measured`: what was counted, and how the analysis was done.
    - `results`: rows of the analysis's class.
    - `records`: sorted keys of the supporting records.
    - `set_aside`: the common values that were left out.
    - `handling`: the union of the records' handling codes.
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
        """The rows, to be counted in the trace."""
        return self.results

    @property
    def analysis(self) -> Analysis:
        """The analysis that made it."""
        return ANALYSES[self.kind]

    @property
    def caution(self) -> str:
        """How not to read the finding."""
        return self.analysis.caution

    # -- how far it can be relied on -------------------------------------------------------

    @property
    def reliance(self) -> tuple[Reliance, ...]:
        """How far it can be relied on: whether the data support it, what was estimated, what was not searched."""
        warnings = (Reliance(text, True) for text in (self.estimated, self.limit) if text)
        said = (*self._supported(), *self._ranked(), *warnings) if self.results else tuple(warnings)
        return (*said, *self._predicted())

    def _predicted(self) -> tuple[Reliance, ...]:
        """Why nothing is predicted, or how good predictions are; of a finding that predicts."""
        said = self.measured
        if "silent" not in said:  # a finding that predicts nothing, or says nothing of how good that is
            return ()
        silent = (Reliance(f"Nothing is said: {said['silent']}.", True),) if said["silent"] else ()
        skilled = (Reliance(_skilled(said), False),) if "auc" in said else ()
        return (*silent, *self._shown(), *skilled, *self._wronged())

    def _wronged(self) -> tuple[Reliance, ...]:
        """Whom hold-outs name wrongly much more often than is to be expected; of a finding with leads."""
        more = [each for each in self.errors if each["wrong"] > each["expected"] + 2 * each["expected"] ** 0.5]
        if not more or self.measured["silent"]:
            return ()
        told = "; ".join(f"{each['group']} ({each['wrong']}, expected {each['expected']:.0f})" for each in more)
        return (Reliance(f"Named wrongly in hold-outs much more often than expected: {told}.", True),)

    def _shown(self) -> tuple[Reliance, ...]:
        """What the probability of a lead is, or how many leads of those shown are expected to be true."""
        said = self.measured
        if "probability" in said:
            likely, low, high = (share(said[name]) for name in ("probability", "low", "high"))
            text = f"The probability is {likely}; by what it was learnt from, {low} to {high}."
            return (Reliance(text, True),)
        if "candidates" not in said:
            return ()
        equal = f" {said['equals_at_the_cut']} more are equal to the last one." if said["equals_at_the_cut"] else ""
        text = (
            f"Of the {len(self.results)} leads shown, of {said['candidates']:,} pairs, about "
            f"{said['expected_among_shown']} are expected to be true, if as much is missing as was asked.{equal}"
        )
        return (Reliance(text, True),)

    @property
    def errors(self) -> tuple[Mapping[str, Any], ...]:
        """On whom the errors of predictions fall: by agency, and by how often somebody was observed; see `fairness`."""
        return tuple(each for name in _ERRORS for each in self.measured.get(name, ()))

    def _ranked(self) -> tuple[Reliance, ...]:
        """What intervals of ranks are, how many ranks are undecided, and whether agencies were left out."""
        said = self.measured
        if "ranks_undecided" not in said and not said.get("key_players_undecided"):
            return ()
        texts = [(f"{_interval(self.asked['missing'])} {self._undecided()}", True)]
        if "agencies_dropped" in said:
            texts.append((_left_out(said["agencies_dropped"]), False))
        return tuple(Reliance(*each) for each in texts)

    def _undecided(self) -> str:
        said = self.measured
        if "ranks_undecided" in said:
            return (
                f"Of the {said['ranks_shown']} ranks shown, {said['ranks_undecided']} are undecided: "
                "others' intervals overlap theirs."
            )
        return f"Of {said['key_players_undecided']} key players it is undecided whether they are among the first ten."

    def _supported(self) -> tuple[Reliance, ...]:
        """Whether the data support the groups, of a finding that has groups."""
        said = self.measured
        if "groups" not in said:
            return ()
        numbers = f"modularity {said['modularity']:.2f}, stability {said['stability']:.2f}."
        yes, no, small = (said["groups"][each] for each in ("supported", "not supported", "too small to say"))
        also = f" {small} of them are too small to say." if small else ""
        if yes and not no:
            return (Reliance(f"The data support these groups: {numbers}{also}", False),)
        if yes:
            return (
                Reliance(f"The data support {yes} of these groups, and do not support {no}: {numbers}{also}", True),
            )
        if no:
            said_no = "The data do not support these groups, do not rely on them"
            return (Reliance(f"{said_no}: {numbers}{also}", True),)
        return (Reliance(f"These groups are too small to say whether the data support them: {numbers}", True),)

    @property
    def estimated(self) -> str:
        """A sentence on how betweenness was estimated; "" if it was computed exactly."""
        said = self.measured
        if not said.get("estimated"):
            return ""
        return f"Betweenness is estimated from {said['sources']} of {said['sources_possible']} sources."

    @property
    def limit(self) -> str:
        """A sentence on what was not searched because it would take too long; "" if everything was."""
        said = self.measured
        if said.get("limit_reached") and "sets_tried" in said:
            return (
                f"There are {said['sets_possible']:,} sets of these agencies; {said['sets_tried']:,} were tried. "
                'Where it says "smallest found", a smaller set may suffice.'
            )
        steps = said.get("steps_searched")
        if steps is None:
            return ""
        return (
            f"Too many payments lie between the two: paths of more than {steps} steps were not searched for, "
            "and there may be one."
        )

    @property
    def counted(self) -> Mapping[str, Any]:
        """The measurements that `reliance` does not put into words."""
        return {name: value for name, value in self.measured.items() if name not in _IN_WORDS}

    # -- other forms -------------------------------------------------------------------------

    def frame(self) -> "pd.DataFrame":
        """The rows as a DataFrame: a column for each field, in the order of `Analysis.columns`.

        The caution is in `attrs`.
        """
        import pandas as pd  # imported here, so that commands that print JSON start faster

        columns = list(self.analysis.columns)
        rows = [[getattr(row, name) for name in columns] for row in self.results]
        table = pd.DataFrame(rows, columns=columns)
        table.attrs["caution"] = self.caution
        return table

    def to_dict(self) -> dict[str, Any]:
        """The finding as JSON values, with its caution."""
        said = self.told()
        return {**said, "results": list(said["results"])}

    def told(self) -> dict[str, Any]:
        """The same as `to_dict`, but each result is made when it is asked for: `results` is an iterator."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        made = {name: map(listed, value) if name == "results" else listed(value) for name, value in said.items()}
        return {"kind": self.kind, "caution": self.caution, **made}

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> "Finding[Any]":
        """The finding from JSON values; KeyError for an unknown analysis."""
        rows: type[Row] = ANALYSES[said["kind"]].rows
        own = {name: frozen(value) for name, value in said.items() if name not in ("caution", "results")}
        return Finding(**own, results=tuple(rows.from_dict(row) for row in said["results"]))


def _skilled(said: Mapping[str, Any]) -> str:
    """A sentence on how good predictions were in hold-outs."""
    auc, skill = said["auc"], said["brier_skill"]
    return (
        f"In {said['hold_outs']} hold-outs of this network a tie that was hidden was found likelier than another pair "
        f"{auc[0]:.0%} of the time ({auc[1]:.0%} to {auc[2]:.0%}); the Brier skill was {skill[0]:.2f} "
        f"({skill[1]:.2f} to {skill[2]:.2f})."
    )


def _interval(missing: float) -> str:
    """A sentence on what an interval of ranks is, for the share that is missing."""
    return (
        f'If {missing:.0%} of ties or persons are missing at random, nine of ten ranks lie between "from" and "to"; '
        "what somebody hides is not missing at random."
    )


def _left_out(agencies: Sequence[str]) -> str:
    """A sentence on whether ranks without one agency were looked at."""
    if not agencies:
        return (
            "Ranks without one agency were not looked at: there is one agency, or there are too many, or too many ties."
        )
    return f"Ranks without one agency were looked at for {', '.join(agencies)}."


_ERRORS = ("errors_by_agency", "errors_by_exposure")
_IN_WORDS = frozenset(
    {
        *("groups", "parts_asked", "modularity", "stability"),
        *("ranks_shown", "ranks_undecided", "agencies_dropped", "key_players_undecided"),
        *("estimated", "sources", "sources_possible"),
        *("limit_reached", "steps_searched", "sets_tried", "sets_possible"),
        "longer_by",  # a limit of every search, and no measurement
        *("silent", "auc", "brier_skill", "skill_beside_degrees", "hold_outs", "expected_in_all", "reliability"),
        *("candidates", "equals_at_the_cut", "expected_among_shown", "features", "probability", "low", "high"),
        *_ERRORS,
    }
)


def in_words(asked: Mapping[str, Any]) -> list[str]:
    """What was asked in words; what was left out, or not wanted, is not told.

    >>> in_words({"missing": 0.0, "count_common": True, "since": None})
    ['missing 0.0', 'count common']
    """
    told = {name.replace("_", " "): value for name, value in asked.items() if value is not None and value is not False}
    return [name if value is True else f"{name} {value}" for name, value in told.items()]


def listed(value: Any) -> Any:
    """A value as JSON values: tuples become lists, rows objects."""
    if isinstance(value, Row):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {name: listed(each) for name, each in value.items()}
    if not isinstance(value, list | tuple):
        return value
    if {*map(type, value)} <= {str}:  # keys of all the records that it rests on
        return list(value)
    return [listed(each) for each in value]


def frozen(value: Any) -> Any:
    """A JSON value as a finding holds it: lists become tuples."""
    if isinstance(value, Mapping):
        return {name: frozen(each) for name, each in value.items()}
    return tuple(frozen(each) for each in value) if isinstance(value, list | tuple) else value
