"""The records of the lines that are selected: dates, amounts, grades, and the rows that they come from."""

from collections.abc import Sequence

import streamlit as st

from workbench.app.context import Context
from workbench.app.desk import Desk
from workbench.app.drawing import DRAWN, NOT_GRADED, day_of, place_of
from workbench.app.panels.parts import table
from workbench.app.panels.withdrawing import withdrawing
from workbench.app.text import plain
from workbench.app.ties import Tie
from workbench.export.appearance import label_of
from workbench.model.visible import count
from workbench.store.types import SourcedRecord
from workbench.view.asking import question
from workbench.view.view import View

_REASONS = ("notes", "summary", "description")  # where the reason of what was drawn by hand stands


@question
def records_panel(context: Context, here: Desk, view: View, ties: Sequence[Tie]) -> None:
    """Each line by its ends, with a row for each of its records."""
    ends = sorted({end for tie in ties for line in tie.lines for end in (line.a, line.b)})
    captions = {entity: each.caption for entity, each in zip(ends, view.summaries(ends), strict=True)}
    for number, tie in enumerate(ties):
        a, b = (_end(here, each, captions) for each in (tie.a, tie.b))
        st.markdown(f"#### :small[{plain(a)} – {plain(b)}]")
        st.markdown(plain(tie.label))
        st.caption(plain(f"{count(len(tie.said), 'record')}; weakest grade: {tie.grade}; {tie.certainty}"))
        table(_rows(view, tie, captions), f"tie-{number}")
    withdrawing(context, here, {each.key for tie in ties for each in tie.said if each.certainty == DRAWN})


def _end(here: Desk, unit: str, captions: dict[str, str]) -> str:
    group = next((each.name for each in here.chart.groups if each.id == unit), "")
    return group or captions.get(unit, unit)


@question
def _rows(view: View, tie: Tie, captions: dict[str, str]) -> list[dict[str, str]]:
    ways = {each.key: (line.a, line.b) for line in tie.lines for each in line.said}
    records = sorted(view.records(sorted(ways)), key=lambda each: (day_of(each) or "9", each.key))
    return [_row(each, *(captions[end] for end in ways[each.key])) for each in records]


def _row(each: SourcedRecord, a: str, b: str) -> dict[str, str]:
    values = each.record.values()
    amount = " ".join(text for name in ("currency", "amount") for text in values.get(name, ())[:1])
    return {
        "Date": day_of(each) or "undated",
        "Amount": amount,
        "Grade": str(each.record.grade or NOT_GRADED),
        "What": label_of(each.record.schema),
        "From": a,
        "To": b,
        "Agency": each.record.dataset.agency,
        "Place": place_of(each),
        "By": each.provenance.loaded_by,
        "Notes": "; ".join(text for name in _REASONS for text in values.get(name, ())),
        "Marking": str(each.record.marking),
        "Record": each.key,
    }
