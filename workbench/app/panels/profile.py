"""The profile of the selected entity: every value with its source, grade and marking, and who else it may be."""

from functools import partial

import streamlit as st

from workbench.app import actions, profile
from workbench.app.context import Context
from workbench.app.desk import Desk
from workbench.app.expansion import MOST_AT_ONCE, kinds
from workbench.app.panels.changes import changes_panel
from workbench.app.panels.parts import button, table
from workbench.app.panels.withdrawing import withdrawing
from workbench.app.successors import is_reachable
from workbench.app.text import plain, said
from workbench.errors import NotFound
from workbench.export.appearance import label_of, look
from workbench.model.record import BY_HAND
from workbench.model.visible import count
from workbench.view.answers import Entity
from workbench.view.view import View

_OTHERS = 3  # of those that the entity may also be that are shown at first
_JUDGED = (
    "Bits are evidence, neither a probability nor a fact: they join nobody here. To judge two, select both on the "
    "chart, or use `workbench same`, `workbench different` or `workbench unsure`, with both ids and a reason."
)


def profile_panel(context: Context, desk: Desk) -> None:
    """Everything in the view about the entity that is selected."""
    view = context.case.view
    try:
        shown = profile.show(view, desk.one)
    except NotFound as error:
        st.caption(plain(said(error)))
        return
    entity = shown.entity
    st.markdown(f"#### {plain(profile.heading(entity))}")
    st.caption(f"Id {entity.id} · {count(len(entity.referents), 'referent')}")
    _ends(desk, view, entity)
    if entity.stub:
        st.caption("Only referred to: no record of this view describes it.")
    if shown.to_check:
        st.warning(plain(f"Check whether this is one: {shown.to_check.why}"))
    _may_also_be(desk, view, shown)
    if is_reachable(entity.schema):
        changes_panel(desk, view, entity.id)
    _expanding(desk, view, entity)
    _note(desk, entity)
    withdrawing(context, desk, {each.record for each in entity.values if each.dataset.endswith(f"/{BY_HAND}")})
    with st.container(key="values"):
        st.markdown("\n".join(map(_said, shown.values)))
        _identity(context, desk, shown)


def _ends(desk: Desk, view: View, entity: Entity) -> None:
    with st.container(horizontal=True, gap="xsmall", key="profile-actions"):
        button("Expand", "expand-selected", desk, desk.expand, view, (entity.id,))
        button("Path start", "start-selected", desk, desk.path, view, start=entity.id)
        button("Path end", "end-selected", desk, desk.path, view, end=entity.id)
        hide = partial(actions.own, desk, view, "hide", (entity.id,))
        button("Hide", "hide-selected", desk, hide, off=entity.id not in desk.chart.shown)


def _expanding(desk: Desk, view: View, entity: Entity) -> None:
    """Its neighbours that are not on the chart, by kind, with how many are added at most."""
    found = kinds(view, (entity.id,), desk.chart.entities).get(entity.id, ())
    if not found:
        return
    with st.expander(f"Expand by type ({sum(kind.n for kind in found)})"):
        most = st.number_input("At most", 1, 500, MOST_AT_ONCE, key="expand-most")
        for kind in found:
            label = " · ".join(dict.fromkeys((label_of(kind.schema), label_of(kind.relationship))))
            what = (kind.relationship, kind.schema, int(most))
            key = f"expand-{kind.relationship}-{kind.schema}"
            button(f"{plain(label)} ({kind.n})", key, desk, desk.expand, view, (entity.id,), *what)


def _note(desk: Desk, entity: Entity) -> None:
    with st.expander("Note", expanded=entity.id in desk.chart.notes):
        st.session_state["note-text"] = desk.chart.notes.get(entity.id, "")
        st.text_area(
            "Note on this chart",
            key="note-text",
            on_change=lambda: desk.note_on(entity.id, st.session_state["note-text"]),
        )


def _may_also_be(desk: Desk, view: View, shown: profile.Profile) -> None:
    """The proposals about an entity, each of which can be opened; nothing if there are none."""
    if not shown.may_be:
        return
    pages = f"pages of others of {shown.entity.id}"
    most = _OTHERS * st.session_state.setdefault(pages, 1)
    with st.container(key="may-also-be", gap="xsmall"):
        st.markdown("**May also be**")
        for each in shown.may_be[:most]:
            _other(desk, view, each)
        left = len(shown.may_be) - most
        if left > 0:
            st.button(
                f"Show {min(left, _OTHERS)} more", "more-others", on_click=_show_more, args=(pages,), width="stretch"
            )
        st.caption(_JUDGED)


def _other(desk: Desk, view: View, each: profile.MayBe) -> None:
    other = each.other
    with st.container(key=f"other-{other.id}", gap="xxsmall"):
        called = plain(other.caption)
        label, hint = f"{look(other.schema).sign} {called}", f"Open the profile of {called}"
        button(label, f"may-be-{other.id}", desk, desk.open, view, other.id, help=hint)
        st.caption(f"{plain(each.why)}  \n{plain(profile.other_text(each))}")


def _show_more(pages: str) -> None:
    st.session_state[pages] += 1


def _identity(context: Context, desk: Desk, shown: profile.Profile) -> None:
    entity, names = shown.entity, profile.referent_names(shown.entity)
    if entity.joined_by:
        st.caption("Why these are the same:")
        for reason in entity.joined_by:
            st.markdown("- " + plain(profile.reason_text(reason, names)))
    if shown.judgements:
        st.caption("What people judged:")
        for each in shown.judgements:
            st.markdown("- " + plain(profile.judgement_text(each, names)))
            if each.by == context.case.by:
                button("Take this judgement back", f"undo-{each.id}", desk, context.case.undo, each.id, width="content")
    for against in shown.contradictions:
        st.warning(plain(f"These can't all be right: {profile.contradiction_text(against, names)}"))
    with st.expander(f"Known as ({len(entity.referents)})"):
        table(profile.referent_rows(entity), "referents")


def _said(said: profile.SaidValue) -> str:
    sources = "".join(f"  \n  :small[:gray[{plain(source)}]]" for source in said.sources)
    return f"- **{plain(said.property)}:** {plain(said.value)}{sources}"
