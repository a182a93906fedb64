"""Which of some entities are common: counted around them alone, and only as far as is needed."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from workbench.model.numbers import Place
from workbench.model.ontology import ontology
from workbench.store.columns import Int64
from workbench.store.steps import Places
from workbench.view.parts import Parts
from workbench.view.patterns import TieIndex
from workbench.view.sharing import Sharing, distinct
from workbench.view.snapshot import Recorded

# Holders of one value that are identified at once, for each that may differ.
_AT_ONCE = 4


def common_among(parts: Parts, places: Places, sharings: Sequence[Sharing]) -> Mapping[Place, int]:
    """Those of some entities that are common, each with the index of the first way in which it is."""
    least = min((each.limit for each in sharings), default=0)
    busy = places[parts.tied(places) > least]
    schemata, common = _schemata(parts, busy), dict[Place, int]()
    for number, each in enumerate(sharings):
        fitting = [place for place in schemata if place not in common and each.fits(schemata[place])]
        common.update(dict.fromkeys(_shared(parts, np.array(fitting, dtype=np.int64), each), number))
    return common


def _schemata(parts: Parts, places: Places) -> dict[Place, str]:
    """The schema of each entity; "" for a stub."""
    about, names = parts.lookups.about(parts.met.members(places)[0]), parts.lookups.names()
    said: dict[int, set[str]] = {place: set() for place in places.tolist()}
    for place, schema in zip(parts.met.places(about.entity).tolist(), about.schema.tolist(), strict=True):
        said[place].add(names[schema])
    return {Place(place): ontology().narrowest(each) if each else "" for place, each in said.items()}


def _shared(parts: Parts, places: Places, sharing: Sharing) -> Iterable[Place]:
    """Those of some entities that more than the limit hold."""
    if not len(places):
        return
    members, _ = parts.met.members(places)
    ties = parts.lookups.ties(members, sharing.names())
    tied = Recorded(tuple(parts.lookups.names()), ties.a, ties.b, ties.role_a, ties.role_b, ties.schema)
    pairs = TieIndex(tied).find(sharing.ties)
    pairs = pairs.take(np.isin(pairs.y, members))
    value, holder = distinct(pairs.y.astype(np.int64), pairs.x.astype(np.int64))
    place = parts.met.places(value)
    for each in np.unique(place).tolist():
        if _differ(parts, each, np.unique(holder[place == each]), sharing.limit):
            yield Place(each)


def _differ(parts: Parts, value: int, holders: Int64, limit: int) -> bool:
    """Whether more than `limit` entities other than the value are among the holders, whose number is at least that."""
    found, step = set[int](), _AT_ONCE * (limit + 1)
    for start in range(0, len(holders) if len(holders) > limit else 0, step):
        found.update(parts.met.places(holders[start : start + step]).tolist())
        if len(found - {value}) > limit:
            return True
    return False
