"""Scores of pairs from the rows of a store in memory, and what records say about facets."""

from collections import Counter
from collections.abc import Collection, Iterator

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
    return Scores(pairs_of([row[:8] for row in pairs]), tally, "".join(models))


def said_at(tables: Tables, revision: int) -> set[tuple[int, int]]:
    """See `Transaction.said_at`."""
    rows = tables.rows(RecordRow)
    return said_by(tables, {row.rid for row in rows if revision in (row.rev_from, row.rev_to)})


def said_by(tables: Tables, records: Collection[int]) -> set[tuple[int, int]]:
    """See `Transaction.said_by`."""
    numbers = {row.id: row.eid for row in tables.rows(EntityRow)}
    every = [row for row in tables.rows(RecordRow) if row.rev_to > row.rev_from]
    made = dict(zip(every, rows_of(every, tables.datasets(), tables.markings()), strict=True))
    said = set[tuple[int, int]]()
    things = set[tuple[int, int]]()
    for row in every:
        if row.rid in records:
            about = set() if made[row].is_relationship else {made[row].record.entity}
            named = about.union(*_ties(made[row]))
            said |= {(numbers[each], row.vis) for each in named}
            if made[row].record.schema in HELD:
                things.add((numbers[made[row].record.entity], row.vis))
    for row in every:
        for pair in _ties(made[row]):
            ends = {(numbers[each], row.vis) for each in pair}
            if ends & things:
                said |= ends
    return said


def _ties(row: Row) -> Iterator[tuple[str, str]]:
    """The ids of the entities at both ends of each tie of a record."""
    return ((row.record.referent(a.ref), row.record.referent(b.ref)) for a, b in pairs_and_day(row)[0])
