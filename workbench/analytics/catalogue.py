"""The table of all analyses, from which the command line, the dashboard, sessions and documents are made.

An analysis is a module of this package, named like the analysis with _ for -. It contains the function with that
name and the class of its rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from inspect import signature
from typing import Any


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis: its name, what it does, how not to read it, and the columns of its rows.

    `name` is its command and the kind of its findings. `columns` maps the fields of its rows, in order, to the
    headings that people see; "" for a field without a column of its own.
    """

    name: str
    title: str
    does: str
    caution: str
    row: str
    columns: Mapping[str, str]

    @property
    def called(self) -> str:
        """The name of its module, its function and its method of a session."""
        return self.name.replace("-", "_")

    @property
    def function(self) -> Callable[..., Any]:
        """The function that computes the finding from a view and a question."""
        found: Callable[..., Any] = self._of_module(self.called)
        return found

    @property
    def rows(self) -> type[Any]:
        """The class of its rows."""
        found: type[Any] = self._of_module(self.row)
        return found

    def asked_of(self, view: Callable[[], Any]) -> Callable[..., Any]:
        """The function without its view, which is called for each time: a method of a session."""
        from workbench.view.present import remembering  # imported here: a list of commands needs no view

        ask = self.function
        _, *others = signature(ask).parameters.values()

        def asked(*args: Any, **options: Any) -> Any:
            here = view()
            return remembering(here, lambda: ask(here, *args, **options))

        asked.__name__, asked.__qualname__ = self.called, f"Session.{self.called}"
        asked.__doc__ = f"{ask.__doc__}\n    {self.caution}\n    "
        asked.__signature__ = signature(ask).replace(parameters=others)  # type: ignore[attr-defined] # for help()
        return asked

    def _of_module(self, name: str) -> Any:
        return getattr(import_module(f"workbench.analytics.{self.called}"), name)


_TABLE = (
    Analysis(
        name="joint-value",
        title="What no agency sees alone",
        does="Report what only the union of agencies shows, and which of them suffice.",
        caution="A key player, a group or a path describes recorded ties, never guilt.",
        row="JointThing",
        columns={
            "what": "",
            "members": "Who",
            "agencies": "Agencies that suffice",
            "tried": "",
            "rank": "How sure",
            "verdict": "",
            "rank_from": "",
            "rank_to": "",
            "records": "Records",
        },
    ),
    Analysis(
        name="key-players",
        title="Key players",
        does="Rank positions by betweenness, degree, closeness, PageRank or brokerage, with the intervals of ranks.",
        caution="A position describes recorded ties, never guilt.",
        row="Player",
        columns={
            "rank": "Rank",
            "rank_from": "From",
            "rank_to": "To",
            "undecided": "Undecided with",
            "caption": "Who",
            "score": "Score",
            "equals": "",
            "degree": "Neighbours",
            "betweenness": "Betweenness",
            "without": "Without one agency",
            "id": "Id",
        },
    ),
    Analysis(
        name="disruption",
        title="Disruption",
        does="Simulate what taking out some entities does to the network, at once and after it recovers.",
        caution="A simulation of a network, never guilt, and never a list of whom to arrest: people adapt otherwise.",
        row="Disrupted",
        columns={
            "strategy": "Taken out",
            "k": "How many",
            "largest": "Largest part",
            "largest_from": "From",
            "largest_to": "To",
            "pairs": "Connected pairs",
            "efficiency": "Efficiency",
            "largest_recovered": "Largest part, recovered",
            "recovered_from": "Recovered from",
            "recovered_to": "Recovered to",
            "pairs_recovered": "Connected pairs, recovered",
            "efficiency_recovered": "Efficiency, recovered",
        },
    ),
    Analysis(
        name="articulation-points",
        title="Articulation points",
        does="Find whose removal takes the network apart.",
        caution="An articulation point is a position in what is known, never guilt: an unknown tie may go around it.",
        row="ArticulationPoint",
        columns={"caption": "Who", "cut_off": "Cut off", "parts": "Parts left", "id": "Id"},
    ),
    Analysis(
        name="communities",
        title="Communities",
        does="Find communities by modularity, and say whether the data support them.",
        caution="A community describes recorded ties, never guilt: some groups always come out.",
        row="Community",
        columns={
            "label": "Group",
            "size": "Size",
            "verdict": "Is it supported",
            "stability": "Stability",
            "agencies": "Agencies",
            "members": "Who",
            "unsettled": "Not every time",
        },
    ),
    Analysis(
        name="group",
        title="A group",
        does="Describe the community that an entity is in: members, agencies, what they share.",
        caution="Who is in a group has ties to its members on record: that is no membership, and never guilt.",
        row="OfGroup",
        columns={
            "what": "",
            "who": "Who or what",
            "name": "Kind",
            "count": "How many",
            "first": "First day",
            "last": "Last day",
        },
    ),
    Analysis(
        name="paths",
        title="Paths",
        does="Find the shortest paths between two entities, with the records of each step.",
        caution="A path describes recorded ties, never guilt, and is as good as its weakest grade.",
        row="FoundPath",
        columns={"length": "Steps", "weakest": "Weakest grade", "steps": ""},
    ),
    Analysis(
        name="predict",
        title="Predicted relationships",
        does="Predict which relationships are missing, hidden or to come, if this network tells.",
        caution="Leads, never facts: nobody recorded them, and a probability is about a relationship, never a person.",
        row="PredictedTie",
        columns={
            "a": "Who",
            "b": "With whom",
            "probability": "Probability",
            "low": "From",
            "high": "To",
            "contacts": "Shared contacts",
            "without": "Without one agency",
            "records": "Records",
        },
    ),
    Analysis(
        name="lead",
        title="What a lead rests on",
        does="Explain a predicted relationship: contacts, records, and what it would be without them.",
        caution="A lead is no fact: it falls with a single wrong record where its probability does.",
        row="OfLead",
        columns={
            "what": "",
            "who": "Who",
            "name": "What",
            "part": "Part",
            "probability": "Probability without it",
            "records": "Records",
        },
    ),
)

ANALYSES: Mapping[str, Analysis] = {each.name: each for each in _TABLE}
