"""Read the units of an XML document one by one: each element whose path ends in a wanted one is a unit.

Nothing is loaded from elsewhere, and no entity is expanded: a document that declares one, or attributes, is refused.
The document is gone through twice. The first time finds what is wrong with it, and what stands around units behind
them.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from xml.parsers import expat

from ingest.adapters.texts import check_text
from ingest.adapters.xml_trees import Held, Inside, Open, add, attributes, local, opening
from ingest.shapes import PARENT, Frame, Readable, Tree
from workbench.errors import FileRefused

_CHUNK = 1 << 16
_LONGEST = 1 << 26
_LONGEST_TAG = 1 << 22
_DEEPEST = 200
# Elements around units are kept until their parent ends.
_MOST_AROUND = 200_000
_MOST_HELD = 1_000

Path = tuple[str, ...]


class Kind(NamedTuple):
    """A kind of document: its name for messages, the names of its root, and the ends of its units' paths.

    ("Stmt", "Ntry") is each Ntry in a Stmt. Without roots it has any. An element of `alone` is a unit itself if no
    unit is in it. The units in an element of `held` wait until it ends, if they are not too many; its tree then tells
    under `@units` how many they are.
    """

    what: str
    roots: Collection[str]
    units: Collection[Path]
    alone: Collection[Path] = ()
    held: Collection[Path] = ()


class Found(NamedTuple):
    """A unit: the name of its element, its content, its bytes, and its number in the document from 1.

    In a tree an attribute is `@name`, and the text beside attributes or elements is `#text`. `parents` are the trees of
    the elements around it, without units, by `^` and their names; `frame` has their bytes.
    """

    name: str
    tree: Tree
    parents: Mapping[str, Tree]
    frame: Frame
    raw: bytes
    number: int


def xml_units(path: Readable, kind: Kind) -> Iterator[Found]:
    """The units of a document; FileRefused, before the first, if it can't be read or is of another kind."""
    first = _Walk(path, kind)
    for _ in first.run():
        pass
    return _Walk(path, kind, first.late).run()


class _Walk:
    """One way through a document. Without `late` it looks only for mistakes, and for what is behind units."""

    def __init__(self, path: Readable, kind: Kind, late: Mapping[int, dict[str, Any]] | None = None) -> None:
        self.late: dict[int, dict[str, Any]] = {}
        self._path, self._kind, self._known = path, kind, late
        self._lasts = {each[-1] for each in kind.units}
        self._open = list[Open]()
        self._unit: Open | None = None  # that is open, and the elements in it that are
        self._inside = list[Inside]()
        self._fed_bytes = 0
        self._passed = 0  # how many elements are open in a unit that is not looked into
        self._around = self._elements = self._units = 0
        self._found = deque[Found]()
        self._held: Open | None = None
        self._around_held = 0
        self._inner_late = dict[int, dict[str, Any]]()
        self._parents: dict[str, Tree] | None = None
        self._frame = Frame(b"", b"")
        self._encoding, self._is_wide = "utf-8", False
        self._buffer, self._from, self._start = b"", 0, -1
        self._parser = self._new_parser()

    def run(self) -> Iterator[Found]:
        """Go through the document."""
        name = self._path.name
        with self._path.open("rb") as stream:
            start = stream.read(256)
            check_text(self._path, start)
            if not start:
                raise FileRefused("empty file", f"{name} is empty: was it delivered whole?")
            self._is_wide = start.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"))
            self._encoding = ("utf-16-be" if start[:1] in b"\xfe\0" else "utf-16-le") if self._is_wide else "utf-8"
            try:
                yield from self._fed(start)
                while chunk := stream.read(_CHUNK):
                    yield from self._fed(chunk)
                self._parser.Parse(b"", True)
            except expat.ExpatError as error:
                said = expat.ErrorString(error.code)
                message = f"{name} line {error.lineno}, column {error.offset + 1}: {said}: was it cut off?"
                raise FileRefused("not XML", message, error.lineno) from error
            except (LookupError, ValueError) as error:
                raise FileRefused("wrong encoding", f"{name}: {error}: convert it to utf-8", 1) from error
        yield from self._taken()

    def _fed(self, chunk: bytes) -> Iterator[Found]:
        if self._known is not None:
            self._keep(chunk)
        self._parser.Parse(chunk, False)
        self._fed_bytes += len(chunk)
        if self._fed_bytes - self._parser.CurrentByteIndex > _LONGEST_TAG:
            raise self._refused(
                "tag too long", f"a tag or comment has more than {_LONGEST_TAG} bytes, or is never closed"
            )
        return self._taken()

    def _taken(self) -> Iterator[Found]:
        while self._found:
            yield self._found.popleft()

    def _new_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.buffer_text = parser.ordered_attributes = True
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.CharacterDataHandler, parser.XmlDeclHandler = self._text, self._declared
        parser.EntityDeclHandler = parser.ExternalEntityRefHandler = parser.SkippedEntityHandler = self._entity
        parser.AttlistDeclHandler = self._attributes
        return parser

    # -- what expat calls --------------------------------------------------------------

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding and not self._is_wide:
            self._encoding = encoding.lower()

    def _entity(self, *_: object) -> int:
        raise self._refused("entities", "it has an entity of its own, which may be a trap: ask who made it")

    def _attributes(self, *_: object) -> None:
        """It may say what no unit has in its bytes, for each element anew."""
        raise self._refused("attributes", "it declares attributes, which may be a trap: ask who made it")

    def _begin(self, tag: str, given: Sequence[str]) -> None:
        if self._unit is not None:
            self._begin_inside(tag, given)
            return
        if len(self._open) >= _DEEPEST:
            raise self._refused_as_deep()
        name, tree = local(tag), attributes(given)
        if name in self._lasts and self._is_wanted(name):
            self._unit = Open(name, "", 0, tree)
            self._start = self._parser.CurrentByteIndex
            for each in self._open:
                each.has_units = True
        else:
            self._begin_around(tag, given, name, tree)

    def _begin_inside(self, tag: str, given: Sequence[str]) -> None:
        """Begin an element that is in a unit. The first time nobody wants to know what it is."""
        if self._known is None:
            self._passed += 1
        else:
            self._inside.append(Inside(local(tag), attributes(given)))
        if len(self._open) + self._passed + len(self._inside) >= _DEEPEST:
            raise self._refused_as_deep()
        if self._parser.CurrentByteIndex - self._start > _LONGEST:
            raise self._refused("unit too long", f"a unit has more than {_LONGEST} bytes")

    def _begin_around(self, tag: str, given: Sequence[str], name: str, tree: dict[str, Any]) -> None:
        """Begin an element that is in no unit."""
        if not self._open and self._kind.roots and name not in self._kind.roots:
            listed = " or ".join(sorted(self._kind.roots))
            raise self._refused("not this format", f"its root is {name[:100]}, not {listed}")
        self._elements += 1
        begun = Open(name, opening(tag, given), self._elements, tree)
        self._open.append(begun)
        self._parents = None
        if self._fits(self._kind.alone):
            begun.start = self._parser.CurrentByteIndex
        if self._known is not None:
            begun.late = self._known.get(begun.number, {})
        if self._held is None and (self._known is None or begun.number not in self._known):
            self._held, self._around_held = begun if self._fits(self._kind.held) else None, self._around

    def _text(self, text: str) -> None:
        if not self._passed:
            (self._inside[-1] if self._inside else self._unit or self._open[-1]).texts.append(text)

    def _end(self, tag: str) -> None:
        if self._passed:
            self._passed -= 1
        elif self._inside:
            ended = self._inside.pop()
            outer = self._inside[-1] if self._inside else self._unit
            add(outer.tree if outer else {}, ended.name, ended.value())
        elif self._unit is not None:
            unit, self._unit = self._unit, None
            self._take(unit, self._start)
            self._start = -1
        else:
            self._leave(self._open.pop())

    def _take(self, ended: Open, start: int) -> None:
        """Take a unit that ended."""
        self._units += 1
        if self._held is not None:
            self._held.units += 1
        if self._known is None:
            return
        raw = self._cut(start, self._parser.CurrentByteIndex, ended)
        if self._held is None:
            parents = self._around_it()
            self._found.append(Found(ended.name, ended.whole(), parents, self._frame, raw, self._units))
        else:
            ended.number = self._units
            self._held.held.append(Held(ended, raw, tuple(self._open)))

    def _leave(self, ended: Open) -> None:
        """End an element that is no unit and in none: it belongs to its parent, unless it has units itself."""
        self._parents = None
        if ended is self._held:
            self._release(ended)
        elif ended.has_units and self._known is None and ended.late:
            (self.late if self._held is None else self._inner_late)[ended.number] = ended.late
        if ended.has_units:
            return
        if ended.start >= 0:
            for each in self._open:
                each.has_units = True
            self._take(ended, ended.start)
            return
        self._around += 1
        if self._around > _MOST_AROUND:
            raise self._refused("not its units", f"more than {_MOST_AROUND} elements are around units")
        if self._open and not self._open[-1].has_units:
            add(self._open[-1].tree, ended.name, ended.value())
        elif self._open and (self._known is None or self._held is not None):
            add(self._open[-1].late, ended.name, ended.value())

    def _release(self, held: Open) -> None:
        """End an element whose units wait. If they were too many, the second way through knows what is behind them."""
        self._held = None
        if held.units <= _MOST_HELD:
            self._around = self._around_held
        if self._known is None:
            if held.units > _MOST_HELD:
                held.count()
                self.late |= {held.number: held.late, **self._inner_late}
            self._inner_late = {}
            return
        held.count()
        around: tuple[Open, ...] = ()
        parents: Mapping[str, Tree] = {}
        for unit, raw, outside in held.held:
            if outside != around:
                around, parents = outside, self._parents_of(outside)
            self._found.append(Found(unit.name, unit.whole(), parents, self._frame, raw, unit.number))

    # -- around units, and their bytes -------------------------------------------------

    def _is_wanted(self, name: str) -> bool:
        way = (*(each.name for each in self._open), name)
        return any(way[-len(each) :] == each for each in self._kind.units)

    def _fits(self, ways: Collection[Path]) -> bool:
        """Whether the path of the innermost element ends in one of these."""
        last = self._open[-1].name
        if not any(each[-1] == last for each in ways):
            return False
        way = tuple(each.name for each in self._open)
        return any(way[-len(each) :] == each for each in ways)

    def _around_it(self) -> Mapping[str, Tree]:
        if self._parents is None:
            self._parents = self._parents_of(self._open)
        return self._parents

    def _parents_of(self, around: Sequence[Open]) -> dict[str, Tree]:
        """The trees around a unit, by name; the frame is then that of the unit."""
        found = [each.as_around() for each in around]
        before, after = "".join(each.before for each in found), "".join(each.after for each in reversed(found))
        encoding, mark = ("utf-16", "\ufeff") if self._is_wide else (self._encoding, "")
        declared = f'{mark}<?xml version="1.0" encoding="{encoding}"?>'
        self._frame = Frame(self._bytes(declared + before), self._bytes(after))
        return {f"{PARENT}{each.name}": told.tree for each, told in zip(around, found, strict=True)}

    def _bytes(self, text: str) -> bytes:
        return text.encode(self._encoding, "xmlcharrefreplace")

    def _keep(self, chunk: bytes) -> None:
        """Keep the bytes of the open unit, or those that expat has not looked at, and the chunk."""
        starts = [each.start for each in self._open if each.start >= 0 and not each.has_units]
        at = max(
            min([self._start, *starts] if self._start >= 0 else starts or [self._parser.CurrentByteIndex]), self._from
        )
        self._buffer, self._from = self._buffer[at - self._from :] + chunk, at

    def _cut(self, start: int, at: int, unit: Open) -> bytes:
        """The bytes of a unit from a place, whose end tag begins at another. One without (`<a/>`) ends there."""
        start, end, closing = start - self._from, at - self._from, self._bytes(">")
        is_empty = not unit.texts and all(name.startswith("@") for name in unit.tree)
        if not (is_empty and self._buffer[start:end].endswith(self._bytes("/>"))):
            end = self._buffer.index(closing, end) + len(closing)
        return self._buffer[start:end]

    def _refused_as_deep(self) -> FileRefused:
        return self._refused("nested too deeply", f"more than {_DEEPEST} elements are open")

    def _refused(self, reason: str, said: str) -> FileRefused:
        line = self._parser.CurrentLineNumber
        return FileRefused(reason, f"{self._path.name} line {line}: {said}: is it {self._kind.what}?", line)


__all__ = ["Found", "Kind", "Path", "xml_units"]
