"""Verdicts on leads: the form to accept, reject or park one, and what was said before."""

from typing import Any

import streamlit as st

from workbench.analytics.finding import Finding
from workbench.analytics.judged_leads import ACCEPTED, PARKED, REJECTED, JudgedLead, verdicts_on
from workbench.app.chart import Lead
from workbench.app.context import Context
from workbench.app.panels.parts import table
from workbench.app.text import plain, said
from workbench.errors import StoreError, UsageError
from workbench.view.view import View

_BUTTONS = {ACCEPTED: "Accept", REJECTED: "Reject", PARKED: "Park"}
_HELP = {
    ACCEPTED: "It becomes an assessment of yours: a record with your name and reason, which no analysis reads.",
    REJECTED: "It is told beside later predictions.",
    PARKED: "Nobody says yet whether it is true.",
}


def judging_form(context: Context, finding: Finding[Any], lead: Lead, key: str) -> None:
    """The form for a verdict on a lead of a finding."""
    with st.form(f"{key}-judge"):
        why = st.text_input("Your reason", key=f"{key}-judge-why")
        columns = st.columns(len(_BUTTONS))
        given = [
            verdict
            for column, (verdict, label) in zip(columns, _BUTTONS.items(), strict=True)
            if column.form_submit_button(label, key=f"{key}-judge-{verdict}", help=_HELP[verdict], width="stretch")
        ]
    for verdict in given:
        _judge(context, finding, lead, verdict, why)


def _judge(context: Context, finding: Finding[Any], lead: Lead, verdict: str, why: str) -> None:
    asked = {name: finding.asked[name] for name in ("projection", "question", "count_common", "missing")}
    try:
        context.case.judge_lead(lead.a, lead.b, verdict, why, **asked, seed=finding.seed)
    except (UsageError, StoreError) as error:
        st.error(plain(said(error)))
    else:
        st.success(f"The lead is {verdict}.")


def verdicts_panel(view: View, finding: Finding[Any], key: str) -> None:
    """What people said before of the leads of a finding; nothing if nobody did."""
    found = verdicts_on(view, finding)
    if not found:
        return
    ids = sorted({end for each in found for end in each.ends})
    names = {each.id: each.caption for each in view.summaries(ids)}
    with st.expander(f"Judged before ({len(found)})", expanded=True):
        table([_row(each, names[each.a], names[each.b]) for each in found], f"{key}-judged")


def _row(each: JudgedLead, a: str, b: str) -> dict[str, str]:
    return {
        "Verdict": each.verdict,
        "Who": a,
        "With whom": b,
        "Judged by": each.by,
        "At": each.at[:16].replace("T", " "),
        "Reason": each.why,
        "Records": str(len(each.evidence)),
    }
