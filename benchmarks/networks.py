"""Networks in folders, for benchmarks: every one that is found, also in folders within.

- `edges.csv` with the columns source, target and, if there are, weight, time and kind; or without a header,
  then source and target. `nodes.csv` beside it has a name in its first column and labels in the others. Both may have
  a prefix: `NAME.edges.csv`, `NAME.nodes.csv`. A file that ends in `labels.txt` has a node and its label in a line.
- matrices with names in their first row and column (`.csv`), and `.graphml` and `.gexf`.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from workbench.analytics.engines import Network

Float64 = NDArray[np.float64]
Int32 = NDArray[np.int32]
_HEAD = ("source", "target")


class Tie(NamedTuple):
    """One row: who is tied to whom, how much (1 if that is not said), when and how ("" if that is not said)."""

    source: str
    target: str
    weight: float = 1.0
    time: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Named:
    """A network as it was found: its rows, the names of its nodes in the order of their numbers, and their labels."""

    name: str
    names: tuple[str, ...]
    ties: tuple[Tie, ...]
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def number(self) -> Mapping[str, int]:
        """The number of each node, by name."""
        return {name: number for number, name in enumerate(self.names)}

    @cached_property
    def _pairs(self) -> tuple[Int32, Int32, Float64]:
        """Each pair of different nodes with a row between them, and the sum of its rows' weights."""
        ends = [(self.number[tie.source], self.number[tie.target]) for tie in self.ties]
        sorted_ends = np.sort(np.array(ends, np.int64).reshape(-1, 2), axis=1)
        weights = np.array([tie.weight for tie in self.ties], np.float64)
        kept = sorted_ends[:, 0] != sorted_ends[:, 1]
        pairs, at = np.unique(sorted_ends[kept], axis=0, return_inverse=True)
        sums = np.bincount(at.ravel(), weights[kept], minlength=len(pairs)).astype(np.float64)
        return pairs[:, 0].astype(np.int32), pairs[:, 1].astype(np.int32), sums

    @cached_property
    def network(self) -> Network:
        """The network without directions, weights and loops; nodes without a tie are in it."""
        a, b, _ = self._pairs
        return Network(len(self.names), False, a, b)

    @cached_property
    def weighted(self) -> Network:
        """As `network`; the weight of a tie is the sum of its rows'."""
        return self.network.with_weights(self._pairs[2])

    @cached_property
    def graph(self) -> "nx.Graph[int]":
        """As `network`, for networkx."""
        made: nx.Graph[int] = nx.Graph()
        made.add_nodes_from(range(len(self.names)))
        made.add_edges_from(zip(self.network.a.tolist(), self.network.b.tolist(), strict=True))
        return made


def networks(data: Path) -> Iterator[Named]:
    """All networks in a folder and those within, in the order of their names; those without a tie are left out.

    ValueError for what is no folder, and for a file that can't be read, with its name.
    """
    if not data.is_dir():
        raise ValueError(f"{data} is no folder")
    for path in sorted(data.rglob("*")):
        reader = _reader(path)
        found = reader(path, _name(path, data)) if reader and path.is_file() else None
        if found and found.ties:
            yield found


def read(path: Path) -> Named:
    """The network of one `edges.csv`, `matrix.csv`, `.graphml` or `.gexf`; ValueError for another file."""
    reader = _reader(path)
    found = reader(path, _name(path, path.parent)) if reader else None
    if found is None:
        raise ValueError(f"{path} has no network: it needs the columns source and target, or names in row and column")
    return found


def _name(path: Path, data: Path) -> str:
    """The place in the folder, without what only tells the kind of file."""
    place = path.relative_to(data).with_suffix("")
    stem = place.name.removesuffix("edges").removesuffix(".")
    return (place.with_name(stem) if stem else place.parent).as_posix().removeprefix(".") or path.parent.name


def _reader(path: Path) -> Callable[[Path, str], Named | None] | None:
    if path.name == "edges.csv" or path.name.endswith(".edges.csv"):
        return _edges
    if path.suffix == ".csv" and not path.name.endswith("nodes.csv"):
        return _matrix
    return {".graphml": _of_networkx, ".gexf": _of_networkx}.get(path.suffix)


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [row for row in csv.reader(stream) if row]


def _edges(path: Path, name: str) -> Named:
    rows = _rows(path)
    head = [each.strip().lower() for each in rows[0]] if rows else []
    is_headed = tuple(head[:2]) == _HEAD
    column = {each: place for place, each in enumerate(head if is_headed else _HEAD)}
    ties = tuple(_tie(row, column, f"{path}, row {n}") for n, row in enumerate(rows[is_headed:], 1 + is_headed))
    labels = _labels(path)
    known = list(labels) + [end for tie in ties for end in (tie.source, tie.target)]
    names = tuple(dict.fromkeys(known))
    columns = dict.fromkeys(each for given in labels.values() for each in given)
    told = {each: tuple(labels.get(node, {}).get(each, "") for node in names) for each in columns}
    return Named(name, names, ties, told)


def _tie(row: list[str], column: Mapping[str, int], where: str) -> Tie:
    said = {each: row[place].strip() for each, place in column.items() if place < len(row)}
    if not said.get("source") or not said.get("target"):
        raise ValueError(f"{where}: a tie needs a source and a target, not {row}")
    try:
        weight = float(said["weight"]) if said.get("weight") else 1.0
    except ValueError as error:
        raise ValueError(f"{where}: the weight {said['weight']!r} is no number") from error
    return Tie(said["source"], said["target"], weight, said.get("time", ""), said.get("kind", ""))


def _labels(path: Path) -> dict[str, dict[str, str]]:
    """The labels of each node, by column, from the files beside edges."""
    beside = path.with_name(path.name.replace("edges.csv", "nodes.csv"))
    rows = _rows(beside) if beside.is_file() else []
    found = {row[0].strip(): dict(zip(rows[0][1:], row[1:], strict=False)) for row in rows[1:]}
    for other in sorted(path.parent.glob("*labels.txt")) if path.name == "edges.csv" else ():
        for line in other.read_text("utf-8").splitlines():
            node, _, label = line.strip().partition(" ")
            if label and label != "label":
                found.setdefault(node, {})["label"] = label
    return found


def _matrix(path: Path, name: str) -> Named | None:
    """A matrix: its first cell is empty, and the names of rows are those of columns."""
    rows = _rows(path)
    head = rows[0][1:] if rows and not rows[0][0].strip() else []
    if len(head) < 2 or [row[0] for row in rows[1:]] != head:
        return None
    ties = tuple(
        Tie(row[0], to, float(cell))
        for row in rows[1:]
        for to, cell in zip(head, row[1:], strict=True)
        if cell.strip() and float(cell)
    )
    return Named(name, tuple(head), ties)


def _of_networkx(path: Path, name: str) -> Named | None:
    read_it = nx.read_graphml if path.suffix == ".graphml" else nx.read_gexf
    try:
        graph = read_it(path)
    except (nx.NetworkXError, KeyError, ValueError, SyntaxError):  # a damaged file has no network
        return None
    ties = tuple(Tie(str(a), str(b)) for a, b in graph.edges())
    columns = dict.fromkeys(each for _, given in graph.nodes(data=True) for each in given)
    labels = {each: tuple(str(given.get(each, "")) for _, given in graph.nodes(data=True)) for each in columns}
    return Named(name, tuple(map(str, graph)), ties, labels)
