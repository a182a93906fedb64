"""The form that loads files, its report, and the quarantine of the viewer's own agencies."""

import streamlit as st

from ingest import LoadReport, dry_run, load
from ingest.adapters import ADAPTERS
from workbench.app.context import Context
from workbench.app.loading import Delivery, bring_in, file_rows, quarantine_rows
from workbench.app.panels.parts import table
from workbench.app.text import count, plain
from workbench.errors import WorkbenchError
from workbench.store.view import View


def load_form(context: Context) -> None:
    """Choose files, see what loading them would change, load them."""
    viewer = context.view.viewer
    with st.form("load"):
        files = st.file_uploader("Files", accept_multiple_files=True, key="load-files")
        manifest = st.file_uploader("Manifest (TOML), if the format needs one", type=["toml"], key="load-manifest")
        left, middle, right = st.columns(3)
        adapter = left.selectbox("Adapter", ["", *sorted(ADAPTERS)], key="load-adapter", help="Empty: the manifest's.")
        agency = middle.selectbox(
            "Agency", ["", *sorted(viewer.agencies)], key="load-agency", help="Empty: the manifest's."
        )
        delivered = right.date_input("Delivered on", value=None, key="load-delivered")
        dataset = left.text_input("Dataset", key="load-dataset", help="Empty: the manifest's.")
        marking = middle.text_input("Marking", key="load-marking", placeholder="LEVEL//REL A,B//HC H1")
        trial = st.form_submit_button("Dry run", type="primary")
        real = st.form_submit_button("Load")
    if not (trial or real):
        return
    delivery = Delivery(
        files=files,
        adapter=adapter,
        by=viewer.name,
        manifest=manifest,
        agency=agency,
        dataset=dataset.strip(),
        marking=marking.strip(),
        allowed=None if context.anybody else viewer.agencies,
        delivered=delivered.isoformat() if delivered else "",
    )
    try:
        with st.spinner("Reading …"):
            report = bring_in(context.store, delivery, dry_run if trial else load)
    except WorkbenchError as error:
        st.error(plain(str(error)))
        return
    _report(report, trial=trial)


def _report(report: LoadReport, *, trial: bool) -> None:
    if trial:
        st.info("Dry run: nothing was changed. This is what loading would do.")
    elif report.revision:
        st.success(f"Loaded, as revision {report.revision}.")
    else:
        st.info("Loaded: it changed nothing.")
    table(file_rows(report.files), "load-report")


def quarantine_panel(view: View) -> None:
    """Units that could not be read; each agency sees its own."""
    units = view.quarantine()
    st.subheader(f"Quarantine: {count(len(units), 'unit')}", anchor=False)
    if units:
        table(quarantine_rows(units), "quarantine")
    else:
        st.caption("Nothing of your agencies is in quarantine.")
