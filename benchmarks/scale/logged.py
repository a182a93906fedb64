"""Run a command of `workbench`, and write to stderr how many entities it looked at: all whom it had to identify.

`python -m benchmarks.scale.logged COMMAND…`. The number is told as it grows.
"""

import logging
import sys

from benchmarks.scale.processes import Place
from benchmarks.scale.stores import Made
from workbench.commands.main import main

PARTS = "workbench.view.parts"
LOOKED_AT = "looked at "


def tell_parts() -> None:
    """Let parts of views log to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log = logging.getLogger(PARTS)
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)


def looked(made: Made, *words: str) -> int:
    """How many entities a command looks at; NotMeasured as for `Made.ask`."""
    command = made.programs.reading(made.url, words)[1:]
    logged = made.programs.module("benchmarks.scale.logged", *command)
    return looked_at(Place(made.place.home, made.place.most, made.programs.folder).run(logged).messages)


def looked_at(messages: str) -> int:
    """The most entities that a part says to have looked at; 0 if none says it."""
    said = [line.removeprefix(LOOKED_AT).split()[0] for line in messages.splitlines() if line.startswith(LOOKED_AT)]
    return max(map(int, said), default=0)


if __name__ == "__main__":
    tell_parts()
    main()
