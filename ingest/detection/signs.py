"""Signs by which a format is known. Each looks at the start of a file, and says what it recognised, or nothing.

To have a format recognised, add a line to `ingest.detection.known`.
"""

import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from ingest import adapters
from ingest.detection.encodings import Certainty
from ingest.detection.start import Start


@dataclass(frozen=True, slots=True)
class Seen:
    """What a sign recognised, and how sure that is. A general one says nothing of what the file is about."""

    what: str
    certainty: Certainty = "sure"
    is_general: bool = False


class Sign(Protocol):
    """Something by which a format is known."""

    def seen(self, start: Start) -> Seen | None:
        """What it recognised; None if it is not there."""


@dataclass(frozen=True, slots=True)
class Magic:
    """The bytes with which files of the format begin."""

    what: str
    start: bytes

    def seen(self, start: Start) -> Seen | None:
        """See `Sign`."""
        return Seen(self.what) if start.raw.startswith(self.start) else None


@dataclass(frozen=True, slots=True)
class Member:
    """A part that every document of the format has, where documents are zips."""

    what: str
    name: str

    def seen(self, start: Start) -> Seen | None:
        """See `Sign`."""
        return Seen(self.what) if self.name in start.members else None


@dataclass(frozen=True, slots=True)
class Xml:
    """The root of XML documents: its name, its namespace, attributes, and elements in it, by path from the root.

    `namespace` and the attributes are regular expressions. A group of either, or the text `{}` of `what`, gives the
    version.
    """

    what: str
    root: str
    namespace: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    inside: Collection[str] = ()
    certainty: Certainty = "sure"

    def seen(self, start: Start) -> Seen | None:
        """See `Sign`."""
        root = start.root
        if root is None or root.name != self.root or not set(self.inside) <= set(root.paths):
            return None
        tests = [(self.namespace, root.namespace)] if self.namespace else []
        tests += [(pattern, root.attributes.get(name, "")) for name, pattern in self.attributes.items()]
        found = [re.fullmatch(pattern, text) for pattern, text in tests]
        if not all(found):
            return None
        groups = [group for each in found if each for group in each.groups() if group]
        return Seen(self.what.format(*groups, "", ""), self.certainty)


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON document with these keys, by path from the root with dots (a list on the way counts as its items).

    A value is a regular expression for the text that stands there; "" is for any value. A group gives the version, for
    `{}` in `what`.
    """

    what: str
    keys: Mapping[str, str]
    certainty: Certainty = "sure"

    def seen(self, start: Start) -> Seen | None:
        """See `Sign`."""
        return _by_keys(self, [start.json] if start.json is not None else [])


@dataclass(frozen=True, slots=True)
class Lines:
    """JSON objects, one a line, with these keys; see `Json`."""

    what: str
    keys: Mapping[str, str]
    certainty: Certainty = "sure"

    def seen(self, start: Start) -> Seen | None:
        """See `Sign`."""
        return _by_keys(self, start.objects)


@dataclass(frozen=True, slots=True)
class Header:
    """A table whose header has these columns, ignoring case."""

    what: str
    columns: Collection[str]
    certainty: Certainty = "sure"

    def seen(self, start: Start) -> Seen | None:
        """See `Sign`."""
        names = {cell.lower() for cell in start.header}
        return Seen(self.what, self.certainty) if {each.lower() for each in self.columns} <= names else None


@dataclass(frozen=True, slots=True)
class Named:
    """A table whose header has the common names of some values in a default mapping: one of each group.

    Case, and the signs between words, do not matter.
    """

    what: str
    mapping: str
    values: Sequence[Sequence[str]]
    certainty: Certainty = "sure"

    def seen(self, start: Start) -> Seen | None:
        """See `Sign`."""
        cells, names = set(map(_plain, start.header)), _common_names(self.mapping)
        found = all(any(names.get(value, frozenset()) & cells for value in group) for group in self.values)
        return Seen(self.what, self.certainty) if found else None


@cache
def _common_names(mapping: str) -> Mapping[str, frozenset[str]]:
    """The common names of each value in a default mapping."""
    text = Path(adapters.__file__).with_name(mapping).read_text("utf-8")
    return {
        name: frozenset(map(_plain, value.get("named", ())))
        for file in tomllib.loads(text)["files"]
        for name, value in file.get("values", {}).items()
    }


def _plain(name: str) -> str:
    return "".join(each for each in name.casefold() if each.isalnum())


@dataclass(frozen=True, slots=True)
class Text:
    """A text in whose first lines a regular expression fits; a group gives the version, for `{}` in `what`."""

    what: str
    pattern: str
    lines: int = 20
    certainty: Certainty = "sure"

    def seen(self, start: Start) -> Seen | None:
        """See `Sign`."""
        found = re.search(self.pattern, "\n".join(start.lines[: self.lines]), re.MULTILINE)
        return Seen(self.what.format(*(each or "" for each in found.groups()), ""), self.certainty) if found else None


@dataclass(frozen=True, slots=True)
class By:
    """What a function says of the start of a file."""

    function: Callable[[Start], Seen | None]

    def seen(self, start: Start) -> Seen | None:
        """See `Sign`."""
        return self.function(start)


def _by_keys(sign: Json | Lines, documents: Sequence[Any]) -> Seen | None:
    groups: list[str] = []
    for path, pattern in sign.keys.items():
        found = [_match(pattern, value) for document in documents for value in values_at(document, path.split("."))]
        one = next((each for each in found if each is not None), None)
        if one is None:
            return None
        groups += one
    return Seen(sign.what.format(*groups, "", ""), sign.certainty)


def _match(pattern: str, value: Any) -> list[str] | None:
    """The groups of a pattern in a value; None if it does not fit."""
    if not pattern:
        return []
    found = re.fullmatch(pattern, value) if isinstance(value, str) else None
    return [each for each in found.groups() if each] if found else None


def values_at(tree: Any, way: Sequence[str]) -> list[Any]:
    """All values at a path of keys; a list on the way counts as its items."""
    if isinstance(tree, list):
        return [found for each in tree for found in values_at(each, way)]
    if not way:
        return [tree]
    return values_at(tree[way[0]], way[1:]) if isinstance(tree, dict) and way[0] in tree else []
