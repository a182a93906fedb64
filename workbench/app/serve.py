"""Serve the dashboard on this machine, with no request to any other."""

import gc
from importlib import import_module
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from streamlit.starlette import App

from workbench import settings
from workbench.app.content_security import ContentPolicy
from workbench.app.context import looking

_SCRIPT = Path(__file__).with_name("dashboard.py")
_OPTIONS: dict[str, Any] = {
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.maxUploadSize": 1024,
    "browser.gatherUsageStats": False,
    "client.disableDataExport": True,  # tables may only be exported with a marking and without formulas
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "theme.primaryColor": "#0b5cad",
    "theme.dark.primaryColor": "#5aa9f0",
}
# Modules that the pages need, loaded before the first visitor comes.
_NEEDED = ("explore", "finding", "loading")


def serve(
    url: str,
    viewer: str | None = None,
    purpose: str | None = None,
    *,
    port: int = 8501,
    address: str = "127.0.0.1",
) -> None:
    """Serve the dashboard of a store until the process is stopped.

    All browser sessions have this viewer and purpose. For a store that the demo made both are optional, and
    the pages offer a switch. If there is no store, an empty one is made, which the page *Load* can fill.
    UsageError if there are several viewers and none is named.
    """
    _check(url, viewer, purpose)
    settings.hand_down(url, viewer, purpose)
    for name in _NEEDED:
        import_module(f"workbench.app.panels.{name}")
    gc.collect()
    gc.freeze()  # what was loaded stays: looking through it again would hold up a visitor for 0.1 s and more
    serve_script(_SCRIPT, port, address)


def serve_script(script: Path, port: int, address: str = "127.0.0.1") -> None:
    """Serve a script of Streamlit's as the dashboard is served, until the process is stopped."""
    options = {**_OPTIONS, "server.port": port, "server.address": address, "browser.serverAddress": address}
    App(script, middleware=[Middleware(ContentPolicy)]).run(config=options)


def _check(url: str, viewer: str | None, purpose: str | None) -> None:
    """Refuse a store, viewer or purpose for which no page could be shown."""
    given = settings.from_environment()
    store = settings.open_store(url)
    try:
        who = looking(store, url, given.viewer if viewer is None else viewer)
        who.viewer.purpose(given.purpose if purpose is None else purpose)
    finally:
        store.close()
