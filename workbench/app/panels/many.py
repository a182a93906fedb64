"""What can be done with several entities that are selected."""

from collections import Counter

import streamlit as st

from workbench.app import actions
from workbench.app.chart import GROUP
from workbench.app.context import Context
from workbench.app.desk import Desk
from workbench.app.panels.parts import button
from workbench.app.panels.same import judge_form
from workbench.app.text import plain
from workbench.export.appearance import label_of
from workbench.model.visible import count

_NAMED = 15


def many_panel(context: Context, here: Desk, entities: tuple[str, ...]) -> None:
    """Which they are, and what can be done with all of them."""
    view = context.case.view
    found = view.summaries(list(entities))
    kinds = Counter(label_of(each.schema) for each in found)
    st.markdown(f"#### :small[{count(len(found), 'entity', 'entities')} selected]")
    st.caption(plain(", ".join(f"{kind} {n}" for kind, n in kinds.most_common())))
    with st.container(horizontal=True, gap="xsmall", key="many-actions"):
        button("Expand", "expand-many", here, here.expand, view, entities, width="content")
        for label, what in (("Group", "group"), ("Pin or free", "pin"), ("Hide", "hide"), ("Hide others", "only")):
            button(label, f"{what}-many", here, actions.own, here, view, what, here.selected, width="content")
    _groups(context, here)
    named = ", ".join(each.caption for each in found[:_NAMED])
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    st.markdown(plain(named + more))
    if len(entities) == 2:
        a, b = entities
        button("Path between the two", "path-between", here, here.path, view, start=a, end=b)
        judge_form(context, here, a, b)


def _groups(context: Context, here: Desk) -> None:
    """The groups that are selected: their names, and buttons to open and dissolve them."""
    view = context.case.view
    for each in (group for group in here.chart.groups if group.id in here.selected):
        key = f"group-name-{each.name}"
        st.session_state[key] = each.name
        st.text_input("Name of the group", key=key, on_change=_rename, args=(here, each.name, key))
        with st.container(horizontal=True, gap="xsmall", key=f"group-actions-{each.name}"):
            button("Open or close", f"open-{each.name}", here, actions.own, here, view, "open", (each.id,))
            button("Dissolve", f"dissolve-{each.name}", here, actions.own, here, view, "ungroup", (each.id,))


def _rename(here: Desk, before: str, key: str) -> None:
    after = " ".join(st.session_state[key].split())
    if after and after not in {each.name for each in here.chart.groups}:
        here.did(here.chart.renaming(before, after))
        here.select([GROUP + after])
