"""The form that loads files after a dry run, its report, and the quarantine of the viewer's own agencies."""

from typing import Any

import streamlit as st

from ingest import LoadReport
from ingest.formats import ADAPTERS
from workbench.app.context import Context, held, hold
from workbench.app.loading import Delivery, Loader, bring_in, file_rows, offered, quarantine_rows
from workbench.app.panels.parts import table
from workbench.app.text import plain, said
from workbench.errors import WorkbenchError
from workbench.model.visible import count
from workbench.session import Session

_MARKING = "For records that the manifest does not mark, written LEVEL//REL A,B//COMP C//HC H1."
_NO_RIGHT = (
    "You may not load for any agency. Whoever keeps the viewers file gives that right, in `loads`. Its holder gets"
    " reports about all records of the agency, whatever their marking."
)
_DRY_RUN, _LOADED = "dry-run", "loaded"


def load_form(context: Context) -> None:
    """Choose files, see what loading them would change, and load them."""
    if not context.case.viewer.loads:
        st.info(_NO_RIGHT)
        return
    delivery = _delivery(context)
    if delivery is not None:
        report = _bring_in(context, delivery, context.case.dry_run)
        hold(_DRY_RUN, (delivery, report) if report else None)
        hold(_LOADED, None)
    loaded: LoadReport | None = held(_LOADED)
    if loaded is not None:
        st.success(f"Loaded as revision {loaded.revision}." if loaded.revision else "Loaded: nothing changed.")
        _report(loaded)
    tried: tuple[Delivery, LoadReport] | None = held(_DRY_RUN)
    if tried is not None:
        _load(context, *tried)


def _load(context: Context, delivery: Delivery, report: LoadReport) -> None:
    """The report of the dry run, and the button that loads."""
    st.info("Nothing was changed yet. This is what loading would do: press *Load* to do it.")
    _report(report)
    if not st.button("Load", type="primary", key="load"):
        return
    loaded = _bring_in(context, delivery, context.case.load)
    if loaded is not None:
        hold(_DRY_RUN, None)
        hold(_LOADED, loaded)
        st.rerun()  # to update the banner


def _files() -> tuple[list[Any], Any]:
    """The fields for files and a manifest."""
    hint = "Manifest: a TOML file that says what each column means; tables need one"
    files = st.file_uploader("Files", accept_multiple_files=True, key="load-files")
    return files, st.file_uploader(hint, type=["toml"], key="load-manifest")


def _format(name: str) -> str:
    return f"{name}: {ADAPTERS[name].about}"


def _delivery(context: Context) -> Delivery | None:
    """The form's content; None until it is sent."""
    viewer = context.case.viewer
    with st.form("load-form"):
        files, manifest = _files()
        left, middle, right = st.columns(3)
        adapter = left.selectbox(
            "Format",
            sorted(ADAPTERS),
            index=None,
            key="load-adapter",
            placeholder="the manifest's",
            format_func=_format,
        )
        agency = middle.selectbox(
            "Agency",
            offered(viewer),
            index=None,
            key="load-agency",
            placeholder="the manifest's",
            accept_new_options=viewer.loads_for_all,
        )
        delivered = right.date_input("Delivered on", value=None, key="load-delivered", help="Default: today.")
        dataset = left.text_input(
            "Feed (dataset)", key="load-dataset", placeholder="the manifest's, or the file's name"
        )
        marking = middle.text_input(
            "Marking", key="load-marking", placeholder="the manifest's, or SECRET for this agency alone", help=_MARKING
        )
        if not st.form_submit_button("Check first", type="primary"):
            return None
    return Delivery(
        files=files,
        adapter=adapter or "",
        manifest=manifest,
        agency=agency or "",
        dataset=dataset.strip(),
        marking=marking.strip(),
        delivered=delivered.isoformat() if delivered else "",
    )


def _bring_in(context: Context, delivery: Delivery, how: Loader) -> LoadReport | None:
    try:
        with st.spinner("Reading …"):
            return bring_in(delivery, how)
    except WorkbenchError as error:
        st.error(plain(said(error)))
        return None


def _report(report: LoadReport) -> None:
    table(file_rows(report.files), f"load-report-{report.revision or 'dry'}")
    for message in report.messages:
        st.caption(plain(message))


def quarantine_panel(case: Session) -> None:
    """The units in quarantine of the viewer's own agencies."""
    units = case.quarantine()
    st.subheader(f"Not loaded yet, kept in quarantine: {count(len(units), 'unit')}", anchor=False)
    if units:
        table(quarantine_rows(units), "quarantine")
    else:
        st.caption("There are no units in quarantine that you may see.")
