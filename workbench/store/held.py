"""What facets hold: documents, phones, mailboxes and addresses, each as a number.

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
from workbench.store.columns import Int64, Rows
from workbench.store.scores import COMPARISONS

# A value that is held under more names than this is common, as elsewhere (`workbench/resolve/common.toml`); a document
# that is held under more identifies nobody.
LIMIT, DOCUMENT_LIMIT = 12, 3

# The comparisons of what can be common, and the forms that each compares.
_FORMS = {"document": "documents", "phone": "phones", "email": "emails", "address": "addresses"}
COUNTED: Mapping[str, int] = {name: COMPARISONS.index(name) for name in _FORMS}
# A name as its skeleton, which spellings and scripts share; as its words, if it has none.
_NAMES = ("keys", "names")
_COMPARISON_BITS, _BITS = 3, 63

V = TypeVar("V", int, Int64)


class Holding(NamedTuple):
    """What one facet holds, in order, and under which name."""

    holder: int
    values: Sequence[int]


@dataclass(frozen=True, slots=True)
class Held(Rows):
    """Facets, by number, each value that they hold, and under which name."""

    value: Int64
    facet: Int64
    holder: Int64


def value_of(comparison: str, form: str) -> int:
    """The number of a value in its normal form; its last bits are those of the comparison."""
    return _number(form) >> _COMPARISON_BITS << _COMPARISON_BITS | COUNTED[comparison]


def compared_by(values: V) -> V:
    """The place of the comparison of a value, or of each of several, in the order of weights."""
    return values & ((1 << _COMPARISON_BITS) - 1)


@as_written("the forms of a facet")
def holding(facet: int, forms: str) -> Holding:
    """What a facet holds, from its forms as they are kept; one without a name has its own number for it."""
    said = orjson.loads(forms)
    names = next((said[each] for each in _NAMES if said.get(each)), ())
    values = {value_of(name, each) for name, column in _FORMS.items() for each in said.get(column, ())}
    return Holding(_number(min(names)) if names else -facet, sorted(values))


def rows_of(facet: int, forms: str) -> Iterator[tuple[int, int, int]]:
    """The value, facet and name of each value that a facet holds."""
    holder, values = holding(facet, forms)
    return ((value, facet, holder) for value in values)


def held_by(rows: Collection[tuple[int, int, int]]) -> Held:
    """What facets hold, from rows of value, facet and name."""
    return Held(*np.array(list(rows), dtype=np.int64).reshape(-1, 3).T)


def limits() -> Mapping[int, int]:
    """Under how many names a value may be held that is not common, by the place of its comparison."""
    return {place: DOCUMENT_LIMIT if name == "document" else LIMIT for name, place in COUNTED.items()}


def held_by_many(counted: Iterable[tuple[int, int]]) -> Int64:
    """The common ones of some values, given under how many names each is held; in order."""
    most = limits()
    return np.array(sorted(value for value, n in counted if n > most[compared_by(value)]), dtype=np.int64)


def _number(text: str) -> int:
    hashed = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(hashed) >> (64 - _BITS)
