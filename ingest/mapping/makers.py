"""Compile the records of a manifest into functions of a unit's cells."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ingest.manifest import FileSpec, Handling, Manifest, RecordSpec, RoleSpec, part_prefix
from ingest.mapping import cells
from ingest.mapping.cleaning import Once, Signs
from ingest.mapping.columns import Cells, Columns, Text
from ingest.mapping.conditions import Condition, always, condition, never
from ingest.mapping.elements import Elements, OfElements, elements_of
from ingest.mapping.made_columns import WithMade
from ingest.mapping.making import made
from ingest.shapes import BadUnit
from workbench.errors import FileRefused
from workbench.model.marking import Marking
from workbench.model.record import Record, Role, Value

# The source ids of the records in reach, by the records' names.
Ids = Mapping[str, Sequence[str]]
_Fills = Callable[[Cells, Ids], tuple[Role, ...]]


class Maker(NamedTuple):
    """A record of the manifest, compiled to functions of a unit's cells, or of an element's if it is made for each."""

    spec: RecordSpec
    elements: Elements | None
    present: Condition
    source_id: Text | None
    marking: Callable[[Cells], Marking]
    record: Callable[[Cells, str, Ids, str], Record]


def compiled(spec: FileSpec, manifest: Manifest, columns: Columns) -> list[Maker]:
    """The records that units with these columns can have. If there are none: all, as they say how a unit is marked.

    FileRefused for a constant that is invalid.
    """
    columns = WithMade(columns, spec.values) if spec.values else columns
    try:
        used = frozenset(spec.told().union(spec.ignore))
        every = [_maker(record, spec, manifest, columns, used) for record in spec.records]
    except BadUnit as bad:
        raise FileRefused("bad manifest", f"{manifest.origin}, [[files]] {spec.pattern}: {bad}") from bad
    return [each for each in every if each.present is not never] or every


def _maker(record: RecordSpec, spec: FileSpec, manifest: Manifest, unit: Columns, used: frozenset[str]) -> Maker:
    hints = cells.Hints(
        spec.country or manifest.spec.country,
        spec.timezone or manifest.spec.timezone,
        Signs(spec.decimal, spec.thousands),
        spec.format,
        spec.first_year,
    )
    columns = unit if record.each is None else OfElements(unit, record.each)
    column, constant = manifest.said(record, spec)
    marking = cells.marking(column, constant, columns, manifest.spec.markings, manifest.agency)
    marking = cells.stricter(manifest.stricter(record, spec), marking, columns, manifest.agency)
    return Maker(
        spec=record,
        elements=None if record.each is None else elements_of(record.each, unit),
        present=condition(record.when, columns),
        source_id=_id(record.name, cells.identifier(record.id, columns, hints)) if record.id else None,
        marking=marking,
        record=_record(record, spec, manifest, columns, hints, marking, used),
    )


def _id(name: str, read: Text) -> Text:
    """A function from a row to the id of its record of this name; BadUnit if it is empty."""

    def source_id(row: Cells) -> str:
        found = read(row)
        if not found:
            message = f"a field for the id of record {name!r} is empty: fill it, or add a `when` to the record"
            raise BadUnit(f"empty id: {name}", message)
        return found

    return source_id


def _record(
    record: RecordSpec,
    spec: FileSpec,
    manifest: Manifest,
    columns: Columns,
    hints: cells.Hints,
    marking: Callable[[Cells], Marking],
    used: frozenset[str],
) -> Callable[[Cells, str, Ids, str], Record]:
    """A function from cells, the record's id, the ids of others and the locator to the record."""
    schema, dataset = record.schema_, manifest.source
    type_of = cells.tie_type(record, columns)
    properties = _properties(record, spec, columns, hints, used)
    roles = _roles(record, columns, hints)
    basis = cells.basis(record.basis or spec.basis or manifest.spec.basis, columns)
    grade = cells.grade(record.grade or spec.grade or manifest.spec.grade, columns)
    part = part_prefix(spec) + record.name

    def by_unit(row: Cells, source_id: str, ids: Ids, locator: str) -> Record:
        said, marked, filled = properties(row), marking(row), roles(row, ids)
        handling = Handling(marked, basis(row), grade(row), part)
        return made(schema, dataset, source_id, said, filled, handling, locator, type_of(row))

    if record.handling_columns() or spec.handling_columns():
        return by_unit
    same = Handling(marking(()), basis(()), grade(()), part)

    def by_file(row: Cells, source_id: str, ids: Ids, locator: str) -> Record:
        return made(schema, dataset, source_id, properties(row), roles(row, ids), same, locator, type_of(row))

    return by_file


def _properties(
    record: RecordSpec, spec: FileSpec, columns: Columns, hints: cells.Hints, used: frozenset[str]
) -> Callable[[Cells], dict[str, tuple[Value, ...]]]:
    """A function from cells to properties. `rest` keeps as text what nothing maps, and no other record keeps."""
    mapped = cells.properties_of(record.schema_, record.properties, columns, hints)
    keeper = record.rest
    if keeper is None:
        return mapped
    left = columns.rest(used)
    others = [each.each.column for each in spec.records if each.rest and each.each and each is not record]
    mine = record.each.column if record.each else None
    deeper = [name for name in others if name and (mine is None or name.startswith(f"{mine}."))]
    theirs = [] if record.rest_of else [name for each in spec.records for name in each.rest_of or ()]
    not_here = tuple(f"{name}." for name in (*deeper, *theirs, *spec.ignore))
    here = tuple(f"{name}." for name in record.rest_of or ()) or ""

    def properties(row: Cells) -> dict[str, tuple[Value, ...]]:
        found = mapped(row)
        kept = [
            f"{name}: {text.strip()}"
            for name, text in left(row)
            if name.startswith(here) and not name.startswith(not_here)
        ]
        if kept:
            found[keeper] = (*found.get(keeper, ()), *(Value(text, text) for text in kept))
        return found

    return properties


def _roles(record: RecordSpec, columns: Columns, hints: cells.Hints) -> _Fills:
    getters = [_role(name, spec, columns, hints) for name, specs in sorted(record.roles.items()) for spec in specs]
    if len(getters) == 2:  # nearly always
        first, second = getters
        return lambda row, ids: first(row, ids) + second(row, ids)
    return lambda row, ids: tuple(dict.fromkeys(role for get in getters for role in get(row, ids)))


def _role(name: str, spec: RoleSpec, columns: Columns, hints: cells.Hints) -> _Fills:
    """A function for the ids that fill a role in a unit: none if the named record is not in it or its id is empty."""
    fills, holds = _filled(name, spec, columns, hints), condition(spec.when, columns)
    return fills if holds is always else lambda row, ids: fills(row, ids) if holds(row) else ()


def _filled(name: str, spec: RoleSpec, columns: Columns, hints: cells.Hints) -> _Fills:
    filled = Once[tuple[Role, ...]](lambda ref: (Role(name, ref),) if ref else ())
    if spec.record is not None:
        record = spec.record
        return lambda row, ids: tuple(role for ref in ids.get(record, ()) for role in filled[ref])
    several = cells.identifiers(spec, columns, hints)
    if several is not None:
        return lambda row, ids: tuple(role for ref in several(row) for role in filled[ref])
    one = cells.identifier(spec.id or (), columns, hints)
    return lambda row, ids: filled[one(row)]
