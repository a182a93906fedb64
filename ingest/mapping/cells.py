"""Compile a manifest's specs into functions of a unit's cells, once for each header.

The functions raise BadUnit for a cell that they can't use. A cell of white space is empty, and an empty
cell is no value.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from ingest.manifest import BasisColumn, BasisSpec, GradeSpec, ValueSpec, When, places
from ingest.mapping.cleaning import Cleaner, DateHint, Once, cleaner, text_cleaner
from ingest.mapping.columns import Cells, Columns, Text, Texts
from ingest.shapes import BadUnit
from workbench.errors import InputError
from workbench.model.grade import Grade, parse_grade
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Basis, Value

Values = Callable[[Cells], tuple[Value, ...]]


class Hints(NamedTuple):
    """A file's defaults for values: the country of phone numbers, and the time zone."""

    country: str | None = None
    timezone: str | None = None


def properties_of(
    schema: str, specs: Mapping[str, Iterable[ValueSpec]], columns: Columns, hints: Hints
) -> Callable[[Cells], dict[str, tuple[Value, ...]]]:
    """A function from a row to the properties of its record."""
    found = [(name, _property(schema, name, tuple(each), columns, hints)) for name, each in sorted(specs.items())]

    def properties(row: Cells) -> dict[str, tuple[Value, ...]]:
        return {name: values for name, get in found if (values := get(row))}

    return properties


def _property(schema: str, name: str, specs: Sequence[ValueSpec], columns: Columns, hints: Hints) -> Values:
    getters = []
    for spec in specs:
        headed = columns.timezone(spec.column) if spec.column else None
        dates = DateHint(spec.format, spec.timezone or headed or hints.timezone, spec.first_year)
        clean = cleaner(schema, name, country=spec.country or hints.country, dates=dates)
        getters.append(_values(spec, columns, clean))
    if len(getters) == 1:
        return getters[0]
    return lambda row: tuple(dict.fromkeys(value for get in getters for value in get(row)))


def _values(spec: ValueSpec, columns: Columns, clean: Cleaner) -> Values:
    if spec.value is not None:
        constant = clean(spec.value)
        return lambda row: constant
    text = columns.one(spec.column) if spec.column else _joined(spec.template or "", columns)
    texts = columns.several(spec.column, spec.split) if spec.column else _split(text, spec.split)
    place = spec.column or spec.template or ""

    cleaned = Once(lambda found: _at(place, clean, found) if found and not found.isspace() else ())
    if texts is None:
        return lambda row: cleaned[text(row)]
    return lambda row: tuple(dict.fromkeys(value for piece in texts(row) for value in cleaned[piece]))


def _split(text: Text, separator: str | None) -> Texts | None:
    return (lambda row: [piece.strip() for piece in text(row).split(separator)]) if separator else None


def _at(place: str, clean: Cleaner, text: str) -> tuple[Value, ...]:
    try:
        return clean(text)
    except BadUnit as bad:
        raise BadUnit(f"{bad.reason}: {place}", f"{place}: {bad}") from None


def _joined(template: str, columns: Columns) -> Text:
    """A function from a row to a text made of several cells; "" if all of them are empty."""
    *found, (end, _, _) = places(template)
    parts = [(before, columns.one(column)) for before, column, _ in found]

    def text(row: Cells) -> str:
        cells = [cell(row).strip() for _, cell in parts]
        if not any(cells):
            return ""
        return ("".join(before + cell for (before, _), cell in zip(parts, cells, strict=True)) + end).strip(" ,;")

    return text


def identifier(template: str, columns: Columns, hints: Hints) -> Text:
    """A function from a row to a source id: "" if all its cells are empty, BadUnit if only some are."""
    *found, (end, _, _) = places(template)
    parts = [(before, columns.one(column), _id_cleaner(kind, hints)) for before, column, kind in found]
    if len(parts) == 1:
        ((before, only, clean),) = parts
        made_of = Once(lambda cell: _made(before, cell.strip(), clean, end))
        return lambda row: made_of[only(row)]

    def text(row: Cells) -> str:
        made = ""
        for before, read, clean in parts:
            cell = read(row).strip()
            if not cell:
                if any(other(row).strip() for _, other, _ in parts):
                    raise BadUnit(
                        f"half an id: {template}", f"{template} has a field that is empty, and one that is not: fill it"
                    )
                return ""
            made += before + (clean(cell) if clean else cell)
        return made + end

    return text


def _made(before: str, cell: str, clean: Callable[[str], str] | None, end: str) -> str:
    """An id of one cell; "" if that is empty."""
    return before + (clean(cell) if clean else cell) + end if cell else ""


def identifiers(template: str, separator: str | None, columns: Columns, hints: Hints) -> Texts | None:
    """As `identifier`, for each text of the template's only column; None if that never has several."""
    if len(places(template)) != 2:
        return None
    (before, column, kind), (end, _, _) = places(template)
    several, clean = columns.several(column, separator), _id_cleaner(kind, hints)
    if several is None:
        return None
    made_of = Once(lambda piece: _made(before, piece.strip(), clean, end))
    return lambda row: [made for piece in several(row) if (made := made_of[piece])]


def _id_cleaner(kind: str, hints: Hints) -> Callable[[str], str] | None:
    return Once(text_cleaner(kind, hints.country)).__getitem__ if kind else None


def condition(when: When | None, columns: Columns) -> Callable[[Cells], bool] | None:
    """A function that tells whether a row has a record; None if every row has it."""
    if when is None:
        return None
    cell = columns.one(when.column)
    if when.equals is None:
        return lambda row: bool(cell(row).strip())
    wanted = frozenset(when.equals)
    return lambda row: cell(row).strip() in wanted


def marking(
    column: str | None, constant: Marking, columns: Columns, codes: Mapping[str, str], agency: str
) -> Callable[[Cells], Marking]:
    """A function from a row to its marking; BadUnit for an empty cell, which never counts as the weakest marking."""
    if column is None:
        return lambda row: constant
    cell = columns.one(column)

    def read(text: str) -> Marking:
        code = text.strip()
        if not code:
            raise BadUnit(
                f"empty marking: {column}",
                f"{column} is empty: every unit of this file needs its marking, so ask the source",
            )
        try:
            return parse_marking(codes.get(code, code), agency)
        except InputError as error:
            raise BadUnit(
                f"unknown marking: {column}", f"{column}: {error.message}; or name it in [markings]"
            ) from error

    known = Once(read)
    return lambda row: known[cell(row)]


def grade(spec: GradeSpec | None, columns: Columns) -> Callable[[Cells], Grade | None]:
    """A function from a row to its grade; an empty cell is no grade, which is weaker than any."""
    if spec is None or spec.column is None:
        constant = parse_grade(spec.scheme, spec.value) if spec and spec.value is not None else None
        return lambda row: constant
    cell, scheme, column = columns.one(spec.column), spec.scheme, spec.column

    def read(text: str) -> Grade | None:
        code = text.strip()
        try:
            return parse_grade(scheme, code) if code else None
        except InputError as error:
            raise BadUnit(f"unknown grade: {column}", f"{column}: {error.message}") from error

    known = Once(read)
    return lambda row: known[cell(row)]


def basis(spec: BasisSpec | None, columns: Columns) -> Callable[[Cells], Basis]:
    """A function from a row to its basis."""
    if not isinstance(spec, BasisColumn):
        constant = Basis(spec or "fact")
        return lambda row: constant
    cell, column = columns.one(spec.column), spec.column

    def read(text: str) -> Basis:
        code = text.strip().lower()
        try:
            return Basis(code)
        except ValueError as error:
            raise BadUnit(
                f"unknown basis: {column}", f"{column}: {code!r} is none of fact, assessment, inference: repair it"
            ) from error

    known = Once(read)
    return lambda row: known[cell(row)]
