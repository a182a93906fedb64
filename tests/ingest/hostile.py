"""A format whose files do to their reader what they say: for the tests of limits. Other processes import it."""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from typing import IO

from ingest.account import Account
from ingest.formats import Adapter
from ingest.recount import Counted
from ingest.shapes import Readable, Row
from ingest.specs import Written
from workbench.errors import FileRefused

MANIFEST = """
dataset = "d"
[[files]]
pattern = "*"
[[files.records]]
name = "person"
schema = "Person"
id = "{id}"
properties = { name = "name" }
"""


def _eat() -> None:
    """Take eight times what a reader may, and go on where there is no limit."""
    eaten = []
    for _ in range(4 << 10):
        eaten.append(bytes(1 << 20))


def _loop() -> None:
    while True:
        pass


def _refuse() -> None:
    raise FileRefused("cut off", "it is cut off")


def _recurse() -> None:
    _recurse()


def _fail() -> None:
    raise ZeroDivisionError("secret")


_DO = {
    "memory": _eat,
    "loop": _loop,
    "sleep": lambda: time.sleep(1_000),
    "segfault": lambda: ctypes.string_at(0),
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "exit": sys.exit,
    "refuse": _refuse,
    "recurse": _recurse,
    "fail": _fail,
}
# What a file is refused for if it says this.
REASONS: Mapping[str, str] = {
    "memory": "too much memory",
    "loop": "too much time",
    "sleep": "too much time",
    "segfault": "reader crashed",
    "kill": "reader crashed",
    "exit": "reader crashed",
    "recurse": "reader crashed",
    "fail": "reader crashed",
    "refuse": "cut off",
}


def read(path: Readable, written: Written, account: Account) -> Iterator[Row]:
    """Each line is a unit, or something to do."""
    with path.open("rb") as stream:
        for number, raw in enumerate(stream, 1):
            said = raw.decode().strip()
            if said in _DO:
                _DO[said]()
            yield Row({"id": said, "name": f"Ann {said}"}, f"{path.name}:{number}", raw)


def count(stream: IO[bytes], written: Written) -> Counted:
    """As many as there are lines."""
    lines = stream.read().splitlines()
    if b"count" in lines:
        _eat()
    return Counted(len(lines))


ADAPTER = Adapter(version=1, about="tests", units="lines", read=read, count=count, gives="rows", confined=True)
