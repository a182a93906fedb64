"""What facets hold: phones, mailboxes and addresses, each as a number.

A value that many hold joins nobody (design §7), and a view counts those who hold it among the facets that it sees. The
forms of a facet have its values as texts; stores keep their numbers beside it, so that the facets with one value are
found.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import orjson

from workbench.errors import as_written
from workbench.store.columns import Int32, Int64, Rows
from workbench.store.scores import COMPARISONS

# A value that more entities of a view hold than this is common in it. They are counted before anybody is joined, so
# that one person may be several of them.
LIMIT = 24

# The comparisons of what can be common, and the forms that each compares.
_FORMS = {"phone": "phones", "email": "emails", "address": "addresses"}
COUNTED: Mapping[str, int] = {name: COMPARISONS.index(name) for name in _FORMS}
_COMPARISON_BITS, _VALUE_BITS = 3, 60


@dataclass(frozen=True, slots=True)
class Held(Rows):
    """Facets, by number, their entities, and each value that they hold."""

    value: Int64
    facet: Int64
    entity: Int32


def value_of(comparison: str, form: str) -> int:
    """The number of a value in its normal form; its last bits are those of the comparison."""
    hashed = int.from_bytes(blake2b(form.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> (
        64 - _VALUE_BITS
    )
    return hashed << _COMPARISON_BITS | COUNTED[comparison]


def compared_by(values: Int64) -> Int64:
    """The place of the comparison of each value, in the order of weights."""
    return values & ((1 << _COMPARISON_BITS) - 1)


@as_written("the forms of a facet")
def values_in(forms: str) -> list[int]:
    """The values in the forms of a facet, as they are kept, in order."""
    said = orjson.loads(forms)
    return sorted({value_of(name, each) for name, column in _FORMS.items() for each in said.get(column, ())})


def held_by(rows: Collection[tuple[int, int, int]]) -> Held:
    """What facets hold, from rows of value, facet and entity."""
    value, facet, entity = np.array(list(rows), dtype=np.int64).reshape(-1, 3).T
    return Held(value, facet, entity.astype(np.int32))
