"""Common values in scores: a phone, mailbox or address that many hold says nothing of who is who (design §7).

Nor does a document that is held under more than three names. A phone, mailbox or address is common if it is listed, or
if it is held under more than twelve. All of it follows from the facets that a view sees, and so does a score without
common values.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from workbench.model.claims import claims_of
from workbench.model.normal.addresses import address_forms, address_of
from workbench.model.normal.contacts import line, mailbox
from workbench.model.ontology import ontology
from workbench.store import registers
from workbench.store.backend import Backend
from workbench.store.columns import Bool, Int16, Int64
from workbench.store.held import COUNTED, compared_by, held_by_many, holding, value_of
from workbench.store.scores import Pairs
from workbench.store.types import Scope
from workbench.view.adjacency import ranges

# The normal form of a value of each kind that can be listed.
_FORMS: Mapping[str, Callable[[str], str]] = {
    "phone": line,
    "email": mailbox,
    "address": lambda text: address_forms(text).key,
}


@dataclass(frozen=True)
class CommonValues:
    """The common values of a scope of a store."""

    backend: Backend
    scope: Scope

    def set_aside(self, pairs: Pairs) -> Pairs:
        """Pairs of facets of the scope, with no weight for a value in which two agree, if it is common."""
        if not len(pairs) or not len(self._common):
            return pairs
        holds = np.zeros(int(max(pairs.one.max(), pairs.other.max(), self._holders.max(initial=0))) + 1, dtype=bool)
        holds[self._holders] = True
        near = np.flatnonzero(holds[pairs.one] | holds[pairs.other])
        near = near[(pairs.weights[near][:, list(COUNTED.values())] > 0).any(axis=1)]
        if not len(near):
            return pairs
        weights = pairs.weights.copy()
        weights[near] = self._weights(pairs.at(near))
        return replace(pairs, weights=weights)

    @cached_property
    def _common(self) -> Int64:
        """The common values, in order."""
        return np.union1d(_held_by_many(self.backend, self.scope), np.fromiter(self._listed(), dtype=np.int64))

    @cached_property
    def _holders(self) -> Int64:
        """The facets that hold a common value."""
        return np.unique(self.backend.holders(self.scope, self._common.tolist()).facet)

    def _listed(self) -> Iterator[int]:
        """The listed values: by their text, or by the id of an entity that has them."""
        entries = [each for each in registers.commons(self.backend, self.scope) if each.kind in _FORMS]
        said = [(each.kind, each.value) for each in entries]
        for sourced in self.backend.records_about(self.scope, [each.value for each in entries]) if entries else ():
            said += [(claim.kind, claim.value) for claim in claims_of(sourced.record)]
            if ontology().is_a(sourced.record.schema, "Address"):
                said += [("address", each) for each in address_of(sourced.record.values())]
        for kind, text in said:
            if kind in _FORMS and (form := _FORMS[kind](text)):
                yield value_of(kind, form)

    def _weights(self, pairs: Pairs) -> Int16:
        """The weights of pairs without those of common values."""
        entities = np.unique(np.concatenate([pairs.a, pairs.b])).tolist()
        forms = self.backend.forms_of(self.scope, entities)
        rows = [(facet, value) for facet, said in sorted(forms.items()) for value in holding(facet, said).values]
        facet, value = np.array(rows, dtype=np.int64).reshape(-1, 2).T
        weights = pairs.weights.copy()
        for column in COUNTED.values():
            of = compared_by(value) == column
            says = self._says(pairs, facet[of], value[of])
            weights[~says & (weights[:, column] > 0), column] = 0
        return weights

    def _says(self, pairs: Pairs, facet: Int64, value: Int64) -> Bool:
        """Which pairs agree in a value that is not common, given facets, in order, and each value of a kind.

        Two facets that have no value in common may have some that are alike: that is as good if neither's are all
        common.
        """
        values, place = np.unique(value, return_inverse=True)
        has = partial(_has, np.isin(values, self._common), len(pairs))
        one, other = (_beside(each, facet, place, len(values)) for each in (pairs.one, pairs.other))
        agree, agree_in_common = has(np.intersect1d(one, other))
        (ours, our_common), (theirs, their_common) = has(one), has(other)
        return agree | ~agree_in_common & (ours | ~our_common) & (theirs | ~their_common)


def _held_by_many(backend: Backend, scope: Scope) -> Int64:
    """The values that a scope's facets hold under so many names that they are common."""
    held = backend.holders(scope, backend.shared(scope.revision).tolist())
    values, n = np.unique(np.unique(np.column_stack([held.value, held.holder]), axis=0)[:, 0], return_counts=True)
    return held_by_many(zip(values.tolist(), n.tolist(), strict=True))


def _beside(facets: Int64, facet: Int64, place: Int64, n: int) -> Int64:
    """The values of the facet of each pair: the place of the pair and that of the value, of n, in one number."""
    rows, pair = ranges(*(np.searchsorted(facet, facets, side=side) for side in ("left", "right")))
    return np.unique(pair * n + place[rows])


def _has(common: Bool, n: int, codes: Int64) -> tuple[Bool, Bool]:
    """Which of n pairs have a value that is not common, and which have one that is."""
    pair, value = np.divmod(codes, max(len(common), 1))
    found = np.zeros((2, n), dtype=bool)
    found[common[value].astype(int), pair] = True
    return found[0], found[1]
