"""The profile of the selected entity: every value with its source, locator, grade and marking."""

import streamlit as st

from workbench.app import profile
from workbench.app.desk import Desk
from workbench.app.panels.parts import button, table
from workbench.app.text import plain, said
from workbench.errors import NotFound
from workbench.model.visible import count
from workbench.view.answers import Entity
from workbench.view.view import View

_HEIGHT = 420


def profile_panel(desk: Desk, view: View) -> None:
    """Everything in the view about the selected entity; nothing if none is selected."""
    if not desk.selected:
        return
    try:
        entity = view.entity(desk.selected)
    except NotFound as error:
        st.caption(plain(said(error)))
        return
    st.markdown(f"#### {plain(profile.heading(entity))}")
    st.caption(f"Id {entity.id} · {count(len(entity.referents), 'source entity', 'source entities')}")
    _ends(desk, view, entity)
    if entity.stub:
        st.caption("Only referred to: no record of this view describes it.")
    with st.container(height=_HEIGHT, border=False, key="values"):
        st.markdown("\n".join(map(_said, profile.values_said(view, entity))))
        _identity(entity)


def _ends(desk: Desk, view: View, entity: Entity) -> None:
    with st.container(horizontal=True, gap="xsmall", key="profile-actions"):
        button("Expand", "expand-selected", desk, desk.expand, view, entity.id)
        button("Path start", "start-selected", desk, desk.path, view, start=entity.id)
        button("Path end", "end-selected", desk, desk.path, view, end=entity.id)
        button("Hide", "hide-selected", desk, desk.hide, entity.id, off=entity.id not in desk.chart.shown)


def _identity(entity: Entity) -> None:
    names = profile.referent_names(entity)
    if entity.joined_by:
        st.caption("Why these are the same:")
        for reason in entity.joined_by:
            st.markdown("- " + plain(profile.reason_text(reason, names)))
    with st.expander(f"Known as ({len(entity.referents)})"):
        table(profile.referent_rows(entity), "referents")


def _said(said: profile.SaidValue) -> str:
    sources = "".join(f"  \n  :small[:gray[{plain(source)}]]" for source in said.sources)
    return f"- **{plain(said.property)}:** {plain(said.value)}{sources}"
