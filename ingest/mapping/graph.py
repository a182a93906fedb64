"""Map nodes to entities and links to relationships, by `[labels]` and `[types]` of the manifest or the adapter.

A label or type that neither maps becomes Item or UnknownLink, and is kept as text. A link keeps its type and
direction as the type of its tie, if it is a valid one, whatever its schema. An unmapped property is kept as text, or
is an error if the manifest maps the label and does not ignore the property.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

from ingest.account import Account, near
from ingest.manifest import LabelSpec, Manifest, TypeSpec, usual_manifest
from ingest.mapping import cells
from ingest.mapping.columns import Columns, Named, Placed
from ingest.mapping.making import made
from ingest.mapping.outcomes import Begin
from ingest.shapes import BadUnit, Fields, Header, Link, Node
from workbench.model.marking import Marking
from workbench.model.ontology import ontology
from workbench.model.record import Record, Role, Value
from workbench.model.tie_types import is_tie_type

# The key of [labels] and [types] for all that have no entry.
_OTHERS = "*"

# The mapping of labels and types that neither the manifest nor the adapter maps.
_UNMAPPED = Path(__file__).with_name("graph.toml")

# Properties that can hold an unmapped type: the first that the schema has and the mapping does not fill.
_KEEPS_TYPE = ("role", "relationship", "summary")

# How many compiled labels and types of one file are cached.
_KEPT = 1_000

_Mapped = TypeVar("_Mapped", LabelSpec, TypeSpec)
_Said = Mapping[str, _Mapped]
_Kind = tuple[str, ...] | str
_Make = Callable[[Any], Record]


def begin_graph(name: str, manifest: Manifest, account: Account, defaults: Path | None) -> Begin:
    """The mapper for a file of nodes and links."""

    def begin(header: Header | None) -> _Graph:
        columns = Placed(header.columns) if header else Named()
        return _Graph(name, manifest, defaults or _UNMAPPED, columns, account)

    return begin


class _Entries(Generic[_Mapped]):
    """The mapping of labels or types: from the manifest, else the adapter, else the entry for all others."""

    def __init__(self, what: str, unmapped: _Said[_Mapped], default: _Said[_Mapped], said: _Said[_Mapped]) -> None:
        self._what = what
        self.known: dict[str, _Mapped] = {**unmapped, **default, **said}
        self.others: _Mapped = self.known.pop(_OTHERS)
        self._says_others = _OTHERS in said
        self._is_total = not said or self._says_others

    def tell(self, names: Sequence[str], account: Account) -> None:
        """Count a unit by the entry that maps it, and count labels or types that are unforeseen.

        Unforeseen are those without an entry, if the manifest maps some and has no entry for the rest, and those that
        differ from a mapped one only by case or space.
        """
        mapped = [name for name in names if name in self.known]
        account.made[tuple(f"{self._what} {name}" for name in mapped or [_OTHERS])] += 1
        if mapped or self._says_others:
            return
        for name in names or [""]:
            if not self._is_total or near(name, self.known):
                account.leave(f":{self._what.upper()}", name, self.known)


class _Graph:
    """Makes the records of nodes and links; the mapping of labels and types is compiled on first use."""

    def __init__(self, name: str, manifest: Manifest, defaults: Path, columns: Columns, account: Account) -> None:
        spec, said = manifest.written(name), manifest.spec
        default, unmapped = usual_manifest(defaults), usual_manifest(_UNMAPPED)
        self._columns, self._account = columns, account
        self._dataset, self._held = manifest.source, manifest.handling(name)
        self._hints = cells.Hints(spec.country or said.country, spec.timezone or said.timezone)
        self._labels = _Entries("label", unmapped.labels, default.labels, said.labels)
        self._types = _Entries("type", unmapped.types, default.types, said.types)
        self._made: dict[_Kind, _Make] = {}

    def records(self, unit: Node | Link) -> list[Record]:
        """The record of a node or link."""
        if isinstance(unit, Node):
            record = (self._made.get(unit.labels) or self._compiled(unit.labels, self._node(unit.labels)))(unit)
            self._labels.tell(unit.labels, self._account)
        else:
            record = (self._made.get(unit.type) or self._compiled(unit.type, self._link(unit.type)))(unit)
            self._types.tell([unit.type] if unit.type else [], self._account)
        return [record]

    def asked(self, unit: Node | Link) -> Marking | None:
        """Always None: a unit has no marking of its own."""
        return None

    def _compiled(self, kind: _Kind, make: _Make) -> _Make:
        if len(self._made) >= _KEPT:
            self._made.clear()
        self._made[kind] = make
        return make

    def _node(self, labels: Sequence[str]) -> _Make:
        mapped = {label: self._labels.known[label] for label in labels if label in self._labels.known}
        schema = ontology().narrowest(spec.schema_ for spec in mapped.values())
        chosen = next((label for label, spec in mapped.items() if spec.schema_ == schema), None)
        spec = mapped[chosen] if chosen else self._labels.others
        properties = self._properties(spec, {"keywords": [label for label in labels if label != chosen]})
        dataset, held = self._dataset, self._held

        def make(node: Node) -> Record:
            source_id = _filled(node.id, "ID")
            return made(spec.schema_, dataset, source_id, properties(node.fields), (), held, node.locator)

        return make

    def _link(self, kind: str) -> _Make:
        spec = self._types.known.get(kind, self._types.others)
        known = ontology().schemata[spec.schema_].properties
        kept_in = next((name for name in _KEEPS_TYPE if name in known and name not in spec.properties), "description")
        properties = self._properties(spec, {kept_in: [kind] if kind else []})
        dataset, held = self._dataset, self._held
        tie_type = spec.type_ or (kind if is_tie_type(kind) else "")
        ends = (spec.source, spec.target)
        tie_ends = ends if tie_type and ends != ontology().ends(spec.schema_) else None

        def make(link: Link) -> Record:
            said = properties(link.fields)
            start, end = _filled(link.start, "START_ID"), _filled(link.end, "END_ID")
            roles = (Role(spec.source, start), Role(spec.target, end))
            return made(spec.schema_, dataset, "", said, roles, held, link.locator, tie_type, tie_ends)

        return make

    def _properties(
        self, spec: LabelSpec | TypeSpec, kept: Mapping[str, list[str]]
    ) -> Callable[[Fields], dict[str, tuple[Value, ...]]]:
        """A function from fields to properties that adds constants and loses no field."""
        mapped = cells.properties_of(spec.schema_, spec.properties, self._columns, self._hints)
        constants = {name: tuple(Value(text, text) for text in texts) for name, texts in kept.items() if texts}
        read = {column for values in spec.properties.values() for value in values for column in value.columns()}
        columns, left = self._columns, self._columns.rest(frozenset(read.union(spec.ignore)))

        def properties(given: Fields) -> dict[str, tuple[Value, ...]]:
            fields = columns.cells(given)
            found = mapped(fields)
            for name, values in constants.items():
                found[name] = found.get(name, ()) + values
            rest = tuple(_as_text(name, text, spec) for name, text in left(fields))
            if rest:
                found["description"] = found.get("description", ()) + rest
            return found

        return properties


def _filled(text: str, which: str) -> str:
    if not text:
        raise BadUnit(f"empty id: :{which}", f":{which} is empty: fill it with the id of a node")
    return text


def _as_text(name: str, text: str, spec: LabelSpec | TypeSpec) -> Value:
    if spec.rest == "error":
        message = f"nothing maps property {name!r} of {spec.schema_}: map it, or add it to `ignore`"
        raise BadUnit(f"unknown property: {name}", message)
    kept = f"{name}: {text.strip()}"
    return Value(kept, kept)
