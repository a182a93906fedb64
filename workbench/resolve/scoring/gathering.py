"""Gather what each facet of a view says, in the fields that are compared."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from workbench.model.normal.addresses import address_of
from workbench.model.normal.names import Kind
from workbench.model.ontology import ontology
from workbench.model.text import code
from workbench.resolve.scoring.forms import Said
from workbench.store.columns import Int64, Rows
from workbench.store.scores import ORGANISATION, PERSON
from workbench.view.spoken import Facet, claimed, facets_of, spoken
from workbench.view.view import View

# The number of a kind in the store.
KINDS: Mapping[Kind, int] = {Kind.PERSON: PERSON, Kind.ORGANISATION: ORGANISATION}
_SCHEMATA = {Kind.PERSON: "Person", Kind.ORGANISATION: "Organization"}
_NAMES = ("name", "alias", "previousName")
# In the order in which they make a name, where none is said whole.
_PARTS = ("firstName", "secondName", "middleName", "lastName")
_FIELDS = {"phone": "phones", "email": "emails", "address": "addresses"}
_PLACES = ("postalCode", "city")
_POSTAL_CODE = re.compile(r"\b\d{4,6}\b")
_DATES = ("birth",)
_HELD = {"phone": "phones", "email": "emails"}
_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class Present(Rows):
    """Facets of a view, each with its kind, by the store's numbers."""

    entity: Int64
    vis: Int64
    kind: Int64

    def kinds(self) -> dict[Facet, Kind]:
        """The kind of each."""
        kinds = {number: kind for kind, number in KINDS.items()}
        rows = zip(*(each.tolist() for each in self.arrays()), strict=True)
        return {Facet(entity, vis): kinds[kind] for entity, vis, kind in rows}


def present(view: View) -> Present:
    """All facets of a view; one that is said to be a person is no organisation."""
    persons, others = (facets_of(view, [_SCHEMATA[kind]]) for kind in (Kind.PERSON, Kind.ORGANISATION))
    every, first = np.unique(np.concatenate([persons, others]), axis=0, return_index=True)
    kinds = np.repeat([PERSON, ORGANISATION], [len(persons), len(others)])
    return Present(every[:, 0], every[:, 1], kinds[first])


def kinds_of(view: View) -> dict[Facet, Kind]:
    """All facets of a view, each with its kind."""
    return present(view).kinds()


def gathered(view: View, facets: Mapping[Facet, Kind]) -> Iterator[tuple[Facet, Said]]:
    """What each facet says."""
    every = sorted(facets)
    for start in range(0, len(every), _AT_ONCE):
        yield from _gathered(view, {facet: facets[facet] for facet in every[start : start + _AT_ONCE]})


def _gathered(view: View, facets: Mapping[Facet, Kind]) -> Iterator[tuple[Facet, Said]]:
    fields: dict[Facet, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for each in spoken(view, facets):
        _take_in(fields[each.facet], each.schema, each.values)
    for claim in claimed(view, facets):
        if claim.kind in _DATES:
            fields[claim.facet]["births"].add(claim.value)
        elif claim.kind in _HELD:
            fields[claim.facet][_HELD[claim.kind]].add(claim.value)
    for facet in facets:
        yield facet, Said(facets[facet], **{name: tuple(sorted(said)) for name, said in fields[facet].items()})


def _take_in(fields: dict[str, set[str]], schema: str, values: Mapping[str, Sequence[str]]) -> None:
    if ontology().is_a(schema, "Address"):
        fields["addresses"].update(address_of(values))
        fields["places"].update(each.casefold() for name in _PLACES for each in values.get(name, ()))
        return
    named = [each for name in _NAMES for each in values.get(name, ())]
    fields["names"].update(named or _whole(values))
    fields["given"].update(values.get("firstName") or (each for name in named for each in _not_in_capitals(name)))
    for name, field in _FIELDS.items():
        fields[field].update(values.get(name, ()))
    for name in _numbers(schema).intersection(values):
        fields["documents"].update(f"{name}|{number}" for each in values[name] if (number := code(each)))
    fields["places"].update(area for each in values.get("address", ()) for area in _POSTAL_CODE.findall(each))


def _not_in_capitals(name: str) -> Collection[str]:
    """The given names in one of which only the family name is in capitals: Anna DE VRIES."""
    words = name.split()
    given = [word for word in words if len(word) > 1 and not word.isupper() and word[:1].isupper()]
    return given if any(word.isupper() and len(word) > 1 for word in words) else []


@cache
def _numbers(schema: str) -> frozenset[str]:
    """The properties of a schema that hold the number of a document or register."""
    return frozenset(name for name, each in ontology().schemata[schema].properties.items() if each.type == "identifier")


def _whole(values: Mapping[str, Sequence[str]]) -> Collection[str]:
    """The name that its parts make; none without parts."""
    whole = " ".join(values[name][0] for name in _PARTS if values.get(name))
    return [whole] if whole else []
