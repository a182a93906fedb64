"""The groups that brokerage can be between: the agencies that hold records about an entity, the countries it is of."""

import numpy as np
from scipy.sparse import csr_array

from workbench.analytics.agencies import knowing
from workbench.analytics.brokerage import membership
from workbench.analytics.projection import Projection
from workbench.model.numbers import Place
from workbench.view.asking import question
from workbench.view.snapshot import Snapshot
from workbench.view.view import View

# Of which country somebody is: not where a person was born, nor who issued a document.
_COUNTRIES = ("country", "mainCountry", "jurisdiction", "nationality", "citizenship")
_AT_ONCE = 20_000  # records read together


@question
def groups_of(view: View, found: Projection, kind: str) -> csr_array:
    """The groups of each node of a projection: a row for each node, a column for each group in the order of names.

    `kind` is agencies (whose records are about one of the entity's referents) or countries (said in its records).
    """
    pairs = _agencies(found.snapshot) if kind == "agencies" else _countries(view, found)
    names = {name: number for number, name in enumerate(sorted({name for _, name in pairs}))}
    place = np.full(len(found.snapshot.nodes), -1)
    place[found.nodes] = np.arange(len(found.nodes))
    known = sorted({(int(place[node]), names[name]) for node, name in pairs if place[node] >= 0})
    rows = np.array(known, np.int64).reshape(-1, 2)
    return membership(len(found.nodes), rows[:, 0], rows[:, 1])


def _agencies(snapshot: Snapshot) -> set[tuple[Place, str]]:
    known = knowing(snapshot)
    pairs = zip(known.place.tolist(), known.agency.tolist(), strict=True)
    return {(Place(place), known.names[agency]) for place, agency in pairs}


def _countries(view: View, found: Projection) -> set[tuple[Place, str]]:
    """The countries said of each node, in any of its records."""
    places, records = found.snapshot.about
    here = np.isin(places, found.nodes)
    keys = found.snapshot.keys_of(sorted(set(records[here].tolist())))
    of: dict[str, list[Place]] = {}
    for place, record in zip(places[here].tolist(), records[here].tolist(), strict=True):
        of.setdefault(keys[record], []).append(Place(place))
    said: set[tuple[Place, str]] = set()
    wanted = sorted(of)
    for start in range(0, len(wanted), _AT_ONCE):
        for each in view.records(wanted[start : start + _AT_ONCE]):
            values = each.record.values()
            names = {name for prop in _COUNTRIES for name in values.get(prop, ())}
            said |= {(place, name) for place in of[each.key] for name in names}
    return said
