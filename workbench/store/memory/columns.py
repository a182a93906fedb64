"""Base columns of a revision, from the rows of its records."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from workbench.model.ids import entity_id
from workbench.store.assembly import KeyOrder, about_in_order, claims_in_order, in_order_of_keys, ties_in_order
from workbench.store.columns import About, Base, Columns, Ties, presence
from workbench.store.dump_rows import EntityRow, RecordRow
from workbench.store.memory.tables import Tables
from workbench.store.moving import rows_of
from workbench.store.rows import Row, claims, pairs_and_day

_Said = Sequence[tuple[RecordRow, Row]]


def read_base(tables: Tables, revision: int) -> Base:
    """The base columns of a revision, of all visibility classes."""
    records = [row for row in tables.rows(RecordRow) if row.rev_from <= revision and row.rev_to > revision]
    by_number = tables.datasets()
    datasets = sorted(by_number.values(), key=lambda each: (each.agency, each.name))
    entities = sorted(tables.rows(EntityRow), key=lambda row: row.id)
    said = list(zip(records, rows_of(records, by_number, tables.markings()), strict=True))
    order, names = _order(records), sorted({name for _, row in said for name in _names(row)})
    place = {row.id: place for place, row in enumerate(entities)}
    number = {name: number for number, name in enumerate(names)}
    entity, kind, record, vis = _arrays(_about(said, place, number), "i4,i2,i8,i4")
    about = about_in_order(About(entity, kind, order.of(record), vis))
    a, b, role_a, role_b, kind, day, record, vis = _arrays(_ties(said, place, number), "i4,i4,i2,i2,i2,i4,i8,i4")
    ties = ties_in_order(Ties(a, b, role_a, role_b, kind, day, order.of(record), vis))
    kind, entity, record, vis = _arrays(_claims(said, place, number), "i2,i4,i8,i4")
    texts = [text for _, row in said for _, *both in claims(row) for text in both]
    values, claimed = claims_in_order(kind, texts, entity, order.of(record), vis)
    columns = Columns(
        ids=np.array([row.id for row in entities], dtype="S20"),
        number=np.array([row.eid for row in entities], dtype=np.int64),
        records=order.numbers,
        dataset=np.array([datasets.index(by_number[row.did]) for row in entities], dtype=np.int32),
        datasets=tuple(datasets),
        names=tuple(names),
        values=values,
        about=about,
        ties=ties,
        claims=claimed,
        present=presence(len(entities), about, ties),
    )
    return Base(columns, order.keys)


def _order(records: Sequence[RecordRow]) -> KeyOrder:
    keys = np.array([bytes.fromhex(row.key) for row in records], dtype="S16")
    return in_order_of_keys(np.array([row.rid for row in records], dtype=np.int64), keys)


def _arrays(rows: Iterator[tuple[int, ...]], kinds: str) -> list[Any]:
    """One array for each field of the rows; `kinds` has their numpy types."""
    table = np.fromiter(rows, dtype=np.dtype(kinds))
    return [table[field].copy() for field in table.dtype.names or ()]


def _names(row: Row) -> Iterator[str]:
    """Schema, roles and kinds of claims of a record."""
    yield row.record.schema
    yield from (role.name for pair in pairs_and_day(row)[0] for role in pair)
    yield from (claim.kind for claim in claims(row))


def _entity(row: Row, ref: str) -> str:
    dataset = row.record.dataset
    return entity_id(dataset.agency, dataset.name, ref)


def _about(said: _Said, place: dict[str, int], number: dict[str, int]) -> Iterator[tuple[int, ...]]:
    for record, row in said:
        if not row.is_relationship:
            yield place[_entity(row, record.source_id)], number[row.record.schema], record.rid, record.vis


def _ties(said: _Said, place: dict[str, int], number: dict[str, int]) -> Iterator[tuple[int, ...]]:
    for record, row in said:
        pairs, day = pairs_and_day(row)
        for (role_a, a), (role_b, b) in pairs:
            ends = place[_entity(row, a)], place[_entity(row, b)], number[role_a], number[role_b]
            yield *ends, number[row.record.schema], day, record.rid, record.vis


def _claims(said: _Said, place: dict[str, int], number: dict[str, int]) -> Iterator[tuple[int, ...]]:
    for record, row in said:
        for claim in claims(row):
            yield number[claim.kind], place[_entity(row, record.source_id)], record.rid, record.vis
