"""The chart as a piece of work: its name, versions, notes and link; other charts; what leaves the dashboard."""

import streamlit as st

from workbench.app import charts
from workbench.app.actions import doing, done
from workbench.app.context import Context, begin
from workbench.app.desk import Desk
from workbench.app.panels.comparing import comparing
from workbench.app.panels.leaving import leaving
from workbench.app.panels.opening import open_document
from workbench.app.panels.parts import button
from workbench.app.seen import Seen
from workbench.app.text import plain
from workbench.model.visible import visible
from workbench.store.types import Document
from workbench.view.store import GraphStore
from workbench.view.view import View


def chart_panel(context: Context, here: Desk, seen: Seen) -> None:
    """Name, note, other charts, versions, comparing, and what leaves the dashboard."""
    view, store = context.case.view, context.case.store
    kept = charts.saved(view)
    _name(here, {each.name for each in kept if each.by == view.viewer.name})
    _others(here, view, kept)
    with st.expander("Note on the chart", expanded=bool(here.chart.text)):
        _note(here)
    with st.expander("Versions"):
        _versions(here, view, store)
    with st.expander("Compare with another chart"):
        comparing(here, view, kept)
    with st.expander("Export and link"):
        leaving(context, here, seen)
    mine = next((each for each in kept if (each.by, each.name, each.at) == _of(here, view)), None)
    with st.popover("Delete this chart", width="stretch", disabled=mine is None):
        st.markdown(f"Delete **{plain(here.name)}** with its versions, for all who may see it?")
        st.button("Delete it", key="delete-chart", type="primary", on_click=_delete, args=(here, view, store, mine))


def _of(here: Desk, view: View) -> tuple[str, str, str]:
    """Author, name and time of the version that the desk has saved or opened last."""
    return view.viewer.name, here.standing.name, here.standing.at


def _name(here: Desk, mine: set[str]) -> None:
    st.session_state["chart-name"] = here.name
    st.text_input("Name of the chart", key="chart-name", on_change=_rename, args=(here, mine))
    st.caption("Saved at every step." if here.standing.at else "Saved with the first step.")


def _rename(here: Desk, taken: set[str]) -> None:
    doing(here, here.rename, st.session_state["chart-name"], taken - {here.name})


def _others(here: Desk, view: View, kept: tuple[Document, ...]) -> None:
    others = [each for each in kept if each.body.get("id") != here.standing.id]
    st.selectbox(
        "Open a chart", others, index=None, format_func=_title, key="open-chart", on_change=_open, args=(here, view)
    )
    st.button("New chart", key="new-chart", on_click=begin, args=(view,), width="stretch")


def _title(document: Document) -> str:
    return visible(f"{document.name} · {document.by} · {document.at[:16].replace('T', ' ')}")


def _open(here: Desk, view: View) -> None:
    chosen: Document | None = st.session_state["open-chart"]
    if chosen is not None:
        doing(here, open_document, here, view, chosen)
    st.session_state["open-chart"] = None


def _note(here: Desk) -> None:
    st.session_state["chart-text"] = here.chart.text
    st.text_area("Note", key="chart-text", on_change=lambda: here.write(st.session_state["chart-text"]))


def _versions(here: Desk, view: View, store: GraphStore) -> None:
    with st.form("keep-version", border=False, clear_on_submit=True):
        st.text_input("Keep it as it is now, as", key="version-name", placeholder="before the interview …")
        st.form_submit_button("Keep this version", on_click=_keep, args=(here, view, store), width="stretch")
    for each in charts.versions(view, here.standing.id):
        label = str(each.body["label"])
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"version-{each.name}"):
            st.caption(plain(f"{label} · {each.at[:16].replace('T', ' ')}"))
            button("Return", f"return-{each.name}", here, here.return_to, view, each.body, width="content")
            with st.popover("Delete"):
                st.markdown(f"Delete the version **{plain(label)}** for all who may see it?")
                button("Delete it", f"drop-{each.name}", here, charts.delete, store, view, each)


def _keep(here: Desk, view: View, store: GraphStore) -> None:
    doing(here, here.save_version, store, view, st.session_state["version-name"])


def _delete(here: Desk, view: View, store: GraphStore, mine: Document | None) -> None:
    if mine is not None and done(here, charts.delete, store, view, mine):
        begin(view)
