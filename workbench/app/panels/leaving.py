"""What leaves the dashboard: pictures and tables of the chart, with their marking; and a link to it."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from workbench.app.context import Context
from workbench.app.desk import Desk
from workbench.app.exported.facts import Facts, facts
from workbench.app.exported.page import html
from workbench.app.exported.sheets import as_csv, as_excel
from workbench.app.exported.svg import svg
from workbench.app.picture import Drawn, Picture, picture
from workbench.app.seeing import drawn
from workbench.app.seen import Seen
from workbench.view.asking import question
from workbench.view.view import View

Making = Callable[[Picture, Facts], str | bytes]
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def leaving(context: Context, here: Desk, seen: Seen) -> None:
    """The chart as on the canvas, as a picture, a page or a table; and its link."""
    view, empty = context.case.view, not seen.shown.entities
    at = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    forms = (
        ("SVG", "svg", "image/svg+xml", svg),
        ("HTML", "html", "text/html", html),
        ("CSV", "csv", "text/csv", _csv),
        ("Excel", "xlsx", _EXCEL, as_excel),
    )
    whole = drawn(here.chart, view, seen)  # what is made later has no session
    st.caption("As on the canvas, with its marking; what filters and hiding leave out is said.")
    with st.container(horizontal=True, gap="xsmall"):
        for label, suffix, kind, made in forms:
            st.download_button(
                label,
                data=partial(_made, made, here, view, seen, whole),
                file_name=f"chart-{at}.{suffix}",
                mime=kind,
                key=f"export-{suffix}",
                on_click="ignore",
                disabled=empty,
            )
        st.button("PNG", key="export-png", on_click=here.ask_for_png, disabled=empty)
    if here.standing.at:
        st.caption("Link to this chart, for those who may see it:")
        st.code(f"{(st.context.url or '').partition('?')[0]}?chart={here.standing.id}", language=None, wrap_lines=True)


def _csv(picture: Picture, facts: Facts) -> bytes:
    """The tables with the sign by which Excel knows UTF-8."""
    return as_csv(picture, facts).encode("utf-8-sig")


@question
def _made(make: Making, here: Desk, view: View, seen: Seen, whole: Drawn) -> str | bytes:
    return make(picture(whole), facts(here, view, seen))
