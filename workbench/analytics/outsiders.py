"""Who is no subject of positions and predictions, in any projection: victims, witnesses, officers, lawyers.

They stay in paths, and in the money that is followed.
"""

from collections import defaultdict

from workbench.model.numbers import Place, RecordNumber
from workbench.model.text import fold
from workbench.resolve.patterns import is_of
from workbench.store.columns import Bool
from workbench.view.asking import question
from workbench.view.snapshot import Snapshot
from workbench.view.view import View

# In these capacities somebody is an outsider of an event, unless he is a subject of it or of another.
_OUTSIDERS = frozenset({"victim", "witness", "officer", "lawyer"})
_SUBJECTS = frozenset({"suspect", "convicted"})
_SCHEMATA = ("Officer",)  # who is one of these is an outsider whatever else is said

_AT_ONCE = 20_000  # records read together


@question
def outsiders(view: View) -> Bool:
    """Which entities of the view's snapshot are outsiders, as records of this view say.

    Officers by their schema, and those whom an Involvement calls victim, witness, officer or
    lawyer; but nobody whom another calls suspect or convicted.
    """
    snapshot = view.snapshot()
    found = is_of(snapshot, _SCHEMATA)
    for position, said in _capacities(view, snapshot).items():
        if said & _OUTSIDERS and not said & _SUBJECTS:
            found[position] = True
    return found


def _capacities(view: View, snapshot: Snapshot) -> dict[Place, set[str]]:
    """The capacities in which each entity is involved in something."""
    who = _involved(snapshot)
    records = sorted(who)
    keys = snapshot.keys_of(records)
    by_key = {keys[record]: who[record] for record in records}
    found: dict[Place, set[str]] = defaultdict(set)
    wanted = sorted(by_key)
    for start in range(0, len(wanted), _AT_ONCE):
        for each in view.records(wanted[start : start + _AT_ONCE]):
            said = {fold(value) for value in each.record.values().get("capacity", ())}
            for position in by_key[each.key]:
                found[position] |= said
    return found


def _involved(snapshot: Snapshot) -> dict[RecordNumber, set[Place]]:
    """By record, the entities that it calls involved; also where it ties them to nothing."""
    found: dict[RecordNumber, set[Place]] = defaultdict(set)
    for record, position in snapshot.filling("Involvement", "involved"):
        found[record].add(position)
    return found
