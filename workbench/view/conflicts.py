"""Where entities may have to be kept apart (design §7): by vetoes, or by people's judgement `different`."""

from collections.abc import Iterable

import numpy as np

from workbench.model.claims import DOCUMENTS
from workbench.store.columns import Bool, Columns, Int32, Int64
from workbench.view.births import TWO_YEARS, Births
from workbench.view.joining import among
from workbench.view.joins import Joins, entities_of
from workbench.view.settling import Apart


def conflicted(columns: Columns, labels: Int32, joins: Joins, apart: Apart) -> Bool:
    """Which labels are those of components in which two entities may have to be kept apart.

    A quick test that errs on the safe side: `settle` then examines these components.
    """
    joined = np.zeros(len(columns.ids), dtype=bool)
    joined[joins.a] = True
    joined[joins.b] = True
    a, b = labels[np.array(list(apart), dtype=np.int64).reshape(-1, 2)].T
    persons, others = (labels[entities_of(columns, schema) & joined] for schema in ("Person", "Organization"))
    sexes = labels[columns.claims.entity[_several(columns, labels, joined, "sex")]]
    found = among(len(labels), persons) & among(len(labels), others)
    for some in (a[a == b], sexes, *_two_documents(columns, labels, joined), _two_births(columns, labels, joined)):
        found[some] = True
    return found


def _several(columns: Columns, labels: Int32, joined: Bool, kind: str) -> Int64:
    """The claims of a kind in components in which two different values of it are claimed."""
    claims = columns.claims
    rows = np.flatnonzero(claims.kind == columns.name_number(kind))
    rows = np.compress(joined[claims.entity[rows]], rows)
    label, value = labels[claims.entity[rows]], claims.value[rows]
    said = np.zeros(len(labels), dtype=np.int32)
    said[label] = value
    several = among(len(labels), np.compress(said[label] != value, label))
    return np.compress(several[label], rows)


def _two_documents(columns: Columns, labels: Int32, joined: Bool) -> Iterable[Int32]:
    """Components with two documents of one kind, issuer and agency."""
    agencies = {agency: number for number, agency in enumerate(sorted({each.agency for each in columns.datasets}))}
    by_dataset = np.array([agencies[each.agency] for each in columns.datasets], dtype=np.int32)
    for kind in sorted(DOCUMENTS):
        claims = columns.claims.at(_several(columns, labels, joined, kind))
        keys = (labels[claims.entity], claims.scope, by_dataset[columns.dataset[claims.entity]])
        order = np.lexsort(keys)
        same = np.logical_and.reduce([key[order][1:] == key[order][:-1] for key in keys])
        value = claims.value[order]
        yield keys[0][order][1:][same & (value[1:] != value[:-1])]


def _two_births(columns: Columns, labels: Int32, joined: Bool) -> Int64:
    """Components whose birth dates may be more than two years apart."""
    claims = columns.claims.at(_several(columns, labels, joined, "birth"))
    label, value = labels[claims.entity], claims.value.astype(np.int64)
    first, last = Births.of(columns.values, value).spans(value)
    latest, earliest = np.zeros(len(labels), np.int64), np.full(len(labels), 10**8)
    np.maximum.at(latest, label, first)
    np.minimum.at(earliest, label, last)
    return np.flatnonzero(latest - earliest > TWO_YEARS)
