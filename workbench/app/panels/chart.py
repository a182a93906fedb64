"""The chart: its steps, its name, the canvas, and tables with the same content."""

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from workbench.app import actions, canvas, charts
from workbench.app.context import begin, once
from workbench.app.desk import Desk
from workbench.app.drawing import Drawing, agencies_of, counts
from workbench.app.expansion import kinds
from workbench.app.panels.parts import button, table
from workbench.app.pathway import Pathway
from workbench.app.picture import ACCEPTED, LEAD, canvas_data, legend
from workbench.app.text import plain
from workbench.export.appearance import label_of
from workbench.model.visible import visible
from workbench.resolve.common import common_of
from workbench.store.types import Document
from workbench.view.view import View

_KEYS = (
    "Click: profile. Double-click: expand. Right-click: path start and end, hide. Drag: move. Wheel: zoom. With the "
    "canvas in focus: arrow keys walk the entities, Enter opens the menu, s and e set the path, Delete hides, f fits."
)


def steps_bar(desk: Desk, view: View, drawing: Drawing) -> None:
    """Buttons to undo, redo, restore, lay out and export."""
    hidden = len(desk.chart.hidden)
    with st.container(horizontal=True, gap="xsmall", key="steps"):
        button("Undo", "undo", desk, desk.undo, off=not desk.history.past)
        button("Redo", "redo", desk, desk.redo, off=not desk.history.future)
        button(f"Restore {hidden} hidden", "restore", desk, desk.restore, off=not hidden)
        button("Lay out", "lay-out", desk, desk.lay_out, view, off=not desk.chart.entities)
        st.download_button(
            "Export HTML",
            data=lambda: _html(desk, view, drawing),
            file_name=f"chart-{datetime.now(UTC):%Y%m%d-%H%M%S}.html",
            mime="text/html",
            key="export",
            on_click="ignore",
            disabled=not drawing.entities,
            help="The entities on the canvas and all relationships among them, as a page that needs no network.",
            width="stretch",
        )


def _html(desk: Desk, view: View, drawing: Drawing) -> str:
    from workbench.export import chart_html  # imported on use: pyvis imports IPython

    shown = [each.id for each in drawing.entities]
    return chart_html(view, shown, desk.chart.positions, title=desk.name, records=desk.behind(view))


def names_bar(desk: Desk, view: View) -> None:
    """The chart's name, the saved charts, and a button for an empty one."""
    kept = charts.saved(view)
    mine = {each.name for each in kept if each.by == view.viewer.name}
    naming, opening, fresh = st.columns([3, 3, 1], vertical_alignment="bottom")
    with naming:
        st.session_state["chart-name"] = desk.name
        st.text_input("Chart", key="chart-name", on_change=_rename, args=(desk, mine))
    with opening:
        st.selectbox(
            "Open a chart", kept, index=None, format_func=_title, key="open-chart", on_change=_open, args=(desk, view)
        )
    fresh.button("New", key="new-chart", on_click=begin, width="stretch")


def _title(document: Document) -> str:
    return visible(f"{document.name} · {document.by} · {document.at[:16].replace('T', ' ')}")


def _rename(desk: Desk, taken: set[str]) -> None:
    actions.doing(desk, desk.rename, st.session_state["chart-name"], taken)


def _open(desk: Desk, view: View) -> None:
    chosen: Document | None = st.session_state["open-chart"]
    if chosen is not None:
        standing = chosen.at if chosen.by == view.viewer.name else ""
        actions.doing(desk, desk.reopen, view, chosen.name, chosen.body, standing)
    st.session_state["open-chart"] = None


def canvas_panel(desk: Desk, view: View, drawing: Drawing, found: Pathway | None) -> None:
    """The canvas with its legend and the note of the last action."""
    path = found.route(desk.chart.choice).records if found and found.routes else frozenset()
    shown = tuple(each.id for each in drawing.entities)
    commons = once(view, ("commons", shown), lambda: {each.entity: each.shared_by for each in common_of(view, shown)})
    drawn = desk.chart.entities
    choices = once(view, ("kinds", shown, drawn), lambda: kinds(view, shown, drawn))
    data = canvas_data(drawing, desk.chart, path, choices, commons)
    data |= {"chart": desk.opened, "layout": desk.layout}
    data |= {"focus": {"id": desk.selected, "token": desk.focus} if desk.focus else None}
    canvas.mount(
        data,
        selected=lambda: actions.selected(desk, canvas.event("selected")),
        asked=lambda: actions.asked(desk, view, canvas.event("asked")),
        moved=lambda: actions.moved(desk, canvas.event("moved")),
    )
    st.caption(plain(legend(drawing)) or "The canvas is empty: search for an entity, and open it.", help=_KEYS)
    held = f"{drawing.filtered} entities hidden by filters." if drawing.filtered else ""
    st.caption(" ".join(filter(None, [plain(desk.note), held])) or " ")


def entities_table(desk: Desk, drawing: Drawing) -> None:
    """The entities on the canvas; choosing a row selects the entity, like a click."""
    tied = counts(drawing.lines)
    rows = [
        {
            "Selected": "●" if each.id == desk.selected else "",
            "Entity": each.caption,
            "Type": label_of(each.schema),
            "Relationships here": tied.get(each.id, 0),
            "Agencies": ", ".join(agencies_of(each)),
            "Id": each.id,
        }
        for each in drawing.entities
    ]
    chosen = table(rows, "entities", on_select=lambda: _choose(desk, drawing), selection_mode="single-row")
    del chosen


def _choose(desk: Desk, drawing: Drawing) -> None:
    rows = st.session_state["entities"].selection.rows
    if rows and rows[0] in range(len(drawing.entities)):
        desk.select(drawing.entities[rows[0]].id)
        desk.focus += 1


def lines_table(desk: Desk, drawing: Drawing) -> None:
    """Every relationship on the canvas, then every lead and every accepted one, labelled as such."""
    names = {each.id: each.caption for each in drawing.entities}
    rows = [
        {
            "Relationship": line.label,
            "From": names[line.a],
            "To": names[line.b],
            "When": line.span,
            "Records": len(line.records),
            "Agencies": ", ".join(line.agencies),
            "Weakest grade": line.grade,
        }
        for line in drawing.lines
    ]
    drawn = [each for each in desk.chart.leads if each.a in names and each.b in names]
    rows += [_lead(LEAD, names[each.a], names[each.b], len(each.records)) for each in drawn]
    rows += [
        _lead(f"{ACCEPTED}, by {each.by}: {each.why}", names[each.a], names[each.b], len(each.evidence))
        for each in drawing.accepted
    ]
    table(rows, "lines")


def _lead(label: str, start: str, end: str, records: int) -> dict[str, Any]:
    """A row for a lead, whose records are those that it rests on."""
    told = {"Relationship": label, "From": start, "To": end, "When": "", "Records": records}
    return {**told, "Agencies": "", "Weakest grade": ""}
