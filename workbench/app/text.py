"""Show text from data safely: never as markup or HTML."""

import re

from workbench.errors import WorkbenchError
from workbench.model.visible import visible

# Where each field of an error is set: in a form of a page, or by whoever serves the dashboard.
_PLACES = {
    "adapter": "field Format",
    "agency": "field Agency",
    "allow_empty": "by `ingest load` only",
    "dataset": "field Feed (dataset)",
    "delivered": "field Delivered on",
    "manifest": "field Manifest",
    "marking": "field Marking",
    "measure": "field Measure",
    "projection": "field Projection",
    "purpose": "setting WORKBENCH_PURPOSE",
    "viewer": "setting WORKBENCH_VIEWER",
    "workers": "by `ingest load` only",
}
_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")
# Where Streamlit's Markdown would make an address of a text: a word joiner, which is not seen, keeps it from that.
_LINK = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
_JOINER = "\u2060"


def plain(text: str) -> str:
    """Escape a value for a label or Markdown, so that it shows exactly as it is.

    Streamlit reads labels as Markdown, where a value could become a link or an image from
    another host. In what looks like an address, an invisible letter keeps it from being one.

    >>> plain("![x](a)")
    '\\\\!\\\\[x\\\\]\\\\(a\\\\)'
    """
    return _MARKUP.sub(r"\\\1", _LINK.sub(_JOINER, visible(" ".join(text.split()))))


def said(error: WorkbenchError) -> str:
    """An error's message, with the place of the wrong field in the dashboard.

    >>> said(WorkbenchError("name the adapter", "adapter"))
    'name the adapter (field Format)'
    """
    return error.worded(_PLACES.get(error.field, ""))


def lines_of(text: str) -> str:
    """A value for a table: its lines, with invisible characters as escapes."""
    return "\n".join(map(visible, text.split("\n")))


def short(text: str, longest: int = 28) -> str:
    """A caption shortened for the canvas.

    >>> short("a long caption of an entity", 10)
    'a long ca…'
    """
    line = visible(" ".join(text.split()))
    return line if len(line) <= longest else line[: longest - 1] + "…"
