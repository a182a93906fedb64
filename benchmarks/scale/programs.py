"""The programs that are measured: those of this checkout, and of an older one."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

VIEWER = "measure"


@dataclass(frozen=True)
class Programs:
    """A checkout and the Python that its programs run on."""

    folder: Path
    python: Path

    @classmethod
    def here(cls) -> "Programs":
        """This checkout, on the Python that runs this."""
        return cls(Path(__file__).resolve().parents[2], Path(sys.executable))

    @classmethod
    def of(cls, folder: Path) -> "Programs":
        """Another checkout, with an environment of its own in `.venv`."""
        return cls(folder.resolve(), folder.resolve() / ".venv" / "bin" / "python")

    @property
    def commit(self) -> str:
        """The commit of the checkout, with `+` if files differ from it."""
        told = self._git("describe", "--always", "--abbrev=12", "--dirty=+", "--exclude=*")
        return told or "unknown"

    def _git(self, *words: str) -> str:
        asked = ["git", "-C", str(self.folder), *words]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - names of ours
        return done.stdout.strip()

    def workbench(self, *words: str) -> list[str]:
        """The command line `workbench`."""
        return [str(self.python.with_name("workbench")), *words]

    def ingest(self, *words: str) -> list[str]:
        """The command line `ingest`."""
        return [str(self.python.with_name("ingest")), *words]

    def module(self, name: str, *words: str) -> list[str]:
        """A module of the checkout; it runs in the checkout's folder."""
        return [str(self.python), "-m", name, *words]

    def reading(self, url: str, words: Sequence[str]) -> list[str]:
        """A command of `workbench` that asks a store, with its answer as JSON."""
        return self.workbench(*words, "--store", url, "--as", VIEWER, "--json")
