"""Names, datasets and visibility classes by number, made where they are new."""

import json
import sqlite3
from collections.abc import Iterable, Mapping

from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Dataset


class _Numbers(dict[str, int]):
    """Numbers of schemata, roles and kinds of claims; one that is new gets the next."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def __missing__(self, text: str) -> int:
        self._db.execute("INSERT OR IGNORE INTO term (text) VALUES (?)", (text,))
        self[text] = int(self._db.execute("SELECT num FROM term WHERE text = ?", (text,)).fetchone()[0])
        return self[text]


class Terms:
    """Numbers of one connection's names, found once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self.numbers: Mapping[str, int] = _Numbers(connection)
        self._datasets: dict[Dataset, int] = {}
        self._vis: dict[tuple[str, Marking], int] = {}
        self._markings: dict[int, Marking] = {}

    def dataset(self, dataset: Dataset) -> int:
        """The number of a dataset."""
        found = self._datasets.get(dataset)
        if found is None:
            named = (dataset.agency, dataset.name)
            self._db.execute("INSERT OR IGNORE INTO dataset (agency, name) VALUES (?, ?)", named)
            row = self._db.execute("SELECT did FROM dataset WHERE agency = ? AND name = ?", named).fetchone()
            found = self._datasets[dataset] = int(row[0])
        return found

    def vis(self, agency: str, marking: Marking) -> int:
        """The visibility class of an agency's records under a marking."""
        found = self._vis.get((agency, marking))
        if found is None:
            found = self._vis[agency, marking] = vis_class(self._db, agency, str(marking), ())
        return found

    def marking(self, vis: int) -> Marking:
        """The marking of a class that is not a conjunction."""
        found = self._markings.get(vis)
        if found is None:
            row = self._db.execute("SELECT marking FROM marking WHERE vis = ?", (vis,)).fetchone()
            found = self._markings[vis] = parse_marking(row[0])
        return found


def vis_class(connection: sqlite3.Connection, agency: str, marking: str, members: Iterable[int]) -> int:
    """The number of a class: a marking of an agency, or a conjunction of classes."""
    row = (agency, marking, json.dumps(sorted(set(members))))
    connection.execute("INSERT OR IGNORE INTO marking (agency, marking, members) VALUES (?, ?, ?)", row)
    found = connection.execute(
        "SELECT vis FROM marking WHERE agency = ? AND marking = ? AND members = ?", row
    ).fetchone()
    return int(found[0])
