"""Draw an entity or a relationship by hand: a record with grade, marking and author, like any other."""

from collections.abc import Callable, Mapping

import streamlit as st

from workbench.app.actions import doing
from workbench.app.by_hand import (
    GRADES,
    entity_schemata,
    grade_text,
    lines_given,
    main_properties,
    relationship_schemata,
)
from workbench.app.context import Context
from workbench.app.desk import Desk
from workbench.app.loading import offered
from workbench.app.seen import Seen
from workbench.app.text import plain
from workbench.export.appearance import label_of

_NO_RIGHT = "You may not load for any agency, and so draw nothing: whoever keeps the viewers file gives that right."
_WHAT = (
    "What you draw is a record: an assessment with your name, a grade and a marking. It can be withdrawn like a load."
)
_MARKING = "Written LEVEL//REL A,B//COMP C//HC H1. Empty: SECRET, for the agency alone."
Draw = Callable[[dict[str, str], str | None, str, str | None, str | None], None]


def by_hand_panel(context: Context, here: Desk, seen: Seen) -> None:
    """The form for a relationship if two entities are selected, else that for an entity."""
    if not context.case.viewer.loads:
        st.info(_NO_RIGHT)
        return
    st.caption(_WHAT)
    entities = here.chart.unfolded(here.selected)
    if len(entities) == 2:
        _relationship(context, here, (entities[0], entities[1]))
    else:
        st.caption("Select two entities to draw a relationship between them.")
        _entity(context, here)


def _entity(context: Context, here: Desk) -> None:
    schema = st.selectbox("Type", entity_schemata(), format_func=label_of, key="hand-schema")

    def draw(values: dict[str, str], grade: str | None, why: str, marking: str | None, agency: str | None) -> None:
        drawn = context.case.draw_entity(schema, values, grade=grade, why=why, marking=marking, agency=agency)
        here.open(context.case.view, drawn.entity)
        here.note = f"Drawn, marked {drawn.marking}. Undo does not withdraw it: its panel has a button for that."

    _form(context, here, "hand-entity", main_properties(schema), draw)


def _relationship(context: Context, here: Desk, ends: tuple[str, str]) -> None:
    a, b = context.case.view.summaries(list(ends))
    same = a.caption == b.caption
    named = [f"{each.caption} ({each.id})" if same else each.caption for each in (a, b)]
    ways = [f"{named[0]} → {named[1]}", f"{named[1]} → {named[0]}"]
    way = st.radio("Direction", (0, 1), format_func=lambda n: plain(ways[n]), key="hand-way")
    start, end = (a, b) if way == 0 else (b, a)
    schema = st.selectbox(
        "Relationship", relationship_schemata(start.schema, end.schema), format_func=label_of, key="hand-tie"
    )

    def draw(values: dict[str, str], grade: str | None, why: str, marking: str | None, agency: str | None) -> None:
        drawn = context.case.draw_relationship(
            schema, start.id, end.id, values, grade=grade, why=why, marking=marking, agency=agency
        )
        here.show(context.case.view, drawn.ends, [drawn.key])
        here.note = f"Drawn, marked {drawn.marking}. Undo does not withdraw it: its panel has a button for that."

    if schema is not None:
        _form(context, here, "hand-relationship", main_properties(schema), draw)


def _form(context: Context, here: Desk, key: str, properties: Mapping[str, str], draw: Draw) -> None:
    agencies = offered(context.case.viewer)
    with st.form(key, border=False):
        values = {name: st.text_input(label, key=f"{key}-{name}") for name, label in properties.items()}
        more = st.text_area("More, as `property: value`, one on each line", key=f"{key}-more", height=68)
        why = st.text_input("Why: what it rests on", key=f"{key}-why")
        scheme = st.selectbox("Grade: scheme", GRADES, key=f"{key}-scheme")
        value = st.text_input("Grade: value", placeholder="B2", key=f"{key}-grade")
        marking = st.text_input("Marking", help=_MARKING, key=f"{key}-marking")
        several = len(agencies) > 1
        agency = st.selectbox("Agency", agencies, index=None, key=f"{key}-agency") if several else None
        if st.form_submit_button("Draw", type="primary"):
            given = {name: text.strip() for name, text in values.items() if text.strip()} | lines_given(more)
            doing(here, lambda: draw(given, grade_text(scheme, value), why, marking.strip() or None, agency))
            st.rerun()
