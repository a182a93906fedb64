"""Which units have a record."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator

from ingest.fields import Text, Texts
from ingest.specs.values import Pattern
from workbench.model.tables import Table


def _condition(given: Any) -> Any:
    """A text stands for a column, a list for all of its conditions."""
    if isinstance(given, str):
        return {"column": given}
    return {"all": given} if isinstance(given, list | tuple) else given


class When(Table):
    """A condition: a column has a value, or one of some, or one that a pattern fits; or all, any, or not of others."""

    column: Text | None = None
    equals: Texts | None = None
    matches: Pattern | None = None
    all_: "tuple[Condition, ...] | None" = Field(None, alias="all")
    any_: "tuple[Condition, ...] | None" = Field(None, alias="any")
    not_: "Condition | None" = Field(None, alias="not")

    @field_validator("equals")
    @classmethod
    def _of_cells(cls, values: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """Values without surrounding white space, as they are compared with cells."""
        stripped = tuple(each.strip() for each in values) if values is not None else None
        if stripped is not None and not all(stripped):
            raise ValueError("a cell of white space is empty, and equals nothing: name values")
        return stripped

    @model_validator(mode="after")
    def _one_kind(self) -> "When":
        given = [self.column, self.all_, self.any_, self.not_]
        if sum(each is not None for each in given) != 1 or () in given:
            raise ValueError("give one of column, all, any and not")
        if (self.equals or self.matches) and (self.column is None or (self.equals and self.matches)):
            raise ValueError("`equals` or `matches` say which values of a `column`: give one of them beside it")
        return self

    def leaves(self) -> "Iterator[When]":
        """The conditions on single columns in it."""
        if self.column is not None:
            yield self
        for each in (*(self.all_ or ()), *(self.any_ or ()), *([self.not_] if self.not_ else [])):
            yield from each.leaves()

    def negated(self) -> set[str]:
        """The columns of which it names values that may not be: it accepts all others."""
        under = self.not_.columns() if self.not_ else set[str]()
        return under.union(*(each.negated() for each in (*(self.all_ or ()), *(self.any_ or ()))))

    def columns(self) -> set[str]:
        """The columns that it reads."""
        return {each.column for each in self.leaves() if each.column is not None}

    def told(self) -> set[str]:
        """The columns of which it tells the values, and not only whether they have one."""
        named = (each for each in self.leaves() if each.equals is not None or each.matches is not None)
        return {each.column for each in named if each.column is not None}


Condition = Annotated[When, BeforeValidator(_condition)]
When.model_rebuild()
