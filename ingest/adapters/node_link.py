"""Adapter `node-link`: a graph as one JSON document, as networkx, d3, vis.js and Cytoscape write it.

`nodes` are nodes, `links` or `edges` are links, also under `elements` (Cytoscape). A node's id is its `id`. In a file
whose nodes have none, links name their ends by `name`, or by place from 0. The labels of a node are its `labels` or
`type`, the type of a link is its `type`, `relation` or `relationship`. A link has a direction if the file or the link
says `directed`, or as its `arrows` say. All other values are fields; positions are left out. Nested values are named by
their path, such as `address.city`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from ingest.account import Account
from ingest.adapters.graph_units import inner, named, taken_labels, taken_type, text_of
from ingest.adapters.json_units import ROOT, Found, Kind, json_units
from ingest.shapes import PARENT, BadUnit, Branch, Frame, Item, Link, Node, Readable, Reject, Tree, Way
from ingest.specs import Written
from workbench.errors import FileRefused

_WHAT = "a graph of nodes and links"
_UNITS = frozenset({("nodes",), ("links",), ("edges",), ("elements", "nodes"), ("elements", "edges")})
_IN_ONE_LIST = frozenset({("elements",)})
_ONE_LIST = re.compile(r'"elements"\s*:\s*\[')
_LOOKED_AT = 1 << 16

_ENDS = (("source", "target"), ("from", "to"), ("start", "end"))
# How a chart is drawn.
_DRAWN = frozenset(
    {"position", "x", "y", "z", "vx", "vy", "fx", "fy", "renderedPosition", "selected", "grabbable", "locked"}
)
_NO_FRAME = Frame(b"", b"")

# What links name their ends by.
_By = Literal["id", "name", "place"]


def read(path: Readable, written: Written, account: Account) -> Iterator[Item]:
    """Yield each node and link; FileRefused, before the first, for what is no such document."""
    seen = _Seen()
    units = json_units(path, _kind_of(path), seen.look)
    if not seen.units:
        raise FileRefused("not this format", f"{path.name} has no nodes and no links: is it {_WHAT}?")
    return _units(path, units, seen.by())


def _kind_of(path: Readable) -> Kind:
    """Where the document has its units: nodes and links can stand in one list."""
    with path.open("rb") as stream:
        start = b""
        while len(start) < _LOOKED_AT and (more := stream.read(_LOOKED_AT)):
            start += more
    text = start.replace(b"\0", b"").decode("utf-8", "replace")
    return Kind(_WHAT, _IN_ONE_LIST if _ONE_LIST.search(text) else _UNITS)


class _Seen:
    """What the units of a file show, before the first is read: by what links name their ends."""

    def __init__(self) -> None:
        self.units = 0
        self._with_id = self._without = self._by_name = False

    def look(self, found: Found) -> None:
        """Look at a unit."""
        self.units += 1
        if isinstance(found.tree, BadUnit):
            return
        fields = _fields(found.tree)
        if _is_node(found, fields):
            self._with_id, self._without = self._with_id or "id" in fields, self._without or "id" not in fields
        elif not self._by_name:
            self._by_name = any(_is_name(fields.get(end)) for ends in _ENDS for end in ends)

    def by(self) -> _By:
        """By what links name their ends."""
        return "id" if self._with_id or not self._without else "name" if self._by_name else "place"


def _is_name(end: Branch) -> bool:
    return isinstance(end, str) and not end.isdigit()


def _is_node(found: Found, fields: Tree) -> bool:
    """Whether a unit is a node: by its list, or by what it has."""
    if found.way != ("elements",):
        return found.way[-1] == "nodes"
    group = found.tree.get("group") if isinstance(found.tree, Mapping) else None
    return group == "nodes" or (group != "edges" and "source" not in fields)


def _fields(tree: Tree) -> Mapping[str, Branch]:
    """The fields of a unit, which Cytoscape keeps under `data`."""
    data = inner(tree, "data")
    if not data:
        return tree
    beside = {name: value for name, value in tree.items() if name not in ("data", "group")}
    return {**beside, **data}


def _units(path: Readable, units: Iterator[Found], by: _By) -> Iterator[Item]:
    nodes, frame = 0, _NO_FRAME
    for found in units:
        locator = f"{path.name}:{found.number}"
        if by == "id" and found.frame is not frame:
            frame = found.frame
            yield frame
        try:
            if isinstance(found.tree, BadUnit):
                raise found.tree
            fields = {name: value for name, value in _fields(found.tree).items() if name not in _DRAWN}
            if _is_node(found, fields):
                nodes += 1
                yield _node(fields, found, locator, by, nodes - 1)
            else:
                yield _link(fields, found, locator)
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), found.raw, *frame.around)


def _node(fields: dict[str, Branch], found: Found, locator: str, by: _By, place: int) -> Node:
    own = str(place) if by == "place" else text_of(fields.get(by), by)
    if not own:
        raise BadUnit(f"no {by}", f"the node has no {by}, and links name their ends by it: give it one")
    if by == "id":
        fields.pop("id", None)
    return Node(taken_labels(fields), own, named(fields, own), locator, found.raw)


def _link(fields: dict[str, Branch], found: Found, locator: str) -> Link:
    names = next((ends for ends in _ENDS if all(end in fields for end in ends)), None)
    if names is None:
        raise BadUnit("no ends", "the link has no source and target: write the ids of both its ends")
    start, end = (text_of(_ref(fields.pop(name)), name) for name in names)
    if not start or not end:
        raise BadUnit("no ends", "an end of the link is empty: write the ids of both its ends")
    way, reverse = _way(fields, found.parents)
    if reverse:
        start, end = end, start
    return Link(taken_type(fields), start, end, fields, locator, found.raw, way=way)


def _ref(end: Branch) -> Branch:
    """The id of an end; d3 puts the whole node there once it has drawn."""
    return inner({"": end}, "").get("id", end) if isinstance(end, Mapping) else end


def _way(fields: dict[str, Branch], parents: Mapping[str, Tree]) -> tuple[Way, bool]:
    """Which way a link runs, and whether its ends are the other way round; takes that out of its fields."""
    arrows = fields.get("arrows")
    if isinstance(arrows, str):
        heads = {each.strip() for each in fields.pop("arrows").split(",")}  # type: ignore[union-attr]
        if heads & {"to", "from"}:
            return ("both" if heads >= {"to", "from"} else "forward"), "to" not in heads
    said = fields.pop("directed", None)
    if said is None:
        said = next((tree["directed"] for tree in _around(parents) if "directed" in tree), None)
    return ("forward" if said is True or said in ("true", "1") else "unsaid"), False


def _around(parents: Mapping[str, Tree]) -> Iterator[Tree]:
    """What stands around a unit, the nearest first."""
    for name in ("elements", ROOT):
        if f"{PARENT}{name}" in parents:
            yield parents[f"{PARENT}{name}"]


__all__ = ["read"]
