"""How the file of an adapter is made, and read by a plain library."""

import csv
import json
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from benchmarks.ingest.invented import Invented

# Makes a unit of invented values and its number.
Unit = Callable[[Invented, int], str]


class Form(NamedTuple):
    """A file of so many units: its name, what writes it, its manifest, and a plain library that only reads it."""

    name: str
    write: Callable[[Path, int], None]
    manifest: str = ""
    plain: Callable[[Path], object] | None = None


def texts(unit: Unit, before: str = "", between: str = "\n", after: str = "\n") -> Callable[[Path, int], None]:
    """A writer of text files: units with something between them, before the first and after the last."""

    def write(path: Path, units: int) -> None:
        invented = Invented(units)
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(before)
            for number in range(units):
                file.write(f"{between if number else ''}{unit(invented, number)}")
            file.write(after)

    return write


def network(
    node: Unit, link: Unit, before: str = "", between: str = "", after: str = "", apart: str = "\n"
) -> Callable[[Path, int], None]:
    """A writer of networks: a quarter of the units are nodes, which are numbered, all others are links."""

    def write(path: Path, units: int) -> None:
        invented, nodes = Invented(units), max(units // 4, 2)
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(before.replace("NODES", str(nodes)))
            file.write(apart.join(node(invented, number) for number in range(nodes)))
            file.write(between)
            file.write(apart.join(link(invented, number) for number in range(units - nodes)))
            file.write(after)

    return write


def ends(invented: Invented, number: int, nodes: int) -> tuple[int, int]:
    """The nodes of a link: some have many."""
    return number % nodes, invented.number(nodes)


def rows_of(path: Path) -> None:
    """Read a table with the standard library."""
    with path.open(encoding="utf-8", newline="") as file:
        deque(csv.reader(file), 0)


def document_of(path: Path) -> object:
    """Read a JSON document with the standard library."""
    return json.loads(path.read_bytes())


def lines_of(path: Path) -> None:
    """Read JSON lines with the standard library."""
    with path.open(encoding="utf-8") as file:
        deque(map(json.loads, file), 0)


def elements_of(path: Path) -> None:
    """Read an XML document with the standard library."""
    for _, element in ElementTree.iterparse(path):  # noqa: S314 - made here
        element.clear()


def mapped(adapter: str, said: str) -> str:
    """A manifest with one entry for all files."""
    return f'adapter = "{adapter}"\n[[files]]\npattern = "*"\n{said}'


def person_mapped(adapter: str, said: str = "") -> str:
    """A manifest for persons in a table or a document."""
    return mapped(
        adapter,
        f"""{said}
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
properties = {{ name = "name", birthDate = "born", nationality = "country", phone = "phone", address = "town" }}
""",
    )


def links_mapped(adapter: str) -> str:
    """A manifest for networks without types."""
    at = 'properties = { summary = "weight" }' if adapter != "neo4j-csv" else ""
    return f'adapter = "{adapter}"\n[types."*"]\nschema = "DirectedLink"\nsource = "subject"\ntarget = "object"\n{at}\n'


PERSON = ("id", "name", "born", "country", "phone", "town")


def person(invented: Invented, number: int) -> tuple[str, ...]:
    """The values of a person."""
    said = invented.name(), invented.born(), invented.country(), invented.phone(), invented.town()
    return str(number), *said


def persons(units: int) -> Iterator[tuple[str, ...]]:
    """The values of so many persons."""
    invented = Invented(units)
    return (person(invented, number) for number in range(units))
