"""The page *Analyse*: a question, the finding that answers it, and its rows as a reader wants them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any

from workbench.analytics import ANALYSES, Analysis
from workbench.analytics.finding import Finding, Row
from workbench.analytics.predict import UncalibratedLead
from workbench.app.chart import Lead
from workbench.app.drawing import NOT_GRADED, place_of
from workbench.app.text import count
from workbench.errors import UsageError
from workbench.view.asking import question
from workbench.view.view import View


@dataclass(frozen=True, slots=True)
class Question:
    """Which analysis, in which projection; `measure` is for key players."""

    kind: str = "joint-value"
    projection: str = "persons"
    measure: str = "betweenness"
    count_common: bool = False


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row of an answer: its texts by column, the entities it is about, the lead that it is."""

    cells: Mapping[str, str]
    entities: tuple[str, ...]
    records: tuple[str, ...] = ()
    lead: Lead | None = None


def _is_of_the_whole(analysis: Analysis) -> bool:
    """Whether it asks the whole view; one that asks about some entities is asked where these are."""
    _, *parameters = signature(analysis.function).parameters.values()
    return all(each.default is not Parameter.empty for each in parameters)


KINDS: Mapping[str, Analysis] = {name: each for name, each in ANALYSES.items() if _is_of_the_whole(each)}


@question
def answer(view: View, question: Question) -> Finding[Any]:
    """The finding that answers a question; UsageError for a kind of analysis that there is not."""
    if question.kind not in KINDS:
        raise UsageError(f"no analysis {question.kind!r}: one of {', '.join(KINDS)}")
    ask = KINDS[question.kind].function
    said = {"projection": question.projection, "measure": question.measure, "count_common": question.count_common}
    taken = signature(ask).parameters
    found: Finding[Any] = ask(view, **{name: value for name, value in said.items() if name in taken})
    return found


@question
def sections(view: View, finding: Finding[Any]) -> dict[str, tuple[AnswerRow, ...]]:
    """A finding's rows, with captions for ids, by what they are; what matters most first."""
    ids = sorted({entity for row in finding.results for entity in row.entities})
    captions = {entity: each.caption for entity, each in zip(ids, view.summaries(ids), strict=True)}
    found: dict[str, list[AnswerRow]] = defaultdict(list)
    for row in finding.results:
        found[row.section or finding.analysis.title].append(_line(finding.analysis, row, captions))
    return {title: tuple(rows) for title, rows in found.items()}


def _line(analysis: Analysis, row: Row, captions: Mapping[str, str]) -> AnswerRow:
    cells = {head: row.cell(name, captions) for name, head in analysis.columns.items() if head}
    ids = {} if "id" in analysis.columns else {"Ids": " ".join(row.entities)}
    return AnswerRow(cells | ids, row.entities, getattr(row, "records", ()), _lead(row))


def _lead(row: Row) -> Lead | None:
    """The lead that a row is; None of any other."""
    return Lead(row.a, row.b, row.score, row.records) if isinstance(row, UncalibratedLead) else None


def set_aside_text(finding: Finding[Any]) -> str:
    """Which common values were left out, in a sentence."""
    values = [f"{row['value']} ({row['kind']}, shared by {row['n']})" for row in finding.set_aside]
    if not values:
        return "No common value was set aside."
    return f"{count(len(values), 'common value')} set aside: " + ", ".join(values) + "."


@question
def record_rows(view: View, keys: Sequence[str]) -> list[dict[str, str]]:
    """Supporting records as a table: who says so, how graded and marked, and where it stands."""
    return [
        {
            "Schema": each.record.schema,
            "Source": str(each.record.dataset),
            "Grade": str(each.record.grade or NOT_GRADED),
            "Marking": str(each.record.marking),
            "Place": place_of(each),
            "Record": each.key,
        }
        for each in view.records(keys)
    ]
