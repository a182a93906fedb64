"""Files: how they are written, and what becomes of their units."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from ingest.fields import Country, DateFormats, Delimiter, Encoding, FirstYear, Text, Timezone
from ingest.specs.handling import Handled
from ingest.specs.records import RecordSpec
from ingest.specs.values import NO_CENTURY, Origin, Pattern, Sign, has_no_century
from workbench.model.tables import Table, refuse


def _there(text: str, info: ValidationInfo) -> str:
    """The path of a file beside the manifest; ValueError if there is none."""
    folder = info.context.get("folder") if isinstance(info.context, Mapping) else None
    path = Path(folder or ".") / text
    if not path.is_file():
        raise ValueError(f"{path} is not there: name a file, relative to the manifest")
    return str(path)


SchemaFile = Annotated[Text, AfterValidator(_there)]


class Written(Table):
    """How files are written: the only part of a manifest that adapters get."""

    encoding: Encoding = "utf-8"
    encoding_checked: bool = False
    delimiter: Delimiter = ","
    line_breaks: Annotated[int, Field(ge=0)] = 0
    line_breaks_checked: bool = False
    skip: Annotated[int, Field(ge=0, le=10_000)] = 0
    header: bool = True
    trailer: Pattern | None = None
    short_rows: bool = False
    columns: tuple[Text, ...] | None = None
    sheets: tuple[Text, ...] | None = None
    query: Text | None = None
    units: tuple[Text, ...] | None = None
    schema_file: SchemaFile | None = None

    def as_written(self) -> dict[str, Any]:
        """These settings alone, without the rest of a file's entry."""
        return {name: getattr(self, name) for name in Written.model_fields}


class FileSpec(Handled, Written):
    """The files whose names match a pattern, and the records to make of each unit.

    `values` are made of columns, and are used like columns themselves.
    """

    pattern: Text
    complete: bool = False
    country: Country | None = None
    timezone: Timezone | None = None
    decimal: Sign | None = None
    thousands: Sign | None = None
    format: DateFormats = ()
    first_year: FirstYear | None = None
    ignore: tuple[Text, ...] = ()
    values: dict[str, Origin] = Field(default_factory=dict)
    records: tuple[RecordSpec, ...] = ()

    @model_validator(mode="after")
    def _as_a_whole(self) -> "FileSpec":
        refuse([*self._wrong_names(), *self._wrong_tables(), *self._wrong_values()])
        return self

    def _wrong_names(self) -> Iterator[str]:
        entities = {each.name: not each.is_relationship for each in self.records}
        if len(entities) != len(self.records):
            yield "two records have the same name"
        for record in self.records:
            named = {role.record for roles in record.roles.values() for role in roles if role.record}
            for name in sorted(named):
                if not entities.get(name):
                    near = get_close_matches(name, [each for each, is_one in entities.items() if is_one], 1)
                    meant = f": did you mean {near[0]}?" if near else ""
                    yield f"record {record.name!r}: no record about an entity is named {name!r} in this file{meant}"

    def _wrong_tables(self) -> Iterator[str]:
        if not self.header and self.columns is None:
            yield "a file without a header has no names: give `columns`"
        if self.decimal and self.decimal == self.thousands:
            yield f"{self.decimal!r} can't be both the decimal sign and that of thousands"
        if has_no_century(self.format) and self.first_year is None:
            yield NO_CENTURY

    def _wrong_values(self) -> Iterator[str]:
        for name, spec in self.values.items():
            for column in spec.columns():
                if column in self.values:
                    yield f"value {name!r} is made of {column!r}, which is a value itself: use a column"
        used = self.handling_columns().union(*(record.columns() for record in self.records))
        for name in sorted(self.values.keys() - used) if self.records else ():
            yield f"nothing uses the value {name!r}: use it like a column, or leave it out"

    def among(self, names: Sequence[str]) -> "FileSpec":
        """This entry for a table with columns of these names."""
        if all(spec.named is None for spec in self.values.values()):
            return self
        return self.model_copy(update={"values": {name: spec.among(names) for name, spec in self.values.items()}})

    @property
    def keeps_rest(self) -> bool:
        """Whether a record keeps what nothing maps."""
        return any(each.rest for each in self.records)

    def used(self) -> set[str]:
        """The columns used for handling, values and records."""
        return self._unmade(self.handling_columns().union(*(record.columns() for record in self.records)))

    def told(self) -> set[str]:
        """The columns of which records tell the values: `rest` keeps those of all others."""
        return self._unmade(self.handling_columns().union(*(record.told() for record in self.records)))

    def _unmade(self, names: set[str]) -> set[str]:
        """Columns without values that are made, but with those of which they are made."""
        return (names - self.values.keys()).union(*(spec.columns() for spec in self.values.values()))
