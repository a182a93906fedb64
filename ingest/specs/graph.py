"""The mapping of property graphs: labels of nodes, types of links."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from ingest.fields import SchemaName, Text, TieType, several
from ingest.specs.checks import wrong_properties, wrong_roles
from ingest.specs.values import Values
from workbench.model.ontology import ontology
from workbench.model.tables import Table, refuse


class _Mapped(Table):
    """The mapping of a label or type; `rest` tells what to do with properties not named."""

    schema_: SchemaName = Field(alias="schema")
    properties: dict[str, Values] = Field(default_factory=dict)
    ignore: tuple[Text, ...] = ()
    rest: Literal["error", "description"] = "error"

    @model_validator(mode="after")
    def _properties(self) -> "_Mapped":
        refuse(wrong_properties(self.schema_, self.properties))
        return self


class LabelSpec(_Mapped):
    """The schema for nodes with a label."""

    @model_validator(mode="after")
    def _entity(self) -> "LabelSpec":
        if not ontology().is_a(self.schema_, "Thing"):
            raise ValueError(f"{self.schema_} is no schema of things: nodes become entities")
        return self


class TypeSpec(_Mapped):
    """The schema for links of a type, the roles of both ends, and an optional new name for the type.

    - `source_is`: schemata, in order. If one end alone is of the first, that end is the source, whichever way the link
      runs; else the second decides, and so on.
    - `directed`: a link of which nobody said which way it runs, runs from its first end to its second.
    """

    source: str
    target: str
    source_is: Annotated[tuple[SchemaName, ...], BeforeValidator(several)] = ()
    directed: bool = False
    type_: TieType | None = Field(None, alias="type")

    @model_validator(mode="after")
    def _ends(self) -> "TypeSpec":
        if not ontology().is_relationship(self.schema_):
            raise ValueError(f"{self.schema_} is no relationship")
        refuse(wrong_roles(self.schema_, (self.source, self.target)))
        return self
