"""Run a command of `workbench`, and write the seconds of each of its parts to a file.

`python -m benchmarks.scale.by_part FILE COMMAND…`. A part is a function; what it spends in another part is counted
there. `rest` is everything else, start-up included. A command that is stopped (SIGTERM) is told as far as it came.
"""

import json
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from workbench.commands.main import main

ENGINE = ("engine: betweenness", "engine: groups")
# Parts by name: each is a function of a module, or a method of a class in one.
PARTS: Mapping[str, tuple[str, ...]] = {
    "columns": ("workbench.view.view:View._columns",),
    "identity": ("workbench.view.view:View._identity",),
    "projections": ("workbench.analytics.projection:everyone", "workbench.analytics.projection:positions_of"),
    ENGINE[0]: ("workbench.analytics.betweenness:betweenness",),
    ENGINE[1]: ("workbench.analytics.communities:partition",),
    "paths": ("workbench.analytics.reach:shortest_path", "workbench.analytics.reach:levels"),
    "joins": ("workbench.analytics.sides:Sides.joined",),
    "sets that suffice": ("workbench.analytics.sides:Sides.smallest",),
    "finding": ("workbench.analytics.support:finding",),
    "output": ("workbench.commands.console:emit",),
    "analysis": ("workbench.analytics.joint_value:joint_value",),
}


class Clock:
    """The seconds that each part has taken, without those of parts inside it."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._open = ["rest"]
        self._since = time.perf_counter()

    def enter(self, part: str) -> None:
        """Count for a part from now on."""
        self._count()
        self._open.append(part)

    def leave(self) -> None:
        """Count for the part around the innermost one again."""
        self._count()
        self._open.pop()

    def stop(self) -> Mapping[str, float]:
        """The seconds of each part until now."""
        self._count()
        return dict(self.spent)

    def _count(self) -> None:
        now = time.perf_counter()
        self.spent[self._open[-1]] += now - self._since
        self._since = now

    def timed(self, part: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, counted for a part."""

        @wraps(work)
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.enter(part)
            try:
                return work(*args, **kwargs)
            finally:
                self.leave()

        return counted


def time_parts(clock: Clock) -> None:
    """Replace each part, wherever a module of ours has it, by the same with a clock; one that is gone is left out."""
    for part, places in PARTS.items():
        for place in places:
            with suppress(AttributeError, ModuleNotFoundError):
                _replace(place, part, clock)


def _replace(place: str, part: str, clock: Clock) -> None:
    module, _, path = place.partition(":")
    *inside, name = path.split(".")
    holder: Any = import_module(module)
    for each in inside:
        holder = getattr(holder, each)
    work = getattr(holder, name)
    counted = clock.timed(part, work)
    setattr(holder, name, counted)
    for other in list(sys.modules.values()):
        if not inside and other.__name__.startswith("workbench.") and vars(other).get(name) is work:
            setattr(other, name, counted)


def _stop(*_: object) -> NoReturn:
    sys.exit(128 + signal.SIGTERM)


def run() -> None:
    """Run the command in the arguments, and write what its parts took, however it ends."""
    file = Path(sys.argv.pop(1))
    clock = Clock()
    signal.signal(signal.SIGTERM, _stop)
    import_module("workbench.analytics")
    time_parts(clock)
    try:
        main()
    finally:
        file.write_text(json.dumps(clock.stop()), "utf-8")


if __name__ == "__main__":
    run()
