"""Exporters: one module for each format; each writes what a view sees, with its marking."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any

from workbench.errors import UsageError
from workbench.export.writing import whole, whole_files
from workbench.view.asking import question
from workbench.view.view import View

# Loaded on first use: some need large libraries.
_MODULES = {
    "csv": "workbench.export.tables",
    "ftm": "workbench.export.ftm",
    "graphml": "workbench.export.graphml",
    "html": "workbench.export.chart",
}
_FOLDERS = frozenset({"csv"})


def formats() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    return tuple(sorted(_MODULES))


def export_view(view: View, form: str, out: Path | None) -> int:
    """Write all of a view to a file (for `csv`: a folder) or to stdout; returns the number of entities.

    Nothing is at its place, or on stdout, until the export is complete and its trace is kept. UsageError for an
    unknown format, or one that can't go to stdout; StoreError if markings changed meanwhile.
    """
    with ExitStack() as written:
        return _export_view(view, form, out, written)


@question
def _export_view(view: View, form: str, out: Path | None, written: ExitStack) -> int:
    """Write an export that comes to its place when `written` is left."""
    if form not in _MODULES:
        raise UsageError(f"no format {form!r}: one of {', '.join(formats())}", "form")
    module = import_module(_MODULES[form])
    if form not in _FOLDERS:
        places: Any = written.enter_context(whole(out))
    elif out is not None:
        places = written.enter_context(whole_files(out, module.FILES))
    else:
        raise UsageError(f"{form} writes several files: name a folder", "out")
    with view.at_one_access():
        return int(module.export(view, places))


def chart_html(
    view: View,
    entities: Sequence[str],
    positions: Mapping[str, tuple[float, float]] | None = None,
    title: str = "",
    records: Iterable[str] = (),
) -> str:
    """An HTML page that draws these entities and all ties among them, without any request to another host.

    Entities without a position are placed beside the others. The page's marking covers what it draws, and
    `records`, the keys of the records that led to these entities. NotFound for an entity that is not in this
    view; UsageError if this view never had one of the records; StoreError if markings changed meanwhile.
    """
    from workbench.export import chart

    with view.at_one_access():
        return chart.chart_html(view, entities, positions or {}, title, records)


__all__ = ["chart_html", "export_view", "formats"]
