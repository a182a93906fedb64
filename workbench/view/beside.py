"""Entities by an identifier, and the common values beside some entities."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from workbench.model.asked import texts
from workbench.store.steps import Places
from workbench.view.access import answer
from workbench.view.sharing import NOT_COMMON, Sharing
from workbench.view.source_of import source_of
from workbench.view.view import View
from workbench.view.walk_sources import places_in
from workbench.view.walking import Source

LISTED = -2


@answer
def identified(view: View, kind: str, value: str) -> tuple[str, ...]:
    """The canonical ids of all entities with an identifier, given its kind and normal form, in order."""
    parts = view._parts()
    part = parts.claiming((kind, value)) if parts else view._all()
    return tuple(part.columns.ids_of(np.unique(part.identity.canonical[part.claiming(kind, value)])))


@answer
def shared_beside(
    view: View, entities: Sequence[str], sharings: Sequence[Sharing], listed: Collection[str] = ()
) -> Mapping[str, int]:
    """The common entities tied to some entities, or among them: id -> the first way in which each is common.

    A way is an index of `sharings`, or LISTED for a canonical id in `listed`.
    """
    source = source_of(view)
    start = np.unique(np.array(places_in(source, entities, "entities"), dtype=np.int64))
    return _shared(source, np.union1d(start, source.steps(start).far), sharings, listed)


@answer
def shared_among(
    view: View, entities: Sequence[str], sharings: Sequence[Sharing], listed: Collection[str] = ()
) -> Mapping[str, int]:
    """The common ones among some entities, as for `shared_beside`; those that are not in this view are left out."""
    source = source_of(view)
    places = np.unique(source.find(texts(entities, "entities")))
    return _shared(source, places[places >= 0], sharings, listed)


def _shared(source: Source, places: Places, sharings: Sequence[Sharing], listed: Collection[str]) -> Mapping[str, int]:
    ids = {at: each for each, at in zip(source.ids(places), places.tolist(), strict=True)}
    ways = {each: LISTED for each in ids.values() if each in listed}
    others = np.array([at for at, each in ids.items() if each not in ways], dtype=np.int64)
    found = zip(others.tolist(), source.ways(sharings)(others).tolist(), strict=True)
    ways |= {ids[at]: way for at, way in found if way != NOT_COMMON}
    return dict(sorted(ways.items()))
