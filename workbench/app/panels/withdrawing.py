"""Take back what one drew by hand."""

from collections.abc import Collection

import streamlit as st

from workbench.app.actions import done
from workbench.app.context import Context
from workbench.app.desk import Desk
from workbench.app.text import plain
from workbench.export.appearance import label_of


def withdrawing(context: Context, here: Desk, keys: Collection[str]) -> None:
    """A button for each of these records, drawn by hand, that the viewer drew himself."""
    loads = {(each.at, each.agency): each.id for each in context.case.loads()} if keys else {}
    for each in context.case.records(sorted(keys)):
        load = loads.get((each.provenance.loaded_at, each.record.dataset.agency))
        if load is not None and each.provenance.loaded_by == context.case.by:
            label = f"Withdraw what you drew: {label_of(each.record.schema)}"
            args = (context, here, load, label_of(each.record.schema))
            st.button(plain(label), key=f"withdraw-{each.key}", on_click=_withdraw, args=args)


def _withdraw(context: Context, here: Desk, load: str, what: str) -> None:
    if done(here, context.case.withdraw, load, "drawn by hand, and taken back by its author"):
        here.note = f"Withdrawn: {what}."
        here.select(())
