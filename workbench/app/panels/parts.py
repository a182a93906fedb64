"""Widgets that the panels share."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import streamlit as st

from workbench.app import actions
from workbench.app.desk import Desk
from workbench.app.text import lines_of


def button(
    label: str,
    key: str,
    desk: Desk,
    act: Callable[..., Any],
    *args: Any,
    help: str = "",
    off: bool = False,
    width: Literal["stretch", "content"] = "stretch",
    **named: Any,
) -> None:
    """A button for one action on the desk."""
    st.button(
        label,
        key=key,
        help=help or None,
        disabled=off,
        width=width,
        on_click=actions.doing,
        args=(desk, act, *args),
        kwargs=named,
    )


def table(rows: Sequence[dict[str, Any]], key: str, **options: Any) -> Any:
    """A table of texts; cells are never read as markup."""
    with st.container(key=f"table-{key}"):
        shown = [{name: _shown(cell) for name, cell in row.items()} for row in rows]
        return st.dataframe(shown, hide_index=True, key=key, **options)


def _shown(cell: Any) -> Any:
    return lines_of(cell) if isinstance(cell, str) else cell
