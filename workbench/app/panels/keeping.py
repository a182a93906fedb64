"""Keep a finding under a name."""

from typing import Any

import streamlit as st

from workbench.analytics.finding import Finding
from workbench.app.context import Context
from workbench.app.text import plain, said
from workbench.errors import StoreError, UsageError


def keep_form(context: Context, finding: Finding[Any]) -> None:
    """The form to keep a finding, for all who may see everything that this view shows."""
    with st.form("keep", border=False):
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        name = left.text_input("Keep this finding as", key="keep-as")
        if not right.form_submit_button("Keep"):
            return
    try:
        kept = context.case.keep(finding, name)
    except (UsageError, StoreError) as error:
        st.error(plain(said(error)))
    else:
        st.success(f"Kept as {plain(kept.name)}.")
