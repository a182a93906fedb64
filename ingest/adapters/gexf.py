"""Adapter `gexf`: graphs of Gephi in GEXF 1.1 to 1.3.

A node is a node: its id is its `id`, its name its `label`, else its id. An edge is a link with the direction that its
`type` says, else the graph's `defaultedgetype`; a mutual one runs both ways. Attributes are fields under their titles,
with defaults; lists of texts are several values. The labels of a node are its attribute `labels` or `type`, the type of
a link is its `kind`, or its attribute `type`, `relation` or `relationship`.

`start` and `end` are dates if the file says that its times are, or if they are whole days, else texts. Several spells
are texts, and so is the time of a value that changes. A node inside another says so in `inside`. Colours, positions and
sizes (viz), and what the file says of itself (meta), are not read.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ingest.account import Account
from ingest.adapters.elements import attribute, elements, text
from ingest.adapters.graph_units import named, taken_labels, taken_type, text_of
from ingest.adapters.xml_units import Found, Kind, xml_units
from ingest.shapes import PARENT, BadUnit, Branch, Frame, Item, Link, Node, Readable, Reject, Tree, Way
from ingest.specs import Written

_KIND = Kind("GEXF", ("gexf",), [("nodes", "node"), ("edges", "edge")])
_NO_FRAME = Frame(b"", b"")
_WAYS: Mapping[str, Way] = {"directed": "forward", "dir": "forward", "mutual": "both"}
_LISTED = re.compile(r"[|,;]")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII)
_TIMES = ("start", "end", "startopen", "endopen", "timestamp")
# Attributes of a node or an edge that are not its fields.
_OWN = frozenset({"@id", "@source", "@target", "@type", "@kind", *(f"@{name}" for name in _TIMES)})


class _Column(NamedTuple):
    """An attribute: its title, whether it is a list, and its default."""

    title: str
    listed: bool
    default: str


class _Context(NamedTuple):
    """What holds for a graph: the attributes of nodes and edges, the usual direction, whether times are dates."""

    columns: Mapping[str, Mapping[str, _Column]]
    way: Way
    dated: bool
    inside: str = ""


def read(path: Readable, written: Written, account: Account) -> Iterator[Item]:
    """Yield each node and link; FileRefused, before the first, for what is no GEXF."""
    return _units(path.name, xml_units(path, _KIND))


def _units(name: str, units: Iterator[Found]) -> Iterator[Item]:
    frame, context = _NO_FRAME, _context({})
    for found in units:
        if found.frame is not frame:
            frame = found.frame
            context = _context(found.parents.get(f"{PARENT}graph", {}))
        yield frame
        yield from _Places(name, found).items(found.name, found.tree, context)


def _context(graph: Tree) -> _Context:
    columns: dict[str, dict[str, _Column]] = {"node": {}, "edge": {}}
    for group in elements(graph, "attributes"):
        for each in elements(group, "attribute"):
            own = attribute(each, "id")
            default = next((text(found) for found in elements(each, "default")), "")
            listed = attribute(each, "type").lower().startswith("list")
            title = attribute(each, "title") or own
            columns.setdefault(attribute(group, "class"), {})[own] = _Column(title, listed, default)
    dated = attribute(graph, "timeformat").lower().startswith("date")
    return _Context(columns, _WAYS.get(attribute(graph, "defaultedgetype").lower(), "unsaid"), dated)


class _Places:
    """Makes units of an element, and of those in it, which have places after its own."""

    def __init__(self, name: str, found: Found) -> None:
        self._locator, self._raw, self._frame = f"{name}:{found.number}", found.raw, found.frame
        self._inner = 0

    def items(self, kind: str, tree: Tree, context: _Context) -> Iterator[Item]:
        """The unit of an element, and those of the nodes and edges in it."""
        locator = self._locator if not self._inner else f"{self._locator}.{self._inner}"
        self._inner += 1
        try:
            fields = _fields(kind, tree, context)
            yield self._node(tree, fields, locator) if kind == "node" else self._edge(tree, fields, context, locator)
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), self._raw, *self._frame.around)
        if "nodes" in tree or "edges" in tree:
            self._frame = _NO_FRAME  # what is in an element can't be read alone
            yield self._frame
        inner = context._replace(inside=attribute(tree, "id"))
        for group, name in (("nodes", "node"), ("edges", "edge")):
            for each in (each for found in elements(tree, group) for each in elements(found, name)):
                yield from self.items(name, each, inner)

    def _node(self, tree: Tree, fields: dict[str, Branch], locator: str) -> Node:
        own = text_of(attribute(tree, "id"), "id")
        if not own:
            raise BadUnit("no id", "the node has no id, and edges name their ends by it: give it one")
        return Node(taken_labels(fields), own, named(fields, own), locator, self._raw)

    def _edge(self, tree: Tree, fields: dict[str, Branch], context: _Context, locator: str) -> Link:
        ends = [text_of(attribute(tree, name), name) for name in ("source", "target")]
        if not all(ends):
            raise BadUnit("no ends", "the edge has no source and target: write the ids of both its ends")
        said = attribute(tree, "type").lower()
        kind = text_of(attribute(tree, "kind"), "kind") or taken_type(fields)
        if attribute(tree, "id"):
            fields["id"] = attribute(tree, "id")
        way = _WAYS.get(said, "unsaid") if said else context.way
        return Link(kind, ends[0], ends[1], fields, locator, self._raw, way=way)


def _fields(kind: str, tree: Tree, context: _Context) -> dict[str, Branch]:
    """The attributes of an element by title, defaults, its times, and what else it says."""
    fields, said, columns = dict[str, list[Branch]](), set[str](), context.columns.get(kind, {})
    for each in (each for group in elements(tree, "attvalues") for each in elements(group, "attvalue")):
        own = attribute(each, "for") or attribute(each, "id")
        column = columns.get(own, _Column(own or "value", listed=False, default=""))
        said.add(own)
        when = _when(each)
        found = _values(attribute(each, "value"), column)
        fields.setdefault(column.title, []).extend(f"{value} ({when})" if when else value for value in found)
    for own, column in columns.items():
        if own not in said and column.default:
            fields.setdefault(column.title, []).extend(_values(column.default, column))
    for name, value in tree.items():
        if name.startswith("@") and name not in _OWN and isinstance(value, str) and value.strip():
            fields.setdefault(name[1:], []).append(value.strip())
    for name, value in _times(tree, context.dated):
        fields.setdefault(name, []).append(value)
    for each in (each for group in elements(tree, "parents") for each in elements(group, "parent")):
        fields.setdefault("inside", []).append(attribute(each, "for"))
    if attribute(tree, "pid") or context.inside:
        fields["inside"] = [attribute(tree, "pid") or context.inside]
        fields.pop("pid", None)
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items() if values}


def _values(value: str, column: _Column) -> list[str]:
    """The values of an attribute: several of a list."""
    if not column.listed:
        return [value] if value else []
    inner = value[1:-1] if value[:1] == "[" and value[-1:] == "]" else value
    return [each for each in map(str.strip, _LISTED.split(inner)) if each]


def _when(tree: Tree) -> str:
    """The time of a value, a node or an edge as text."""
    ends = [
        attribute(tree, "start") or attribute(tree, "startopen"),
        attribute(tree, "end") or attribute(tree, "endopen"),
    ]
    return attribute(tree, "timestamp") or (" to ".join(ends).strip() if any(ends) else "")


def _times(tree: Tree, dated: bool) -> Iterator[tuple[str, str]]:
    """When something was: its own start and end, and its spells."""
    for name in _TIMES:
        value, date = attribute(tree, name), {"start": "startDate", "end": "endDate", "timestamp": "date"}.get(name)
        if value:
            is_date = _DATE.fullmatch(value) and (dated or "-" in value)
            yield (date if date and is_date else name), value
    spells = [each for group in elements(tree, "spells") for each in elements(group, "spell")]
    for each in [*spells, *(each for group in elements(tree, "slices") for each in elements(group, "slice"))]:
        if len(spells) == 1:
            yield from _times(each, dated)
        elif when := _when(each):
            yield "spell", when
