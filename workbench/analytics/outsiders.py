"""Outsiders: victims, witnesses, officers, lawyers and reporters, for whom no positions or predictions are computed.

They stay in paths, and in the money that is followed.
"""

from collections import defaultdict

from workbench.model.numbers import Place, RecordNumber
from workbench.model.text import fold
from workbench.store.columns import Bool
from workbench.view.asking import question
from workbench.view.patterns import is_of
from workbench.view.snapshot import Snapshot
from workbench.view.view import View

# These capacities make a person an outsider, unless he is a subject of this or any other event.
_OUTSIDERS = frozenset({"victim", "witness", "officer", "lawyer", "reporter"})
_SUBJECTS = frozenset({"suspect", "convicted"})
_SCHEMATA = ("Officer",)  # entities of these schemata are outsiders whatever else is said

_AT_ONCE = 20_000  # records read together


@question
def outsiders(view: View) -> Bool:
    """A mask over the snapshot's nodes: the outsiders, from the records of this view.

    They are officers by schema, and those whom an Involvement calls victim, witness, officer, lawyer or
    reporter (of a suspicion), unless another Involvement calls them suspect or convicted.
    """
    snapshot = view.snapshot()
    is_outsider = is_of(snapshot, _SCHEMATA)
    for position, said in _capacities(view, snapshot).items():
        if said & _OUTSIDERS and not said & _SUBJECTS:
            is_outsider[position] = True
    return is_outsider


def _capacities(view: View, snapshot: Snapshot) -> dict[Place, set[str]]:
    """The capacities in which each entity is involved."""
    who = _involved(snapshot)
    records = sorted(who)
    keys = snapshot.keys_of(records)
    by_key = {keys[record]: who[record] for record in records}
    capacities: dict[Place, set[str]] = defaultdict(set)
    wanted = sorted(by_key)
    for start in range(0, len(wanted), _AT_ONCE):
        for each in view.records(wanted[start : start + _AT_ONCE]):
            said = {fold(value) for value in each.record.values().get("capacity", ())}
            for position in by_key[each.key]:
                capacities[position] |= said
    return capacities


def _involved(snapshot: Snapshot) -> dict[RecordNumber, set[Place]]:
    """By record of an Involvement, the entities involved, even if it ties them to nothing."""
    involved: dict[RecordNumber, set[Place]] = defaultdict(set)
    for record, position in snapshot.filling("Involvement", "involved"):
        involved[record].add(position)
    return involved
