"""What is compared when records were added: the facets that are new, and those that may be paired with them."""

from collections.abc import Sequence

import numpy as np

from workbench.model.normal.names import Kind
from workbench.resolve.scoring.engine import sharing_keys
from workbench.resolve.scoring.gathering import Present
from workbench.store.columns import Bool
from workbench.view.spoken import Before, Facet, forms_before, forms_before_of
from workbench.view.view import View


def not_compared(before: Before, every: Present) -> Bool:
    """A mask of the facets to compare with all others: all of entities of which one has not been compared with all."""
    standing = before.facets.take(~before.apart)
    classes = 1 + max(int(standing.vis.max(initial=0)), int(every.vis.max(initial=0)))
    known, now = ((each.entity.astype(np.int64) * classes + each.vis) * 2 + each.kind for each in (standing, every))
    return np.isin(every.entity, every.entity[~np.isin(now, known)])


def beside(now: View, before: Before, forms: Sequence[str]) -> tuple[dict[Facet, Kind], dict[Facet, str]]:
    """The kinds and the forms of the facets that stand and that a pair with new ones may look at.

    These are all facets of the entities of which one has a key in common with a new one. `forms` are those of the new.
    """
    if not forms:
        return {}, {}
    found = np.isin(before.facets.number, sharing_keys(forms, forms_before(now)))
    entities = np.unique(before.facets.entity[found]).astype(np.int64)
    near = before.facets.take(np.isin(before.facets.entity, entities))
    said = forms_before_of(now, entities)
    kinds = Present(*(each.astype(np.int64) for each in (near.entity, near.vis, near.kind))).kinds()
    return kinds, {facet: said[number] for facet, number in zip(kinds, near.number.tolist(), strict=True)}
