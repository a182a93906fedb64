"""What of an entity can keep it apart from another one (design §7): kind, sex, birth date, documents."""

from dataclasses import dataclass

import numpy as np

from workbench.model.claims import DOCUMENTS
from workbench.store.columns import Bool, Claims, Columns, Int32, Int64, Rows, all_rows
from workbench.store.texts import SortedTexts
from workbench.view.adjacency import ranges
from workbench.view.joining import among
from workbench.view.joins import entities_of
from workbench.view.scored import Model

# The keys of traits; those of documents begin at DOCUMENT.
KIND, SEX, BIRTH, DOCUMENT = range(4)
# The kinds of claims that can keep entities apart.
TELLING = {"sex", "birth", *DOCUMENTS}
_REASONS = ("a person and an organisation", "different sex", "birth dates more than two years apart")


@dataclass(frozen=True, slots=True)
class Said(Rows):
    """What some entities say: `of` is the place of one among them, `value` the number of a text; of a kind 0 or 1.

    A key from DOCUMENT on is that of documents of one agency, kind and issuer, in this order.
    """

    of: Int64
    key: Int64
    value: Int64


@dataclass(frozen=True, slots=True)
class Traits:
    """What some entities say that can keep them apart, the texts of it, and by key the reason if they disagree."""

    said: Said
    texts: SortedTexts
    reasons: tuple[str, ...]

    def of_each(self, places: Int64) -> "Traits":
        """The traits of these of the entities, by their places, in this order; some may be there again."""
        said = self.said.at(np.argsort(self.said.of, kind="stable"))
        rows, of = ranges(*(np.searchsorted(said.of, places, side=side) for side in ("left", "right")))
        return Traits(Said(of, said.key[rows], said.value[rows]), self.texts, self.reasons)


@dataclass(frozen=True, slots=True)
class Telling:
    """What can keep entities apart: claims, by their rows, and for each entity whether it is of a kind."""

    columns: Columns
    claims: Int64
    kinds: tuple[Bool, Bool]

    @classmethod
    def of(cls, columns: Columns) -> "Telling":
        """All that is said in a view."""
        telling = np.array([name in TELLING for name in columns.names] or [False], dtype=bool)
        return cls(columns, np.flatnonzero(telling[columns.claims.kind]), kinds_of(columns))

    def traits_of(self, entities: Int32, model: Model) -> Traits:
        """The traits of entities, each once, without those that the model says are often wrong."""
        columns, (persons, organisations) = self.columns, self.kinds
        place = np.full(len(columns.ids), -1, dtype=np.int64)
        place[entities] = np.arange(len(entities))
        is_asked = among(len(columns.ids), entities)
        claims = columns.claims.at(np.compress(is_asked[columns.claims.entity[self.claims]], self.claims))
        key, reasons = _keys(columns, claims)
        said = Said(place[claims.entity], key, claims.value.astype(np.int64))
        alike = (_kind(np.flatnonzero(each[entities]), number) for number, each in enumerate((persons, organisations)))
        return Traits(all_rows([*alike, said.take((key == SEX) | (not model.slips))]), columns.values, reasons)


def kinds_of(columns: Columns) -> tuple[Bool, Bool]:
    """Which entities are persons, and which are organisations."""
    return entities_of(columns, "Person"), entities_of(columns, "Organization")


def _kind(of: Int64, number: int) -> Said:
    return Said(of, np.full(len(of), KIND), np.full(len(of), number))


def _keys(columns: Columns, claims: Claims) -> tuple[Int64, tuple[str, ...]]:
    """The key of each claim, and the reasons by key."""
    others = {"sex": SEX, "birth": BIRTH}
    key = np.array([others.get(name, DOCUMENT) for name in columns.names], dtype=np.int64)[claims.kind]
    issued, kinds = _issued(columns, claims.take(key == DOCUMENT))
    key[key == DOCUMENT] += issued
    reasons = (f"two different documents of one kind ({kind}) and country from one agency" for kind in kinds)
    return key, (*_REASONS, *reasons)


def _issued(columns: Columns, documents: Claims) -> tuple[Int64, list[str]]:
    """For each document a number for its agency, kind and issuer, in order; and by this number its kind."""
    agencies = sorted({each.agency for each in columns.datasets})
    agency = np.array([agencies.index(each.agency) for each in columns.datasets], dtype=np.int64)
    kinds, texts = sorted(columns.names), len(columns.values)
    kind = np.array([kinds.index(name) for name in columns.names], dtype=np.int64)
    by_kind = agency[columns.dataset[documents.entity]] * len(kinds) + kind[documents.kind]
    found, place = np.unique(by_kind * texts + documents.scope, return_inverse=True)
    return place, [kinds[each // texts % len(kinds)] for each in found.tolist()]
