"""Read the base columns of a revision from the nodes of entities and records, some ten thousand at a time.

Rows and texts are ordered by content, not by the order of loads, so that the part that a view keeps
reveals nothing hidden.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from typing import Any, LiteralString

import numpy as np

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
from workbench.store.columns import NO_DAY, About, Base, Claims, Columns, Ids, Int16, Int32, Int64, Ties, presence
from workbench.store.loading import without_collecting
from workbench.store.neo4j.connection import Database
from workbench.store.neo4j.insertion import UNKNOWN_DAY
from workbench.store.neo4j.interning import datasets, shapes
from workbench.store.steps import Shape
from workbench.store.texts import SortedTexts
from workbench.store.types import Moment

_PAGE = 50_000

_NUMBERS: LiteralString = """
RETURN COLLECT { MATCH (r:Record) WHERE r.rid > 0 RETURN r.rid ORDER BY r.rid DESC LIMIT 1 },
    COLLECT { MATCH (e:Entity) WHERE e.eid > 0 RETURN e.eid ORDER BY e.eid DESC LIMIT 1 }
"""
_ENTITIES: LiteralString = """
MATCH (e:Entity) WHERE e.eid >= $first AND e.eid < $end RETURN collect(e.eid), collect(e.did), collect(e.id)
"""
_SOME_ENTITIES: LiteralString = """
MATCH (e:Entity) WHERE e.eid IN $entities RETURN collect(e.eid), collect(e.did), collect(e.id)
"""
_ENDED: LiteralString = """
MATCH (r:Record) WHERE r.rid >= $first AND r.rid < $end AND r.rev_to > $before AND r.rev_to <= $revision
RETURN collect(r.rid)
"""
_KEYS: LiteralString = """
MATCH (r:Record) WHERE r.rid >= $first AND r.rid < $end AND r.rev_to > $revision AND r.rev_from <= $revision
RETURN collect(r.rid), collect(r.key)
"""
# Reading a property costs a search among all properties of its node, most of all if the node lacks it: so nodes
# without ties are filtered out first. A nested list costs a Python object, and most records have one tie: so the first
# tie comes in columns.
_ABOUT: LiteralString = """
MATCH (r:Record) WHERE r.about >= $first AND r.about < $end AND r.rev_to > $revision AND r.rev_from <= $revision
RETURN collect(r.about), collect(r.rid), collect(r.vis), collect(r.schema), collect(coalesce(r.claims, []))
"""
_ABOUT_NEW: LiteralString = """
MATCH (r:Record) WHERE r.rid >= $first AND r.rid < $end AND r.about IS NOT NULL
    AND r.rev_to > $revision AND r.rev_from <= $revision
RETURN collect(r.about), collect(r.rid), collect(r.vis), collect(r.schema), collect(coalesce(r.claims, []))
"""
_TIES: LiteralString = """
MATCH (r:Record) WHERE r.rid >= $first AND r.rid < $end
WITH r, r.ties AS ties WHERE ties IS NOT NULL AND r.rev_to > $revision AND r.rev_from <= $revision
WITH r.rid AS rid, r.vis AS vis, ties
RETURN collect(rid), collect(vis), collect(ties[0]), collect(ties[1]), collect(ties[2]), collect(ties[3]),
    collect(CASE WHEN size(ties) > 4 THEN [rid, vis] + ties END)
"""


# (columns of numbers, other columns) of a query
_Pages = tuple[Int64, list[list[Any]]]
# See `_entities`.
_Found = tuple[Int64, Ids, Int32, tuple[Dataset, ...]]


class Neo4jBases(Bases):
    """See `Bases`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def moment(self, revision: int) -> Moment:
        return Moment(*self._database.row(_MOMENT, revision=revision))

    def tokens(self) -> Mapping[str, int]:
        return {str(token): int(rev) for token, rev in self._database.read(_TOKENS)}

    def secret(self) -> str:
        return str(self._database.row(_SEALED_BY)[0])

    def read(self, revision: int) -> Base:
        return read_base(self._database, revision)

    def later(self, base: Base, before: int, revision: int) -> Layout:
        last = int(base.columns.records.max(initial=0))
        spans = {"before": before, "revision": revision}
        (ended,), _ = _pages(self._database, _ENDED, range(1, last + 1), 1, **spans)
        return brought_up_to_date(base, ended, read_base(self._database, revision, last))


_MOMENT: LiteralString = """
MATCH (s:Store {name: 'workbench'}) OPTIONAL MATCH (r:Revision {rev: $revision})
RETURN s.epoch, coalesce(r.token, '')
"""
_TOKENS: LiteralString = "MATCH (r:Revision) WHERE r.token IS NOT NULL RETURN r.token, r.rev"
_SEALED_BY: LiteralString = "MATCH (s:Store {name: 'workbench'}) RETURN s.secret"


@as_written("a property of the store")
def read_base(database: Database, revision: int, after: int = 0) -> Base:
    """The base columns of a revision, of all visibility classes; those of the records numbered from `after` on."""
    records, entities = (found[0] if found else 0 for found in database.row(_NUMBERS))
    new = range(after + 1, records + 1)
    with without_collecting(), ThreadPoolExecutor(2, "columns") as beside:
        keyed = beside.submit(_pages, database, _KEYS, new, 1, revision=revision)
        tied = beside.submit(_pages, database, _TIES, new, 6, revision=revision)
        if after:
            said = _pages(database, _ABOUT_NEW, new, 3, revision=revision)
            found = _entities(database, _SOME_ENTITIES, range(1), entities=_mentioned(said, tied.result()).tolist())
        else:
            found = _entities(database, _ENTITIES, range(1, entities + 1))
            said = _pages(database, _ABOUT, range(1, entities + 1), 3, revision=revision)
        return _base(database, found, said, keyed, tied)


def _mentioned(said: _Pages, tied: _Pages) -> Int64:
    """The numbers of the entities that records are about or tie."""
    others = [number for _, _, _, *ends in tied[1][0] for i in range(3, len(ends), 3) for number in ends[i : i + 2]]
    return np.unique(np.concatenate([said[0][0], tied[0][3], tied[0][4], np.array(others, dtype=np.int64)]))


def _base(database: Database, found: _Found, about_them: _Pages, keyed: Future[_Pages], tied: Future[_Pages]) -> Base:
    """Assemble the columns while the ties are still being read."""
    eids, ids, owner, owners = found
    place = np.zeros(int(eids.max(initial=0)) + 1, dtype=np.int32)
    place[eids] = np.arange(len(eids), dtype=np.int32)
    said, (schemata, claimed) = about_them
    known = shapes(database)
    many, flat = np.fromiter(map(len, claimed), dtype=np.int64) // 3, list(chain.from_iterable(claimed))
    names = tuple(sorted({*schemata, *flat[::3], *chain(*(shape[:3] for shape in known.values()))}))
    number = {name: np.int16(i) for i, name in enumerate(names)}
    record = _records(*keyed.result())
    said[1] = record.of(said[1])
    about = _about(said, np.fromiter(map(number.__getitem__, schemata), dtype=np.int16), place)
    values, claims = _claims(said, many, flat, place, number)
    first, (others,) = tied.result()
    ties = _ties(first, others, place, record, [fields_of_shapes(known, field, number) for field in (0, 1, 2)])
    columns = Columns(
        ids=ids,
        number=eids,
        records=record.numbers,
        dataset=owner,
        datasets=owners,
        names=names,
        values=values,
        about=about,
        ties=ties,
        claims=claims,
        present=presence(len(ids), about, ties),
    )
    return base_of(columns, record.keys)


def _pages(database: Database, query: LiteralString, of: range, numbers: int, **asked: Any) -> _Pages:
    """The columns of all pages of a query for some numbers: the first `numbers` as arrays, the others as lists.

    Each page is packed into arrays as it arrives, so that its numbers are never all Python objects at once.
    """
    pages = database.row_of_each(
        query,
        [{**asked, "first": first, "end": first + _PAGE} for first in of[::_PAGE] or [of.start]],
        lambda page: (np.array(page[:numbers], dtype=np.int64), page[numbers:]),
    )
    packed, others = zip(*pages, strict=True)
    return np.concatenate(packed, axis=1), [list(chain.from_iterable(column)) for column in zip(*others, strict=True)]


def _entities(database: Database, query: LiteralString, of: range, **asked: Any) -> _Found:
    """The numbers, ids and datasets of entities, ordered by id, and the datasets by number."""
    (eids, dids), (found,) = _pages(database, query, of, 2, **asked)
    ids = np.array(found, dtype="S20")
    order = np.argsort(ids)
    known = sorted((dataset, did) for did, dataset in datasets(database).items())
    number = np.zeros(max((did for _, did in known), default=0) + 1, dtype=np.int32)
    for i, (_, did) in enumerate(known):
        number[did] = i
    return eids[order], ids[order], number[dids[order]], tuple(dataset for dataset, _ in known)


def fields_of_shapes(known: Mapping[int, Shape], field: int, number: Mapping[str, np.int16]) -> Int16:
    """The number of one field (schema or role) of each shape."""
    numbers = np.zeros(max(known, default=0) + 1, dtype=np.int16)
    for shape, said in known.items():
        numbers[shape] = number[str(said[field])]
    return numbers


def _records(numbers: Int64, keys: list[list[str]]) -> KeyOrder:
    """Records in the order of their keys."""
    return in_order_of_keys(numbers[0], np.frombuffer(bytes.fromhex("".join(keys[0])), dtype="S16"))


def _about(said: Int64, schema: Int16, place: Int32) -> About:
    """Records about entities, in the order of their keys."""
    entity, record, vis = said
    return about_in_order(About(place[entity], schema, record, vis.astype(np.int32)))


def _claims(
    said: Int64, many: Int64, flat: list[str], place: Int32, number: Mapping[str, np.int16]
) -> tuple[SortedTexts, Claims]:
    """The texts and rows of claims, `many[i]` of them for record i, with the entity and class of their record.

    `flat` has the kind, value and scope of each claim in turn.
    """
    entity, record, vis = np.repeat(said, many, axis=1)
    kind = np.fromiter(map(number.__getitem__, flat[::3]), dtype=np.int16, count=len(record))
    texts = [""] * (2 * len(record))
    texts[::2], texts[1::2] = flat[1::3], flat[2::3]
    return claims_in_order(kind, texts, place[entity], record, vis.astype(np.int32))


def _ties(first: Int64, others: list[Any], place: Int32, record: KeyOrder, fields: Sequence[Int16]) -> Ties:
    """All ties: the `first` of each record, and the others from `Record.ties` (day, then a, b, shape for each)."""
    rid, vis, day, a, b, shape = every_tie(first, others)
    schema, role_a, role_b = (field[shape] for field in fields)
    return ties_in_order(
        Ties(
            place[a],
            place[b],
            role_a,
            role_b,
            schema,
            known_day(day),
            record.of(rid),
            vis.astype(np.int32),
        )
    )


def every_tie(first: Int64, others: Sequence[list[int]]) -> Int64:
    """Record, class, day, `a`, `b` and shape of all ties: the `first` of each record, and its others.

    `others` has the record, the class, and `Record.ties` (day, then a, b, shape for each) of records with several.
    """
    more = [(rid, vis, day, *ends[i : i + 3]) for rid, vis, day, *ends in others for i in range(3, len(ends), 3)]
    return np.append(first, np.array(more, dtype=np.int64).reshape(-1, 6).T, axis=1)


def known_day(day: Int64) -> Int32:
    """Days as columns have them."""
    return np.where(day == UNKNOWN_DAY, NO_DAY, day).astype(np.int32)
