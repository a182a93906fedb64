"""The demo's store for tests that ask about it.

On SQLite it is built once for all processes of a run, by the command that people use, and copied.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stores import copy_store
from workbench.commands.demo import build_demo
from workbench.settings import viewers_place
from workbench.store.schemes import is_server

Make = Callable[[str], None]


@pytest.fixture(scope="session")
def make_demo(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Makes the demo in an empty store at a URL, with the files beside it."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "demo-of-the-run"
    folder.mkdir(exist_ok=True)

    def make(url: str) -> None:
        if is_server(url):
            build_demo(url)
        else:
            _copy(_built(folder), url)

    return make


def _built(folder: Path) -> Path:
    """The folder of the demo that is copied; the first process that asks builds it."""
    found = folder / "whole"
    with (folder / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.exists():
            begun, program = folder / "begun", Path(sys.executable).with_name("workbench")
            command = [program, "demo", "--no-serve", "--store", _url(begun)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            begun.rename(found)
    return found


def _copy(source: Path, url: str) -> None:
    place = viewers_place(url)
    assert place is not None
    copy_store(_url(source), url)
    for name in ("viewers.toml", "demo.json"):
        shutil.copy(source / name, place.with_name(name))


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'demo.db'}"
