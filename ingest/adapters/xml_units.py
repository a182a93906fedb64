"""Read the units of an XML document one by one: each element whose path ends in a wanted one is a unit.

Nothing is loaded from elsewhere, and no entity is expanded: a document that declares one is refused. The document is
gone through twice. The first time finds what is wrong with it, and what stands around units behind them.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from ingest.adapters.texts import check_text
from ingest.shapes import TEXT, Branch, Frame, Readable, Tree
from workbench.errors import FileRefused

_CHUNK = 1 << 16
_LONGEST = 1 << 26
_DEEPEST = 200
# Elements around units are kept until their parent ends.
_MOST_AROUND = 200_000
PARENT = "^"

Path = tuple[str, ...]


class Kind(NamedTuple):
    """A kind of document: its name for messages, the names of its root, and the ends of its units' paths.

    ("Stmt", "Ntry") is each Ntry in a Stmt. Without roots it has any.
    """

    what: str
    roots: Collection[str]
    units: Collection[Path]


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


@dataclass(slots=True)
class _Open:
    """An element that has not ended. `late` is what stands in it behind its first unit, where it has one."""

    name: str
    opening: str
    number: int
    tree: dict[str, Any]
    texts: list[str] = field(default_factory=list)
    has_units: bool = False
    late: dict[str, Any] = field(default_factory=dict)

    def value(self) -> str | dict[str, Any]:
        """Its tree, or its text if it has nothing else."""
        text = "".join(self.texts)
        if not self.tree:
            return text
        return {TEXT: text, **self.tree} if text and not text.isspace() else self.tree

    def whole(self) -> dict[str, Any]:
        """Its tree, with what is late."""
        value = self.value()
        tree = dict(value) if isinstance(value, dict) else {TEXT: value} if value.strip() else {}
        for name, late in self.late.items():
            for each in late if isinstance(late, list) else [late]:
                _add(tree, name, each)
        return tree


class _Walk:
    """One way through a document. Without `late` it looks only for mistakes, and for what is behind units."""

    def __init__(self, path: Readable, kind: Kind, late: Mapping[int, dict[str, Any]] | None = None) -> None:
        self.late: dict[int, dict[str, Any]] = {}
        self._path, self._kind, self._known = path, kind, late
        self._lasts = {each[-1] for each in kind.units}
        self._open, self._unit = list[_Open](), list[_Open]()
        self._around = self._elements = self._units = 0
        self._found = deque[Found]()
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
        return parser

    # -- what expat calls --------------------------------------------------------------

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding and not self._is_wide:
            self._encoding = encoding.lower()

    def _entity(self, *_: object) -> int:
        raise self._refused("entities", "it has an entity of its own, which may be a trap: ask who made it")

    def _begin(self, tag: str, given: Sequence[str]) -> None:
        if len(self._open) + len(self._unit) >= _DEEPEST:
            raise self._refused("nested too deeply", f"more than {_DEEPEST} elements are open")
        name, tree = _local(tag), _attributes(given)
        if self._unit:
            self._unit.append(_Open(name, "", 0, tree))
            if self._parser.CurrentByteIndex - self._start > _LONGEST:
                raise self._refused("unit too long", f"a unit has more than {_LONGEST} bytes")
        elif name in self._lasts and self._is_wanted(name):
            self._unit.append(_Open(name, "", 0, tree))
            self._start = self._parser.CurrentByteIndex
            for each in self._open:
                each.has_units = True
        else:
            self._begin_around(tag, given, name, tree)

    def _begin_around(self, tag: str, given: Sequence[str], name: str, tree: dict[str, Any]) -> None:
        """Begin an element that is in no unit."""
        if not self._open and self._kind.roots and name not in self._kind.roots:
            listed = " or ".join(sorted(self._kind.roots))
            raise self._refused("not this format", f"its root is {name[:100]}, not {listed}")
        self._elements += 1
        late = (self._known or {}).get(self._elements, {})
        self._open.append(_Open(name, _opening(tag, given), self._elements, tree, late=late))
        self._parents = None

    def _text(self, text: str) -> None:
        (self._unit or self._open)[-1].texts.append(text)

    def _end(self, tag: str) -> None:
        if not self._unit:
            self._leave(self._open.pop())
            return
        ended = self._unit.pop()
        if self._unit:
            _add(self._unit[-1].tree, ended.name, ended.value())
            return
        self._units += 1
        if self._known is not None:
            raw = self._cut(self._parser.CurrentByteIndex, ended)
            parents = self._around_it()
            self._found.append(Found(ended.name, ended.whole(), parents, self._frame, raw, self._units))
        self._start = -1

    def _leave(self, ended: _Open) -> None:
        """End an element that is no unit and in none: it belongs to its parent, unless it has units itself."""
        self._parents = None
        if ended.has_units:
            if self._known is None and ended.late:
                self.late[ended.number] = ended.late
            return
        self._around += 1
        if self._around > _MOST_AROUND:
            raise self._refused("not its units", f"more than {_MOST_AROUND} elements are around units")
        if self._open and not self._open[-1].has_units:
            _add(self._open[-1].tree, ended.name, ended.value())
        elif self._open and self._known is None:
            _add(self._open[-1].late, ended.name, ended.value())

    # -- around units, and their bytes -------------------------------------------------

    def _is_wanted(self, name: str) -> bool:
        way = (*(each.name for each in self._open), name)
        return any(way[-len(each) :] == each for each in self._kind.units)

    def _around_it(self) -> Mapping[str, Tree]:
        if self._parents is None:
            whole = [(each, each.whole()) for each in self._open]
            self._parents = {f"{PARENT}{each.name}": tree for each, tree in whole}
            before = "".join(each.opening + _inner(tree) for each, tree in whole)
            after = "".join(_closing(each.opening) for each in reversed(self._open))
            encoding, mark = ("utf-16", "\ufeff") if self._is_wide else (self._encoding, "")
            declared = f'{mark}<?xml version="1.0" encoding="{encoding}"?>'
            self._frame = Frame(self._bytes(declared + before), self._bytes(after))
        return self._parents

    def _bytes(self, text: str) -> bytes:
        return text.encode(self._encoding, "xmlcharrefreplace")

    def _keep(self, chunk: bytes) -> None:
        """Keep the bytes of the open unit, or those that expat has not looked at, and the chunk."""
        at = max(self._start if self._start >= 0 else self._parser.CurrentByteIndex, self._from)
        self._buffer, self._from = self._buffer[at - self._from :] + chunk, at

    def _cut(self, at: int, unit: _Open) -> bytes:
        """The bytes of a unit whose end tag begins at a place. One without an end tag (`<a/>`) ends there."""
        start, end, closing = self._start - self._from, at - self._from, self._bytes(">")
        is_empty = not unit.texts and all(name.startswith("@") for name in unit.tree)
        if not (is_empty and self._buffer[start:end].endswith(self._bytes("/>"))):
            end = self._buffer.index(closing, end) + len(closing)
        return self._buffer[start:end]

    def _refused(self, reason: str, said: str) -> FileRefused:
        line = self._parser.CurrentLineNumber
        return FileRefused(reason, f"{self._path.name} line {line}: {said}: is it {self._kind.what}?", line)


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _attributes(given: Sequence[str]) -> dict[str, Any]:
    pairs = zip(given[::2], given[1::2], strict=True)
    return {f"@{_local(key)}": value for key, value in pairs if not key.startswith("xmlns")}


def _add(tree: dict[str, Any], name: str, value: Branch) -> None:
    """Put a value under a name, beside those that it has."""
    if name not in tree:
        tree[name] = value
    elif isinstance(tree[name], list):
        tree[name].append(value)
    else:
        tree[name] = [tree[name], value]


def _opening(tag: str, given: Sequence[str]) -> str:
    pairs = zip(given[::2], given[1::2], strict=True)
    return f"<{tag}{''.join(f' {key}={quoteattr(value)}' for key, value in pairs)}>"


def _closing(opening: str) -> str:
    return f"</{opening[1:-1].split(maxsplit=1)[0]}>"


def _inner(tree: Tree) -> str:
    """What a tree has as XML, without the attributes of the element that it is in."""
    return "".join(_written(name, value) for name, value in tree.items() if not name.startswith("@"))


def _written(name: str, value: Branch) -> str:
    if isinstance(value, list):
        return "".join(_written(name, each) for each in value)
    if isinstance(value, str):
        return escape(value) if name == TEXT else f"<{name}>{escape(value)}</{name}>"
    tree = value if isinstance(value, Mapping) else {}
    own = (f" {key[1:]}={quoteattr(each)}" for key, each in tree.items() if key[:1] == "@" and isinstance(each, str))
    return f"<{name}{''.join(own)}>{_inner(tree)}</{name}>"


__all__ = ["PARENT", "Found", "Kind", "Path", "xml_units"]
