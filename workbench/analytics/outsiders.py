"""Who is no subject of an analysis of positions: victims, witnesses, officers, lawyers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from workbench.model.text import fold
from workbench.resolve.patterns import is_of
from workbench.store.columns import Bool
from workbench.store.snapshot import Snapshot
from workbench.store.view import View

_AT_ONCE = 20_000  # records read together


def outsiders(view: View, capacities: Mapping[str, Sequence[str]]) -> Bool:
    """Which entities of the view's snapshot are outsiders, as records of this view say.

    Those of one of `schemata`, and those whom an Involvement calls by one of `outsiders`;
    but nobody whom another calls by one of `subjects`.
    """
    snapshot = view.snapshot()
    out, subjects = set(capacities["outsiders"]), set(capacities["subjects"])
    found = is_of(snapshot, capacities["schemata"])
    for position, said in _capacities(view, snapshot).items():
        if said & subjects:
            continue
        if said & out:
            found[position] = True
    return found


def _capacities(view: View, snapshot: Snapshot) -> dict[int, set[str]]:
    """The capacities in which each entity is involved in something."""
    who = _involved(snapshot)
    records = sorted(who)
    keys = snapshot.keys_of(records)
    by_key = {keys[record]: who[record] for record in records}
    found: dict[int, set[str]] = defaultdict(set)
    wanted = sorted(by_key)
    for start in range(0, len(wanted), _AT_ONCE):
        for each in view.records(wanted[start : start + _AT_ONCE]):
            said = {fold(value) for value in each.record.values().get("capacity", ())}
            for position in by_key[each.key]:
                found[position] |= said
    return found


def _involved(snapshot: Snapshot) -> dict[int, set[int]]:
    """By record, the entities that it calls involved; also where it ties them to nothing."""
    columns = snapshot.columns
    ties, role = columns.ties, columns.name_number("involved")
    of = ties.schema == columns.name_number("Involvement")
    found: dict[int, set[int]] = defaultdict(set)
    for ends, roles in ((ties.a, ties.role_a), (ties.b, ties.role_b)):
        rows = of & (roles == role)
        positions = np.searchsorted(snapshot.nodes, snapshot.identity.canonical[ends[rows]])
        for record, position in zip(ties.record[rows].tolist(), positions.tolist(), strict=True):
            found[record].add(position)
    return found
