"""A server whose disk is full: on a small file system of its own, which takes root, and CI has."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.faults.case import EVERYBODY, written
from tests.faults.server import Victim, started
from tests.lacking import lacking
from workbench.errors import StoreError
from workbench.view.store import open_store

pytestmark = pytest.mark.neo4j_only(reason="it fills a server's disk")

_SIZE = "64m"
_ROOM = 100_000  # bytes: less than a load needs
_NUMBER = 902


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small file system, on which servers live that are made meanwhile."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if mounted.returncode != 0:
        need = "root, and in a container the right to mount (docker run --cap-add SYS_ADMIN)"
        lacking(f"no small file system can be mounted, which takes {need}: {mounted.stderr.strip()}")
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def server(disk: Path) -> Iterator[Victim]:
    """A server on that disk."""
    with ExitStack() as stack:
        yield started(stack, _NUMBER)


def fill(disk: Path) -> Path:
    """Leave little room; the file that takes it."""
    ballast, free = disk / "ballast", os.statvfs(disk)
    ballast.write_bytes(bytes(free.f_bavail * free.f_frsize - _ROOM))
    return ballast


def test_a_full_disk_fails_cleanly_and_changes_nothing(disk: Path, server: Victim, tmp_path: Path) -> None:
    small, large = written(tmp_path)
    with closing(open_store(server.url)) as store:
        small.load(store)
        before = store.view(EVERYBODY).digest()
        ballast = fill(disk)
        for _ in range(2):
            with pytest.raises(StoreError, match="disk is full"):
                large.load(store)
        server.kill()  # stopped in an orderly way it would write the rest behind what it could not write
        ballast.unlink()
        server.start()
        assert store.view(EVERYBODY).digest() == before
        large.load(store)
        with closing(open_store(f"sqlite:///{tmp_path / 'undisturbed.db'}")) as undisturbed:
            small.load(undisturbed)
            large.load(undisturbed)
            assert store.view(EVERYBODY).digest() == undisturbed.view(EVERYBODY).digest()
