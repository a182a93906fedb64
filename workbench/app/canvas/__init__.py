"""The canvas: a Streamlit component on the vis-network that comes with pyvis.

Its own files are served from this package, vis-network from the installed pyvis. Nothing is
copied, and nothing comes from another host (docs/decisions/0009-canvas-without-a-copy.md).
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyvis
import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

PROJECT = "joint-workbench"
KEY = "canvas"
HEIGHT = 560

_ASSETS = {
    "canvas": (Path(__file__).parent, "assets"),
    "vis": (Path(pyvis.__file__).parent, "lib/vis-9.1.2"),
}
_HTML = """
<div class="canvas" tabindex="0" role="application"
  aria-label="Chart. Arrow keys walk it, Enter opens the menu, s and e set a path's ends, Delete hides, f fits.">
  <div class="drawing"></div>
  <div class="menu" role="menu" hidden></div>
  <div class="status" role="status" aria-live="polite"></div>
  <button class="fit" type="button" title="Show the whole chart">Fit</button>
</div>
"""


def mount(
    data: Mapping[str, Any], *, selected: Callable[[], None], asked: Callable[[], None], moved: Callable[[], None]
) -> None:
    """Draw the canvas. The callbacks run on a click, a choice in its menu, and a drag; they read `event(name)`.

    `data` comes from `workbench.app.picture.canvas_data`.
    """
    _register_assets()
    component = st.components.v2.component(f"{PROJECT}.canvas", html=_HTML, js="canvas.js", css="canvas.css")
    component(
        key=KEY,
        data=dict(data),
        height=HEIGHT,
        on_selected_change=selected,
        on_asked_change=asked,
        on_moved_change=moved,
    )


def event(name: str) -> Any:
    """The canvas's event in a callback: the selected id, the menu's choice, or the moved places."""
    return getattr(st.session_state[KEY], name, None)


def _register_assets() -> None:
    """Register the component's files with Streamlit's server.

    Its own discovery finds the manifest in a wheel, but not in an editable install whose project and
    package have different names; and pyvis has no manifest.
    """
    manager = get_bidi_component_manager()
    for name, (root, folder) in _ASSETS.items():
        if manager.get_component_asset_root(f"{PROJECT}.{name}") is None:
            manifest = ComponentManifest(PROJECT, "1", [ComponentConfig(name, folder)])
            manager.register_from_manifest(manifest, root)
