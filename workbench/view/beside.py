"""Entities by an identifier, and the common values beside some entities."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from workbench.model.asked import texts
from workbench.view.access import answer
from workbench.view.sharing import Sharing
from workbench.view.view import View

LISTED = -1


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
    source, place = view._source()
    start = np.unique(np.array([place(each, "entities") for each in texts(entities, "entities")], dtype=np.int64))
    near = np.union1d(start, source.steps(start).far)
    ids = dict(zip(source.ids(near), near.tolist(), strict=True))
    ways = {each: LISTED for each in ids if each in listed}
    for number, sharing in enumerate(sharings):
        others = {each: at for each, at in ids.items() if each not in ways}
        common = source.common([sharing])(np.array(list(others.values()), dtype=np.int64))
        ways.update({each: number for each, is_common in zip(others, common.tolist(), strict=True) if is_common})
    return dict(sorted(ways.items()))
