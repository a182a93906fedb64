"""The elements of a unit for which a manifest says `each`: of nested lists, of a cell's texts, of groups of columns.

A record made for each element reads the columns of the element, and of all that is around it. Its cells are a tuple:
those of the unit, then by name those of each list on the way to the element.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ingest.mapping.cells import known
from ingest.mapping.columns import Cells, Columns, Named, Rest, Text, Texts
from ingest.mapping.steps import stepped
from ingest.shapes import Branch, Fields, Tree
from ingest.specs.records import NUMBER, OF_ELEMENT, Each
from ingest.trees import Field, flattened

_NAMED = Named()

Place = tuple[int, ...]


class Element(NamedTuple):
    """An element: its places in the lists that lead to it, and the cells from which its records are made."""

    place: Place
    cells: tuple[Cells, ...]


Elements = Callable[[Fields, Cells], Iterator[Element]]


def elements_of(each: Each, columns: Columns) -> Elements:
    """A function from a unit's fields and cells to its elements."""
    if each.groups is not None:
        return _groups(each.groups, columns)
    name = each.column or ""
    steps, several = stepped(each), columns.several(name)
    if steps is None and columns.nests(name):
        return _nested(name.split("."))
    one = columns.one(name)
    pieces = several or (lambda row: [one(row)])

    def texts(fields: Fields, row: Cells) -> Iterator[Element]:
        found = [text for piece in pieces(row) for text in ([piece] if steps is None else known(name, steps(piece)))]
        for at, text in enumerate((each for each in found if each.strip()), 1):
            yield Element((at,), (row, {name: text, NUMBER: str(at)}))

    return texts


def _groups(groups: Mapping[str, Sequence[str]], columns: Columns) -> Elements:
    named = [
        [(f"{OF_ELEMENT}{name}", columns.one(column)) for name, column in zip(groups, some, strict=True)]
        for some in zip(*groups.values(), strict=True)
    ]

    def filled(fields: Fields, row: Cells) -> Iterator[Element]:
        for at, some in enumerate(named, 1):
            cells = {name: read(row) for name, read in some}
            if any(text.strip() for text in cells.values()):
                yield Element((at,), (row, {**cells, NUMBER: str(at)}))

    return filled


def _nested(keys: Sequence[str]) -> Elements:
    names = [".".join(keys[: n + 1]) for n in range(len(keys))]

    def elements(fields: Fields, row: Cells) -> Iterator[Element]:
        tree: Any = fields
        if tree.get(keys[0]) is None:
            return
        found = list(_under(tree, keys))
        if len(found) == 1 and _is_alone(tree, keys):  # what the unit has under its name is all its own
            own = {name: field for name, field in row.items() if name == names[-1] or name.startswith(begins)}
            own[NUMBER] = "1"
            yield Element(found[0][0], (row, *[row] * (len(names) - 1), own))
            return
        for at, (place, some) in enumerate(found, 1):
            cells = [_as_cells(name, branch) for name, branch in zip(names, some, strict=True)]
            cells[-1][NUMBER] = str(at)
            yield Element(place, (row, *cells))

    begins = f"{names[-1]}."
    return elements


def _under(tree: Tree, keys: Sequence[str]) -> Iterator[tuple[Place, tuple[Branch, ...]]]:
    """The elements under a path of keys, each with its place and what leads to it."""
    for at, branch in enumerate(_listed(tree.get(keys[0])), 1):
        if len(keys) == 1:
            yield (at,), (branch,)
        elif isinstance(branch, Mapping):
            yield from (((at, *place), (branch, *some)) for place, some in _under(branch, keys[1:]))


def _is_alone(tree: Any, keys: Sequence[str]) -> bool:
    """Whether each list on a path of keys has one item."""
    for key in keys:
        branch = tree.get(key) if isinstance(tree, Mapping) else None
        if isinstance(branch, list) and len(branch) != 1:
            return False
        tree = branch[0] if isinstance(branch, list) else branch
    return True


def _listed(branch: Branch) -> list[Branch]:
    if isinstance(branch, list):
        return [item for each in branch for item in _listed(each)]
    return [] if branch is None or branch == "" else [branch]


def _as_cells(name: str, branch: Branch) -> dict[str, Field]:
    tree = branch if isinstance(branch, Mapping) else {name: branch}
    found = flattened(tree)
    if not isinstance(branch, Mapping):
        return found
    return {f"{name}.{each}" if each else name: field for each, field in found.items()}


class OfElements:
    """The columns of a record that is made for each element: of the element, or of what is around it."""

    def __init__(self, columns: Columns, each: Each) -> None:
        self._columns, self._each = columns, each
        name = each.column or ""
        keys = name.split(".") if stepped(each) is None and columns.nests(name) else [name]
        self._names = [".".join(keys[: n + 1]) for n in range(len(keys))]

    def cells(self, fields: Fields) -> Cells:
        """The cells of the unit alone: those of an element come from `elements_of`."""
        return (self._columns.cells(fields),)

    def has(self, name: str) -> bool:
        """See `Columns`."""
        _, name, columns = self._found(name)
        return columns.has(name)

    def nests(self, name: str) -> bool:
        """Never: elements of elements are named by the whole path."""
        return False

    def one(self, name: str) -> Text:
        """See `Columns`."""
        level, name, columns = self._found(name)
        read = columns.one(name)
        return lambda cells: read(cells[level])

    def several(self, name: str) -> Texts | None:
        """See `Columns`."""
        level, name, columns = self._found(name)
        read = columns.several(name)
        return None if read is None else lambda cells: read(cells[level])

    def timezone(self, name: str) -> str | None:
        """See `Columns`."""
        _, name, columns = self._found(name)
        return columns.timezone(name)

    def rest(self, read: frozenset[str]) -> Rest:
        """See `Columns`: of the element alone."""
        left = _NAMED.rest(read | {NUMBER})
        return lambda cells: left(cells[-1])

    def _found(self, name: str) -> tuple[int, str, Columns]:
        """The place among the cells at which a column is, its whole name there, and the columns of that place."""
        if name == NUMBER or (name.startswith(OF_ELEMENT) and self._each.groups is not None):
            return len(self._names), name, _NAMED
        whole = self._each.named(name) if name.startswith(OF_ELEMENT) else name
        for level in range(len(self._names), 0, -1):
            if whole == self._names[level - 1] or whole.startswith(f"{self._names[level - 1]}."):
                return level, whole, _NAMED
        return 0, whole, self._columns
