"""The dashboard, and an empty page, each served by a process of its own with the same options."""

import argparse
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workbench.app.serve import serve, serve_script

_PROJECT = Path(__file__).resolve().parents[2]
_EMPTY = Path(__file__).with_name("empty.py")
_START = 60.0  # seconds until a server must answer
_PAGE = 4096  # bytes of a page of memory


@dataclass(frozen=True)
class Served:
    """A server on this machine."""

    address: str  # host and port
    process: "subprocess.Popen[bytes]"

    @property
    def memory_mb(self) -> float:
        """The resident memory of its process."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()[1])
        return pages * _PAGE / 1e6


@contextmanager
def dashboard(url: str, viewer: str, log: Path) -> Iterator[Served]:
    """Serve the dashboard of a store."""
    with _process(["--store", url, "--viewer", viewer], log) as served:
        yield served


@contextmanager
def empty(log: Path) -> Iterator[Served]:
    """Serve the empty page."""
    with _process([], log) as served:
        yield served


@contextmanager
def _process(options: list[str], log: Path) -> Iterator[Served]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.dashboard.served", "--port", str(port), *options]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=_PROJECT)  # noqa: S603 - ours
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", process, log)
            yield Served(f"127.0.0.1:{port}", process)
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"a server did not start: {log.read_text('utf-8', 'replace')[-2000:]}")


def main() -> None:
    """Serve the dashboard of a store; without one the empty page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--store")
    parser.add_argument("--viewer")
    options = parser.parse_args()
    if options.store:
        serve(options.store, options.viewer, port=options.port)
    else:
        serve_script(_EMPTY, options.port)


if __name__ == "__main__":
    main()
