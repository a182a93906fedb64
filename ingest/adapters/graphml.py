"""Adapter `graphml`: graphs in GraphML.

A node is a node; its id is its `id`. An edge is a link; its direction is what `directed` says, else what `edgedefault`
of its graph says. Data are fields under the names of their keys, with a key's default where an element has none of it.
The labels of a node are its data `labels` or `type`; the type of a link is its data `type`, `relation` or
`relationship`, or its attribute `label`. A node without a name is named by its id.

A graph in a node, edge or hyperedge is read too; its nodes say in `inside` where they stand. A hyperedge is a node
with the label `hyperedge`, and a link of the type `endpoint` to each of its ends. Ports are texts. Of yEd's graphics
only the labels are read. Data of a whole graph are counted as not read. The nodes of a second graph have ids such as
`G2/n0`.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ingest.account import Account
from ingest.adapters.elements import attribute, elements, plain, text, texts_below
from ingest.adapters.graph_units import named, taken_labels, taken_type, text_of
from ingest.adapters.xml_units import Found, Kind, xml_units
from ingest.shapes import PARENT, BadUnit, Branch, Frame, Item, Link, Node, Readable, Reject, Tree, Way
from ingest.specs import Written

_KIND = Kind("GraphML", ("graphml",), [("graph", "node"), ("graph", "edge"), ("graph", "hyperedge")])
_NO_FRAME = Frame(b"", b"")
_DIRECTED: Mapping[str, Way] = {"true": "forward", "1": "forward", "directed": "forward"}

# What yEd's graphics are called in a key, and where they keep a label.
_GRAPHICS = "yfiles.type"
_LABELS = {"node": "NodeLabel", "edge": "EdgeLabel"}
# Attributes of an element that are not its fields.
_OWN = frozenset({"@id", "@source", "@target", "@directed", "@parse.indegree", "@parse.outdegree", "@parse.order"})
_PARTS = frozenset({"data", "graph", "port", "endpoint", "desc", "locator", "node", "edge", "hyperedge"})


class _Key(NamedTuple):
    """A key of data: the name of the field, whose data it is, its default, and whether it says how to draw."""

    name: str
    of: str
    default: str | None
    graphics: bool


class _Context(NamedTuple):
    """Where a unit stands: the keys, its graph, the prefix of ids, and what the graph is in."""

    keys: Mapping[str, _Key]
    graph: Tree
    before: str = ""
    inside: str = ""


def read(path: Readable, written: Written, account: Account) -> Iterator[Item]:
    """Yield each node and link; FileRefused, before the first, for what is no GraphML."""
    return _units(path.name, xml_units(path, _KIND), account)


def _units(name: str, units: Iterator[Found], account: Account) -> Iterator[Item]:
    frame, keys, first, told = _NO_FRAME, dict[str, _Key](), None, None
    for found in units:
        graph = found.parents[f"{PARENT}graph"]
        if found.frame is not frame:
            frame = found.frame
            keys = _keys(found.parents.get(f"{PARENT}graphml", {}))
        own = attribute(graph, "id")
        first = own if first is None else first
        if own != told:
            told = own
            account.skip("data of a whole graph", sum(1 for _ in elements(graph, "data")))
        context = _Context(keys, graph, f"{own}/" if own != first else "")
        yield frame
        yield from _Places(name, found).items(found.name, found.tree, context)


def _keys(root: Tree) -> dict[str, _Key]:
    keys = dict[str, _Key]()
    for each in elements(root, "key"):
        own = attribute(each, "id")
        default = next((text(found) for found in elements(each, "default")), None)
        name = attribute(each, "attr.name") or own
        keys[own] = _Key(name, attribute(each, "for") or "all", default, bool(attribute(each, _GRAPHICS)))
    return keys


class _Places:
    """Makes units of an element, and of those in it, which have places after its own."""

    def __init__(self, name: str, found: Found) -> None:
        self._locator, self._raw, self._frame = f"{name}:{found.number}", found.raw, found.frame
        self._inner = 0

    def items(self, kind: str, tree: Tree, context: _Context) -> Iterator[Item]:
        """The unit of an element, and those of the graphs in it."""
        locator = self._locator if not self._inner else f"{self._locator}.{self._inner}"
        self._inner += 1
        own = f"{context.before}{attribute(tree, 'id')}"
        try:
            yield self._made(kind, tree, context, locator)
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), self._raw, *self._frame.around)
        if kind == "hyperedge" or "graph" in tree:
            self._frame = _NO_FRAME  # what is in an element can't be read alone
            yield self._frame
        if kind == "hyperedge":
            for each in elements(tree, "endpoint"):
                yield from self._endpoint(each, own, context)
        for graph in elements(tree, "graph"):
            inner = context._replace(graph=graph, inside=own)
            for name in ("node", "edge", "hyperedge"):
                for each in elements(graph, name):
                    yield from self.items(name, each, inner)

    def _made(self, kind: str, tree: Tree, context: _Context, locator: str) -> Node | Link:
        fields = _fields(kind, tree, context)
        if kind == "edge":
            return self._edge(tree, fields, context, locator)
        own = text_of(attribute(tree, "id"), "id")
        if not own:
            raise BadUnit("no id", f"the {kind} has no id, and edges name their ends by it: give it one")
        labels = ("hyperedge",) if kind == "hyperedge" else taken_labels(fields)
        return Node(labels, f"{context.before}{own}", named(fields, own), locator, self._raw)

    def _edge(self, tree: Tree, fields: dict[str, Branch], context: _Context, locator: str) -> Link:
        ends = [text_of(attribute(tree, name), name) for name in ("source", "target")]
        if not all(ends):
            raise BadUnit("no ends", "the edge has no source and target: write the ids of both its ends")
        said = attribute(tree, "directed") or attribute(context.graph, "edgedefault")
        kind = taken_type(fields) or str(fields.pop("@label", ""))
        if attribute(tree, "id"):
            fields["id"] = attribute(tree, "id")
        start, end = (f"{context.before}{each}" for each in ends)
        return Link(kind, start, end, fields, locator, self._raw, way=_DIRECTED.get(said.lower(), "unsaid"))

    def _endpoint(self, tree: Tree, own: str, context: _Context) -> Iterator[Link | Reject]:
        """The link from a hyperedge to one of its ends."""
        locator = f"{self._locator}.{self._inner}"
        self._inner += 1
        try:
            node = text_of(attribute(tree, "node"), "node")
            if not node or own == context.before:
                raise BadUnit("no ends", "an end of a hyperedge has no node, or the hyperedge no id: write both")
            fields: dict[str, Branch] = {name: attribute(tree, name) for name in ("type", "port") if f"@{name}" in tree}
            yield Link("endpoint", own, f"{context.before}{node}", fields, locator, self._raw, way="unsaid")
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), self._raw)


def _fields(kind: str, tree: Tree, context: _Context) -> dict[str, Branch]:
    """The data of an element by the names of their keys, defaults, and what else it says."""
    fields, said = dict[str, Branch](), set[str]()
    for each in elements(tree, "data"):
        own = attribute(each, "key")
        key = context.keys.get(own, _Key(own or "data", "all", None, graphics=False))
        said.add(own)
        if key.graphics:
            _add(fields, "label", list(texts_below(each, _LABELS.get(kind, "NodeLabel"))))
        else:
            inner = plain({name: value for name, value in each.items() if name != "@key"})
            _add(fields, key.name, text(each) if set(each) <= {"@key", "#text"} else inner)
    for own, key in context.keys.items():
        if own not in said and key.default and key.of in (kind, "all"):
            _add(fields, key.name, key.default)
    for each in elements(tree, "desc"):
        _add(fields, "desc", text(each))
    for each in elements(tree, "port"):
        _add(fields, "port", attribute(each, "name"))
    for name, value in tree.items():
        if name.startswith("@") and name not in _OWN:
            _add(fields, name if name == "@label" and kind == "edge" else name[1:], plain(value))
        elif not name.startswith("@") and name not in _PARTS:
            _add(fields, name, plain(value))
    if context.inside:
        fields["inside"] = context.inside
    return fields


def _add(fields: dict[str, Branch], name: str, value: Branch) -> None:
    """Put a value under a name, beside those that it has; an empty one is none."""
    if not value:
        return
    if name in fields:
        had = fields[name]
        fields[name] = [*(had if isinstance(had, list) else [had]), *(value if isinstance(value, list) else [value])]
    else:
        fields[name] = value
