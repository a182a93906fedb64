"""Markings, grades and bases in a manifest."""

from typing import Annotated, Literal

from pydantic import Discriminator, Tag, model_validator

from ingest.fields import MarkingText, Text
from workbench.errors import InputError
from workbench.model.grade import parse_grade, scheme_names
from workbench.model.tables import TABLE, TEXT, Table, text_or_table


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


class Handled(Table):
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
