"""The canvas: a Streamlit component of our own, drawn on HTML's canvas.

Its files are served from this package; nothing comes from another host (docs/decisions/0062-a-canvas-of-our-own.md).
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

PROJECT = "joint-workbench"
KEY = "canvas"
_NAME = f"{PROJECT}.canvas"
_HTML = '<div class="canvas"></div>'


def mount(message: Mapping[str, Any], *, did: Callable[[], None]) -> None:
    """Draw the canvas. `did` runs when the analyst did something on it; it reads `event()`.

    `message` comes from `workbench.app.wire`.
    """
    _register_assets()
    component = st.components.v2.component(_NAME, html=_HTML, js="canvas.js", css="canvas.css")
    component(key=KEY, data=dict(message), height="stretch", on_did_change=did)


def event() -> Any:
    """What the canvas sent, in a callback; None if it did not."""
    return getattr(st.session_state.get(KEY), "did", None)


def _register_assets() -> None:
    """Register the component's files with Streamlit's server.

    Its own discovery finds the manifest in a wheel, but not in an editable install whose project and
    package have different names.
    """
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(_NAME) is None:
        manifest = ComponentManifest(PROJECT, "1", [ComponentConfig("canvas", "assets")])
        manager.register_from_manifest(manifest, Path(__file__).parent)
