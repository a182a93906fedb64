"""The elements around the units of an XML document: as trees, and as text again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from ingest.shapes import TEXT, Branch, Tree

UNITS = "@units"


class Inside:
    """An element in a unit, which has not ended."""

    __slots__ = ("name", "texts", "tree")

    def __init__(self, name: str, tree: dict[str, Any]) -> None:
        self.name, self.tree, self.texts = name, tree, list[str]()

    def value(self) -> str | dict[str, Any]:
        """Its tree, or its text if it has nothing else."""
        return _value(self.tree, self.texts)


@dataclass(slots=True, eq=False)
class Open:
    """An element that has not ended, a unit or around units. `late` is what stands in it behind its first unit.

    `start` is the place of its first byte if it could be a unit itself. `held` are the units that wait for its end.
    """

    name: str
    opening: str
    number: int
    tree: dict[str, Any]
    texts: list[str] = field(default_factory=list)
    has_units: bool = False
    late: dict[str, Any] = field(default_factory=dict)
    start: int = -1
    units: int = 0
    held: "list[Held]" = field(default_factory=list)
    around: "Around | None" = None

    def value(self) -> str | dict[str, Any]:
        """As `Inside.value`."""
        return _value(self.tree, self.texts)

    def whole(self) -> dict[str, Any]:
        """Its tree, with what is late."""
        value = self.value()
        tree = dict(value) if isinstance(value, dict) else {TEXT: value} if value.strip() else {}
        for name, late in self.late.items():
            for each in late if isinstance(late, list) else [late]:
                add(tree, name, each)
        return tree

    def count(self) -> None:
        """Note how many units it has, unless it says so itself."""
        if UNITS not in self.tree:
            self.late[UNITS] = str(self.units)

    def as_around(self) -> "Around":
        """What stands around its units; nothing can be added once it has one, and it is not held."""
        if self.around is None:
            value = self.value()
            own: Tree = value if isinstance(value, dict) else {TEXT: value}
            said = f' {UNITS[1:]}="{self.late[UNITS]}">' if UNITS in self.late else ">"
            before = f"{self.opening[:-1]}{said}{inner(own)}"
            self.around = Around(self.whole(), before, f"{inner(self.late)}{closing(self.opening)}")
        return self.around


class Around(NamedTuple):
    """What an element has around its units: as a tree, and as text before and after them."""

    tree: Tree
    before: str
    after: str


class Held(NamedTuple):
    """A unit that waits, with the elements around it."""

    unit: Open
    raw: bytes
    around: tuple[Open, ...]


def _value(tree: dict[str, Any], texts: Sequence[str]) -> str | dict[str, Any]:
    text = "".join(texts)
    if not tree:
        return text
    return {TEXT: text, **tree} if text and not text.isspace() else tree


def local(tag: str) -> str:
    return tag.rpartition(":")[2]


def attributes(given: Sequence[str]) -> dict[str, Any]:
    if not given:
        return {}
    pairs = zip(given[::2], given[1::2], strict=True)
    return {f"@{local(key)}": value for key, value in pairs if not key.startswith("xmlns")}


def add(tree: dict[str, Any], name: str, value: Branch) -> None:
    """Put a value under a name, beside those that it has."""
    if name not in tree:
        tree[name] = value
    elif isinstance(tree[name], list):
        tree[name].append(value)
    else:
        tree[name] = [tree[name], value]


def opening(tag: str, given: Sequence[str]) -> str:
    pairs = zip(given[::2], given[1::2], strict=True)
    return f"<{tag}{''.join(f' {key}={quoteattr(value)}' for key, value in pairs)}>"


def closing(opening: str) -> str:
    return f"</{opening[1:-1].split(maxsplit=1)[0]}>"


def inner(tree: Tree) -> str:
    """What a tree has as XML, without the attributes of the element that it is in."""
    return "".join(as_xml(name, value) for name, value in tree.items() if not name.startswith("@"))


def as_xml(name: str, value: Branch) -> str:
    if isinstance(value, list):
        return "".join(as_xml(name, each) for each in value)
    if isinstance(value, str):
        return escape(value) if name == TEXT else f"<{name}>{escape(value)}</{name}>"
    tree = value if isinstance(value, Mapping) else {}
    own = (f" {key[1:]}={quoteattr(each)}" for key, each in tree.items() if key[:1] == "@" and isinstance(each, str))
    return f"<{name}{''.join(own)}>{inner(tree)}</{name}>"


__all__ = ["UNITS", "Around", "Held", "Inside", "Open", "add", "attributes", "closing", "local", "opening"]
