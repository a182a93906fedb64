"""The page *Explore*: the chart in the middle, a rail on its left, a drawer on its right."""

from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

import streamlit as st

from workbench.app import actions, canvas
from workbench.app.context import Context, desk, once
from workbench.app.desk import Desk
from workbench.app.expansion import kinds
from workbench.app.exported.facts import facts
from workbench.app.exported.svg import svg
from workbench.app.panels.drawer import drawer
from workbench.app.panels.opening import open_linked
from workbench.app.panels.path import path_rows
from workbench.app.panels.rail import rail
from workbench.app.picture import picture
from workbench.app.seeing import drawn, see
from workbench.app.seen import Seen
from workbench.export.appearance import label_of
from workbench.view.view import View

_WAITS = 0.4  # seconds between two looks whether something is done


def explore(context: Context) -> None:
    """One run of the page."""
    view, here = context.case.view, desk(context)
    open_linked(here, view)
    if here.work is not None and here.work.is_done:
        work, here.work = here.work, None
        work.finish()
    seen = see(here, view)
    with st.container(key="explore"):
        left, middle, right = (st.container(key=name) for name in ("rail", "stage", "drawer"))
    with left:
        rail(context, here, seen)
    with right:
        drawer(context, here, seen)
    with middle:  # the last: once it is there, the canvas sends what else was done, with what the page shows by then
        _stage(here, view, seen)
    if here.work is not None:
        _waiting(here)
    here.save(context.case.store, view)


@st.fragment(run_every=_WAITS)
def _waiting(here: Desk) -> None:
    if here.work is None or here.work.is_done:
        st.rerun()


def _stage(here: Desk, view: View, seen: Seen) -> None:
    """The canvas."""
    whole = drawn(here.chart, view, seen)
    state = _state(here, view) | {"path": path_rows(view, here.chart, seen)}
    if here.png_wanted:
        state["png"] = {
            "svg": svg(picture(whole), facts(here, view, seen)),
            "name": f"chart-{datetime.now(UTC):%Y%m%d-%H%M%S}",
            "token": token_hex(4),
        }
        here.png_wanted = False
    message = here.wire.message(picture(whole, state))
    here.catch_up = lambda: actions.received(here, view, canvas.event())
    canvas.mount(message, did=here.catch_up)


def _state(here: Desk, view: View) -> dict[str, Any]:
    """What the canvas shows beside the chart: the selection, the steps, the note."""
    told: dict[str, Any] = {
        "selected": list(here.selected),
        "focus": here.focus,
        "fit": here.fit,
        "undo": bool(here.history.past),
        "redo": bool(here.history.future),
        "work": here.work.label + " …" if here.work is not None else "",
        "choices": _choices(here, view),
    }
    told["note"] = {"text": here.note, "token": here.notes}
    return told


def _choices(here: Desk, view: View) -> dict[str, Any]:
    """The kinds of neighbours that the selection can be expanded by."""
    chart = here.chart
    entities = chart.unfolded(here.selected)
    found = once(view, ("kinds", entities, chart.entities), lambda: kinds(view, entities, chart.entities))
    counts: dict[tuple[str, str], int] = {}
    for some in found.values():
        for kind in some:
            counts[kind.relationship, kind.schema] = counts.get((kind.relationship, kind.schema), 0) + kind.n
    return {
        "of": list(here.selected),
        "kinds": [
            {
                "label": " · ".join(dict.fromkeys((label_of(schema), label_of(relationship)))),
                "n": n,
                "relationship": relationship,
                "schema": schema,
            }
            for (relationship, schema), n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        ],
    }
