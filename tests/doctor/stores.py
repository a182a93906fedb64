"""Stores for `workbench doctor` to check, and its results."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.servers import driver
from tests.stores import KIND, NEO4J
from workbench.access.viewer import Viewer
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset, Record, Value
from workbench.store.types import FileReport
from workbench.view.store import open_store

DATASET = Dataset("NKP", "case")
WHO = Viewer(name="who", agencies=frozenset({"NKP"}), level="SECRET")
Doctor = Callable[..., tuple[int, dict[str, dict[str, str]]]]


def states(checks: dict[str, dict[str, str]], state: str) -> list[str]:
    return sorted(name for name, each in checks.items() if each["state"] == state)


PASSPORT = "K71434156"


def person(number: int, name: str = "Ann") -> Record:
    said = {each: (Value(value, value),) for each, value in {"name": name, "passportNumber": PASSPORT}.items()}
    return Record("Person", DATASET, f"p{number}", said, parse_marking("SECRET", "NKP"))


def load(url: str, *names: str) -> None:
    """Load a person under each name, one delivery after the other."""
    with closing(open_store(url)) as store:
        for day, name in enumerate(names, 1):
            with store.writer(agency="NKP", by="test") as writer:
                file = writer.file("persons.csv", "0" * 64, "csv 1")
                writer.put([person(1, name)], file, f"2026-01-{day:02}")
                writer.publish(dataset="case", adapter="csv 1", files=[FileReport("persons.csv", "0" * 64)])


_DIES = """
import os, sys
from tests.doctor.stores import person
from workbench.view.store import open_store
writer = open_store(sys.argv[1]).writer(agency="NKP", by="test")
writer.put([person(n) for n in range(2, 7)], writer.file("more.csv", "1" * 64, "csv 1"), "2026-02-01")
writer.file("last.csv", "2" * 64, "csv 1")  # a step of its own: what was on its way has arrived
print("written", flush=True)
sys.stdin.read()
os.kill(os.getpid(), 9)
"""


@contextmanager
def loading(url: str) -> Iterator[None]:
    """Another process is in the middle of a load, and is killed at the end."""
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", _DIES, url]
    with subprocess.Popen(
        command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        yield
        process.kill()


def digest(url: str) -> Any:
    if KIND == NEO4J:
        with driver(url) as reading:
            found = reading.execute_query("MATCH (n) RETURN labels(n), properties(n)").records
            return sorted(f"{sorted(labels)} {sorted(values.items())}" for labels, values in found)
    return Path(url.removeprefix("sqlite:///")).read_bytes()
