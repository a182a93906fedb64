"""What changed here? Who took over the contacts of a phone or an account."""

import streamlit as st

from workbench.app.context import once
from workbench.app.desk import Desk
from workbench.app.panels.parts import button
from workbench.app.successors import Succession, chance_text, gap_text, succession
from workbench.app.text import plain
from workbench.model.visible import count
from workbench.view.asking import question
from workbench.view.view import View

_CAUTION = (
    "A hint, not a finding: others may have the same friends. “By chance” is how often "
    "one of all in the view would share as many if contacts were drawn at random."
)


def changes_panel(here: Desk, view: View, entity: str) -> None:
    """A switch, and what it shows."""
    if not st.toggle("What changed here?", key=f"changes-{entity}"):
        return
    with st.spinner("Comparing contacts …"):
        found = once(view, ("succession", entity), lambda: succession(view, entity))
    if not found.last:
        st.caption("No contact has a date.")
        return
    st.markdown(f"Last contact on **{found.last}**; {count(found.contacts, 'contact')} with a date.")
    if not found.found:
        st.caption(
            f"Nobody took over: of {found.compared} others none met two of its contacts after that for the first time."
        )
        return
    _rows(here, view, entity, found)


@question
def _rows(here: Desk, view: View, entity: str, found: Succession) -> None:
    captions = {each.id: each.caption for each in view.summaries([each.entity for each in found.found])}
    for each in found.found:
        taken, later = f"{each.taken} of {each.contacts} contacts", gap_text(found.last, each.since)
        told = f"took over {taken} from {each.since}, {later}; by chance: {chance_text(each.chance)}"
        st.markdown(f"- **{plain(captions[each.entity])}** {told}")
    best = found.found[0]
    label = f"Show {captions[best.entity]} on the chart"
    button(plain(label), "show-successor", here, here.show, view, (entity, best.entity))
    st.caption(plain(_CAUTION))
