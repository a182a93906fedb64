"""Read the base columns of a revision from the tables: all of them, or what changed since another revision.

Rows and texts are ordered by content, not by the order of loads, so that the part that a view keeps
reveals nothing hidden.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping

import numpy as np
import orjson
from numpy.typing import NDArray

from workbench.errors import as_written
from workbench.model.record import Dataset
from workbench.store.assembly import (
    KeyOrder,
    about_in_order,
    base_of,
    claims_in_order,
    in_order_of_keys,
    ties_in_order,
)
from workbench.store.column_changes import brought_up_to_date
from workbench.store.column_files import Bases
from workbench.store.column_layout import Layout
from workbench.store.columns import About, Base, Claims, Columns, Ids, Int32, Ties, presence
from workbench.store.texts import SortedTexts
from workbench.store.types import Moment


class SqliteBases(Bases):
    """See `Bases`. `connection` returns the calling thread's."""

    def __init__(self, connection: Callable[[], sqlite3.Connection]) -> None:
        self._connection = connection

    def moment(self, revision: int) -> Moment:
        return Moment(*self._connection().execute(_MOMENT, (revision,)).fetchone())

    def tokens(self) -> Mapping[str, int]:
        return dict(self._connection().execute("SELECT token, rev FROM revision"))

    def secret(self) -> str:
        (secret,) = self._connection().execute("SELECT value FROM meta WHERE name = 'secret'").fetchone()
        return str(secret)

    def read(self, revision: int) -> Base:
        return read_base(self._connection(), revision)

    def later(self, base: Base, before: int, revision: int) -> Layout:
        db, last = self._connection(), int(base.columns.records.max(initial=0))
        ended = np.fromiter((rid for (rid,) in db.execute(_ENDED, (before, revision))), dtype=np.int64)
        return brought_up_to_date(base, ended, read_base(db, revision, last))


_MOMENT = """
SELECT (SELECT value FROM meta WHERE name = 'epoch'), coalesce((SELECT token FROM revision WHERE rev = ?), '')
"""
# The first condition is that of the index, which has the records that ended and no others.
_ENDED = "SELECT rid FROM record WHERE rev_to < 2147483647 AND rev_to > ? AND rev_to <= ?"


@as_written("a table of the store")
def read_base(connection: sqlite3.Connection, revision: int, after: int = 0) -> Base:
    """The base columns of a revision, of all visibility classes; those of the records numbered from `after` on."""
    span = (after, revision, revision)
    names, number = _names(connection)
    datasets, dataset_number = _datasets(connection)
    keys = _rows(connection.execute(_KEYS, span), "i8,S16")
    record = in_order_of_keys(keys["f0"].copy(), keys["f1"].copy())
    about = _rows(connection.execute(_ABOUT, span), "i4,i2,i8,i4")
    rows = _rows(connection.execute(_TIES, span), "i4,i4,i2,i2,i2,i4,i8,i4")
    ids, eids, owner = _entities(connection, np.unique(np.concatenate([about["f0"], rows["f0"], rows["f1"]])), after)
    place = np.zeros(int(eids.max(initial=0)) + 1, dtype=np.int32)
    place[eids] = np.arange(len(eids), dtype=np.int32)
    values, claims = _claims(connection, span, number, place, record)
    seen = about_in_order(About(place[about["f0"]], number[about["f1"]], record.of(about["f2"]), about["f3"]))
    tied = ties_in_order(
        Ties(
            place[rows["f0"]],
            place[rows["f1"]],
            number[rows["f2"]],
            number[rows["f3"]],
            number[rows["f4"]],
            rows["f5"],
            record.of(rows["f6"]),
            rows["f7"],
        )
    )
    columns = Columns(
        ids=ids,
        number=eids.astype(np.int64),
        records=record.numbers,
        dataset=dataset_number[owner],
        datasets=datasets,
        names=names,
        values=values,
        about=seen,
        ties=tied,
        claims=claims,
        present=presence(len(ids), seen, tied),
    )
    return base_of(columns, record.keys)


_KEYS = "SELECT rid, key FROM record WHERE rid > ? AND rev_from <= ? AND rev_to > ?"
_ABOUT = (
    "SELECT about, schema, rid, vis FROM record WHERE about IS NOT NULL AND rid > ? AND rev_from <= ? AND rev_to > ?"
)
_TIES = "SELECT a, b, ra, rb, schema, day, rid, vis FROM tie WHERE rid > ? AND rev_from <= ? AND rev_to > ?"
_CLAIMS = "SELECT kind, eid, rid, vis, value, scope FROM claim WHERE rid > ? AND rev_from <= ? AND rev_to > ?"


def _rows(cursor: sqlite3.Cursor, kinds: str) -> NDArray[np.void]:
    return np.fromiter(cursor, dtype=np.dtype(kinds))


def _names(connection: sqlite3.Connection) -> tuple[tuple[str, ...], NDArray[np.int16]]:
    """The texts of terms in alphabetical order, and the index in it by each term's number."""
    rows = connection.execute("SELECT num, text FROM term ORDER BY text").fetchall()
    number = np.zeros(max((num for num, _ in rows), default=0) + 1, dtype=np.int16)
    for place, (num, _) in enumerate(rows):
        number[num] = place
    return tuple(text for _, text in rows), number


def _datasets(connection: sqlite3.Connection) -> tuple[tuple[Dataset, ...], Int32]:
    rows = connection.execute("SELECT did, agency, name FROM dataset ORDER BY agency, name").fetchall()
    number = np.zeros(max((did for did, _, _ in rows), default=0) + 1, dtype=np.int32)
    for place, (did, _, _) in enumerate(rows):
        number[did] = place
    return tuple(Dataset(agency, name) for _, agency, name in rows), number


def _entities(connection: sqlite3.Connection, wanted: Int32, after: int) -> tuple[Ids, Int32, Int32]:
    """The ids of entities in order, and the number and dataset of each in the tables: all, or some of few records."""
    cursor = connection.execute(_SOME, (orjson.dumps(wanted.tolist()).decode(),)) if after else connection.execute(_ALL)
    rows = _rows(cursor, "S20,i4,i4")
    return rows["f0"].copy(), rows["f1"].copy(), rows["f2"].copy()


_ALL = "SELECT id, eid, did FROM entity ORDER BY id"
_SOME = "SELECT e.id, e.eid, e.did FROM json_each(?) j CROSS JOIN entity e ON e.eid = j.value ORDER BY e.id"


def _claims(
    connection: sqlite3.Connection,
    span: tuple[int, int, int],
    number: NDArray[np.int16],
    place: Int32,
    record: KeyOrder,
) -> tuple[SortedTexts, Claims]:
    texts = list[str]()
    rows = np.fromiter(_split(connection.execute(_CLAIMS, span), texts), dtype=np.dtype("i2,i4,i8,i4"))
    return claims_in_order(number[rows["f0"]], texts, place[rows["f1"]], record.of(rows["f2"]), rows["f3"])


def _split(cursor: sqlite3.Cursor, texts: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """The numbers of each row; its two texts are appended to `texts`."""
    for kind, eid, rid, vis, value, scope in cursor:
        texts.append(value)
        texts.append(scope)
        yield kind, eid, rid, vis
