"""Open a chart by its link: `?chart=ID`, for those who may see it."""

import streamlit as st

from workbench.app import charts
from workbench.app.context import held, hold
from workbench.app.desk import Desk
from workbench.store.types import Document
from workbench.view.asking import question
from workbench.view.view import View

_LINK, _OPENED = "chart", "linked"


@question
def open_linked(here: Desk, view: View) -> None:
    """Open the chart of the page's link, once for each link."""
    wanted = st.query_params.get(_LINK, "")
    if not wanted or wanted == here.standing.id or held(_OPENED) == wanted:
        return
    hold(_OPENED, wanted)
    found = charts.linked(view, wanted)
    if found is None:
        here.note = "This link leads to no chart that you may see. Ask whoever gave it to you."
    else:
        open_document(here, view, found)


@question
def open_document(here: Desk, view: View, document: Document) -> None:
    """Open a saved chart: one's own goes on, another's becomes a copy of one's own with the next change."""
    own = document.by == view.viewer.name
    known = str(document.body.get("id", ""))
    fresh = charts.new_id()
    standing = (
        charts.Standing(known or fresh, document.name, document.at) if own else charts.Standing(fresh, document.name)
    )
    here.reopen(view, standing, document.body)
