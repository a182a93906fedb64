"""Where entities may have to be kept apart (design §7): by vetoes, or by people's judgement `different`."""

import numpy as np

from workbench.model.claims import DOCUMENTS
from workbench.store.columns import Bool, Claims, Columns, Int32, Int64
from workbench.view.births import TWO_YEARS, Births
from workbench.view.joining import among
from workbench.view.joins import Joins
from workbench.view.settling import Apart
from workbench.view.traits import Telling, kinds_of


def conflicted(columns: Columns, labels: Int32, joins: Joins, apart: Apart) -> tuple[Bool, Telling]:
    """Which labels are those of components in which two entities may have to be kept apart, and what may do it.

    A quick test that errs on the safe side: `settle` then examines these components.
    """
    joined = np.zeros(len(columns.ids), dtype=bool)
    joined[joins.a] = True
    joined[joins.b] = True
    a, b = labels[np.array(list(apart), dtype=np.int64).reshape(-1, 2)].T
    several = {kind: _several(columns, labels, joined, kind) for kind in sorted(_TWO.keys() & set(columns.names))}
    found = [_TWO[kind](columns, labels, columns.claims.at(rows)) for kind, rows in several.items() if len(rows)]
    persons, others = (joined & each for each in kinds_of(columns))
    both = among(len(labels), labels[np.flatnonzero(persons)]) & among(len(labels), labels[np.flatnonzero(others)])
    doubtful = both | among(len(labels), np.concatenate([a[a == b], *found]))
    kinds = persons & both[labels], others & both[labels]
    return doubtful, Telling(columns, np.concatenate([np.zeros(0, np.int64), *several.values()]), kinds)


def _several(columns: Columns, labels: Int32, joined: Bool, kind: str) -> Int64:
    """The claims of a kind, by their rows, in components in which two different values of it are claimed."""
    claims, number = columns.claims, columns.name_number(kind)
    first, last = np.searchsorted(claims.kind, [number, number + 1])  # claims are in order of kinds
    entity, value = claims.entity[first:last], claims.value[first:last]
    rows = np.flatnonzero(joined[entity])
    label, value = labels[entity[rows]], value[rows]
    said = np.zeros(len(labels), dtype=np.int32)
    said[label] = value
    several = among(len(labels), np.compress(said[label] != value, label))
    found: Int64 = first + np.compress(several[label], rows)
    return found


def _two_sexes(columns: Columns, labels: Int32, claims: Claims) -> Int32:
    """Components with two sexes, by claims of these where there are several."""
    return labels[claims.entity]


def _two_documents(columns: Columns, labels: Int32, claims: Claims) -> Int32:
    """Components with two documents of one kind, by claims of it, one issuer and one agency."""
    agencies = {agency: number for number, agency in enumerate(sorted({each.agency for each in columns.datasets}))}
    by_dataset = np.array([agencies[each.agency] for each in columns.datasets], dtype=np.int32)
    keys = (labels[claims.entity], claims.scope, by_dataset[columns.dataset[claims.entity]])
    order = np.lexsort(keys)
    same = np.logical_and.reduce([key[order][1:] == key[order][:-1] for key in keys])
    value = claims.value[order]
    two: Int32 = keys[0][order][1:][same & (value[1:] != value[:-1])]
    return two


def _two_births(columns: Columns, labels: Int32, claims: Claims) -> Int32:
    """Components whose birth dates, by claims of these, may be more than two years apart."""
    label, value = labels[claims.entity], claims.value.astype(np.int64)
    first, last = Births.of(columns.values, value).spans(value)
    latest, earliest = np.zeros(len(labels), np.int64), np.full(len(labels), 10**8)
    np.maximum.at(latest, label, first)
    np.minimum.at(earliest, label, last)
    return np.flatnonzero(latest - earliest > TWO_YEARS).astype(np.int32)


# Components in which claims of a kind that can keep entities apart may do so.
_TWO = {"sex": _two_sexes, "birth": _two_births, **dict.fromkeys(DOCUMENTS, _two_documents)}
