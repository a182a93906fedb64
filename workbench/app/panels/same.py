"""Judge whether two entities are the same."""

import streamlit as st

from workbench.app.actions import doing
from workbench.app.context import Context
from workbench.app.desk import Desk

_VERDICTS = ("same", "different", "unsure")


def judge_form(context: Context, here: Desk, a: str, b: str) -> None:
    """The form for a verdict on two entities, with a reason."""
    with st.expander("Are they the same?"), st.form(f"judge-{a}-{b}", border=False):
        verdict = st.segmented_control("Verdict", _VERDICTS, required=True, default="unsure", key=f"verdict-{a}-{b}")
        why = st.text_input("Reason", key=f"why-{a}-{b}")
        if st.form_submit_button("Judge"):
            doing(here, _judge, context, here, a, b, verdict or "unsure", why)
            st.rerun()


def _judge(context: Context, here: Desk, a: str, b: str, verdict: str, why: str) -> None:
    if verdict == "same":
        context.case.same(a, b, why)
    elif verdict == "different":
        context.case.different(a, b, why)
    else:
        context.case.unsure(a, b, why)
    here.note = f"Judged: {verdict}. The profile of either has a button that takes it back."
