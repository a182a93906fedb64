"""The records to make of a unit."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from ingest.fields import SchemaName, Template, Text, Texts, TieType, places, several
from ingest.specs.checks import wrong_properties, wrong_rest, wrong_roles
from ingest.specs.conditions import Condition, When
from ingest.specs.handling import Handled
from ingest.specs.values import Steps, Values, named
from workbench.model.ontology import ontology
from workbench.model.tables import refuse

Templates = Annotated[tuple[Template, ...], BeforeValidator(several)]

# What stands before the name of a column of the element that `each` names, which is the name of the element's own text;
# and the name of the element's number.
OF_ELEMENT = "."
NUMBER = ".#"


class RoleSpec(Steps):
    """The filler of a role: a record of the same unit, by name, or a source id of the dataset.

    Of several ids the first that is not empty counts. With `when` it fills the role only where that holds.
    """

    record: Text | None = None
    id: Templates | None = None
    when: Condition | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> "RoleSpec":
        if (self.record is None) == (self.id is None):
            raise ValueError("give the name of a record of this row, or an id")
        steps = [name for name in Steps.model_fields if getattr(self, name) is not None]
        if steps and (self.id is None or len(self.id) != 1 or len(places(self.id[0])) != 2):
            raise ValueError(f"`{steps[0]}` wants an id with one column in it")
        return self


Roles = Annotated[
    tuple[Annotated[RoleSpec, BeforeValidator(lambda value: named(value, "record"))], ...],
    BeforeValidator(several),
]


class Each(Steps):
    """What a record is made for: each element of a list, each text of a cell, or each group of columns.

    `groups` has the columns by a common name, in the same order: {phone = ["phone1", "phone2"]}.
    """

    column: Text | None = None
    groups: dict[str, tuple[Text, ...]] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "Each":
        if (self.column is None) == (self.groups is None):
            raise ValueError("give a column, or groups of columns")
        if self.groups is not None and len({len(each) for each in self.groups.values()}) != 1:
            raise ValueError("every name of `groups` needs as many columns: one for each group")
        return self

    def named(self, name: str) -> str:
        """The whole name of a column that begins with a dot."""
        if self.column is None or name == NUMBER:
            return name
        return self.column if name == OF_ELEMENT else f"{self.column}{name}"

    def columns(self) -> set[str]:
        """The columns that it reads."""
        return {self.column} if self.column else {each for some in (self.groups or {}).values() for each in some}


class RecordSpec(Handled):
    """A record to make of each unit; `type` or `type_column` is the source's name for a relationship.

    `rest` names the property that keeps what nothing maps: all of it, or what stands under the names in `rest_of`.
    """

    name: Text
    schema_: SchemaName = Field(alias="schema")
    type_: TieType | None = Field(None, alias="type")
    type_column: Text | None = None
    each: Annotated[Each, BeforeValidator(lambda value: named(value, "column"))] | None = None
    id: Templates | None = None
    when: Condition | None = None
    otherwise: Literal["nothing"] | None = None
    properties: dict[str, Values] = Field(default_factory=dict)
    roles: dict[str, Roles] = Field(default_factory=dict)
    rest: Text | None = None
    rest_of: Texts | None = None

    @property
    def is_relationship(self) -> bool:
        """Whether its schema is a relationship."""
        return ontology().is_relationship(self.schema_)

    @model_validator(mode="after")
    def _in_ontology(self) -> "RecordSpec":
        refuse(self._mistakes())
        return self

    def _mistakes(self) -> Iterator[str]:
        yield from wrong_properties(self.schema_, self.properties)
        yield from wrong_roles(self.schema_, self.roles)
        yield from wrong_rest(self.schema_, self.rest)
        if not self.is_relationship and self.id is None:
            yield f"record {self.name!r} is about an entity ({self.schema_}): it wants an id"
        if self.is_relationship and not self.roles:
            yield f"record {self.name!r} is a relationship ({self.schema_}): it wants roles"
        if self.otherwise and self.when is None:
            yield f"record {self.name!r} is in every row: `otherwise` wants a `when`"
        if self.rest_of and not self.rest:
            yield f"record {self.name!r} keeps nothing: `rest_of` wants a `rest`"
        yield from self._wrong_type()
        yield from self._wrong_elements()

    def _wrong_type(self) -> Iterator[str]:
        source, target = ontology().ends(self.schema_)
        if self.type_ and self.type_column:
            yield f"record {self.name!r} has a `type` and a `type_column`: keep one"
        given = self.type_ or self.type_column
        if given and not (self.is_relationship and {source, target} <= set(self.roles)):
            wanted = f"the roles {source} and {target}" if self.is_relationship else "a relationship's schema"
            yield f"record {self.name!r} has the type {given}, which wants {wanted}: not {self.schema_}"

    def _wrong_elements(self) -> Iterator[str]:
        named = sorted(name for name in self.said() if name.startswith(OF_ELEMENT))
        if named and self.each is None:
            yield f"{named[0]!r} is a column of an element: say `each`, or name a column of the unit"
        groups = self.each.groups if self.each else None
        for name in named if groups is not None else ():
            if name != NUMBER and name.removeprefix(OF_ELEMENT) not in (groups or {}):
                yield f"{name!r} is none of the names of `groups`: {', '.join(sorted(groups or {}))}"

    def said(self) -> set[str]:
        """The columns that it reads, by the names that it gives them."""
        return self._valued().union(*(each.columns() for each in self._conditions()))

    def _conditions(self) -> Iterator[When]:
        """The conditions of the record and of its roles."""
        said = (self.when, *(role.when for roles in self.roles.values() for role in roles))
        return (each for each in said if each is not None)

    def _valued(self) -> set[str]:
        """The columns whose values it has, by the names that it gives them."""
        used = self.handling_columns().union([self.type_column] if self.type_column else ())
        used.update(column for values in self.properties.values() for value in values for column in value.columns())
        ids = [self.id, *(role.id for roles in self.roles.values() for role in roles)]
        used.update(columns_of(text for texts in ids if texts for text in texts))
        return used

    def columns(self) -> set[str]:
        """The columns of the unit that it reads, by their whole names."""
        return self._whole(self.said())

    def told(self) -> set[str]:
        """The columns of the unit of which it tells the values, and not only whether they have one."""
        return self._whole(self._valued().union(*(each.told() for each in self._conditions())))

    def _whole(self, names: set[str]) -> set[str]:
        """The whole names of columns, and those of which its elements are made."""
        if self.each is None:
            return names
        each = self.each
        found = {each.named(name) if name.startswith(OF_ELEMENT) else name for name in names}
        return {name for name in found if not name.startswith(OF_ELEMENT)} | each.columns()


def columns_of(templates: Iterable[str]) -> set[str]:
    """The columns in some templates."""
    return {column for text in templates for _, column, _ in places(text) if column}
