"""The page *Analyse*: a question, the finding that answers it, and its rows for display."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from inspect import Parameter, signature
from typing import Any

from workbench.analytics import ANALYSES, Analysis
from workbench.analytics.communities import RESOLUTION
from workbench.analytics.finding import Finding, Row, in_words
from workbench.analytics.links.learning import MISSING
from workbench.analytics.predict import PredictedTie
from workbench.analytics.weights import COUNTED, TIES_ARE
from workbench.app.chart import Lead
from workbench.app.drawing import NOT_GRADED, place_of
from workbench.errors import UsageError
from workbench.model.visible import count
from workbench.resolve.common import shared_by
from workbench.view.asking import question
from workbench.view.present import remembering
from workbench.view.view import View

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Question:
    """An analysis, its projection, and its other arguments; each analysis takes those that it has."""

    kind: str = "joint-value"
    projection: str = "persons"
    measure: str = "betweenness"
    question: str = MISSING
    count_common: bool = False
    resolution: float = RESOLUTION
    ties_as: str = COUNTED
    since: str | None = None
    missing: float = 0.1
    removed: int = 10
    seed: int = 0


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row of an answer: its texts by column, its entities and records, and its lead if it is one."""

    cells: Mapping[str, str]
    entities: tuple[str, ...]
    records: tuple[str, ...] = ()
    lead: Lead | None = None


def _is_of_the_whole(analysis: Analysis) -> bool:
    """Whether an analysis is about the whole view; those about some entities are asked on the page *Explore*."""
    _, *parameters = signature(analysis.function).parameters.values()
    return all(each.default is not Parameter.empty for each in parameters)


KINDS: Mapping[str, Analysis] = {name: each for name, each in ANALYSES.items() if _is_of_the_whole(each)}


@question
def answer(view: View, sent: Question) -> Finding[Any]:
    """The finding that answers a question; UsageError for an unknown analysis."""
    taken = _taken(sent)
    given = {name: value for name, value in asdict(sent).items() if name in taken}
    ask = KINDS[sent.kind].function
    found: Finding[Any] = remembering(view, lambda: ask(view, **given))
    return found


def unused(sent: Question) -> list[str]:
    """The names of the settings that were changed, and that the analysis does not take."""
    taken, usual = _taken(sent), asdict(Question())
    changed = [name for name, value in asdict(sent).items() if name != "kind" and value != usual[name]]
    return [name for name in changed if name not in taken]


def _taken(sent: Question) -> Collection[str]:
    if sent.kind not in KINDS:
        raise UsageError(f"no analysis {sent.kind!r}: one of {', '.join(KINDS)}")
    return signature(KINDS[sent.kind].function).parameters.keys()


@question
def sections(view: View, finding: Finding[Any]) -> dict[str, tuple[AnswerRow, ...]]:
    """A finding's rows by section, with captions for ids; the most important section first."""
    ids = sorted({entity for row in finding.results for entity in row.entities})
    captions = {entity: each.caption for entity, each in zip(ids, view.summaries(ids), strict=True)}
    by_section: dict[str, list[AnswerRow]] = defaultdict(list)
    for row in finding.results:
        by_section[row.section or finding.analysis.title].append(_line(finding.analysis, row, captions))
    return {title: tuple(rows) for title, rows in by_section.items()}


def _line(analysis: Analysis, row: Row, captions: Mapping[str, str]) -> AnswerRow:
    cells = {head: row.cell(name, captions) for name, head in analysis.columns.items() if head}
    ids = {} if "id" in analysis.columns else {"Ids": " ".join(row.entities)}
    return AnswerRow(cells | ids, row.entities, getattr(row, "records", ()), _lead(row))


def _lead(row: Row) -> Lead | None:
    """The lead of a row of predictions; None for any other row."""
    return Lead(row.a, row.b, row.records) if isinstance(row, PredictedTie) else None


def asked_text(finding: Finding[Any]) -> str:
    """What was asked but for the projection, and whether ties were counted or weighted, with dots between."""
    asked = {name: value for name, value in finding.asked.items() if name != "projection"}
    ties = {TIES_ARE: finding.measured[TIES_ARE]} if TIES_ARE in finding.measured and "ties_as" not in asked else {}
    return " · ".join(in_words({**asked, **ties}))


def set_aside_text(finding: Finding[Any]) -> str:
    """A sentence about the common values that were left out."""
    values = [f"{row['value']} ({row['kind']}, shared by {shared_by(row)})" for row in finding.set_aside]
    if not values:
        return "No common value was set aside."
    return f"{count(len(values), 'common value')} set aside: " + ", ".join(values) + "."


@question
def record_rows(view: View, keys: Sequence[str]) -> list[dict[str, str]]:
    """Supporting records as a table: source, grade, marking and locator."""
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


def with_numbers(rows: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Rows for a table, with numbers in the columns that have nothing else, so that they sort as numbers.

    >>> with_numbers([{"Rank": "10", "Id": "01"}, {"Rank": "9", "Id": "x"}])
    [{'Rank': 10, 'Id': '01'}, {'Rank': 9, 'Id': 'x'}]
    """
    heads = rows[0] if rows else ()
    numeric = {head for head in heads if all(_NUMBER.fullmatch(row[head]) or not row[head] for row in rows)}
    return [{head: _number(cell) if head in numeric else cell for head, cell in row.items()} for row in rows]


def _number(cell: str) -> float | int | None:
    return None if not cell else float(cell) if "." in cell else int(cell)
