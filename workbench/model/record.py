"""A record: what one source says about one entity or relationship, graded and marked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

import orjson

from workbench.errors import NOT_AS_WRITTEN, damaged
from workbench.model.grade import Grade, parse_grade
from workbench.model.ids import entity_id, record_digest
from workbench.model.marking import Marking
from workbench.model.ontology import ontology
from workbench.model.tie_types import Arrow


class Value(NamedTuple):
    """A value: cleaned, and as the source gave it; `value` is None if it could not be cleaned."""

    value: str | None
    original: str


class Role(NamedTuple):
    """A role of a record, and the source id in the record's dataset of the entity that fills it."""

    name: str
    ref: str


class Basis(StrEnum):
    """What a record rests on."""

    FACT = "fact"
    ASSESSMENT = "assessment"
    INFERENCE = "inference"


BY_HAND = "by-hand"  # an agency's dataset of what is drawn by hand


@dataclass(frozen=True, slots=True, order=True)
class Dataset:
    """The feed that a record came in; its source ids mean something only inside it."""

    agency: str
    name: str

    def __str__(self) -> str:
        return f"{self.agency}/{self.name}"


@dataclass(frozen=True, slots=True)
class Record:
    """What one source says, as one unit.

    - `source_id`: the source's id of the entity or relationship; "" if it gives none.
    - `ordinal`: counts equal units without a source id, from 0.
    - `part`: distinguishes the records that one unit was split into.
    - `locator`: the place in the file.
    - `tie_type`: the source's name for the relationship (`KNOWS`), "" if it has none.
    - `tie_ends`: the two roles that `tie_type` runs between; None for the schema's (source, target).
    """

    schema: str
    dataset: Dataset
    source_id: str
    properties: Mapping[str, tuple[Value, ...]]
    marking: Marking
    roles: tuple[Role, ...] = ()
    basis: Basis = Basis.FACT
    grade: Grade | None = None
    part: str = ""
    ordinal: int = 0
    locator: str = ""
    tie_type: str = ""
    tie_ends: tuple[str, str] | None = None
    _said: tuple[str, bytes] | None = field(default=None, init=False, repr=False, compare=False)  # see `remembered`

    @property
    def entity(self) -> str:
        """The id of the entity that the record is about; for entity records only."""
        return entity_id(self.dataset.agency, self.dataset.name, self.source_id)

    def referent(self, ref: str) -> str:
        """The id of the entity that fills a role of this record."""
        return entity_id(self.dataset.agency, self.dataset.name, ref)

    def arrow(self, a: str, b: str) -> Arrow:
        """The type and direction, in a property graph, of the tie between two roles of this record."""
        if self.tie_type:
            ends = self.tie_ends or ontology().ends(self.schema)
            if {a, b} == set(ends):
                return Arrow(self.tie_type, (a, b) == ends)
        return ontology().arrow(self.schema, a, b)

    def values(self) -> dict[str, list[str]]:
        """The cleaned values by property."""
        return {name: [v for v, _ in values if v is not None] for name, values in self.properties.items()}

    def content(self) -> str:
        """The record's content as canonical JSON: equal if and only if two records say the same."""
        said = {
            name: ([vs[0][1]] if vs[0][0] == vs[0][1] else [tuple(vs[0])]) if len(vs) == 1 else _encode(vs)
            for name, vs in self.properties.items()
            if vs
        }
        body: dict[str, Any] = {"s": self.schema, "p": said}
        if self.roles:
            body["r"] = sorted(set(map(_plain, self.roles)))
        if self.basis is not Basis.FACT:
            body["b"] = self.basis.value
        if self.grade is not None:
            body["g"] = [self.grade.scheme, self.grade.text]
        if self.ordinal:
            body["n"] = self.ordinal
        if self.tie_type:
            body["t"] = [self.tie_type, *self.tie_ends] if self.tie_ends else self.tie_type
        return orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()

    def said(self) -> tuple[str, bytes]:
        """The record's content, and its key as 16 bytes."""
        if self._said is not None:
            return self._said
        content, dataset = self.content(), self.dataset
        return content, record_digest(dataset.agency, dataset.name, self.source_id, self.part, content)

    def remembered(self) -> tuple[str, bytes]:
        """As `said`, for a record that will be asked again."""
        said = self.said()
        object.__setattr__(self, "_said", said)
        return said

    def key(self) -> str:
        """The record's key, 32 hex digits."""
        return self.said()[1].hex()


_plain: Callable[[Role], tuple[str, ...]] = tuple


def _encode(values: tuple[Value, ...]) -> list[str | tuple[str | None, str]]:
    """Values sorted and without duplicates; one text where the cleaned and the given value are equal."""
    values = tuple(sorted(set(values), key=_value_order))
    return [original if value == original else (value, original) for value, original in values]


def _value_order(value: Value) -> tuple[str, bool, str]:
    return (value.value or "", value.value is None, value.original)


def _decode(value: Any) -> Value:
    return Value(value, value) if isinstance(value, str) else Value(value[0], value[1])


def from_content(content: str, dataset: Dataset, source_id: str, marking: Marking, part: str, locator: str) -> Record:
    """Rebuild a record from the text that `Record.content` returned; StoreError for any other text."""
    try:
        body = orjson.loads(content)
        tie_type, tie_ends = _tie(body.get("t", ""))
        return Record(
            schema=ontology().schemata[body["s"]].name,
            dataset=dataset,
            source_id=source_id,
            properties={name: tuple(map(_decode, values)) for name, values in body["p"].items()},
            marking=marking,
            roles=tuple(Role(*role) for role in body.get("r", ())),
            basis=Basis(body.get("b", "fact")),
            grade=parse_grade(*body["g"]) if "g" in body else None,
            part=part,
            ordinal=body.get("n", 0),
            locator=locator,
            tie_type=tie_type,
            tie_ends=tie_ends,
        )
    except NOT_AS_WRITTEN as error:
        raise damaged("the content of a record can't be what was written") from error


def _tie(said: str | list[str]) -> tuple[str, tuple[str, str] | None]:
    """The type and the ends of a tie, from the field `t` of a record's content."""
    return (said, None) if isinstance(said, str) else (said[0], (said[1], said[2]))


def said_in(content: str) -> tuple[str, dict[str, tuple[Value, ...]]]:
    """The schema and the properties in a record's content, without the rest; StoreError for any other text."""
    try:
        body = orjson.loads(content)
        return body["s"], {name: tuple(map(_decode, values)) for name, values in body["p"].items()}
    except NOT_AS_WRITTEN as error:
        raise damaged("the content of a record can't be what was written") from error


def grade_in(content: str) -> Grade | None:
    """The grade in a record's content, without building the record; StoreError for any other text."""
    try:
        said = orjson.loads(content).get("g")
        return None if said is None else parse_grade(*said)
    except NOT_AS_WRITTEN as error:
        raise damaged("the grade of a record can't be what was written") from error


def properties_of(content: str) -> dict[str, list[str]]:
    """The cleaned values in a record's content, without building the record; StoreError for any other text."""
    properties: dict[str, list[str]] = {}
    try:
        for name, values in orjson.loads(content)["p"].items():
            cleaned = [v if isinstance(v, str) else v[0] for v in values]
            properties[name] = [v for v in cleaned if v is not None]
    except NOT_AS_WRITTEN as error:
        raise damaged("the content of a record can't be what was written") from error
    return properties
