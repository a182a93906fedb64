"""Find the fields of a unit: by place under a header, or by name."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Protocol

from ingest.shapes import PARENT, BadUnit, Column, Fields
from ingest.trees import Field, flattened

# The fields of a unit, in the form that its columns are compiled for.
Cells = Any

Text = Callable[[Cells], str]
Texts = Callable[[Cells], Sequence[str]]
Rest = Callable[[Cells], Iterable[tuple[str, str]]]


class Columns(Protocol):
    """Makes functions from the cells of a unit to the content of a named column."""

    def cells(self, fields: Fields) -> Cells:
        """The fields of a unit as these functions want them; BadUnit if they can't be had."""

    def has(self, name: str) -> bool:
        """Whether a unit can have a column: one that it can't have is always empty."""

    def nests(self, name: str) -> bool:
        """Whether there can be lists and trees under a name."""

    def one(self, name: str) -> Text:
        """A function for its text, "" if there is none; it raises BadUnit for several texts."""

    def several(self, name: str) -> Texts | None:
        """A function for all its texts, none or an empty one if it has none; None if it never has several."""

    def timezone(self, name: str) -> str | None:
        """The time zone of its times, if the file has one."""

    def rest(self, read: frozenset[str]) -> Rest:
        """A function for the (name, text) of all other columns that are not empty."""


class Placed:
    """Columns of a header: cells are found by place, and a missing column is empty."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._at = {column.name: (place, column) for place, column in enumerate(columns) if column.name}

    def cells(self, fields: Fields) -> Cells:
        """See `Columns`."""
        return fields

    def has(self, name: str) -> bool:
        """See `Columns`."""
        return name in self._at

    def nests(self, name: str) -> bool:
        """Never."""
        return False

    def one(self, name: str) -> Text:
        """See `Columns`."""
        return itemgetter(self._at[name][0]) if name in self._at else _nothing

    def several(self, name: str) -> Texts | None:
        """See `Columns`."""
        text = self.one(name)
        separator = self._at[name][1].split if name in self._at else None
        return (lambda cells: _pieces(text(cells), separator)) if separator else None

    def timezone(self, name: str) -> str | None:
        """See `Columns`."""
        return self._at[name][1].timezone if name in self._at else None

    def rest(self, read: frozenset[str]) -> Rest:
        """See `Columns`."""
        left = [(place, name) for name, (place, column) in self._at.items() if name not in read and not column.is_id]
        return lambda cells: [(name, cells[at]) for at, name in left if cells[at] and not cells[at].isspace()]


class Named:
    """Fields by name, without a header; a missing field is empty."""

    def __init__(self) -> None:
        self._around: dict[str, tuple[Any, dict[str, Field]]] = {}  # what was around the last unit

    def cells(self, fields: Fields) -> Cells:
        """See `Columns`. What is around several units, one after the other, is looked through once."""
        if not isinstance(fields, Mapping):
            return fields
        around = {key: tree for key, tree in fields.items() if key[:1] == PARENT and isinstance(tree, Mapping) and tree}
        if not around or any("." in key for key in fields):
            return flattened(fields)
        found = flattened({key: branch for key, branch in fields.items() if key not in around})
        for key, tree in around.items():
            known = self._around.get(key)
            if known is None or known[0] is not tree:
                known = self._around[key] = (tree, flattened({key: tree}))
            found.update(known[1])
        return found

    def has(self, name: str) -> bool:
        """See `Columns`."""
        return True

    def nests(self, name: str) -> bool:
        """Always."""
        return True

    def one(self, name: str) -> Text:
        """See `Columns`."""

        def text(fields: Mapping[str, Field]) -> str:
            found = fields.get(name, "")
            if isinstance(found, str):
                return found
            message = f"{name} has {len(found)} values, and the manifest wants one: map it alone to a property"
            raise BadUnit(f"several values: {name}", f"{message}, or to the id of a role")

        return text

    def several(self, name: str) -> Texts:
        """See `Columns`."""

        def texts(fields: Mapping[str, Field]) -> Sequence[str]:
            found = fields.get(name)
            return () if not found else [found] if isinstance(found, str) else found

        return texts

    def timezone(self, name: str) -> str | None:
        """Always None: the format has none."""
        return None

    def rest(self, read: frozenset[str]) -> Rest:
        """See `Columns`."""

        def left(fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
            found = ((name, text) for name, field in fields.items() if name not in read for text in _listed(field))
            return ((name, text) for name, text in found if text and not text.isspace())

        return left


def _nothing(cells: Cells) -> str:
    return ""


def _pieces(text: str, separator: str) -> list[str]:
    return [piece.strip() for piece in text.split(separator)]


def _listed(field: Field) -> list[str]:
    return [field] if isinstance(field, str) else field
