"""Map rows to records by the `[[files]]` of a manifest: a row gives all its records, or one reject."""

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from pathlib import Path
from typing import NamedTuple

from ingest.account import Account, near
from ingest.manifest import FileSpec, Handling, Manifest, RecordSpec, RoleSpec, part_prefix
from ingest.mapping import cells
from ingest.mapping.cleaning import Once
from ingest.mapping.columns import Cells, Columns, Named, Placed, Text
from ingest.mapping.making import made
from ingest.mapping.outcomes import Begin
from ingest.shapes import BadUnit, Column, Header, Row
from workbench.errors import FileRefused
from workbench.model.marking import Marking, both_markings
from workbench.model.record import Record, Role

_MOST_NAMED = 20
_LONGEST_SAID = 100

# The source ids of a row's records, by the records' names.
_Ids = dict[str, str]
_Fills = Callable[[Cells, _Ids], tuple[Role, ...]]


class _Maker(NamedTuple):
    """A record of the manifest, compiled to functions of a row's cells."""

    name: str
    asks: str
    otherwise: str | None
    present: Callable[[Cells], bool] | None
    source_id: Text | None
    marking: Callable[[Cells], Marking]
    record: Callable[[Cells, _Ids, str], Record]


class _Asked(NamedTuple):
    """A column that `when` tests, with the values that the manifest mentions."""

    name: str
    cell: Text
    foreseen: frozenset[str]


def begin_rows(name: str, manifest: Manifest, account: Account, defaults: Path | None) -> Begin:
    """The mapper for a file of rows; FileRefused if the manifest does not map them."""
    spec = manifest.file(name)
    if spec is None or not spec.records:
        raise FileRefused(
            "no mapping", f"{name}: no [[files]] of {manifest.origin} with records fits its name: add one"
        )
    account.names = tuple(record.name for record in spec.records)

    def begin(header: Header | None) -> _Rows:
        columns = Named() if header is None else Placed(_checked(header.columns, spec, manifest, name))
        return _Rows(spec, manifest, columns, account, _Foreseen(spec, manifest.origin) if header is None else None)

    return begin


class _Foreseen:
    """The field names that a manifest allows in rows without a header.

    These are the names it maps, the names it ignores and all nested in those; and, if they are empty, the parents of
    names it maps.
    """

    def __init__(self, spec: FileSpec, origin: str) -> None:
        self._names, self._origin = spec.used().union(spec.ignore), origin
        self._around = {name[:at] for name in self._names for at, each in enumerate(name) if each == "."}
        self._inside = tuple(f"{name}." for name in spec.ignore)

    def check(self, fields: Cells) -> None:
        """BadUnit for a field whose name the manifest does not mention."""
        for name in sorted(fields.keys() - self._names):
            if not name.startswith(self._inside) and (fields[name] or name not in self._around):
                message = f"nothing in {self._origin} maps {name!r}: map it, or add it to `ignore`"
                raise BadUnit(f"unknown key: {name[:_LONGEST_SAID]}", message)


class _Rows:
    """Makes the records of rows under one header, or of rows without one, whose names are checked."""

    def __init__(
        self, spec: FileSpec, manifest: Manifest, columns: Columns, account: Account, foreseen: _Foreseen | None
    ) -> None:
        self._columns, self._account, self._agency = columns, account, manifest.agency
        self._makers = _compiled(spec, manifest, columns)
        self._named = [(each.name, each.present, each.source_id) for each in self._makers]
        self._recorded = [(each.name, each.record) for each in self._makers]
        self._asked = _asked_columns(spec, columns)
        self._foreseen = foreseen

    def records(self, unit: Row) -> list[Record]:
        """The records of a row."""
        row = self._columns.cells(unit.fields)
        if self._foreseen:
            self._foreseen.check(row)
        records, names = self._unit(row, unit.locator)
        if not records and not all(maker.otherwise for maker in self._makers):
            raise self._not_asked_for(row)
        self._account.made[names] += 1
        for each in self._asked:
            value = each.cell(row).strip()
            if value not in each.foreseen:
                self._account.leave(each.name, value, each.foreseen)
        return records

    def asked(self, unit: Row) -> Marking | None:
        """The marking that all records a row could have demand together; None if one can't be read."""
        try:
            row = self._columns.cells(unit.fields)
            markings = [maker.marking(row) for maker in self._makers]
        except BadUnit:
            return None
        return reduce(lambda a, b: both_markings(a, b, self._agency), markings)

    def _unit(self, row: Cells, locator: str) -> tuple[list[Record], tuple[str, ...]]:
        """All records of a row, and their names in the manifest; BadUnit if any can't be made."""
        ids: dict[str, str] = {}
        for name, present, source_id in self._named:
            if present is None or present(row):
                ids[name] = source_id(row) if source_id else ""
        return [record(row, ids, locator) for name, record in self._recorded if name in ids], tuple(ids)

    def _not_asked_for(self, row: Cells) -> BadUnit:
        """Why a row has no record: it is empty, or no record's `when` applies."""
        if not any(True for _ in self._columns.rest(frozenset())(row)):
            return BadUnit("empty unit", "all fields of this unit are empty: fill one, or delete the unit")
        names = sorted({maker.asks for maker in self._makers})
        foreseen = {each.name: each.foreseen for each in self._asked}
        said = [_said(name, self._columns.one(name)(row).strip(), foreseen.get(name, ())) for name in names]
        return BadUnit(
            f"no record applies: {', '.join(names)}",
            f"no record of the manifest applies to this unit: {', '.join(said)}: correct the unit, add a record, or set"
            ' `otherwise = "nothing"` on each record if such units are meant to be skipped',
        )


def _asked_columns(spec: FileSpec, columns: Columns) -> list[_Asked]:
    """The columns whose unmentioned values are errors: a record tests them for values without `otherwise`, and no
    record accepts every value."""
    foreseen = _foreseen(spec)
    wanting = {each.when.column for each in spec.records if each.when and each.when.equals and not each.otherwise}
    taken = {each.when.column for each in spec.records if each.when and not each.when.equals}
    return [_Asked(name, columns.one(name), foreseen[name]) for name in sorted(wanting - taken)]


def _foreseen(spec: FileSpec) -> dict[str, frozenset[str]]:
    """By column, the values for which there is a record."""
    foreseen: dict[str, frozenset[str]] = {}
    for record in spec.records:
        if record.when:
            foreseen[record.when.column] = foreseen.get(record.when.column, frozenset()).union(record.when.equals or ())
    return foreseen


def _said(name: str, value: str, foreseen: Iterable[str]) -> str:
    like = near(value, foreseen)
    more = f", which differs from {like!r} by case or space only" if like else ""
    return f"{name} is {value[:_LONGEST_SAID]!r}{more}" if value else f"{name} is empty"


def _id(name: str, read: Text) -> Text:
    """A function from a row to the id of its record of this name; BadUnit if it is empty."""

    def source_id(row: Cells) -> str:
        found = read(row)
        if not found:
            message = f"a field for the id of record {name!r} is empty: fill it, or add a `when` to the record"
            raise BadUnit(f"empty id: {name}", message)
        return found

    return source_id


def _checked(header: Sequence[Column], spec: FileSpec, manifest: Manifest, file: str) -> list[Column]:
    """The columns with the manifest's names; FileRefused if header and manifest do not agree."""
    names = [each.name for each in header] if spec.columns is None else list(spec.columns)
    if len(names) != len(header):
        message = f"{file} line 1 has {len(header)} columns, `columns` in {manifest.origin} names {len(names)}"
        raise FileRefused("unknown column", message, 1)
    used = spec.used()
    for name in sorted(used - set(names)):
        message = f"{file}, cut at {spec.delimiter!r}, has no column {name!r}, which {manifest.origin} maps: "
        raise FileRefused("missing column", f"{message}it has {_listed(names)}", 1)
    known = used.union(spec.ignore)
    for name in names:
        if name not in known:
            message = f"{file} line 1: nothing in {manifest.origin} maps column {name!r}: map it, or add it to `ignore`"
            raise FileRefused("unknown column", message, 1)
    return [each._replace(name=name) for each, name in zip(header, names, strict=True)]


def _listed(names: Sequence[str]) -> str:
    """Names for a message, cut so that it does not grow with the width of a table."""
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _compiled(spec: FileSpec, manifest: Manifest, columns: Columns) -> list[_Maker]:
    try:
        return [_maker(record, spec, manifest, columns) for record in spec.records]
    except BadUnit as bad:  # an invalid constant
        raise FileRefused("bad manifest", f"{manifest.origin}, [[files]] {spec.pattern}: {bad}") from bad


def _maker(record: RecordSpec, spec: FileSpec, manifest: Manifest, columns: Columns) -> _Maker:
    hints = cells.Hints(spec.country or manifest.spec.country, spec.timezone or manifest.spec.timezone)
    column, constant = manifest.said(record, spec)
    marking = cells.marking(column, constant, columns, manifest.spec.markings, manifest.agency)
    return _Maker(
        name=record.name,
        asks=record.when.column if record.when else "",
        otherwise=record.otherwise,
        present=cells.condition(record.when, columns),
        source_id=_id(record.name, cells.identifier(record.id, columns, hints)) if record.id else None,
        marking=marking,
        record=_record(record, spec, manifest, columns, hints, marking),
    )


def _record(
    record: RecordSpec,
    spec: FileSpec,
    manifest: Manifest,
    columns: Columns,
    hints: cells.Hints,
    marking: Callable[[Cells], Marking],
) -> Callable[[Cells, _Ids, str], Record]:
    """A function from a row, the ids of its records and its locator to the record."""
    name, schema, tie_type, dataset = record.name, record.schema_, record.type_ or "", manifest.source
    properties = cells.properties_of(schema, record.properties, columns, hints)
    roles = _roles(record, columns, hints)
    basis = cells.basis(record.basis or spec.basis or manifest.spec.basis, columns)
    grade = cells.grade(record.grade or spec.grade or manifest.spec.grade, columns)
    part = part_prefix(spec) + name

    def by_row(row: Cells, ids: _Ids, locator: str) -> Record:
        said, marked, filled = properties(row), marking(row), roles(row, ids)
        handling = Handling(marked, basis(row), grade(row), part)
        return made(schema, dataset, ids[name], said, filled, handling, locator, tie_type)

    if record.handling_columns() or spec.handling_columns():
        return by_row
    same = Handling(marking(()), basis(()), grade(()), part)

    def by_file(row: Cells, ids: _Ids, locator: str) -> Record:
        return made(schema, dataset, ids[name], properties(row), roles(row, ids), same, locator, tie_type)

    return by_file


def _roles(record: RecordSpec, columns: Columns, hints: cells.Hints) -> _Fills:
    getters = [_role(name, spec, columns, hints) for name, specs in sorted(record.roles.items()) for spec in specs]
    if len(getters) == 2:  # nearly always
        first, second = getters
        return lambda row, ids: first(row, ids) + second(row, ids)
    return lambda row, ids: tuple(role for get in getters for role in get(row, ids))


def _role(name: str, spec: RoleSpec, columns: Columns, hints: cells.Hints) -> _Fills:
    """A function for the ids that fill a role in a row: none if the named record is not in it or its id is empty."""
    filled = Once[tuple[Role, ...]](lambda ref: (Role(name, ref),) if ref else ())
    if spec.record is not None:
        record = spec.record
        return lambda row, ids: filled[ids.get(record, "")]
    template = spec.id or ""
    several = cells.identifiers(template, spec.split, columns, hints)
    if several is not None:
        return lambda row, ids: tuple(role for ref in several(row) for role in filled[ref])
    one = cells.identifier(template, columns, hints)
    return lambda row, ids: filled[one(row)]
