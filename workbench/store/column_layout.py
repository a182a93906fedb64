"""How base columns lie in a file: arrays by name, of which some are made only while they are written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from workbench.model.record import Dataset
from workbench.store.columns import About, Base, Claims, Columns, Int64, Ties
from workbench.store.texts import SortedTexts

Array = NDArray[Any]
T = TypeVar("T")
# How many values are made at a time, so that the same memory serves for all, and is still at hand when it is written.
_AT_ONCE = 1 << 17


@dataclass(frozen=True, slots=True)
class Spliced:
    """An array of old values with new ones between them: new value i comes before the old one at `at[i]`; these rise.

    The old values are looked up in `number`, if it is given.
    """

    old: Array
    number: Array | None
    at: Int64
    new: Array

    @property
    def dtype(self) -> "np.dtype[Any]":
        """The type of the new values, which the old ones get."""
        return self.new.dtype

    def __len__(self) -> int:
        return len(self.old) + len(self.at)

    def blocks(self) -> Iterator[Array]:
        """The values, some at a time."""
        for low in range(0, max(len(self.old), 1), _AT_ONCE):
            values = self.old[low : low + _AT_ONCE]
            is_last = low + _AT_ONCE >= len(self.old)
            first, end = np.searchsorted(self.at, [low, low + _AT_ONCE])
            chosen = slice(first, len(self.at) if is_last else end)
            renumbered = values if self.number is None else np.take(self.number, values)  # twice as fast as an index
            yield np.insert(renumbered.astype(self.dtype, copy=False), self.at[chosen] - low, self.new[chosen])


@dataclass(frozen=True, slots=True)
class Layout:
    """Base columns as named arrays. Names of rows end with the number of their field."""

    names: tuple[str, ...]
    datasets: tuple[Dataset, ...]
    arrays: Mapping[str, Array | Spliced]

    @classmethod
    def of(cls, base: Base) -> "Layout":
        """The arrays of base columns."""
        columns = base.columns
        octets, offsets = columns.values.tight()
        arrays = {
            **{name: getattr(columns, name) for name in _BY_ENTITY_OR_RECORD},
            "keys": base.keys,
            "octets": octets,
            "offsets": offsets,
            **by_field("about", columns.about.arrays()),
            **by_field("ties", columns.ties.arrays()),
            **by_field("claims", columns.claims.arrays()),
        }
        return cls(columns.names, columns.datasets, arrays)

    def base(self) -> Base:
        """The base columns."""
        arrays = {name: whole(each) for name, each in self.arrays.items()}
        columns = Columns(
            **{name: arrays[name] for name in _BY_ENTITY_OR_RECORD},
            datasets=self.datasets,
            names=self.names,
            values=SortedTexts.packed(arrays["octets"], arrays["offsets"]),
            about=About(*_numbered(arrays, "about")),
            ties=Ties(*_numbered(arrays, "ties")),
            claims=Claims(*_numbered(arrays, "claims")),
            present=np.ones(len(arrays["ids"]), dtype=bool),
        )
        return Base(columns, arrays["keys"])


_BY_ENTITY_OR_RECORD = ("ids", "number", "records", "dataset")


def by_field(table: str, arrays: Sequence[T]) -> dict[str, T]:
    """The fields of a table of rows, by their names in a layout."""
    return {f"{table} {n}": each for n, each in enumerate(arrays)}


def whole(array: Array | Spliced) -> Array:
    """All values of an array."""
    return np.concatenate(list(array.blocks())) if isinstance(array, Spliced) else array


def _numbered(arrays: Mapping[str, Array], name: str) -> Iterator[Array]:
    n = 0
    while (each := arrays.get(f"{name} {n}")) is not None:
        yield each
        n += 1
