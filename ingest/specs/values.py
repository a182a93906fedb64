"""Where a value comes from, and what is done with its text before it is cleaned."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)

from ingest.fields import Country, DateFormats, FirstYear, Template, Text, Timezone, places, several
from ingest.specs.mapped import read_map
from workbench.model.tables import TABLE, TEXT, Table, text_or_table


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(
            f"{text!r} is no regular expression: {error}: correct it, and write it in single quotes"
        ) from error
    return text


def _one_group(text: str) -> str:
    if re.compile(text).groups > 1:
        raise ValueError(f"{text!r} has several groups: keep one pair of brackets, and write the others as (?:...)")
    return text


Pattern = Annotated[Text, AfterValidator(_pattern)]
Taking = Annotated[Pattern, AfterValidator(_one_group)]
NO_CENTURY = "two-digit years need `first_year`, the first year of their century"
Sign = Annotated[str, Field(min_length=1, max_length=1)]


class SplitAt(Table):
    """Split a text where a regular expression fits."""

    pattern: Pattern


Splitter = Annotated[
    Annotated[Text, Tag(TEXT)] | Annotated[SplitAt, Tag(TABLE)],
    Discriminator(text_or_table),
]


class Steps(Table):
    """What is done with the text of a cell, in this order: list, split, item, take, strip, map."""

    list: Literal["json"] | None = None
    split: Splitter | None = None
    item: int | None = None
    take: Taking | None = None
    strip: Text | None = None
    map: dict[str, str] | None = None

    @field_validator("map", mode="before")
    @classmethod
    def _from_file(cls, given: Any, info: ValidationInfo) -> Any:
        """The table in a file, if a path is given; it is relative to the manifest's folder."""
        if not isinstance(given, str):
            return given
        folder = info.context.get("folder") if isinstance(info.context, Mapping) else None
        return read_map(Path(folder or ".") / given)

    @field_validator("item")
    @classmethod
    def _place(cls, item: int | None) -> int | None:
        if item == 0:
            raise ValueError("the first is 1, the last is -1")
        return item

    @model_validator(mode="after")
    def _item_of_several(self) -> "Steps":
        if self.item is not None and self.split is None and self.list is None:
            raise ValueError("`item` chooses among several: say `split`, or `list`")
        return self


def same_name(name: str) -> str:
    """The letters and digits of a column's name, in which `A_NUMBER` and `a number` are equal."""
    return "".join(filter(str.isalnum, name.casefold()))


class Origin(Steps):
    """The origin of a value: a column, the first of some columns that is filled, a template of columns, or a constant.

    Of a column with several texts `first` takes the first. `named` are names of columns, of which the first that a
    table has counts, filled or not; case, spaces and signs make no difference.
    """

    column: Text | None = None
    first: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    template: Template | None = None
    value: Text | None = None
    named: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> "Origin":
        every = (self.column, self.first, self.template, self.value, self.named)
        if sum(each is not None for each in every) != 1:
            raise ValueError("give one of column, first, template and value")
        if self.template is not None and any(kind for _, _, kind in places(self.template)):
            raise ValueError(
                f"{self.template!r} has a type: types are for ids; a value is cleaned by its property's type"
            )
        return self

    def columns(self) -> list[str]:
        """The columns that it reads."""
        if self.template is not None:
            return [column for _, column, _ in places(self.template) if column]
        return [self.column] if self.column else list(self.first or ())

    def among(self, names: Sequence[str]) -> "Origin":
        """This origin for a table with columns of these names; it is empty if the table has none of `named`."""
        if self.named is None:
            return self
        known = {same_name(name): name for name in reversed(names)}
        found = (known[each] for each in map(same_name, self.named) if each in known)
        return self.model_copy(update={"column": next(found, None), "named": None})


class ValueSpec(Origin):
    """The origin of a property's value, and how it is written."""

    format: DateFormats = ()
    first_year: FirstYear | None = None
    precision: Literal["year", "month", "day", "minute", "second"] | None = None
    decimal: Sign | None = None
    thousands: Sign | None = None
    seconds: bool = False
    country: Country | None = None
    timezone: Timezone | None = None

    @model_validator(mode="after")
    def _as_written(self) -> "ValueSpec":
        if self.named is not None:
            raise ValueError("`named` is for [files.values]: name the value there, and use it like a column")
        if has_no_century(self.format) and self.first_year is None:
            raise ValueError(NO_CENTURY)
        if self.decimal and self.decimal == self.thousands:
            raise ValueError(f"{self.decimal!r} can't be both the decimal sign and that of thousands")
        return self


def has_no_century(formats: Sequence[str]) -> bool:
    """Whether a date format has years of two digits."""
    return any("%y" in each for each in formats)


def named(value: Any, key: str) -> Any:
    """A table with one key, for a text that stands for it."""
    return {key: value} if isinstance(value, str) else value


Values = Annotated[
    tuple[Annotated[ValueSpec, BeforeValidator(lambda value: named(value, "column"))], ...],
    BeforeValidator(several),
]
