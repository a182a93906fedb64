"""How verdicts on leads are shown."""

from collections.abc import Sequence

from workbench.analytics.judged_leads import JudgedLead
from workbench.commands.console import table
from workbench.view.view import View

_COLUMNS = ("verdict", "from", "to", "asked", "by", "when", "why", "records", "ids")
Rows = Sequence[tuple[object, ...]]


def verdict_rows(view: View, found: Sequence[JudgedLead]) -> Rows:
    """Rows for verdicts, with the names of the entities."""
    ids = sorted({end for each in found for end in each.ends})
    names = {each.id: each.caption for each in view.summaries(ids)}
    return [_row(each, names[each.a], names[each.b]) for each in found]


def verdict_table(title: str, rows: Rows) -> None:
    """Print rows of verdicts."""
    table(title, _COLUMNS, rows)


def _row(each: JudgedLead, a: str, b: str) -> tuple[object, ...]:
    asked = f"{each.question}, {each.projection}"
    said = (each.by, each.at[:16].replace("T", " "), each.why, len(each.evidence))
    return each.verdict, a, b, asked, *said, f"{each.a}\n{each.b}"
