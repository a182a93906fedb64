"""Cold processes: each is a program started anew, with what it took."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

_LAUNCH = Path(__file__).with_name("launch.py")
_TOLD = 300  # letters of a message


class NotMeasured(Exception):
    """A command failed or took too long, so there is nothing to measure."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: seconds, seconds of CPU (user and system), peak of resident memory in MB (2**20 bytes)."""

    wall: float
    cpu: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Ran:
    """A process that has ended: what it took, and what it wrote to stdout and stderr."""

    cost: Cost
    text: str
    messages: str

    @property
    def answer(self) -> Any:
        """Its output as JSON."""
        return json.loads(self.text)


@dataclass(frozen=True)
class Place:
    """Where programs run: the environment that they get, nothing else of ours, and the most seconds each may take."""

    home: Path
    most: float
    folder: Path | None = None

    def run(self, command: Sequence[str | Path], allowed: Sequence[int] = (0,)) -> Ran:
        """Run a program; NotMeasured if it takes too long, or its exit code is not one of those allowed."""
        with tempfile.TemporaryDirectory() as room:
            output, messages = Path(room, "output"), Path(room, "messages")
            given = [str(self.most), output, messages, *command]
            done = subprocess.run(  # noqa: S603 - programs of this project
                [sys.executable, "-SEI", _LAUNCH, *given], env=self._environment(), cwd=self.folder, capture_output=True
            )
            if done.returncode:
                raise NotMeasured(f"{command[0]} can't be started: {done.stderr.decode()[-_TOLD:]}")
            said, told = output.read_text("utf-8", "replace"), messages.read_text("utf-8", "replace")
        took = json.loads(done.stdout)
        code = took.pop("code")
        if code not in allowed:
            why = f"took more than {self.most:.0f} s" if took["wall"] > self.most else f"ended with {code}"
            raise NotMeasured(f"{_named(command)} {why}: {told.strip()[-_TOLD:]}")
        return Ran(Cost(**took), said, told)

    def _environment(self) -> dict[str, str]:
        home = str(self.home)
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": home, "LC_ALL": "C.UTF-8", "XDG_CACHE_HOME": home}


def _named(command: Sequence[str | Path]) -> str:
    """A command without the values of its options."""
    return " ".join([Path(command[0]).name, *map(str, command[1:3])])


CLOCKS = ("wall", "cpu")


@dataclass(frozen=True, slots=True)
class Terms:
    """How a run measures: the runs of each command, and the clock that its verdicts go by, `wall` or `cpu`."""

    runs: int
    clock: str = CLOCKS[0]

    def took(self, cost: Cost) -> float:
        """The seconds of a process, by the clock."""
        return cost.wall if self.clock == CLOCKS[0] else cost.cpu


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each: no single process need have taken all three."""
    return Cost(*(median(getattr(each, name) for each in costs) for name in ("wall", "cpu", "peak_mb")))
