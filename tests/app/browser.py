"""A dashboard served by a process of its own, and a real Chromium that sees it through a logging proxy."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.lacking import lacking

PROJECT = Path(__file__).parents[2]
ARTEFACTS = PROJECT / ".artefacts"
# What the browser would ask for by itself, whatever the page: form filling, time, hints, accounts, its own updates.
_SILENCED = (
    "AutofillServerCommunication,NetworkTimeServiceQuerying,OptimizationHints,OptimizationHintsFetching,"
    "OptimizationTargetPrediction,OptimizationGuideModelDownloading,MediaRouter,Translate"
)
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    f"--disable-component-update --disable-sync --disable-features={_SILENCED} "
    "--gaia-url=http://127.0.0.1:9/ --component-updater=url-source=http://127.0.0.1:9/"
).split()
_SERVE = "import sys; from workbench.commands.main import main; main()"
_START = 60.0


def chromium() -> str:
    """The path of Chromium; without it the test is skipped, or fails in CI."""
    found = shutil.which("chromium")
    if found is None:
        lacking("no chromium: apt-get install chromium")
    return found


@contextmanager
def serving(url: str, *options: str) -> Iterator[str]:
    """The dashboard of a store, in a process of its own; its host and port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ARTEFACTS.mkdir(exist_ok=True)
    with (ARTEFACTS / "server.log").open("wb") as log:
        command = [sys.executable, "-c", _SERVE, "serve", "--store", url, "--port", str(port), *options]
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=ARTEFACTS)
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the dashboard did not start; see {ARTEFACTS / 'server.log'}")


@contextmanager
def browsing(proxy_port: int) -> Iterator[Browser]:
    """A Chromium all of whose requests, those to this machine too, go through the proxy."""
    through = [f"--proxy-server=http://127.0.0.1:{proxy_port}", "--proxy-bypass-list=<-loopback>"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, *through])
        try:
            yield browser
        finally:
            browser.close()
