"""The values of facets: documents, phones, mailboxes and addresses, each as a number.

A value that many hold joins nobody (design §7), and a view counts those who hold it among the facets that it sees. They
are counted by their names: nobody is joined yet, and one person may be many entities. The forms of a facet have its
names and values as texts; stores keep their numbers beside it, so that the facets with one value are found.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple, TypeVar

import numpy as np
import orjson

from workbench.errors import as_written
from workbench.model.normal.skeletons import COARSE
from workbench.store.columns import Int64, Rows
from workbench.store.scores import COMPARISONS

# A value that is held under more names than this is common, as elsewhere (`workbench/resolve/common.toml`); a document
# that is held under more identifies nobody.
LIMIT, DOCUMENT_LIMIT = 12, 3

# The comparisons of what can be common, and the forms that are its values: of an address the building.
_FORMS = {"document": "documents", "phone": "phones", "email": "emails", "address": "buildings"}
COUNTED: Mapping[str, int] = {name: COMPARISONS.index(name) for name in _FORMS}
# A name as the skeletons of its words; as its words, if it has none. Of each the first two sounds count: spellings and
# scripts share them.
_NAMES, _SOUNDS = ("keys", "names"), 2
# A number has 63 bits. The last are those of the comparison; of a building those before them are of its area.
_BITS, _COMPARISON_BITS, _AREA_BITS = 63, 3, 30

V = TypeVar("V", int, Int64)


class ValuesOf(NamedTuple):
    """The values of one facet, in order, and the name under which it holds them."""

    holder: int
    values: Sequence[int]


@dataclass(frozen=True, slots=True)
class FacetValues(Rows):
    """Values, the facets that hold them, the names under which they do, and the classes of these facets."""

    value: Int64
    facet: Int64
    holder: Int64
    vis: Int64


def value_of(comparison: str, form: str) -> int:
    """The number of a value in its normal form."""
    if comparison == "address":
        house, _, area = form.partition("|")
        rest = _BITS - _COMPARISON_BITS - _AREA_BITS
        hashed = _number(house, rest) << _AREA_BITS | _number(area, _AREA_BITS)
    else:
        hashed = _number(form, _BITS - _COMPARISON_BITS)
    return hashed << _COMPARISON_BITS | COUNTED[comparison]


def things_of(values: Int64) -> Int64:
    """What each value is of: itself, and of a building in an area the building, wherever it is said to be."""
    of_buildings = compared_by(values) == COUNTED["address"]
    return np.where(of_buildings, values >> (_COMPARISON_BITS + _AREA_BITS), values)


def compared_by(values: V) -> V:
    """The place of the comparison of a value, or of each of several, in the order of weights."""
    return values & ((1 << _COMPARISON_BITS) - 1)


@as_written("the forms of a facet")
def values_of(facet: int, forms: str) -> ValuesOf:
    """The values of a facet, from its forms as they are kept; one without a name has its own number for it."""
    said = orjson.loads(forms)
    names = next((said[each] for each in _NAMES if said.get(each)), ())
    values = {value_of(name, each) for name, column in _FORMS.items() for each in said.get(column, ())}
    return ValuesOf(_number(_beginning(min(names)), _BITS) if names else -facet, sorted(values))


def value_rows(facet: int, forms: str) -> Iterator[tuple[int, int, int]]:
    """The value, facet and name of each value of a facet."""
    holder, values = values_of(facet, forms)
    return ((value, facet, holder) for value in values)


def facet_values(rows: Collection[Sequence[int]]) -> FacetValues:
    """Values of facets, from rows of value, facet, name and class."""
    return FacetValues(*np.array(list(rows), dtype=np.int64).reshape(-1, 4).T)


def limits() -> Mapping[int, int]:
    """Under how many names a value may be held that is not common, by the place of its comparison."""
    return {place: DOCUMENT_LIMIT if name == "document" else LIMIT for name, place in COUNTED.items()}


def held_by_many(counted: Iterable[tuple[int, int]]) -> list[int]:
    """The common ones of some values, given under how many names each is held; in order."""
    most = limits()
    return sorted(value for value, n in counted if n > most[compared_by(value)])


def _beginning(name: str) -> str:
    """The first sounds of each word of a name, in order; sounds that are spelt in each other's letters are one."""
    return " ".join(sorted(word[:_SOUNDS].translate(COARSE) for word in name.split()))


def _number(text: str, bits: int) -> int:
    hashed = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(hashed) >> (64 - bits)
