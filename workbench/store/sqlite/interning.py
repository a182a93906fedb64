"""Numbers for names, datasets and visibility classes."""

import json
import sqlite3
from collections.abc import Iterable, Mapping

from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Dataset


class _Numbers(dict[str, int]):
    """Numbers for schemata, roles and kinds of claims; a new one gets the next number."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def __missing__(self, text: str) -> int:
        self._db.execute("INSERT OR IGNORE INTO term (text) VALUES (?)", (text,))
        self[text] = int(self._db.execute("SELECT num FROM term WHERE text = ?", (text,)).fetchone()[0])
        return self[text]


class Terms:
    """Caches the numbers that one connection has looked up."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self.numbers: Mapping[str, int] = _Numbers(connection)
        self._datasets: dict[Dataset, int] = {}
        self._vis: dict[tuple[str, Marking], int] = {}
        self._markings: dict[int, Marking] = {}

    def dataset(self, dataset: Dataset) -> int:
        """The number of a dataset."""
        number = self._datasets.get(dataset)
        if number is None:
            named = (dataset.agency, dataset.name)
            self._db.execute("INSERT OR IGNORE INTO dataset (agency, name) VALUES (?, ?)", named)
            row = self._db.execute("SELECT did FROM dataset WHERE agency = ? AND name = ?", named).fetchone()
            number = self._datasets[dataset] = int(row[0])
        return number

    def vis(self, agency: str, marking: Marking) -> int:
        """The number of the visibility class for an agency and a marking."""
        number = self._vis.get((agency, marking))
        if number is None:
            number = self._vis[agency, marking] = vis_class(self._db, agency, str(marking), ())
        return number

    def marking(self, vis: int) -> Marking:
        """The marking of a class that is not a conjunction."""
        known = self._markings.get(vis)
        if known is None:
            row = self._db.execute("SELECT marking FROM marking WHERE vis = ?", (vis,)).fetchone()
            known = self._markings[vis] = parse_marking(row[0])
        return known


def vis_class(connection: sqlite3.Connection, agency: str, marking: str, members: Iterable[int]) -> int:
    """The number of a class: a marking of an agency, or a conjunction of classes."""
    row = (agency, marking, json.dumps(sorted(set(members))))
    connection.execute("INSERT OR IGNORE INTO marking (agency, marking, members) VALUES (?, ?, ?)", row)
    number = connection.execute(
        "SELECT vis FROM marking WHERE agency = ? AND marking = ? AND members = ?", row
    ).fetchone()
    return int(number[0])
