"""Common values in scores: a phone, mailbox or address that many hold says nothing of who is who (design §7).

Nor does a document that is held under more than three names. A phone, mailbox or address is common if it is listed, or
if it is held under more than twelve. All of it follows from the facets that a view sees, and so does a score without
common values.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from workbench.model.normal.addresses import address_forms, address_of
from workbench.model.normal.contacts import line, mailbox
from workbench.model.ontology import ontology
from workbench.model.record import Record
from workbench.store import registers
from workbench.store.backend import Backend
from workbench.store.columns import Bool, Int64
from workbench.store.facet_values import COUNTED, FacetValues, compared_by, held_by_many, things_of, value_of
from workbench.store.scores import Pairs
from workbench.store.types import Scope
from workbench.view.adjacency import ranges

# The normal forms of a value of each kind that can be listed.
_FORMS: Mapping[str, Callable[[str], tuple[str, ...]]] = {
    "phone": lambda text: (line(text),),
    "email": lambda text: (mailbox(text),),
    "address": lambda text: address_forms(text).buildings,
}
# Of so few pairs all are looked at, and nobody asks which facets hold a listed value.
_FEW = 1_000


@dataclass(frozen=True)
class CommonInScores:
    """The common values of a scope of a store."""

    backend: Backend
    scope: Scope

    def set_aside(self, pairs: Pairs) -> Pairs:
        """Pairs of facets of the scope, with no weight for a value in which two agree, if it is common."""
        near = self._near(pairs) if len(self._common) else np.zeros(0, np.int64)
        if not len(near):
            return pairs
        weights, aside = pairs.weights.copy(), pairs.aside.copy()
        some = pairs.at(near)
        facets = np.unique(np.concatenate([some.one, some.other]))
        held = self.backend.held_by(self.scope, facets.tolist())
        for column in COUNTED.values():
            common = near[self._agree_in_common(some, held.take(compared_by(held.value) == column))]
            common = common[weights[common, column] > 0]
            weights[common, column] = 0
            aside[common] |= 1 << column
        return replace(pairs, weights=weights, aside=aside)

    @cached_property
    def _many(self) -> FacetValues:
        """The values that the scope's facets hold under so many names that they are common."""
        return _held_by_many(self.backend.shared(self.scope.revision), self.scope)

    @cached_property
    def _common(self) -> Int64:
        """The common values, in order."""
        return np.union1d(self._many.value, np.array(self._listed, dtype=np.int64))

    @cached_property
    def _listed(self) -> list[int]:
        """The listed values: by their text, or by the id of an entity that has them."""
        entries = [each for each in registers.commons(self.backend, self.scope) if each.kind in _FORMS]
        said = [(each.kind, each.value) for each in entries]
        kinds = {each.value: each.kind for each in entries}
        for sourced in self.backend.records_about(self.scope, sorted(kinds)) if kinds else ():
            kind = kinds[sourced.record.entity]
            said += [(kind, each) for each in _said(sourced.record, kind)]
        return [value_of(kind, form) for kind, text in said for form in _FORMS[kind](text) if form]

    @cached_property
    def _holders(self) -> Int64:
        """The facets that hold a common value."""
        listed = self.backend.holding(self.scope, self._listed).facet if self._listed else np.zeros(0, np.int64)
        return np.union1d(self._many.facet, listed)

    def _near(self, pairs: Pairs) -> Int64:
        """The pairs of which both facets may hold a common value, and in which something agrees that can be one."""
        near = np.arange(len(pairs))
        if len(pairs) > _FEW:
            last = max(pairs.one.max(), pairs.other.max(), self._holders.max(initial=0))
            holds = np.zeros(int(last) + 1, dtype=bool)
            holds[self._holders] = True
            near = np.flatnonzero(holds[pairs.one] & holds[pairs.other])
        return near[(pairs.weights[near][:, list(COUNTED.values())] > 0).any(axis=1)]

    def _agree_in_common(self, pairs: Pairs, held: FacetValues) -> Bool:
        """Which pairs share what is common and nothing else, given all values of one kind that their facets hold.

        A building that two share is common if it is in any area that both say.
        """
        held = held.at(np.argsort(held.facet, kind="stable"))
        values, place = np.unique(held.value, return_inverse=True)
        one, other = (_beside(each, held.facet, place, len(values)) for each in (pairs.one, pairs.other))
        pair, shared = np.divmod(np.intersect1d(one, other), max(len(values), 1))
        of = np.unique(things_of(values), return_inverse=True)[1][shared]
        things, thing = np.unique(np.column_stack([pair, of]), axis=0, return_inverse=True)
        common = np.zeros(len(things), dtype=int)
        common[thing[np.isin(values, self._common)[shared]]] = 1
        found = np.zeros((2, len(pairs)), dtype=bool)
        found[common, things[:, 0]] = True
        return np.asarray(found[1] & ~found[0])


def _held_by_many(shared: FacetValues, scope: Scope) -> FacetValues:
    """Those of some values that a scope's facets hold under so many names that they are common."""
    seen = shared.take(np.isin(shared.vis, scope.allowed))
    each_once = np.unique(np.column_stack([seen.value, seen.holder]), axis=0)
    values, n = np.unique(each_once[:, 0], return_counts=True)
    return seen.take(np.isin(seen.value, held_by_many(zip(values.tolist(), n.tolist(), strict=True))))


def _said(record: Record, kind: str) -> Iterator[str]:
    """The values of a kind that a record says."""
    properties, values = ontology().schemata[record.schema].properties, record.values()
    for name, said in values.items():
        if properties[name].type == kind or (name, kind) == ("mailbox", "email"):
            yield from said
    if kind == "address" and ontology().is_a(record.schema, "Address"):
        yield from address_of(values)


def _beside(facets: Int64, facet: Int64, place: Int64, n: int) -> Int64:
    """The values of the facet of each pair: the place of the pair and that of the value, of n, in one number."""
    rows, pair = ranges(*(np.searchsorted(facet, facets, side=side) for side in ("left", "right")))
    return np.unique(pair * n + place[rows])
