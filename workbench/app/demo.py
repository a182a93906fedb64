"""The question that a demo store opens with."""

import json
from dataclasses import dataclass

from workbench.errors import InputError
from workbench.settings import beside_store

_FILE = "demo.json"


@dataclass(frozen=True, slots=True)
class Demo:
    """A question about two entities, and the viewer who is asked first."""

    question: str
    start: str
    end: str
    viewer: str


def read_demo(url: str) -> Demo | None:
    """The question beside a store; None for a store that is no demo.

    InputError where the file is not what `workbench demo` writes.
    """
    path = beside_store(url, _FILE)
    if path is None or not path.is_file():
        return None
    try:
        told = json.loads(path.read_text("utf-8"))
        return Demo(told["question"], told["start"], told["end"], told["viewer"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is no demo's question ({error!r}): run `workbench demo` again") from error
