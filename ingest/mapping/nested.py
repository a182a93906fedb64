"""Make the records of units with elements: one for each element where the manifest says `each`."""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from ingest.mapping.columns import Cells
from ingest.mapping.elements import Element, Place
from ingest.mapping.makers import Ids, Maker
from ingest.shapes import Fields
from ingest.specs.records import RecordSpec
from workbench.model.marking import Marking
from workbench.model.record import Record

# The key of a unit itself among the elements of a unit.
_OF_UNIT = ""


class _One(NamedTuple):
    """A record to make: its maker, its place among elements, its cells and its id."""

    maker: Maker
    place: Place
    cells: Cells
    source_id: str


class Nested:
    """Makes the records of a unit, some of them for each element."""

    def __init__(self, makers: Sequence[Maker]) -> None:
        self._makers = makers
        self._keys = {each.spec.name: str(each.spec.each) if each.spec.each else _OF_UNIT for each in makers}
        self._reached = {each.spec.name: _reached(each.spec, makers) for each in makers}

    def unit(self, row: Cells, fields: Fields, locator: str) -> tuple[list[Record], tuple[str, ...]]:
        """All records of a unit, and their names in the manifest; BadUnit if any can't be made."""
        found = list(self._found(row, fields))
        ids: dict[str, list[tuple[Place, str]]] = {}
        for each in found:
            ids.setdefault(each.maker.spec.name, []).append((each.place, each.source_id))
        records = [each.maker.record(each.cells, each.source_id, self._in_reach(each, ids), locator) for each in found]
        return records, tuple(ids)

    def markings(self, row: Cells, fields: Fields) -> list[Marking]:
        """The markings of all records that a unit could have; BadUnit if one can't be read."""
        known = {_OF_UNIT: [Element((), row)]}
        every = ((maker, each.cells) for maker in self._makers for each in self._elements(maker, row, fields, known))
        return [maker.marking(cells) for maker, cells in every]

    def _found(self, row: Cells, fields: Fields) -> Iterator[_One]:
        known = {_OF_UNIT: [Element((), row)]}
        for maker in self._makers:
            for place, cells in self._elements(maker, row, fields, known):
                if maker.present(cells):
                    yield _One(maker, place, cells, maker.source_id(cells) if maker.source_id else "")

    def _elements(self, maker: Maker, row: Cells, fields: Fields, known: dict[str, list[Element]]) -> list[Element]:
        """What a record is made for: the unit, or its elements. `known` are those of the unit that were looked for."""
        key = self._keys[maker.spec.name]
        if key not in known and maker.elements:
            known[key] = list(maker.elements(fields, row))
        return known[key]

    def _in_reach(self, one: _One, ids: dict[str, list[tuple[Place, str]]]) -> Ids:
        """The ids of the records that this one can name: those of its own element, in it, and around it."""
        return {
            name: [source_id for place, source_id in ids.get(name, ()) if place[:shared] == one.place[:shared]]
            for name, shared in self._reached[one.maker.spec.name]
        }


def _reached(spec: RecordSpec, makers: Sequence[Maker]) -> list[tuple[str, int]]:
    """The records that one names in its roles, and how many places an element of theirs must have in common."""
    named = {role.record for roles in spec.roles.values() for role in roles if role.record}
    return [(each.spec.name, _shared(spec, each.spec)) for each in makers if each.spec.name in named]


def _shared(one: RecordSpec, other: RecordSpec) -> int:
    """How many places two elements have in common if one is in the other, or both are in a third."""
    if one.each is None or other.each is None:
        return 0
    if one.each == other.each:
        return len(_way(one))
    pairs = zip(_way(one), _way(other), strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))


def _way(spec: RecordSpec) -> list[str]:
    each = spec.each
    return (each.column or "").split(".") if each else []
