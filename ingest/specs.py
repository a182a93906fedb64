"""The models of a manifest's TOML tables.

Every name is checked against the ontology when the manifest is read, so that a wrong name is an error
at once, and not after a million rows.
"""

from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, field_validator, model_validator

from ingest.fields import (
    AgencyCode,
    Country,
    DateFormats,
    Delimiter,
    Encoding,
    MarkingText,
    SchemaName,
    Template,
    Text,
    Texts,
    TieType,
    Timezone,
    places,
    several,
)
from workbench.errors import InputError
from workbench.model.grade import parse_grade, scheme_names
from workbench.model.ontology import ontology
from workbench.model.tables import TABLE, TEXT, Table, text_or_table


def _named(value: Any, key: str) -> Any:
    return {key: value} if isinstance(value, str) else value


class ValueSpec(Table):
    """The origin of a value: a column, a template of columns, or a constant."""

    column: Text | None = None
    template: Template | None = None
    value: Text | None = None
    format: DateFormats = ()
    first_year: Annotated[int, Field(ge=1000, le=9900)] | None = None
    split: Text | None = None
    country: Country | None = None
    timezone: Timezone | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> "ValueSpec":
        if sum(each is not None for each in (self.column, self.template, self.value)) != 1:
            raise ValueError("give one of column, template and value")
        if self.template is not None and any(kind for _, _, kind in places(self.template)):
            raise ValueError(
                f"{self.template!r} has a type: types are for ids; a value is cleaned by its property's type"
            )
        if any("%y" in each for each in self.format) and self.first_year is None:
            raise ValueError("two-digit years need `first_year`, the first year of their century")
        return self

    def columns(self) -> list[str]:
        """The columns that it reads."""
        if self.template is not None:
            return [column for _, column, _ in places(self.template) if column]
        return [self.column] if self.column else []


Values = Annotated[
    tuple[Annotated[ValueSpec, BeforeValidator(lambda value: _named(value, "column"))], ...],
    BeforeValidator(several),
]


class RoleSpec(Table):
    """The filler of a role: a record of the same row, by name, or a source id of the dataset."""

    record: Text | None = None
    id: Template | None = None
    split: Text | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> "RoleSpec":
        if (self.record is None) == (self.id is None):
            raise ValueError("give the name of a record of this row, or an id")
        if self.split and (self.id is None or len(places(self.id)) != 2):
            raise ValueError("`split` wants an id with one column in it")
        return self


Roles = Annotated[
    tuple[Annotated[RoleSpec, BeforeValidator(lambda value: _named(value, "record"))], ...],
    BeforeValidator(several),
]


class When(Table):
    """The rows that have a record: those in which a column has a value, or one of some values."""

    column: Text
    equals: Texts | None = None

    @field_validator("equals")
    @classmethod
    def _of_cells(cls, values: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """Values without surrounding white space, as they are compared with cells."""
        stripped = tuple(each.strip() for each in values) if values is not None else None
        if stripped is not None and not all(stripped):
            raise ValueError("a cell of white space is empty, and equals nothing: name values")
        return stripped


class GradeSpec(Table):
    """A grade in a source's scheme: a constant, or a column."""

    scheme: str
    value: str | None = None
    column: Text | None = None

    @model_validator(mode="after")
    def _known(self) -> "GradeSpec":
        if (self.value is None) == (self.column is None):
            raise ValueError("give the grade's value, or its column")
        if self.scheme not in scheme_names():
            raise ValueError(f"no grading scheme {self.scheme!r}: one of {', '.join(scheme_names())}")
        if self.value is not None:
            try:
                parse_grade(self.scheme, self.value)
            except InputError as error:
                raise ValueError(error.message) from error
        return self


class BasisColumn(Table):
    """A column with the basis of each row."""

    column: Text


BasisSpec = Annotated[
    Annotated[Literal["fact", "assessment", "inference"], Tag(TEXT)] | Annotated[BasisColumn, Tag(TABLE)],
    Discriminator(text_or_table),
]


class _Handled(Table):
    """The handling set in a file's or record's table; None leaves it to the enclosing table."""

    marking: MarkingText | None = None
    marking_column: Text | None = None
    grade: GradeSpec | None = None
    basis: BasisSpec | None = None

    def handling_columns(self) -> set[str]:
        """The columns for markings, grades and bases."""
        named = {self.marking_column, self.grade.column if self.grade else None}
        if isinstance(self.basis, BasisColumn):
            named.add(self.basis.column)
        return {each for each in named if each}


def _check_properties(schema: str, properties: dict[str, tuple[ValueSpec, ...]]) -> None:
    known = ontology().schemata[schema].properties
    for name, values in properties.items():
        prop = known.get(name)
        if prop is None:
            near = ", ".join(get_close_matches(name, known, 3))
            advice = f"did you mean {near}?" if near else "see `workbench schemata`"
            raise ValueError(f"{schema} has no property {name!r}: {advice}")
        if prop.type == "entity":
            raise ValueError(f"{schema}.{name} is a role: put it among the roles")
        if prop.type != "date" and any(value.format for value in values):
            raise ValueError(f"{schema}.{name} is no date: it has no `format`")


def _check_roles(schema: str, roles: Any) -> None:
    for name in roles:
        if name not in ontology().roles(schema):
            raise ValueError(f"{schema} has no role {name!r}: one of {', '.join(ontology().roles(schema))}")


class RecordSpec(_Handled):
    """A record to make of each row; `type` is the source's name for a relationship."""

    name: Text
    schema_: SchemaName = Field(alias="schema")
    type_: TieType | None = Field(None, alias="type")
    id: Template | None = None
    when: Annotated[When, BeforeValidator(lambda value: _named(value, "column"))] | None = None
    otherwise: Literal["nothing"] | None = None
    properties: dict[str, Values] = Field(default_factory=dict)
    roles: dict[str, Roles] = Field(default_factory=dict)

    @property
    def is_relationship(self) -> bool:
        """Whether its schema is a relationship."""
        return ontology().is_relationship(self.schema_)

    @model_validator(mode="after")
    def _in_ontology(self) -> "RecordSpec":
        _check_properties(self.schema_, self.properties)
        _check_roles(self.schema_, self.roles)
        if not self.is_relationship and self.id is None:
            raise ValueError(f"record {self.name!r} is about an entity ({self.schema_}): it wants an id")
        if self.is_relationship and not self.roles:
            raise ValueError(f"record {self.name!r} is a relationship ({self.schema_}): it wants roles")
        if self.otherwise and self.when is None:
            raise ValueError(f"record {self.name!r} is in every row: `otherwise` wants a `when`")
        self._check_type()
        return self

    def _check_type(self) -> None:
        source, target = ontology().ends(self.schema_)
        if self.type_ and not (self.is_relationship and {source, target} <= set(self.roles)):
            wanted = f"the roles {source} and {target}" if self.is_relationship else "a relationship's schema"
            raise ValueError(
                f"record {self.name!r} has the type {self.type_}, which wants {wanted}: not {self.schema_}"
            )

    def columns(self) -> set[str]:
        """The columns that it reads."""
        used = self.handling_columns()
        used.update(column for values in self.properties.values() for value in values for column in value.columns())
        used.update([self.when.column] if self.when else [])
        templates = [self.id, *(role.id for roles in self.roles.values() for role in roles)]
        used.update(column for text in templates if text for _, column, _ in places(text) if column)
        return used


class Written(Table):
    """How files are written: the only part of a manifest that adapters get."""

    encoding: Encoding = "utf-8"
    encoding_checked: bool = False
    delimiter: Delimiter = ","
    line_breaks: Annotated[int, Field(ge=0)] = 0
    line_breaks_checked: bool = False
    columns: tuple[Text, ...] | None = None

    def as_written(self) -> dict[str, Any]:
        """These settings alone, without the rest of a file's entry."""
        return {name: getattr(self, name) for name in Written.model_fields}


class FileSpec(_Handled, Written):
    """The files whose names match a pattern, and the records to make of each row."""

    pattern: Text
    complete: bool = False
    country: Country | None = None
    timezone: Timezone | None = None
    ignore: tuple[Text, ...] = ()
    records: tuple[RecordSpec, ...] = ()

    @model_validator(mode="after")
    def _by_name(self) -> "FileSpec":
        entities = {each.name: not each.is_relationship for each in self.records}
        if len(entities) != len(self.records):
            raise ValueError("two records have the same name")
        for record in self.records:
            named = {role.record for roles in record.roles.values() for role in roles if role.record}
            for name in sorted(named):
                if not entities.get(name):
                    raise ValueError(
                        f"record {record.name!r}: no record about an entity is named {name!r} in this file"
                    )
        return self

    def used(self) -> set[str]:
        """The columns used for handling and records."""
        return self.handling_columns().union(*(record.columns() for record in self.records))


class _Mapped(Table):
    """The mapping of a label or type; `rest` tells what to do with properties not named."""

    schema_: SchemaName = Field(alias="schema")
    properties: dict[str, Values] = Field(default_factory=dict)
    ignore: tuple[Text, ...] = ()
    rest: Literal["error", "description"] = "error"

    @model_validator(mode="after")
    def _properties(self) -> "_Mapped":
        _check_properties(self.schema_, self.properties)
        return self


class LabelSpec(_Mapped):
    """The schema for nodes with a label."""

    @model_validator(mode="after")
    def _entity(self) -> "LabelSpec":
        if not ontology().is_a(self.schema_, "Thing"):
            raise ValueError(f"{self.schema_} is no schema of things: nodes become entities")
        return self


class TypeSpec(_Mapped):
    """The schema for links of a type, the roles of both ends, and an optional new name for the type."""

    source: str
    target: str
    type_: TieType | None = Field(None, alias="type")

    @model_validator(mode="after")
    def _ends(self) -> "TypeSpec":
        if not ontology().is_relationship(self.schema_):
            raise ValueError(f"{self.schema_} is no relationship")
        _check_roles(self.schema_, (self.source, self.target))
        return self


class ManifestSpec(_Handled):
    """A whole manifest."""

    adapter: Text | None = None
    agency: AgencyCode | None = None
    dataset: Text | None = None
    country: Country | None = None
    timezone: Timezone | None = None
    markings: dict[str, MarkingText] = Field(default_factory=dict)
    files: tuple[FileSpec, ...] = ()
    labels: dict[str, LabelSpec] = Field(default_factory=dict)
    types: dict[str, TypeSpec] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _for_all(self) -> "ManifestSpec":
        if self.marking_column or isinstance(self.basis, BasisColumn) or (self.grade and self.grade.column):
            raise ValueError("columns belong to files and records: name them there")
        if len({each.pattern for each in self.files}) != len(self.files):
            raise ValueError("two [[files]] have the same pattern: only the first would be used")
        return self
