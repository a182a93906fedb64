"""What is compared when records were added: the facets that are new, and those that may be paired with them."""

from collections.abc import Sequence

import numpy as np

from workbench.model.normal.names import Kind
from workbench.resolve.scoring.engine import sharing_keys
from workbench.resolve.scoring.gathering import Present
from workbench.store.columns import Bool, Int64
from workbench.store.scores import Facets
from workbench.view.spoken import Before, Facet, forms_before, forms_before_of
from workbench.view.view import View


def not_compared(before: Before, every: Present) -> Bool:
    """A mask of the facets to compare with all others: all of entities of which one has not been compared with all."""
    standing, now = _codes(before.facets.take(~before.apart), every)
    return np.isin(every.entity, every.entity[~np.isin(now, standing)])


def beside(
    now: View, before: Before, compared: Present, forms: Sequence[str]
) -> tuple[dict[Facet, Kind], dict[Facet, str]]:
    """The kinds and the forms of those of some facets, compared before, that a pair with new ones may look at.

    These are all facets of the entities of which one has a key in common with a new one. `forms` are those of the new.
    """
    if not forms or not len(compared):
        return {}, {}
    found = np.isin(before.facets.number, sharing_keys(forms, forms_before(now)))
    entities = np.unique(before.facets.entity[found]).astype(np.int64)
    standing, mine = _codes(before.facets, compared)
    near = before.facets.take(np.isin(before.facets.entity, entities) & np.isin(standing, mine))
    said = forms_before_of(now, entities)
    kinds = Present(*(each.astype(np.int64) for each in (near.entity, near.vis, near.kind))).kinds()
    return kinds, {facet: said[number] for facet, number in zip(kinds, near.number.tolist(), strict=True)}


def _codes(standing: Facets, every: Present) -> tuple[Int64, Int64]:
    """A number for each facet of both tables: equal if entity, class and kind are."""
    classes = 1 + max(int(standing.vis.max(initial=0)), int(every.vis.max(initial=0)))
    one, other = ((each.entity.astype(np.int64) * classes + each.vis) * 2 + each.kind for each in (standing, every))
    return one, other
