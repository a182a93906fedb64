"""Adapter `neo4j-csv`: tables with the headers of neo4j-admin (`:ID`, `:LABEL`, `:START_ID` ...).

A property graph is loaded as it stands: each node an entity, each link a relationship,
labels and types mapped by the manifest, else by `neo4j_default.toml`, else to Item and
UnknownLink with the label or type kept. A link whose type can be one keeps it, and the way
that it runs, as its tie's type, whichever schema it has. Nothing says what an unmapped property
means, so it is kept as text, or is an error where the manifest maps the label and does not
ignore it.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from ingest.account import Account, near
from ingest.adapters import mapping
from ingest.adapters.delimited import Table, check_names, form_of
from ingest.fields import Timezone
from ingest.manifest import (
    BadUnit,
    FileSpec,
    LabelSpec,
    Left,
    Manifest,
    ManifestSpec,
    Readable,
    Reject,
    TypeSpec,
    ValueSpec,
    described,
)
from ingest.units import tied
from workbench.errors import FileRefused
from workbench.model.ontology import ontology
from workbench.model.record import Record, Role, Value
from workbench.model.tie_types import is_tie_type

_TYPES = (
    "int|long|float|double|boolean|byte|short|char|string|point|date|localtime|time|localdatetime|datetime|duration"
    "|ID|LABEL|START_ID|END_ID|TYPE|IGNORE"
)
_FIELD = re.compile(
    rf"(?P<name>.*?)(:(?P<type>{_TYPES})(?P<array>\[\])?(\((?P<space>[^)]*)\))?(?P<options>\{{.*\}})?)?", re.DOTALL
)
_OF_GRAPH = frozenset({"ID", "LABEL", "START_ID", "END_ID", "TYPE"})
_SEVERAL = ";"
_ZONE = re.compile(r"\{\s*timezone\s*:\s*(.+?)\s*\}")

# The entry of labels and types for those that have none.
_OTHERS = "*"

# Where a type is kept: the first that its schema has and its mapping does not fill.
_KEEPS_TYPE = ("role", "relationship", "summary")

# How many labels and types of one file are kept compiled.
_KEPT = 1_000

_Make = Callable[[list[str], str], Record]


class _End(NamedTuple):
    """A column of ids, and the space in which they are unique."""

    column: int
    space: str


class _Header(NamedTuple):
    """What the columns of a file are."""

    ends: Mapping[str, _End]  # ID, or START_ID and END_ID
    kinds: Mapping[str, int]  # LABEL and TYPE
    properties: Mapping[str, int]
    arrays: frozenset[str]
    zones: Mapping[str, str]


def read(path: Readable, manifest: Manifest, account: Account | None = None) -> Iterator[Record | Reject | Left]:
    """The record of each node or link, or its reject; FileRefused for another header."""
    spec = manifest.file(path.name) or FileSpec(pattern="*")
    account = account or Account()
    table = Table(path, form_of(path, spec), account)
    make = _Graph(path, manifest, _header(table.names, path), account).record
    yield from table.records(make)


def _header(names: list[str], path: Readable) -> _Header:
    ends: dict[str, _End] = {}
    kinds: dict[str, int] = {}
    properties: list[tuple[str, int]] = []
    arrays, zones = set(), dict[str, str]()
    for index, field in enumerate(names):
        match = _FIELD.fullmatch(field)
        name, kind = (match["name"], match["type"]) if match else (field, None)
        if kind in ends or kind in kinds:
            raise FileRefused(
                "duplicate header", f"{path.name} line 1: two columns are :{kind}: this adapter wants one", 1
            )
        if match and kind in ("ID", "START_ID", "END_ID"):
            ends[kind] = _End(index, match["space"] or "")
        elif kind in ("LABEL", "TYPE"):
            kinds[kind] = index
        if kind != "IGNORE" and (name or kind not in _OF_GRAPH):
            properties.append((name, index))
        if match and match["array"]:
            arrays.add(name)
        if match and (zone := _ZONE.fullmatch(match["options"] or "")):
            zones[name] = _known_zone(zone[1], path)
    check_names([name for name, _ in properties], path)
    if not (set(ends) == {"ID"} or set(ends) == {"START_ID", "END_ID"}):
        message = f"{path.name} line 1 is no header of neo4j-admin: name its columns :ID, or :START_ID and :END_ID"
        raise FileRefused("bad header", message, 1)
    return _Header(ends, kinds, dict(properties), frozenset(arrays), zones)


def _known_zone(name: str, path: Readable) -> str:
    """The time zone that a header names for the times of its column."""
    try:
        return TypeAdapter[str](Timezone).validate_python(name)
    except ValidationError as error:
        raise FileRefused("bad header", f"{path.name} line 1: {described(error)}", 1) from error


class _Graph:
    """Makes the records of one file; what a label or type asks for is compiled at its first row."""

    def __init__(self, path: Readable, manifest: Manifest, header: _Header, account: Account) -> None:
        spec = manifest.file(path.name) or FileSpec(pattern="*")
        default = _default()
        self._header = header
        self._dataset = manifest.source
        self._held = manifest.handling(path.name)
        self._hints = mapping.Hints(spec.country or manifest.spec.country, spec.timezone or manifest.spec.timezone)
        self._labels = {**default.labels, **manifest.spec.labels}
        self._types = {**default.types, **manifest.spec.types}
        self._other_label, self._other_type = self._labels.pop(_OTHERS), self._types.pop(_OTHERS)
        self._nodes = set(header.ends) == {"ID"}
        self._kind = header.kinds.get("LABEL" if self._nodes else "TYPE", -1)
        self._account = account
        self._made: dict[str, _Make] = {}
        said = manifest.spec.labels if self._nodes else manifest.spec.types
        self._is_total = not said or _OTHERS in said
        self._says_others = _OTHERS in said

    def record(self, cells: list[str], locator: str) -> list[Record]:
        """The record of a row."""
        cells.append("")  # what a mapping reads of a property that this file has not
        kind = cells[self._kind] if self._kind >= 0 else ""
        make = self._made.get(kind)
        if make is None:
            if len(self._made) >= _KEPT:
                self._made.clear()
            make = self._made[kind] = self._node(kind) if self._nodes else self._link(kind)
        records = [tied(make(cells, locator))]
        self._tell(kind)
        return records

    def _tell(self, cell: str) -> None:
        """Count a unit by what maps its label or type, and what nothing foresaw.

        That is what falls to the entry for all others where the manifest maps some and says nothing of the rest,
        or has the name of a mapped one but for case or space.
        """
        what, known = ("label", self._labels) if self._nodes else ("type", self._types)
        names = [name.strip() for name in (cell.split(_SEVERAL) if self._nodes else [cell]) if name.strip()]
        mapped = [name for name in names if name in known]
        self._account.made[tuple(f"{what} {name}" for name in mapped or [_OTHERS])] += 1
        if mapped or self._says_others:
            return
        for name in names or [""]:
            if not self._is_total or near(name, known):
                self._account.leave(f":{what.upper()}", name, known)

    def _node(self, cell: str) -> _Make:
        labels = [label.strip() for label in cell.split(_SEVERAL) if label.strip()]
        mapped = {label: self._labels[label] for label in labels if label in self._labels}
        schema = ontology().narrowest(spec.schema_ for spec in mapped.values())
        chosen = next((label for label, spec in mapped.items() if spec.schema_ == schema), None)
        spec = mapped[chosen] if chosen else self._other_label
        properties = self._properties(spec, {"keywords": [label for label in labels if label != chosen]})
        source, dataset, held = self._source_id("ID"), self._dataset, self._held

        def make(cells: list[str], locator: str) -> Record:
            return Record(
                spec.schema_,
                dataset,
                source(cells),
                properties(cells),
                held.marking,
                (),
                held.basis,
                held.grade,
                held.part,
                0,
                locator,
            )

        return make

    def _link(self, cell: str) -> _Make:
        kind = cell.strip()
        spec = self._types.get(kind, self._other_type)
        known = ontology().schemata[spec.schema_].properties
        kept_in = next((name for name in _KEEPS_TYPE if name in known and name not in spec.properties), "description")
        properties = self._properties(spec, {kept_in: [kind] if kind else []})
        start, end = self._source_id("START_ID"), self._source_id("END_ID")
        dataset, held = self._dataset, self._held
        tie_type = spec.type_ or (kind if is_tie_type(kind) else "")
        ends = (spec.source, spec.target)
        tie_ends = ends if tie_type and ends != ontology().ends(spec.schema_) else None

        def make(cells: list[str], locator: str) -> Record:
            return Record(
                spec.schema_,
                dataset,
                "",
                properties(cells),
                held.marking,
                (Role(spec.source, start(cells)), Role(spec.target, end(cells))),
                held.basis,
                held.grade,
                held.part,
                0,
                locator,
                tie_type,
                tie_ends,
            )

        return make

    def _source_id(self, which: str) -> Callable[[list[str]], str]:
        index, space = self._header.ends[which]
        before = f"{space}/" if space else ""

        def source_id(cells: list[str]) -> str:
            cell = cells[index].strip()
            if not cell:
                raise BadUnit(f"empty id: :{which}", f":{which} is empty: fill it with the id of a node")
            return before + cell

        return source_id

    def _properties(
        self, spec: LabelSpec | TypeSpec, kept: Mapping[str, list[str]]
    ) -> Callable[[list[str]], dict[str, tuple[Value, ...]]]:
        """A function from a row to its properties, with constants added and no property lost."""
        missing = defaultdict(lambda: -1, self._header.properties)
        specs = {name: [self._as_headed(each) for each in values] for name, values in spec.properties.items()}
        mapped = mapping.properties_of(spec.schema_, specs, missing, self._hints)
        constants = {name: tuple(Value(text, text) for text in texts) for name, texts in kept.items() if texts}
        read = {column for values in specs.values() for value in values for column in value.columns()}
        read.update(spec.ignore)
        ids = {end.column for end in self._header.ends.values()}
        left = [(i, name) for name, i in self._header.properties.items() if name not in read and i not in ids]

        def properties(cells: list[str]) -> dict[str, tuple[Value, ...]]:
            found = mapped(cells)
            for name, values in constants.items():
                found[name] = found.get(name, ()) + values
            rest = tuple(_as_text(name, cells[i], spec) for i, name in left if cells[i] and not cells[i].isspace())
            if rest:
                found["description"] = found.get("description", ()) + rest
            return found

        return properties

    def _as_headed(self, spec: ValueSpec) -> ValueSpec:
        """A value as its column's header has it: of an array several, of times their zone."""
        column = spec.column or ""
        split = _SEVERAL if column in self._header.arrays else None
        headed = {"split": spec.split or split, "timezone": spec.timezone or self._header.zones.get(column)}
        return spec.model_copy(update=headed)


def _as_text(name: str, cell: str, spec: LabelSpec | TypeSpec) -> Value:
    if spec.rest == "error":
        message = f"nothing maps property {name!r} of {spec.schema_}: map it, or add it to `ignore`"
        raise BadUnit(f"unknown property: {name}", message)
    text = f"{name}: {cell.strip()}"
    return Value(text, text)


@cache
def _default() -> ManifestSpec:
    text = Path(__file__).with_name("neo4j_default.toml").read_text("utf-8")
    return ManifestSpec.model_validate(tomllib.loads(text))
