"""The canvas: a Streamlit component over the vis-network that pyvis ships.

Its files are served from this package, vis-network from the installed pyvis; nothing is
copied and nothing comes from another host (docs/decisions/0009-canvas-without-a-copy.md).
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
    """Draw the canvas; the callbacks run on a click, a choice in its menu, and a drag.

    Each reads `event(name)`. `data` is `canvas_data` of `workbench.app.drawing`.
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
    """What the canvas says in a callback: the selected id, what was asked, what was moved."""
    return getattr(st.session_state[KEY], name, None)


def _register_assets() -> None:
    """Tell Streamlit's server where the files lie.

    Its own discovery finds the manifest of a wheel but not that of an editable install
    whose project and package differ in name, and pyvis has none.
    """
    manager = get_bidi_component_manager()
    for name, (root, folder) in _ASSETS.items():
        if manager.get_component_asset_root(f"{PROJECT}.{name}") is None:
            manifest = ComponentManifest(PROJECT, "1", [ComponentConfig(name, folder)])
            manager.register_from_manifest(manifest, root)
