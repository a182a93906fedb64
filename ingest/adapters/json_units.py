"""Read the units of a JSON document one by one: the values under a path of keys, or the items of the list that it is.

The document is gone through twice. The first time finds what is wrong with it, and what stands behind units.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ingest.adapters.json_window import Window
from ingest.shapes import PARENT, TEXT, BadUnit, Branch, Frame, Readable, Tree

_DEEPEST = 50
_MOST_AROUND = 200_000
ROOT = "root"

Path = tuple[str, ...]


class Kind(NamedTuple):
    """A kind of document: its name for messages, and the paths of its units from the root.

    A list on the way counts as its items: ("objects",) is each item of the list `objects`, and () each item of a
    document that is a list, or the document.
    """

    what: str
    units: Collection[Path]


class Found(NamedTuple):
    """A unit: its path, its content, its bytes, and its number in the document from 1.

    `parents` are what stands around it, without units, by `^` and the key of each, the document itself by `^root`. A
    unit that can't be read has the reason instead of its content.
    """

    way: Path
    tree: Tree | BadUnit
    parents: Mapping[str, Tree]
    frame: Frame
    raw: bytes
    number: int


def json_units(path: Readable, kind: Kind, look: Callable[[Found], None] = lambda _: None) -> Iterator[Found]:
    """The units of a document; FileRefused, before the first, if it can't be read.

    `look` is shown all units before the first is yielded, without bytes and what is around them.
    """
    first = _Walk(path, kind)
    for found in first.run():
        look(found)
    return _Walk(path, kind, first.late).run()


def first_unit(path: Readable, kind: Kind) -> Found | None:
    """The first unit of a document, which is read as far as that; None without one, FileRefused if it can't be read."""
    return next(_Walk(path, kind, {}).run(), None)


def has_units(path: Readable, kind: Kind) -> bool:
    """Whether a document has a unit: it is read as far as the first. FileRefused if it can't be."""
    return first_unit(path, kind) is not None


@dataclass(slots=True)
class _Open:
    """An object or list that has not ended. `late` is what stands in it behind its first unit."""

    sign: str
    name: str = ""
    key: str = ""
    number: int = 0
    tree: dict[str, Branch] = field(default_factory=dict)
    late: dict[str, Branch] = field(default_factory=dict)
    has_units: bool = False


class _Walk:
    """One way through a document. Without `late` it looks only for mistakes, and for what is behind units."""

    def __init__(self, path: Readable, kind: Kind, late: Mapping[int, dict[str, Branch]] | None = None) -> None:
        self.late: dict[int, dict[str, Branch]] = {}
        self._path, self._kind, self._known = path, kind, late
        self._on_the_way = {way[:n] for way in kind.units for n in range(len(way))}
        self._open = list[_Open]()
        self._objects = self._around = self._units = 0
        self._parents: Mapping[str, Tree] | None = None
        self._frame = Frame(b"", b"")
        self._window: Window

    def run(self) -> Iterator[Found]:
        """Go through the document."""
        with self._path.open("rb") as stream:
            self._window = Window(self._path, stream, self._kind.what)
            yield from self._value(())
            self._window.end()

    def _value(self, way: Path) -> Iterator[Found]:
        """What is at a path that leads to units."""
        sign = self._window.sign()
        if sign == "[":
            yield from self._items(way)
        elif way in self._kind.units:
            yield self._unit(way)
        elif sign == "{":
            yield from self._object(way)
        else:
            self._beside(way[-1] if way else "", self._window.value())

    def _items(self, way: Path) -> Iterator[Found]:
        if len(self._open) >= _DEEPEST:
            raise self._window.refused("nested too deeply", f"more than {_DEEPEST} lists are open")
        self._begin(_Open("["))
        for _ in self._window.items():
            yield from self._value(way)
        self._end()

    def _object(self, way: Path) -> Iterator[Found]:
        self._objects += 1
        late = (self._known or {}).get(self._objects, {})
        mine = _Open("{", way[-1] if way else ROOT, number=self._objects, tree=dict(late))
        self._begin(mine)
        seen = set[str]()
        for key in self._window.members():
            if key in seen:
                raise self._window.refused("key stands twice", f"key {key[:100]!r} stands twice")
            seen.add(key)
            mine.key, self._parents, under = key, None, (*way, key)
            if under in self._kind.units or under in self._on_the_way:
                yield from self._value(under)
            else:
                self._beside(key, self._window.value())
        if self._known is None and mine.late:
            self.late[mine.number] = mine.late
        self._end()

    def _begin(self, opened: _Open) -> None:
        self._open.append(opened)
        self._parents = None

    def _end(self) -> None:
        self._open.pop()
        self._parents = None

    def _beside(self, key: str, value: Branch) -> None:
        """Keep a value that is no unit and in none."""
        around = next((each for each in reversed(self._open) if each.sign == "{"), None)
        self._around += 1
        if self._around > _MOST_AROUND:
            raise self._window.refused("not its units", f"more than {_MOST_AROUND} values are around units")
        if around is None:
            raise self._window.refused("not this format", "it has a value where its units should be")
        if not around.has_units:
            around.tree[key], self._parents = value, None
        elif self._known is None:
            around.late[key] = value

    def _unit(self, way: Path) -> Found:
        self._units += 1
        for each in self._open:
            each.has_units = True
        tree, text = self._window.unit()
        said = tree if isinstance(tree, Mapping | BadUnit) else {TEXT: tree}
        if self._known is None:
            return Found(way, said, {}, self._frame, b"", self._units)
        parents = self._around_it()
        return Found(way, said, parents, self._frame, self._window.encoded(text), self._units)

    def _around_it(self) -> Mapping[str, Tree]:
        """What stands around the next unit. The bytes that give the same are its frame."""
        if self._parents is None:
            self._parents = {f"{PARENT}{each.name}": each.tree for each in self._open if each.sign == "{"}
            before = self._window.marked("".join(_opening(each) for each in self._open))
            after = "".join("]" if each.sign == "[" else "}" for each in reversed(self._open))
            self._frame = Frame(before, self._window.encoded(after))
        return self._parents


def _opening(opened: _Open) -> str:
    if opened.sign == "[":
        return "["
    said: dict[str, Any] = {**opened.tree}
    inner = json.dumps(said, ensure_ascii=False)[1:-1]
    return f"{{{inner}{', ' if inner else ''}{json.dumps(opened.key, ensure_ascii=False)}: "


__all__ = ["ROOT", "Found", "Kind", "Path", "has_units", "json_units"]
