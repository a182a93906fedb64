"""Counts of a view's content."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from workbench.model.ontology import ontology
from workbench.store.columns import Columns
from workbench.view.identity import Identity
from workbench.view.joins import Joins
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
    alone = Snapshot(columns, _nobody_joined(columns), (), lambda numbers: {})
    entities = Counter(name for name, number in zip(alone.schemata, alone.schema.tolist(), strict=True) if number >= 0)
    is_relationship = np.array([n in known.schemata and known.is_relationship(n) for n in columns.names] or [False])
    rows = is_relationship[columns.ties.schema]
    records, first = np.unique(columns.ties.record[rows], return_index=True)
    schemata = columns.ties.schema[rows][first]
    owner = np.concatenate([columns.dataset[columns.about.entity], columns.dataset[columns.ties.a[rows][first]]])
    datasets = Counter(str(columns.datasets[number]) for number in owner.tolist())
    agencies: Counter[str] = Counter()
    for number, n in zip(*np.unique(owner, return_counts=True), strict=True):
        agencies[columns.datasets[number].agency] += int(n)
    return Stats(
        revision=revision,
        records=len(columns.about.record) + len(records),
        entities=_sorted(entities),
        relationships=_sorted(Counter(columns.names[number] for number in schemata.tolist())),
        ties=int((columns.ties.a != columns.ties.b).sum()),
        stubs=int((alone.schema < 0).sum()),
        canonical=len(np.unique(identity.canonical[columns.present])),
        agencies=_sorted(agencies),
        datasets=_sorted(datasets),
    )


def _nobody_joined(columns: Columns) -> Identity:
    none = np.zeros(0, dtype=np.int64)
    return Identity(np.arange(len(columns.ids), dtype=np.int32), Joins(columns, none, none, ()), (), ())


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))
