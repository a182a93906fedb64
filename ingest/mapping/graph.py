"""Map nodes to entities and links to relationships, by `[labels]` and `[types]` of the manifest or the adapter.

A label or type that neither maps becomes Item or UnknownLink, and is kept as text. A link keeps its type and
direction as the type of its tie, if it is a valid one, whatever its schema. An unmapped property is kept as text, or
is an error if the manifest maps the label and does not ignore the property.

A link of which nobody said which way it runs becomes a relationship without a direction, unless its type is mapped as
`directed`, or `source_is` tells its ends apart. One that runs both ways becomes two relationships, if its schema has a
direction.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

from ingest.account import Account, near
from ingest.manifest import Handling, LabelSpec, Manifest, TypeSpec, usual_manifest
from ingest.mapping import cells
from ingest.mapping.columns import Columns, Named, Placed
from ingest.mapping.making import made
from ingest.mapping.outcomes import Begin
from ingest.shapes import NOTHING_SAID, BadUnit, Fields, Header, Link, Node, Said
from workbench.errors import InputError
from workbench.model.grade import parse_grade
from workbench.model.marking import Marking
from workbench.model.ontology import ontology
from workbench.model.record import Basis, Record, Role, Value
from workbench.model.tie_types import is_tie_type

# The key of [labels] and [types] for all that have no entry.
_OTHERS = "*"

# The mapping of labels and types that neither the manifest nor the adapter maps.
_UNMAPPED = Path(__file__).with_name("graph.toml")

# Properties that can hold an unmapped type: the first that the schema has and the mapping does not fill.
_KEEPS_TYPE = ("role", "relationship", "summary")
# The property for what nothing maps.
_REST = "description"

# How many compiled labels and types of one file are cached.
_KEPT = 1_000

# The schema, with its roles, for links without a direction whose own schema has one.
_UNDIRECTED, _ENDS = "UnknownLink", ("subject", "object")
_ASSET = "Asset"

_Mapped = TypeVar("_Mapped", LabelSpec, TypeSpec)
_Entry = Mapping[str, _Mapped]
_Kind = tuple[str, ...] | str
_Make = Callable[[Any], list[Record]]
_Ends = tuple[tuple[str, ...], tuple[str, ...]]
_NO_ENDS: _Ends = ((), ())


def begin_graph(name: str, manifest: Manifest, account: Account, defaults: Path | None) -> Begin:
    """The mapper for a file of nodes and links."""

    def begin(header: Header | None) -> _Graph:
        columns = Placed(header.columns) if header else Named()
        return _Graph(name, manifest, defaults or _UNMAPPED, columns, account)

    return begin


class _Entries(Generic[_Mapped]):
    """The mapping of labels or types: from the manifest, else the adapter, else the entry for all others."""

    def __init__(self, what: str, unmapped: _Entry[_Mapped], default: _Entry[_Mapped], said: _Entry[_Mapped]) -> None:
        self._what = what
        self.known: dict[str, _Mapped] = {**unmapped, **default, **said}
        self.others: _Mapped = self.known.pop(_OTHERS)
        self._says_others = _OTHERS in said
        self._is_total = not said or self._says_others
        self._said = frozenset(said)

    def is_said(self, name: str) -> bool:
        """Whether the manifest maps a name itself."""
        return name in self._said

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
        """The record of a node or link; two for a link that runs both ways."""
        if isinstance(unit, Node):
            records = (self._made.get(unit.labels) or self._compiled(unit.labels, self._node(unit.labels)))(unit)
            self._labels.tell(unit.labels, self._account)
        else:
            kind = f"{unit.way} {unit.type}" if unit.ends == _NO_ENDS else f"{unit.way} {unit.type} {unit.ends}"
            records = (self._made.get(kind) or self._compiled(kind, self._link(unit)))(unit)
            self._types.tell([unit.type] if unit.type else [], self._account)
        return records

    def asked(self, unit: Node | Link) -> Marking | None:
        """Always None: a unit has no marking of its own."""
        return None

    def _compiled(self, kind: _Kind, make: _Make) -> _Make:
        if len(self._made) >= _KEPT:
            self._made.clear()
        self._made[kind] = make
        return make

    def _of_labels(self, labels: Sequence[str]) -> tuple[LabelSpec, str | None]:
        """The mapping of a node, and which of its labels decides."""
        mapped = {label: self._labels.known[label] for label in labels if label in self._labels.known}
        schema = ontology().narrowest(spec.schema_ for spec in mapped.values())
        chosen = next((label for label, spec in mapped.items() if spec.schema_ == schema), None)
        return (mapped[chosen] if chosen else self._labels.others), chosen

    def _node(self, labels: Sequence[str]) -> _Make:
        spec, chosen = self._of_labels(labels)
        properties = self._properties(spec, {"keywords": [label for label in labels if label != chosen]})
        dataset, held = self._dataset, self._held

        def make(node: Node) -> list[Record]:
            source_id, handled = _filled(node.id, "ID"), _handled(held, node.said)
            return [made(spec.schema_, dataset, source_id, properties(node.fields), (), handled, node.locator)]

        return make

    def _of_type(self, link: Link) -> tuple[TypeSpec, bool | None]:
        """The mapping of a link, and whether its second end is its source; None if its ends don't tell.

        A link between things that the usual mapping of its type does not tie is mapped as one of another type.
        """
        spec = self._types.known.get(link.type, self._types.others)
        if not all(link.ends):
            return spec, None
        schemata = [self._of_labels(labels)[0].schema_ for labels in link.ends]
        turned = _is_turned(spec, schemata)
        if not self._types.is_said(link.type) and not _fits(spec, schemata[::-1] if turned else schemata):
            return self._types.others, None
        return spec, turned

    def _link(self, link: Link) -> _Make:
        """A function from links of this type, way and ends to records."""
        kind, way = link.type, link.way
        spec, turned = self._of_type(link)
        if way == "unsaid" and turned is None and not spec.directed:
            spec = _without_direction(spec)
        known = ontology().schemata[spec.schema_]
        places = (name for name in _KEEPS_TYPE if name in known.properties and name not in spec.properties)
        properties = self._properties(spec, {next(places, _REST): [kind] if kind else []})
        back = way == "both" and known.edge_directed and turned is None
        tie_type = spec.type_ or (kind if is_tie_type(kind) else "")
        first, second = (spec.target, spec.source) if turned else (spec.source, spec.target)
        ends = (spec.source, spec.target) if way == "unsaid" else (first, second)
        tied = tie_type, ends if tie_type and ends != ontology().ends(spec.schema_) else None
        dataset, held = self._dataset, self._held

        def make(link: Link) -> list[Record]:
            said, handled = properties(link.fields), _handled(held, link.said)
            start, end = _filled(link.start, "START_ID"), _filled(link.end, "END_ID")
            pairs = [(start, end), (end, start)] if back and start != end else [(start, end)]
            roles = [(Role(first, a), Role(second, b)) for a, b in pairs]
            return [made(spec.schema_, dataset, "", said, each, handled, link.locator, *tied) for each in roles]

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
                found[_REST] = found.get(_REST, ()) + rest
            return found

        return properties


def _is_turned(spec: TypeSpec, schemata: Sequence[str]) -> bool | None:
    """Whether the second end of a link is its source; None if its ends don't tell."""
    for wanted in spec.source_is:
        first, second = (ontology().is_a(schema, wanted) for schema in schemata)
        if first != second:
            return second
    return None


def _fits(spec: TypeSpec, schemata: Sequence[str]) -> bool:
    """Whether two things can have the roles of a relationship. An asset can be anything: phones and homes are none."""
    known = ontology().schemata[spec.schema_].properties
    ranges = [known[role].range for role in (spec.source, spec.target)]
    return all(
        wanted == _ASSET or ontology().is_a(schema, wanted) for schema, wanted in zip(schemata, ranges, strict=True)
    )


def _without_direction(spec: TypeSpec) -> TypeSpec:
    """The mapping for links of a type that have no direction: its own if its schema has none.

    Properties that the other schema lacks are kept as text.
    """
    if not ontology().schemata[spec.schema_].edge_directed:
        return spec
    known = ontology().schemata[_UNDIRECTED].properties
    left = {name: values for name, values in spec.properties.items() if name in known}
    source, target = _ENDS
    changed = {"schema_": _UNDIRECTED, "source": source, "target": target, "properties": left, "rest": _REST}
    return spec.model_copy(update=changed)


def _handled(held: Handling, said: Said) -> Handling:
    """The handling of a unit: what it says of itself, and what holds for its file otherwise; BadUnit for no grade."""
    if said is NOTHING_SAID:
        return held
    try:
        grade = parse_grade(said.scheme, said.grade) if said.scheme else held.grade
    except InputError as error:
        raise BadUnit("unknown grade", f"{error.message}: correct it") from error
    return held._replace(grade=grade, basis=Basis(said.basis) if said.basis else held.basis)


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
