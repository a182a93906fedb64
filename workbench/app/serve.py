"""Serve the dashboard on this machine, with no request to any other."""

from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from streamlit.starlette import App

from workbench import settings
from workbench.app.demo import read_demo
from workbench.store.base import open_store

_SCRIPT = Path(__file__).with_name("dashboard.py")
_OPTIONS: dict[str, Any] = {
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.maxUploadSize": 1024,
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
}
# Streamlit styles by inline style and compiles its messages by eval; nothing else is let in.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)
_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]


class ContentPolicy:
    """Adds headers that let a page load from this server only."""

    def __init__(self, app: Asgi) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request, with the headers on it."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS]
            await send(message)

        await self._app(scope, receive, sending)


def serve(
    url: str,
    viewer: str | None = None,
    purpose: str | None = None,
    *,
    port: int = 8501,
    address: str = "127.0.0.1",
) -> None:
    """Serve the dashboard of a store until the process is stopped.

    All of its sessions look as `viewer` for `purpose`; a demo store may leave both open, and
    lets one switch. UsageError where there are several viewers and none is named.
    """
    demo = read_demo(url)
    with_name = viewer or (demo.viewer if demo else None)
    store = open_store(url)
    try:
        settings.viewer_for(store, url, with_name).purpose(purpose)
    finally:
        store.close()
    settings.hand_down(url, viewer, purpose)
    options = {**_OPTIONS, "server.port": port, "server.address": address, "browser.serverAddress": address}
    App(_SCRIPT, middleware=[Middleware(ContentPolicy)]).run(config=options)
