"""The form for a question to the whole view, and the finding that answers it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from workbench.analytics.communities import RESOLUTIONS
from workbench.analytics.disruption import MOST_REMOVED
from workbench.analytics.finding import Finding
from workbench.analytics.group import group
from workbench.analytics.key_players import MOST_MISSING
from workbench.analytics.lead import lead
from workbench.analytics.links.learning import FUTURE, HIDDEN_BEHIND, MISSING
from workbench.analytics.measures import MEASURES
from workbench.analytics.projection import projection_names
from workbench.analytics.weights import TIES
from workbench.app import analyses
from workbench.app.analyses import KINDS, AnswerRow, Question, with_numbers
from workbench.app.answers import answered
from workbench.app.chart import Lead
from workbench.app.context import Context, begin, desk, held, hold, once
from workbench.app.panels.finding_chart import caption_of, chart_of
from workbench.app.panels.judging import judging_form, verdicts_panel
from workbench.app.panels.keeping import keep_form
from workbench.app.panels.parts import table
from workbench.app.panels.path import PROJECTIONS
from workbench.app.text import plain, said
from workbench.errors import UsageError
from workbench.model.asked import MOST_SEED
from workbench.model.visible import count
from workbench.view.view import View

_QUESTION = "question"
_LABELS = {
    "projection": "Projection",
    "measure": "Measure (key players)",
    "question": "Which relationships (predicted)",
    "count_common": "Count common values",
    "resolution": "Resolution",
    "ties_as": "Ties are",
    "since": "Keep labels of groups from before (a day)",
    "missing": "Share of ties that may be missing",
    "removed": "How many to take out",
    "seed": "Seed",
}
_QUESTIONS = {
    MISSING: "missing: not reported",
    HIDDEN_BEHIND: "behind somebody unseen",
    FUTURE: "to come",
}
_EXPLORE = Path(__file__).parents[1] / "page_scripts" / "explore.py"  # valid whichever script runs the pages


def question_form() -> Question | None:
    """The form's question; None until it is sent."""
    with st.form("question"):
        kind = st.segmented_control(
            "Question",
            list(KINDS),
            format_func=lambda name: KINDS[name].title,
            key="kind",
            required=True,
            default=next(iter(KINDS)),
        )
        left, middle, right = st.columns(3)
        projection = left.selectbox(
            _LABELS["projection"],
            projection_names(),
            index=projection_names().index("persons"),
            format_func=lambda name: PROJECTIONS.get(name, name),
            key="analysis-projection",
        )
        measure = middle.selectbox(_LABELS["measure"], MEASURES, key="measure")
        which = right.selectbox(_LABELS["question"], [*_QUESTIONS], format_func=_QUESTIONS.__getitem__, key="which")
        count_common = st.checkbox(_LABELS["count_common"], key="count-common")
        more = _more()
        if st.form_submit_button("Analyse", type="primary"):
            hold(_QUESTION, Question(kind, projection, measure, which, count_common, **more))
    asked: Question | None = held(_QUESTION)
    return asked


def _more() -> dict[str, Any]:
    """What is seldom changed; each analysis takes what it knows."""
    with st.expander("More"):
        left, middle, right = st.columns(3)
        usual = Question()
        return {
            "resolution": left.number_input(
                _LABELS["resolution"], *RESOLUTIONS, usual.resolution, 0.1, key="resolution"
            ),
            "ties_as": left.selectbox(_LABELS["ties_as"], TIES, key="ties-as"),
            "since": middle.text_input(_LABELS["since"], key="since").strip() or None,
            "missing": middle.number_input(_LABELS["missing"], 0.0, MOST_MISSING, usual.missing, 0.05, key="missing"),
            "removed": right.number_input(_LABELS["removed"], 1, MOST_REMOVED, usual.removed, key="removed"),
            "seed": right.number_input(_LABELS["seed"], 0, MOST_SEED, usual.seed, key="seed"),
        }


def finding_panel(context: Context, sent: Question) -> None:
    """The finding: its rows, the values set aside, and the supporting records."""
    view = context.case.view
    try:
        with st.spinner("Analysing …"):
            finding = once(view, sent, lambda: analyses.answer(view, sent))
    except UsageError as error:
        st.error(plain(said(error)))
        return
    if left_out := analyses.unused(sent):
        told = ", ".join(f"“{_LABELS[name]}”" for name in left_out)
        st.info(plain(f"This question does not depend on {told}: what was set there changes nothing."))
    keep_form(context, finding)
    show_finding(context, view, finding)


def show_finding(context: Context, view: View, finding: Finding[Any], where: str = "finding") -> None:
    """A finding as the view shows it out of which it comes: its rows, what was set aside, and its records.

    `where` is the start of the keys of its widgets.
    """
    _heading(finding)
    chart = chart_of(finding)
    if chart:
        st.image(chart, caption=caption_of(finding))
    parts = analyses.sections(view, finding)
    for tab, (title, rows) in zip(_tabs(parts), parts.items(), strict=True):
        with tab:
            _section(context, view, finding, rows, f"{where}-{title.lower().replace(' ', '-')}")
    verdicts_panel(view, finding, where)
    if finding.errors:
        with st.expander("On whom errors fall: how often hold-outs name an entity, and wrongly"):
            table(
                [{name.capitalize(): value for name, value in each.items()} for each in finding.errors],
                f"{where}-errors",
            )


def _tabs(parts: Mapping[str, Sequence[AnswerRow]]) -> Sequence[DeltaGenerator]:
    if not parts:
        st.caption("Nothing was found.")
        return ()
    return st.tabs([f"{title} ({len(rows)})" for title, rows in parts.items()])


def _section(context: Context, view: View, found: Finding[Any], rows: Sequence[AnswerRow], key: str) -> None:
    cells = with_numbers([row.cells for row in rows])
    chosen = table(cells, key, on_select="rerun", selection_mode="multi-row")
    picked = [rows[number] for number in chosen.selection.rows if number < len(rows)]
    keys = sorted({each for row in picked for each in row.records}) or found.records
    if picked:
        _open_in_explore(context, found, picked, keys, key)
    if len(picked) == 1:
        if found.kind == "communities":
            _card(view, found, picked[0].entities[0], key)
        if picked[0].lead is not None:
            _evidence(view, found, picked[0].lead, key)
            judging_form(context, found, picked[0].lead, key)
    elif not picked:
        st.caption("Select rows to open them in Explore as one chart, and to see their supporting records.")
    with st.expander(f"Supporting records ({len(keys)})"):
        table(analyses.record_rows(view, keys), f"{key}-records")


def _card(view: View, found: Finding[Any], member: str, key: str) -> None:
    """The card of the group that was picked."""
    asked = {name: found.asked[name] for name in ("projection", "count_common", "resolution", "ties_as")}
    what = (key, member, found.seed, *asked.values())
    card = once(view, what, lambda: group(view, member, **asked, seed=found.seed))
    with st.expander("Card of this group", expanded=True):
        _parts(view, card, key)


def _evidence(view: View, found: Finding[Any], picked: Lead, key: str) -> None:
    """What the lead that was picked rests on; it takes some time, so it is computed when it is asked for."""
    if not st.toggle("What it rests on, and what it would be without that", key=f"{key}-evidence"):
        return
    asked = {name: found.asked[name] for name in ("projection", "question", "count_common", "missing")}
    what = (key, picked.a, picked.b, found.seed, *asked.values())
    with st.spinner("Leaving out one record after the other …"):
        card = once(view, what, lambda: lead(view, picked.a, picked.b, **asked, seed=found.seed))
    with st.container(border=True):
        st.warning(plain(card.caution))
        for each in card.reliance:
            (st.warning if each.warns else st.info)(plain(each.text))
        _parts(view, card, key)


def _parts(view: View, card: Finding[Any], key: str) -> None:
    for title, rows in analyses.sections(view, card).items():
        st.markdown(f"**{title}**")
        filled = {name for row in rows for name, cell in row.cells.items() if cell}
        shown = [{name: cell for name, cell in row.cells.items() if name in filled} for row in rows]
        table(shown, f"{key}-card-{title.lower().replace(' ', '-')}")


def _heading(found: Finding[Any]) -> None:
    st.subheader(found.analysis.title, anchor=False)
    handling = ", ".join(found.handling) or "none"
    projection = PROJECTIONS.get(found.asked["projection"], found.asked["projection"])
    parts = (
        count(len(found.results), "result"),
        f"projection {plain(projection)}",
        plain(analyses.asked_text(found)),
        f"seed {found.seed}",
        f"revision {plain(found.revision)}",
        f"handling codes: {plain(handling)}",
    )
    st.caption(" · ".join(filter(None, parts)))
    st.warning(plain(found.caution))
    for each in found.reliance:
        (st.warning if each.warns else st.info)(plain(each.text))
    st.caption(plain(analyses.set_aside_text(found)))


def _open_in_explore(
    context: Context, found: Finding[Any], rows: Sequence[AnswerRow], records: Sequence[str], key: str
) -> None:
    """A button that makes a new chart of some rows, with the ties that the finding derived among them."""
    if not st.button("Open in Explore", key=f"{key}-open", type="primary"):
        return
    view = context.case.view
    try:
        answer = answered(view, found, rows)
        begin(view)
        here = desk(context)
        here.rename(answer.name, ())
        here.show_derived(view, answer.entities, answer.derived, records)
        for row in rows:
            if row.lead is not None:
                here.add_lead(view, row.lead)
        here.select(each for row in rows for each in row.entities)
    except UsageError as error:  # of a kept finding, about an entity that is not there any more
        st.error(plain(said(error)))
        return
    st.switch_page(_EXPLORE)
