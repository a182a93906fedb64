"""Which of some entities are common: counted around them alone, and only as far as is needed."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from workbench.model.numbers import Place
from workbench.model.ontology import ontology
from workbench.store.columns import Int64, Ties
from workbench.store.steps import Places
from workbench.view.parts import Parts
from workbench.view.patterns import TieIndex
from workbench.view.sharing import NOT_COMMON, Sharing, distinct
from workbench.view.snapshot import Recorded

# Ties of one value that are read, and holders that are identified, at once, for each that may differ. Where those don't
# show it, so many times as many ties are read.
_AT_ONCE, _MORE = 4, 8

_NONE: Int64 = np.zeros(0, dtype=np.int64)


def ways_among(parts: Parts, places: Places, sharings: Sequence[Sharing]) -> Places:
    """The index of the first way in which each of some entities is common; NOT_COMMON without any."""
    least = min((each.limit for each in sharings), default=0)
    busy = places[parts.tied(places) > least] if sharings else places[:0]
    schemata, common = schemata_of(parts, busy), dict[Place, int]()
    for way, each in enumerate(sharings):
        fitting = [place for place in schemata if place not in common and each.fits(schemata[place])]
        common.update(dict.fromkeys(_shared(parts, np.array(fitting, dtype=np.int64), each), way))
    return np.array([common.get(Place(place), NOT_COMMON) for place in places.tolist()], dtype=np.int64)


def schemata_of(parts: Parts, places: Places) -> dict[Place, str]:
    """The schema of each entity, by its place in `parts.met`; "" for a stub."""
    about, names = parts.lookups.about(parts.met.members(places)[0]), parts.lookups.names()
    said: dict[int, set[str]] = {place: set() for place in places.tolist()}
    for place, schema in zip(parts.met.places(about.entity).tolist(), about.schema.tolist(), strict=True):
        said[place].add(names[schema])
    return {Place(place): ontology().narrowest(each) if each else "" for place, each in said.items()}


def _shared(parts: Parts, places: Places, sharing: Sharing) -> Iterator[Place]:
    """Those of some entities that more than the limit hold: of each, as many ties are read as show it."""
    names, most = sharing.names(), _AT_ONCE * (sharing.limit + 1)
    while len(places):
        members, _ = parts.met.members(places)
        ties = parts.lookups.some_ties(members, names, most)
        shared = _held_by_many(parts, members, ties, sharing)
        yield from shared
        ends = [np.unique(end[np.isin(end, members)], return_counts=True) for end in (ties.a, ties.b)]
        with_more = np.concatenate([entities[many >= most] for entities, many in ends])
        places, most = np.setdiff1d(parts.met.places(with_more), shared), most * _MORE


def _held_by_many(parts: Parts, members: Int64, ties: Ties, sharing: Sharing) -> list[Place]:
    """Those whose referents are some members, and which more than the limit hold by these ties alone."""
    tied = Recorded(tuple(parts.lookups.names()), ties.a, ties.b, ties.role_a, ties.role_b, ties.schema)
    pairs = TieIndex(tied).find(sharing.ties)
    pairs = pairs.take(np.isin(pairs.y, members))
    value, holder = distinct(pairs.y.astype(np.int64), pairs.x.astype(np.int64))
    place = parts.met.places(value)
    holders = {Place(each): np.unique(holder[place == each]) for each in np.unique(place).tolist()}
    return _differing(parts, holders, sharing.limit)


def _differing(parts: Parts, holders: Mapping[Place, Int64], limit: int) -> list[Place]:
    """The values of which more than `limit` holders are different entities, and not the value itself."""
    step = _AT_ONCE * (limit + 1)
    found: dict[Place, set[int]] = {each: set() for each, held in holders.items() if len(held) > limit}
    for start in range(0, max((len(holders[each]) for each in found), default=0), step):
        some = {each: holders[each][start : start + step] for each in found if len(found[each]) <= limit}
        parts.met.places(np.concatenate([_NONE, *some.values()]))  # who they are is asked once for all
        for each, held in some.items():
            found[each].update(set(parts.met.places(held).tolist()) - {each})
    return [each for each in found if len(found[each]) > limit]
