"""Base columns of a revision, read from the nodes of records, some ten thousand at a time.

Their rows and texts are in an order that content decides, not the order of loads: in what is left
of it for a view nothing tells of what is hidden.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, LiteralString

import numpy as np
from numpy.typing import NDArray

from workbench.model.record import Dataset
from workbench.store.assembly import claims_in_order, ties_in_order
from workbench.store.columns import NO_DAY, About, Claims, Columns, Ids, Int16, Int32, Ties, presence
from workbench.store.neo4j.connection import Database
from workbench.store.neo4j.terms import Shape, datasets, shapes

_PAGE = 50_000

_NUMBERS: LiteralString = """
RETURN COLLECT { MATCH (r:Record) WHERE r.rid > 0 RETURN r.rid ORDER BY r.rid DESC LIMIT 1 },
    COLLECT { MATCH (e:Entity) WHERE e.eid > 0 RETURN e.eid ORDER BY e.eid DESC LIMIT 1 }
"""
_ENTITIES: LiteralString = """
MATCH (e:Entity) WHERE e.eid >= $first AND e.eid < $end RETURN collect(e.eid), collect(e.id), collect(e.did)
"""
_RECORDS: LiteralString = """
MATCH (r:Record) WHERE r.rid >= $first AND r.rid < $end AND r.rev_from <= $revision AND r.rev_to > $revision
RETURN collect(r.rid), collect(r.vis), collect(coalesce(r.shape, 0)), collect(coalesce(r.about, 0)),
    collect(coalesce(r.a, 0)), collect(coalesce(r.b, 0)), collect(coalesce(r.day, $no_day)),
    collect(CASE WHEN r.more IS NULL THEN null ELSE [r.rid, r.vis, coalesce(r.day, $no_day)] + r.more END),
    collect(CASE WHEN r.claims IS NULL THEN null ELSE [r.rid] + r.claims END)
"""


def read_columns(database: Database, revision: int) -> Columns:
    """The base columns of a revision, of all visibility classes."""
    last = [found[0] if found else 0 for found in database.row(_NUMBERS)]
    ids, place, owner, owners = _entities(database, last[1])
    rows = _Rows(database, last[0], revision)
    known = shapes(database)
    names = tuple(sorted({*rows.kinds, *(name for shape in known.values() for name in shape[:3])}))
    number = {name: np.int16(i) for i, name in enumerate(names)}
    about = rows.about(place, _numbered(known, 0, number))
    ties = rows.ties(place, [_numbered(known, field, number) for field in (0, 1, 2)])
    values, claims = rows.claims(place, number, about)
    return Columns(
        ids=ids,
        dataset=owner,
        datasets=owners,
        names=names,
        values=values,
        about=about,
        ties=ties,
        claims=claims,
        present=presence(len(ids), about, ties),
    )


def _entities(database: Database, last: int) -> tuple[Ids, Int32, Int32, tuple[Dataset, ...]]:
    """Ids in order, the place in it of each number, and the dataset of each."""
    pages = [database.row(_ENTITIES, first=first, end=first + _PAGE) for first in range(1, last + 1, _PAGE)]
    eids, dids = (np.array([each for page in pages for each in page[i]], dtype=np.int32) for i in (0, 2))
    ids = np.array([each for page in pages for each in page[1]], dtype="S20")
    order = np.argsort(ids)
    place = np.zeros(last + 1, dtype=np.int32)
    place[eids[order]] = np.arange(len(order), dtype=np.int32)
    known = sorted((dataset, did) for did, dataset in datasets(database).items())
    number = np.zeros(max((did for _, did in known), default=0) + 1, dtype=np.int32)
    for i, (_, did) in enumerate(known):
        number[did] = i
    return ids[order], place, number[dids[order]], tuple(dataset for dataset, _ in known)


def _numbered(known: Mapping[int, Shape], field: int, number: Mapping[str, np.int16]) -> Int16:
    """The number of a field (schema or role) of each shape."""
    found = np.zeros(max(known, default=0) + 1, dtype=np.int16)
    for shape, said in known.items():
        found[shape] = number[str(said[field])]
    return found


class _Rows:
    """The rows of a revision as the pages brought them."""

    def __init__(self, database: Database, last: int, revision: int) -> None:
        kept: list[NDArray[np.int64]] = []
        self._more: list[list[int]] = []
        self._claims: list[list[Any]] = []
        for first in range(1, last + 1, _PAGE):
            page = database.row(_RECORDS, first=first, end=first + _PAGE, revision=revision, no_day=int(NO_DAY))
            kept.append(np.array(page[:7], dtype=np.int64))
            self._more += page[7]
            self._claims += page[8]
        self._all = np.concatenate(kept, axis=1) if kept else np.zeros((7, 0), dtype=np.int64)
        self.kinds = {kind for said in self._claims for kind in said[1::3]}

    def about(self, place: Int32, schema: Int16) -> About:
        """Records about entities, in the order of their numbers."""
        rid, vis, shape, about, *_ = self._all[:, self._all[3] > 0]
        return About(place[about], schema[shape], rid, vis.astype(np.int32))

    def ties(self, place: Int32, fields: Sequence[Int16]) -> Ties:
        """The ties of relationships, and those of other records."""
        first = self._all[:, self._all[4] > 0][[0, 1, 6, 4, 5, 2]]
        more = np.array(list(self._triples()), dtype=np.int64).reshape(-1, 6).T
        rid, vis, day, a, b, shape = np.concatenate([first, more], axis=1)
        order = np.argsort(rid, kind="stable")
        schema, role_a, role_b = (field[shape[order]] for field in fields)
        return ties_in_order(
            Ties(
                place[a[order]],
                place[b[order]],
                role_a,
                role_b,
                schema,
                day[order].astype(np.int32),
                rid[order],
                vis[order].astype(np.int32),
            )
        )

    def _triples(self) -> Iterator[list[int]]:
        for rid, vis, day, *ends in self._more:
            for i in range(0, len(ends), 3):
                yield [rid, vis, day, *ends[i : i + 3]]

    def claims(self, place: Int32, number: Mapping[str, np.int16], about: About) -> tuple[NDArray[np.object_], Claims]:
        """Claims; each is about whom its record is about, and seen as that is."""
        rid = np.array([said[0] for said in self._claims for _ in said[1::3]], dtype=np.int64)
        kind = np.array([number[kind] for said in self._claims for kind in said[1::3]], dtype=np.int16)
        texts = [text for said in self._claims for i in range(1, len(said), 3) for text in said[i + 1 : i + 3]]
        row = np.searchsorted(about.record, rid)
        return claims_in_order(kind, texts, about.entity[row], rid, about.vis[row])
