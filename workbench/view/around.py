"""What a drawing of some entities needs to know: the ties among them, and who is around them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from workbench.model.asked import texts
from workbench.store.steps import Places
from workbench.view.access import answer
from workbench.view.source_of import source_of
from workbench.view.view import View
from workbench.view.walk_sources import InParts, InSnapshot
from workbench.view.walking import Source, Walk


class Neighbour(NamedTuple):
    """An entity tied to another one by relationships of a schema; `schema` is its own, "Thing" for a stub."""

    entity: str
    neighbour: str
    schema: str
    relationship: str


@answer
def among(view: View, entities: Sequence[str]) -> Walk:
    """Those of some entities that are in this view, and all ties among them."""
    source = source_of(view)
    places = _known(source, entities)
    steps = source.bridges(places, places)
    return Walk(source, source.in_order(places), steps.take(steps.near < steps.far))


@answer
def around(view: View, entities: Sequence[str], without: Sequence[str] = ()) -> tuple[Neighbour, ...]:
    """The neighbours of some entities, each once for every schema of its relationships, in order of ids and schemata.

    Entities that are not in this view have none. Those in `without` are left out.
    """
    source = _in_arrays(view)
    places, left_out = _known(source, entities), _known(source, without)
    steps = source.steps(places)
    steps = steps.take(~np.isin(steps.far, left_out))
    rows = np.unique(np.stack([steps.near, steps.far, source.relationships(steps)], axis=1), axis=0)
    met = np.unique(rows[:, :2])
    ids, names = dict(zip(met.tolist(), source.ids(met), strict=True)), source.names()
    schemata = source.schemata(np.unique(rows[:, 1]))
    return tuple(sorted(Neighbour(ids[a], ids[b], schemata[b], names[schema]) for a, b, schema in rows.tolist()))


@answer
def ties_with(view: View, entities: Sequence[str], others: Sequence[str]) -> Mapping[str, int]:
    """How many ties each of some entities has with any of some others; entities without one are left out."""
    source = _in_arrays(view)
    wanted = _known(source, entities)
    found, n = np.unique(source.bridges(_known(source, others), wanted).far, return_counts=True)
    return dict(sorted(zip(source.ids(found), n.tolist(), strict=True)))


def _in_arrays(view: View) -> InParts | InSnapshot:
    """The source that knows the schemata of entities and ties."""
    parts = view._parts()
    return InSnapshot(view.snapshot()) if parts is None else InParts(parts)


def _known(source: Source, entities: Sequence[str]) -> Places:
    """The numbers of those entities that a source has, each once."""
    places = np.unique(source.find(texts(entities, "entities")))
    return places[places >= 0]
