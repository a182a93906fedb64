"""Counts of a view's content."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.model.ontology import ontology
from workbench.store.assembly import used_of
from workbench.store.columns import Bool, Columns, Int64
from workbench.view.identity import Identity
from workbench.view.joins import Joins
from workbench.view.scored import NOBODY
from workbench.view.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of a view: `entities` by schema before resolution, `canonical` after it.

    `relationships` counts records by schema, `ties` pairs of roles, `stubs` entities that are only
    referred to, `agencies` and `datasets` records by name.
    """

    revision: str
    records: int
    entities: dict[str, int]
    relationships: dict[str, int]
    ties: int
    stubs: int
    canonical: int
    agencies: dict[str, int]
    datasets: dict[str, int]


def overview(columns: Columns, identity: Identity, revision: str) -> Stats:
    """The counts of a view's masked columns."""
    known = ontology()
    schema = Snapshot(columns, _nobody_joined(columns), (), lambda numbers: {}).schema
    is_relationship = np.array([n in known.schemata and known.is_relationship(n) for n in columns.names] or [False])
    rows = np.flatnonzero(is_relationship[columns.ties.schema])
    rows = rows[_first_of_runs(columns.ties.record[rows])]
    owner = np.concatenate([columns.dataset[columns.about.entity], columns.dataset[columns.ties.a[rows]]])
    return Stats(
        revision=revision,
        records=len(columns.about.record) + len(rows),
        entities=_counted(schema[schema >= 0], columns.names),
        relationships=_counted(columns.ties.schema[rows], columns.names),
        ties=int((columns.ties.a != columns.ties.b).sum()),
        stubs=int((schema < 0).sum()),
        canonical=int(used_of(len(columns.ids), identity.canonical[columns.present]).sum()),
        agencies=_counted(owner, [each.agency for each in columns.datasets]),
        datasets=_counted(owner, list(map(str, columns.datasets))),
    )


def _first_of_runs(records: Int64) -> Bool:
    """A mask of the first row of each record; rows of a record are side by side."""
    first = np.ones(len(records), dtype=bool)
    first[1:] = records[1:] != records[:-1]
    return first


def _counted(numbers: NDArray[np.integer[Any]], names: Sequence[str]) -> dict[str, int]:
    """How many of the numbers each name has, in the order of names."""
    counts = Counter[str]()
    for number, n in enumerate(np.bincount(numbers, minlength=len(names)).tolist()):
        counts[names[number]] += n
    return {name: n for name, n in sorted(counts.items()) if n}


def _nobody_joined(columns: Columns) -> Identity:
    none = np.zeros(0, dtype=np.int64)
    return Identity(np.arange(len(columns.ids), dtype=np.int32), Joins(columns, none, none, NOBODY, ()), (), ())
