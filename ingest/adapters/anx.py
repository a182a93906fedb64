"""Adapter `anx`: charts of i2 Analyst's Notebook, exported as XML (`.anx`).

An item with an entity is a node: icons, boxes, circles, theme lines, event frames, text blocks and labels. Its label is
the entity's type. Its id is the entity's identity, or `#` and the number of the entity where it has none, or shares it
with others. An item with a link is a link of the link's type. An arrow on the head runs from the first end to the
second, one on the tail back, arrows on both ends both ways; without an arrow a link has no direction. Ends are named by
entity or by item. An item of another kind is a node with the label `Text Block` if it says something; else it is left,
and counted.

Fields are the attributes by the names of their classes, `label`, `identity`, `description`, `date`, `time`, `date
description`, `time zone`, `source type`, `source reference`, `strength`, `multiplicity`, properties of a database, and
each card as one text, `card`. `grade 1` to `grade 3` are the texts in the chart's own lists; where these have the codes
of a known scheme, the record has that grade too. A link whose strength is not confirmed (Probable, Possible, Tentative,
or a line with gaps) is an assessment.

Not read are the summary of the chart, its legend and palettes, and how items are drawn. Times are taken as they stand.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from ingest.account import Account
from ingest.adapters.anx_chart import Chart, chart_of
from ingest.adapters.anx_items import Fields, fields_of, multiplicity_of, strength_of
from ingest.adapters.elements import attribute, elements
from ingest.adapters.xml_units import Found, Kind, xml_units
from ingest.shapes import PARENT, BadUnit, Frame, Item, Left, Link, Node, Readable, Reject, Tree, Way, writable
from ingest.specs import Written

_KIND = Kind("a chart of i2", ("Chart",), [("ChartItemCollection", "ChartItem")])
_NO_FRAME = Frame(b"", b"")
_ARROWS: Mapping[str, tuple[Way, bool]] = {
    "ArrowOnHead": ("forward", False),
    "ArrowOnTail": ("forward", True),
    "ArrowOnBoth": ("both", False),
    "ArrowNone": ("unsaid", False),
    "": ("unsaid", False),
}
_TEXT = "Text Block"
_TEXTS = frozenset({"TextBlock", "Label"})
# Parts of an item that say nothing of what it is.
_BESIDE = frozenset({"CIStyle", "AttributeCollection", "TimeZone", "CardCollection"})

# What a unit that is read alone has in its chart beside it: the ids that its entities have there.
_ENDS, _END = "Ends", "End"
_ENCODING = re.compile(rb'encoding="([^"]+)"')


class _Known(NamedTuple):
    """An entity: its id as a node, and its labels."""

    id: str
    labels: tuple[str, ...]


@dataclass(slots=True)
class _Entities:
    """The entities of a chart, by the id of an entity and by the id of an item."""

    by_entity: dict[str, _Known] = field(default_factory=dict)
    by_item: dict[str, _Known] = field(default_factory=dict)

    def find(self, link: Tree, number: int) -> _Known:
        """The entity at an end of a link; BadUnit if there is none."""
        entity, item = attribute(link, f"End{number}Id"), attribute(link, f"End{number}Reference")
        found = self.by_entity.get(entity) or self.by_item.get(item) or self.by_item.get(entity)
        if found is None:
            message = f"its end {number} is {entity or item or 'not said'}, and no entity of the chart is that"
            raise BadUnit("no such entity", f"{message}: was the chart exported whole?")
        return found


def read(path: Readable, written: Written, account: Account) -> Iterator[Item]:
    """Yield each node and link; FileRefused, before the first, for what is no chart."""
    return _Items(path.name, _entities(path), account).items(xml_units(path, _KIND))


def _entities(path: Readable) -> _Entities:
    """Go through the chart once to know its entities."""
    seen, named, entities = dict[str, tuple[str, tuple[str, ...]]](), Counter[str](), _Entities()
    items, chart, frame = dict[str, str](), chart_of({}), _NO_FRAME
    for found in xml_units(path, _KIND):
        if found.frame is not frame:
            frame, chart = found.frame, chart_of(found.parents.get(f"{PARENT}Chart", {}))
            _told(found, entities)
        entity, own = _entity_of(found.tree), attribute(found.tree, "Id")
        if entity is not None and (number := _number(entity, own)):
            identity = attribute(entity, "Identity")
            if number not in seen:
                named[identity] += 1
            seen[number] = identity, _labels(entity, chart)
            items[own] = number
    for number, (identity, labels) in seen.items():
        unique = identity if identity and named[identity] == 1 else f"#{number}"
        entities.by_entity.setdefault(number, _Known(unique, labels))
    entities.by_item |= {own: entities.by_entity[number] for own, number in items.items() if own}
    return entities


def _told(found: Found, entities: _Entities) -> None:
    """Take what the frame of a unit that is read alone says of entities."""
    for each in (
        each for group in elements(found.parents.get(f"{PARENT}Chart", {}), _ENDS) for each in elements(group, _END)
    ):
        labels = tuple(filter(None, [attribute(each, "Type")]))
        known = _Known(attribute(each, "Node"), labels)
        entities.by_entity[attribute(each, "Entity")] = entities.by_item[attribute(each, "Entity")] = known


def _entity_of(item: Tree) -> Tree | None:
    return next((each for end in elements(item, "End") for each in elements(end, "Entity")), None)


def _number(entity: Tree, item: str) -> str:
    """What links call an entity: its own id, else that of its item."""
    return attribute(entity, "EntityId") or item


def _labels(entity: Tree, chart: Chart) -> tuple[str, ...]:
    """The type of an entity; that of a text for one that is only written."""
    for shape in entity:
        if not shape.startswith(("@", "#")) and shape != "CardCollection":
            for drawn in elements(entity, shape):
                styles = [style for name in drawn if not name.startswith(("@", "#")) for style in elements(drawn, name)]
                kinds = [chart.name(style, "Type", "EntityTypeReference") for style in styles]
                kind = next(filter(None, kinds), _TEXT if shape in _TEXTS else "")
                if kind:
                    return (kind,)
    return ()


class _Items:
    """Makes units of the items of a chart."""

    def __init__(self, name: str, entities: _Entities, account: Account) -> None:
        self._name, self._entities, self._account = name, entities, account
        self._chart = chart_of({})

    def items(self, units: Iterator[Found]) -> Iterator[Item]:
        """Each unit, after its frame."""
        frame = _NO_FRAME
        for found in units:
            locator = f"{self._name}:{found.number}"
            if found.frame is not frame:
                frame, self._chart = found.frame, chart_of(found.parents.get(f"{PARENT}Chart", {}))
            framed = _framed(frame, self._ends_of(found.tree))
            yield framed
            try:
                yield self._made(found, locator)
            except BadUnit as bad:
                yield Reject(locator, bad.reason, str(bad), found.raw, *framed.around)

    def _made(self, found: Found, locator: str) -> Node | Link | Left:
        item, entity = found.tree, _entity_of(found.tree)
        link = next(elements(item, "Link"), None)
        if entity is not None:
            return self._node(item, entity, locator, found.raw)
        return self._other(item, locator, found.raw) if link is None else self._link(item, link, locator, found.raw)

    def _node(self, item: Tree, entity: Tree, locator: str, raw: bytes) -> Node:
        number = _number(entity, attribute(item, "Id"))
        if not number:
            raise BadUnit("no id", "the entity has no EntityId, and its item no Id: give it one")
        known = self._entities.by_entity[number]
        fields, identity = fields_of(item, entity, self._chart), attribute(entity, "Identity")
        is_label = attribute(entity, "LabelIsIdentity").lower() in ("true", "1")
        label = attribute(item, "Label") or identity
        fields.add("label", identity or label if is_label else label)
        fields.add("identity", identity if identity != label else "")
        return self._whole(item, fields, known, (locator, raw))

    def _other(self, item: Tree, locator: str, raw: bytes) -> Node | Left:
        """An item that is neither entity nor link: a node if it says something."""
        label, own = attribute(item, "Label"), attribute(item, "Id")
        fields = fields_of(item, {}, self._chart)
        if not label and not fields.tree():
            kinds = sorted(name for name in item if not name.startswith(("@", "#")) and name not in _BESIDE)
            self._account.skip(f"chart item without entity or link: {', '.join(kinds) or 'empty'}")
            return Left(locator)
        if not own:
            raise BadUnit("no id", "the item has a text and no Id: give it one")
        fields.add("label", label)
        return self._whole(item, fields, _Known(f"item {own}", (_TEXT,)), (locator, raw))

    def _whole(self, item: Tree, fields: Fields, known: _Known, place: tuple[str, bytes]) -> Node:
        said = self._chart.said(self._chart.grades_of(item), "")
        return Node(known.labels, writable("the id", known.id), fields.tree(), *place, said=said)

    def _link(self, item: Tree, link: Tree, locator: str, raw: bytes) -> Link:
        style = next(elements(link, "LinkStyle"), {})
        fields = fields_of(item, link, self._chart)
        fields.add("label", attribute(item, "Label"))
        strength = strength_of(style, self._chart, fields)
        multiplicity_of(style, fields)
        arrow = attribute(style, "ArrowStyle")
        way, turned = _ARROWS.get(arrow, ("unsaid", False))
        fields.add("arrow", arrow if arrow not in _ARROWS else "")
        ends = [self._entities.find(link, number) for number in ((2, 1) if turned else (1, 2))]
        said = self._chart.said(self._chart.grades_of(item), strength)
        start, end = ends
        kind, labels = self._chart.name(style, "Type", "LinkTypeReference"), (start.labels, end.labels)
        return Link(kind, start.id, end.id, fields.tree(), locator, raw, said=said, way=way, ends=labels)

    def _ends_of(self, item: Tree) -> dict[str, _Known]:
        """The entities that a unit needs to be read alone."""
        entity = _entity_of(item)
        if entity is not None:
            numbers = [_number(entity, attribute(item, "Id"))]
        else:
            named = [f"End{number}{kind}" for number in (1, 2) for kind in ("Id", "Reference")]
            numbers = [attribute(link, name) for link in elements(item, "Link") for name in named]
        return {
            number: known
            for number in numbers
            if number and (known := self._entities.by_entity.get(number) or self._entities.by_item.get(number))
        }


def _framed(frame: Frame, ends: Mapping[str, _Known]) -> Frame:
    """The frame of a unit, with what it needs of its chart."""
    if not ends:
        return frame
    before = frame.before
    wide = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(before[:2])
    declared = _ENCODING.search(before)
    encoding = wide or (declared[1].decode("ascii") if declared else "utf-8")
    said = "".join(
        f"<{_END} Entity={quoteattr(number)} Node={quoteattr(known.id)} Type={quoteattr(''.join(known.labels))}/>"
        for number, known in ends.items()
    )
    at = before.rfind("<ChartItemCollection".encode(encoding))
    inner = f"<{_ENDS}>{said}</{_ENDS}>".encode(encoding, "xmlcharrefreplace")
    return Frame(before[:at] + inner + before[at:], frame.after)
