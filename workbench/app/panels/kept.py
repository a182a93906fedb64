"""Kept findings: listed, reopened, computed again, compared."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from workbench.analytics import ANALYSES
from workbench.analytics.kept import Kept, captions, reopened
from workbench.app.context import Context, held, hold
from workbench.app.panels.finding import show_finding
from workbench.app.panels.parts import table
from workbench.app.text import plain, said
from workbench.errors import StoreError, UsageError
from workbench.model.visible import count

_DONE = "kept-done"  # what was chosen to do with a kept finding, and which one


def kept_panel(context: Context) -> None:
    """The list of kept findings, what can be done with one, and what came of it."""
    found = context.case.findings()
    with st.expander(f"Kept findings ({len(found)})", expanded=held(_DONE) is not None):
        if not found:
            st.caption("None is kept yet, or you do not see all that they rest on.")
            return
        chosen = table([_row(each) for each in found], "kept", on_select="rerun", selection_mode="single-row")
        picked = [found[number] for number in chosen.selection.rows if number < len(found)]
        if picked:
            _choose(picked[0], context.who.viewer.name)
    done = held(_DONE)
    if done is not None:
        _do(context, *done)


def _row(kept: Kept) -> dict[str, str]:
    return {
        "Name": kept.name,
        "Analysis": ANALYSES[kept.analysis].title if kept.analysis in ANALYSES else kept.analysis,
        "Asked": kept.question,
        "Kept by": kept.by,
        "At": kept.at[:16].replace("T", " "),
        "Revision": kept.revision,
        "Results": str(kept.results),
        "Records": str(kept.records),
    }


def _choose(kept: Kept, viewer: str) -> None:
    """The buttons for a kept finding."""
    columns = st.columns(5, vertical_alignment="bottom")
    day: date | None = columns[4].date_input("Since", value=None, key="kept-since")
    names = ["Reopen", "Compute again", "Compare with now" if day is None else "Compare since", "Drop"]
    for column, name in zip(columns, names, strict=False):
        if name != "Drop" or kept.by == viewer:
            since = day.isoformat() if day else None
            column.button(name, key=f"kept-{name}", on_click=hold, args=(_DONE, (name, kept.name, kept.by, since)))


def _do(context: Context, what: str, name: str, by: str, since: str | None) -> None:
    """Do what was chosen, and show what comes of it."""
    ways: dict[str, Callable[[], None]] = {
        "Reopen": lambda: _reopen(context, name, by),
        "Compute again": lambda: _again(context, name, by),
        "Compare with now": lambda: _compare(context, name, by, None),
        "Compare since": lambda: _compare(context, name, by, since),
        "Drop": lambda: _drop(context, name),
    }
    try:
        ways[what]()
    except (UsageError, StoreError) as error:
        st.error(plain(said(error)))


def _reopen(context: Context, name: str, by: str) -> None:
    kept, finding, view = reopened(context.case.view, name, by)
    st.caption(f"{plain(kept.name)}, kept by {plain(kept.by)}")
    show_finding(context, view, finding, "kept")


def _again(context: Context, name: str, by: str) -> None:
    context.case.again(name, by)
    st.success("Computed again: it is the same, bit for bit.")


def _compare(context: Context, name: str, by: str, since: str | None) -> None:
    found = context.case.compare(name, since=since, by=by)
    before, after = map(plain, found.revisions)
    told = ", ".join(f"{count(n, 'row')} {how}" for how, n in found.counts.items())
    st.caption(f"From revision {before} to {after}: {told}.")
    rows = list(found.lines(captions(context.case.view, found)))
    if rows:
        table(rows, "kept-changes")
    measured = [{"Measured": n, "Before": str(old), "After": str(new)} for n, (old, new) in found.measured.items()]
    if measured:
        table(measured, "kept-measured")


def _drop(context: Context, name: str) -> None:
    hold(_DONE, None)
    context.case.drop_finding(name)
    st.success(f"{plain(name)} is dropped.")
