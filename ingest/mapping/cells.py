"""Compile a manifest's specs into functions of a unit's cells, once for each header.

The functions raise BadUnit for a cell that they can't use. A cell of white space is empty, and an empty
cell is no value.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from ingest.manifest import BasisColumn, BasisSpec, GradeSpec, RecordSpec, RoleSpec, StricterSpec, ValueSpec, places
from ingest.mapping.cleaning import Cleaner, Once, Signs, cleaner, text_cleaner
from ingest.mapping.columns import Cells, Columns, Text, Texts
from ingest.mapping.dates import FINEST, DateHint
from ingest.mapping.numbers import seconds
from ingest.mapping.steps import Stepped, stepped
from ingest.shapes import BadUnit
from ingest.specs.records import NUMBER
from ingest.specs.values import Origin
from workbench.errors import InputError
from workbench.model.grade import Grade, parse_grade
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Basis, Value
from workbench.model.tie_types import type_of_text

Values = Callable[[Cells], tuple[Value, ...]]


# What stands between the cells of a template, and at its ends for none.
_BETWEEN = " ,;"


class Hints(NamedTuple):
    """A file's defaults for values: the country of phone numbers, the time zone, how numbers and dates are written."""

    country: str | None = None
    timezone: str | None = None
    signs: Signs = Signs()
    formats: tuple[str, ...] = ()
    first_year: int | None = None


def properties_of(
    schema: str, specs: Mapping[str, Iterable[ValueSpec]], columns: Columns, hints: Hints
) -> Callable[[Cells], dict[str, tuple[Value, ...]]]:
    """A function from a row to the properties of its record."""
    every = ((name, _property(schema, name, tuple(each), columns, hints)) for name, each in sorted(specs.items()))
    found = [(name, get) for name, get in every if get is not None]

    def properties(row: Cells) -> dict[str, tuple[Value, ...]]:
        return {name: values for name, get in found if (values := get(row))}

    return properties


def _property(schema: str, name: str, specs: Sequence[ValueSpec], columns: Columns, hints: Hints) -> Values | None:
    """A function from a row to a property's values; None if there never are any."""
    can = [spec for spec in specs if can_be(spec, columns)]
    getters = [_values(spec, columns, _cleaner(schema, name, spec, columns, hints)) for spec in can]
    if len(getters) < 2:
        return getters[0] if getters else None
    return lambda row: tuple(dict.fromkeys(value for get in getters for value in get(row)))


def _cleaner(schema: str, name: str, spec: ValueSpec, columns: Columns, hints: Hints) -> Cleaner:
    headed = columns.timezone(spec.column) if spec.column else None
    finest = FINEST[spec.precision or "second"]
    formats, first_year = spec.format or hints.formats, spec.first_year or hints.first_year
    dates = DateHint(formats, spec.timezone or headed or hints.timezone, first_year, finest)
    signs = Signs(spec.decimal, spec.thousands) if spec.decimal or spec.thousands else hints.signs
    if spec.seconds:
        return lambda text: (Value(seconds(text), text),)
    return cleaner(schema, name, country=spec.country or hints.country, dates=dates, signs=signs)


def _values(spec: ValueSpec, columns: Columns, clean: Cleaner) -> Values:
    if spec.value is not None:
        constant = clean(spec.value)
        return lambda row: constant
    place, steps = spec.column or spec.template or (spec.first or ("",))[0], stepped(spec)
    work = clean if steps is None else _stepwise(steps, clean)
    cleaned = Once(lambda found: tuple(dict.fromkeys(_at(place, work, found))) if found and not found.isspace() else ())
    texts = columns.several(spec.column) if spec.column else None
    if texts is not None:
        return _of_several(texts, cleaned)
    text = columns.one(spec.column) if spec.column else made_of(spec, columns)
    return lambda row: cleaned[text(row)]


def _of_several(texts: Texts, cleaned: Mapping[str, tuple[Value, ...]]) -> Values:
    """The values of all texts of a column, which has mostly one or none."""

    def values(row: Cells) -> tuple[Value, ...]:
        found = texts(row)
        if len(found) > 1:
            return tuple(dict.fromkeys(value for piece in found for value in cleaned[piece]))
        return cleaned[found[0]] if found else ()

    return values


def _stepwise(steps: Callable[[str], list[Stepped]], clean: Cleaner) -> Cleaner:
    """A cleaner of the texts that steps make of a text; what they do not know is kept as it is."""

    def work(text: str) -> tuple[Value, ...]:
        found = dict[Value, None]()
        for made, original in steps(text):
            values = [Value(None, original)] if made is None else clean(made)
            found.update((each._replace(original=original), None) for each in values)
        return tuple(found)

    return work


def _at(place: str, clean: Cleaner, text: str) -> tuple[Value, ...]:
    try:
        return clean(text)
    except BadUnit as bad:
        raise BadUnit(f"{bad.reason}: {place}", f"{place}: {bad}") from None


def can_be(spec: Origin, columns: Columns) -> bool:
    """Whether a unit can have a value of this origin."""
    return spec.value is not None or any(map(columns.has, spec.columns()))


def made_of(spec: Origin, columns: Columns) -> Text:
    """A function from a row to the text that a value is made of, if it is no column alone."""
    return joined(spec.template, columns) if spec.template is not None else _first_filled(spec.first or (), columns)


def _first_filled(names: Sequence[str], columns: Columns) -> Text:
    found = [_texts(name, columns) for name in names]
    return lambda row: next((text for texts in found for text in texts(row) if text and not text.isspace()), "")


def _texts(name: str, columns: Columns) -> Texts:
    one = columns.one(name)
    return columns.several(name) or (lambda row: (one(row),))


def joined(template: str, columns: Columns) -> Text:
    """A function from a row to a text made of several cells; "" if all of them are empty.

    An empty cell is left out with the commas and spaces before it.
    """
    *found, (end, _, _) = places(template)
    parts = [(before, not before.strip(_BETWEEN), columns.one(column)) for before, column, _ in found]

    def text(row: Cells) -> str:
        cells = [cell(row).strip() for _, _, cell in parts]
        if not any(cells):
            return ""
        pairs = zip(parts, cells, strict=True)
        kept = (before + cell for (before, is_between, _), cell in pairs if cell or not is_between)
        return ("".join(kept) + end).strip(_BETWEEN)

    return text


def identifier(templates: Sequence[str], columns: Columns, hints: Hints) -> Text:
    """A function from a row to a source id, by the first template whose cells are filled.

    "" if all cells are empty, BadUnit if there are only templates with some of them.
    """
    found = [_identifier(each, columns, hints) for each in templates]
    return found[0] if len(found) == 1 else _first_of(found)


def _first_of(ids: Sequence[Text]) -> Text:
    def text(row: Cells) -> str:
        half: BadUnit | None = None
        for each in ids:
            try:
                if made := each(row):
                    return made
            except BadUnit as bad:
                half = half or bad
        if half:
            raise half
        return ""

    return text


def _identifier(template: str, columns: Columns, hints: Hints) -> Text:
    *found, (end, _, _) = places(template)
    parts = [(before, columns.one(column), _id_cleaner(kind, hints)) for before, column, kind in found]
    if len(parts) == 1:
        ((before, only, clean),) = parts
        made_of = Once(lambda cell: _made(before, cell.strip(), clean, end))
        return lambda row: made_of[only(row)]
    is_number = [column == NUMBER for _, column, _ in found]

    def text(row: Cells) -> str:
        cells = [read(row).strip() for _, read, _ in parts]
        if not all(cells):
            if any(cell for cell, counts in zip(cells, is_number, strict=True) if not counts):
                message = f"{template} has a field that is empty, and one that is not: fill it"
                raise BadUnit(f"half an id: {template}", message)
            return ""
        made = (
            before + (clean(cell) if clean else cell) for (before, _, clean), cell in zip(parts, cells, strict=True)
        )
        return "".join(made) + end

    return text


def _made(before: str, cell: str, clean: Callable[[str], str] | None, end: str) -> str:
    """An id of one cell; "" if that is empty."""
    return before + (clean(cell) if clean else cell) + end if cell else ""


def identifiers(spec: RoleSpec, columns: Columns, hints: Hints) -> Texts | None:
    """As `identifier`, for each text of the only column of a role's id; None if that never has several."""
    if spec.id is None or len(spec.id) != 1 or len(places(spec.id[0])) != 2:
        return None
    (before, column, kind), (end, _, _) = places(spec.id[0])
    several, steps, clean = columns.several(column), stepped(spec), _id_cleaner(kind, hints)
    if several is None and steps is None:
        return None
    one, made_of = columns.one(column), Once(lambda piece: _made(before, piece.strip(), clean, end))
    pieces = several or (lambda row: [one(row)])
    worked = Once[Sequence[str]](lambda text: [text] if steps is None else known(column, steps(text)))
    return lambda row: [made for piece in pieces(row) for text in worked[piece] if (made := made_of[text])]


def known(column: str, texts: Iterable[Stepped]) -> list[str]:
    """The texts that steps made; BadUnit if they did not know one."""
    found = list[str]()
    for text, original in texts:
        if text is None:
            message = f"{column}: {original[:50]!r} is not in its `map`: add it, or map '*' to what all others mean"
            raise BadUnit(f"unknown value: {column}", message)
        found.append(text)
    return found


def _id_cleaner(kind: str, hints: Hints) -> Callable[[str], str] | None:
    return Once(text_cleaner(kind, hints.country)).__getitem__ if kind else None


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


def stricter(
    spec: StricterSpec | None, marking: Callable[[Cells], Marking], columns: Columns, agency: str
) -> Callable[[Cells], Marking]:
    """A function from a row to its marking, made stricter by the codes in a column; BadUnit for an unknown code."""
    if spec is None:
        return marking
    column, codes = spec.column, {code.casefold(): demand for code, demand in spec.codes.items()}
    several, one = columns.several(column), columns.one(column)
    every = several or (lambda row: [one(row)])

    def read(row: Cells) -> Marking:
        found = marking(row)
        for code in filter(None, map(str.strip, every(row))):
            demand = codes.get(code.casefold(), codes.get("*"))
            if demand is None:
                message = f"{column}: no code {code[:50]!r} in `stricter`: say what it demands, or what '*' does"
                raise BadUnit(f"unknown marking: {column}", message)
            found = demand.beside(found, agency)
        return found

    return read


def tie_type(record: RecordSpec, columns: Columns) -> Callable[[Cells], str]:
    """A function from a row to the type of its tie in a property graph; "" for that of its schema."""
    if record.type_column is None:
        constant = record.type_ or ""
        return lambda row: constant
    cell, known_as = columns.one(record.type_column), Once(type_of_text)
    return lambda row: known_as[cell(row)]


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
