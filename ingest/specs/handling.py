"""Markings, grades and bases in a manifest."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from ingest.fields import MarkingText, Text, Texts
from workbench.errors import InputError
from workbench.model.grade import parse_grade, scheme_names
from workbench.model.marking import Level, Marking, both_markings, parse_marking
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


class Demand(Table):
    """What a code of the source demands beside the marking that holds without it; `alone` is the loading agency."""

    level: Literal["OPEN", "RESTRICTED", "CONFIDENTIAL", "SECRET"] = "OPEN"
    alone: bool = False
    compartments: Texts = ()
    handling: Texts = ()

    @model_validator(mode="after")
    def _codes(self) -> "Demand":
        try:
            self.beside(Marking(Level.OPEN, frozenset()), "")
        except InputError as error:
            raise ValueError(error.message) from error
        return self

    def beside(self, marking: Marking, agency: str) -> Marking:
        """A marking that demands this too: never a weaker one."""
        parts = (("COMP", self.compartments), ("HC", self.handling))
        mine = parse_marking("//".join([self.level, *(f"{name} {','.join(codes)}" for name, codes in parts if codes)]))
        releasable = frozenset({agency}) if self.alone else marking.releasable
        return both_markings(marking, replace(mine, releasable=releasable), agency)


class StricterSpec(Table):
    """A column whose codes make the marking stricter: what each demands. `"*"` is for all others."""

    column: Text
    codes: dict[str, Demand] = Field(min_length=1)


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
    stricter: StricterSpec | None = None
    grade: GradeSpec | None = None
    basis: BasisSpec | None = None

    def handling_columns(self) -> set[str]:
        """The columns for markings, grades and bases."""
        named = {self.marking_column, self.grade.column if self.grade else None}
        named.add(self.stricter.column if self.stricter else None)
        if isinstance(self.basis, BasisColumn):
            named.add(self.basis.column)
        return {each for each in named if each}
