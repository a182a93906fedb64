"""Scores of pairs from the rows of a store in memory, and what records say about facets."""

from collections import Counter
from collections.abc import Collection, Iterator

from workbench.model.ids import entity_id
from workbench.store.dump_rows import EntityRow, FacetRow, ModelRow, PairRow, RecordRow
from workbench.store.memory.tables import Tables
from workbench.store.moving import rows_of
from workbench.store.rows import Row, pairs_and_day
from workbench.store.scores import HELD, Scores, model_for_views, pairs_of


def scores_at(tables: Tables, revision: int) -> Scores:
    """See `Backend.scores`."""
    pairs = [row for row in tables.rows(PairRow) if row.rev_from <= revision < row.rev_to]
    facets = [row for row in tables.rows(FacetRow) if row.rev_from <= revision < row.rev_to]
    models = [model_for_views(row.body) for row in tables.rows(ModelRow) if row.rev_from <= revision < row.rev_to]
    tally = Counter((row.kind, row.vis) for row in facets)
    return Scores(pairs_of([row[2:8] for row in pairs]), tally, "".join(models))


def said_at(tables: Tables, revision: int) -> set[tuple[int, int]]:
    """See `Transaction.said_at`."""
    rows = tables.rows(RecordRow)
    return _said(tables, {row.rid for row in rows if revision in (row.rev_from, row.rev_to)})


def said_by(tables: Tables, records: Collection[int]) -> set[int]:
    """See `Transaction.said_by`."""
    return {entity for entity, _ in _said(tables, records)}


def _said(tables: Tables, records: Collection[int]) -> set[tuple[int, int]]:
    numbers = {row.id: row.eid for row in tables.rows(EntityRow)}
    every = [row for row in tables.rows(RecordRow) if row.rev_to > row.rev_from]
    made = dict(zip(every, rows_of(every, tables.datasets(), tables.markings()), strict=True))
    said = set[tuple[int, int]]()
    things = set[tuple[int, int]]()
    for row in every:
        if row.rid in records:
            said.update((numbers[each], row.vis) for each in _ends(made[row]))
            if made[row].record.schema in HELD:
                things.add((numbers[made[row].record.entity], row.vis))
    for row in every:
        ends = {(numbers[each], row.vis) for each in _ends(made[row])}
        if ends & things:
            said |= ends
    return said


def _ends(row: Row) -> Iterator[str]:
    """The ids of the entities of which a record says something."""
    dataset = row.record.dataset
    if not row.is_relationship:
        yield row.record.entity
    for a, b in pairs_and_day(row)[0]:
        yield entity_id(dataset.agency, dataset.name, a.ref)
        yield entity_id(dataset.agency, dataset.name, b.ref)
