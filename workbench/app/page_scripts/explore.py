"""*Explore*: a chart of what is known, with search, filters, paths, profiles and records around it."""

import streamlit as st

from workbench.app.context import current, told
from workbench.app.panels.explore import explore
from workbench.view.view import View


@st.fragment
def below_the_banner(page: View) -> None:
    """The page below the banner, as a fragment: a click reruns only this."""
    with told():
        context = current()
        if context.case.view is not page:  # the banner may have changed
            st.rerun()
        explore(context)


below_the_banner(current().case.view)
