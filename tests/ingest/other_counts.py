"""How many units a file has, by other libraries than the workbench's: csv, json, xml.etree, zipfile, re."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

Count = Callable[[Path], int]


def rows(path: Path, delimiter: str = ",") -> list[list[str]]:
    """The rows of a table that have a cell, with the header."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [row for row in csv.reader(lines, delimiter=delimiter) if any(row)]


def table(path: Path) -> int:
    return len(rows(path)) - 1


def spaced(path: Path) -> int:
    return len(rows(path, " ")) - 1


def lines(path: Path) -> int:
    return sum(bool(line.strip()) for line in path.read_text("utf-8").split("\n"))


def one(_: Path) -> int:
    """A file that is one unit, or is refused as a whole."""
    return 1


def ofac(path: Path) -> int:
    """The last row is the sign of the end of a file of DOS."""
    return sum(len(row) > 1 for row in rows(path))


def zipped(path: Path) -> int:
    """The rows of all tables of an archive."""
    found = 0
    with zipfile.ZipFile(path) as archive:
        for name in (each for each in archive.namelist() if each.endswith(".csv")):
            with archive.open(name) as member:
                text = io.TextIOWrapper(member, "utf-8", newline="")
                found += sum(1 for row in csv.reader(text) if row) - 1
    return found


def document(*keys: str) -> Count:
    """The items of a list in a JSON document; of a document that is no list, itself."""

    def count(path: Path) -> int:
        found: Any = json.loads(path.read_text("utf-8"))
        for key in keys:
            found = found[key]
        return len(found) if isinstance(found, list) else 1

    return count


def misp(path: Path) -> int:
    """The event, its attributes and its objects."""
    event = json.loads(path.read_text("utf-8"))
    event = event.get("Event", event)
    return 1 + len(event.get("Attribute", [])) + len(event["Object"])


def names(path: Path) -> Iterator[tuple[ET.Element, str]]:
    """The elements of an XML file with their names."""
    for each in ET.parse(path).iter():  # noqa: S314 - a file of the test data
        yield each, each.tag.rpartition("}")[2]


def elements(*wanted: str) -> Count:
    return lambda path: sum(name in wanted for _, name in names(path))


def payments(path: Path) -> int:
    """The transactions of a message of ISO 20022, and the entries that have none."""
    found = [each for each, name in names(path) if name in ("TxDtls", "CdtTrfTxInf")]
    entries = [each for each, name in names(path) if name == "Ntry"]
    return len(found) + sum(not any("TxDtls" in part.tag for part in each.iter()) for each in entries)


def mt940(path: Path) -> int:
    return len(re.findall(r"(?m)^:61:", path.read_text("latin-1"))) or 1


def cards(path: Path) -> int:
    return len(re.findall(r"(?im)^BEGIN:VCARD\s*$", path.read_text("utf-8")))


def square(path: Path) -> int:
    """The labels of a square, and its cells that are not 0: of two that mirror each other one, if all do."""
    head, *body = rows(path)
    cells = {(row[0], label): cell for row in body for label, cell in zip(head[1:], row[1:], strict=True)}
    full = {pair for pair, cell in cells.items() if float(cell)}
    mirrored = all(cells[b, a] == cell for (a, b), cell in cells.items())
    return len(body) + len({frozenset(pair) for pair in full} if mirrored else full)


def pajek(path: Path) -> int:
    """The vertices that a network of Pajek announces, and the ends of its lines."""
    parts = re.split(r"(?m)^\*", path.read_text("utf-8-sig"))
    found = 0
    for part in parts:
        head, _, body = part.partition("\n")
        kind, *size = head.split() or [""]
        said = [line.split() for line in body.splitlines() if line.strip()]
        if kind.lower() == "vertices":
            found += int(size[0])
        elif kind.lower() in ("arcslist", "edgeslist"):
            found += sum(len(words) - 1 for words in said)
        elif kind.lower() in ("arcs", "edges"):
            found += len(said)
        elif kind.lower() == "matrix":
            found += sum(cell != "0" for words in said for cell in words)
    return found


def dl(path: Path) -> int:
    """The nodes that a file of UCINET announces, and its links."""
    text = path.read_text("utf-8").lower()
    size = re.search(r"n\s*=\s*(\d+)", text)
    body = [line.split() for line in text.partition("data:")[2].splitlines() if line.strip()]
    links = len(body)
    if "nodelist" in text:
        links = sum(len(words) - 1 for words in body)
    elif "format" not in text:
        links = sum(word != "0" for words in body for word in words)
    return int(size[1] if size else 0) + links
