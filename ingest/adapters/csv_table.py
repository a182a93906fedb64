"""Adapter `csv`: tables whose columns a manifest maps to records.

Each row is a unit: all of its records are read, or it is one reject.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import NamedTuple

from ingest.account import Account
from ingest.adapters import mapping
from ingest.adapters.delimited import Table, check_names, form_of
from ingest.manifest import BadUnit, FileSpec, Manifest, Readable, RecordSpec, Reject, RoleSpec, part_prefix
from workbench.errors import FileRefused
from workbench.model.grade import Grade
from workbench.model.marking import Marking, both_markings
from workbench.model.record import Basis, Dataset, Record, Role, Value

Row = Sequence[str]

_MOST_NAMED = 20


class _Maker(NamedTuple):
    """A record of each row, as functions of the row."""

    name: str
    schema: str
    part: str
    present: Callable[[Row], bool]
    source_id: Callable[[Row], str] | None
    properties: Callable[[Row], dict[str, tuple[Value, ...]]]
    roles: Callable[[Row, dict[str, str]], tuple[Role, ...]]
    marking: Callable[[Row], Marking]
    basis: Callable[[Row], Basis]
    grade: Callable[[Row], Grade | None]
    tie_type: str


def read(path: Readable, manifest: Manifest, account: Account | None = None) -> Iterator[Record | Reject]:
    """The records of each row, or its reject; FileRefused where the file can't be read at all."""
    spec = manifest.file(path.name)
    if spec is None or not spec.records:
        raise FileRefused(
            "no mapping", f"{path.name}: no [[files]] of {manifest.origin} with records fits its name: add one"
        )
    table = Table(path, form_of(path, spec), account or Account())
    columns = _named_columns(spec, manifest, table.names, path)
    makers = _compile(spec, manifest, columns)
    table.names = list(columns)
    dataset = manifest.source

    def make(cells: list[str], locator: str) -> list[Record]:
        return _unit(cells, makers, dataset, locator)

    yield from table.records(make, lambda cells: _asked(cells, makers, manifest.agency))


def _unit(row: Row, makers: Sequence[_Maker], dataset: Dataset, locator: str) -> list[Record]:
    """All records of a row; BadUnit where one of them can't be made."""
    ids = {maker.name: _id(maker, row) for maker in makers if maker.present(row)}
    records = []
    for maker in makers:
        if maker.name not in ids:
            continue
        records.append(
            Record(
                maker.schema,
                dataset,
                ids[maker.name],
                maker.properties(row),
                maker.marking(row),
                maker.roles(row, ids),
                maker.basis(row),
                maker.grade(row),
                maker.part,
                0,
                locator,
                maker.tie_type,
            )
        )
    if not records:
        raise BadUnit(
            "empty row",
            "no record of the manifest is in this row: all the cells that it asks for are empty: fill or delete it",
        )
    return records


def _asked(row: Row, makers: Sequence[_Maker], agency: str) -> Marking | None:
    """What all records that a row could have ask for together, as all of its cells are kept; None where a marking
    can't be read."""
    try:
        return reduce(lambda a, b: both_markings(a, b, agency), [maker.marking(row) for maker in makers])
    except BadUnit:
        return None


def _id(maker: _Maker, row: Row) -> str:
    if maker.source_id is None:
        return ""
    found = maker.source_id(row)
    if not found:
        message = f"a cell that the id of record {maker.name!r} needs is empty: fill it, or say `when` there is one"
        raise BadUnit(f"empty id: {maker.name}", message)
    return found


def _named_columns(spec: FileSpec, manifest: Manifest, header: list[str], path: Readable) -> dict[str, int]:
    """Where each column is; FileRefused where header and manifest do not agree."""
    if spec.columns is None:
        check_names(header, path)
    names = header if spec.columns is None else list(spec.columns)
    if len(names) != len(header):
        message = f"{path.name} line 1 has {len(header)} columns, `columns` in {manifest.origin} names {len(names)}"
        raise FileRefused("unknown column", message, 1)
    used = spec.used()
    for name in sorted(used - set(names)):
        message = f"{path.name}, cut at {spec.delimiter!r}, has no column {name!r}, which {manifest.origin} maps: "
        raise FileRefused("missing column", f"{message}it has {_listed(names)}", 1)
    known = used.union(spec.ignore)
    for name in names:
        if name not in known:
            message = (
                f"{path.name} line 1: nothing in {manifest.origin} maps column {name!r}: map it, or add it to `ignore`"
            )
            raise FileRefused("unknown column", message, 1)
    return {name: index for index, name in enumerate(names)}


def _listed(names: Sequence[str]) -> str:
    """Names for a message, which does not grow with the width of a table."""
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _compile(spec: FileSpec, manifest: Manifest, columns: mapping.Columns) -> list[_Maker]:
    try:
        return [_maker(record, spec, manifest, columns) for record in spec.records]
    except BadUnit as bad:  # a constant that is no value
        raise FileRefused("bad manifest", f"{manifest.origin}, [[files]] {spec.pattern}: {bad}") from bad


def _maker(record: RecordSpec, spec: FileSpec, manifest: Manifest, columns: mapping.Columns) -> _Maker:
    hints = mapping.Hints(spec.country or manifest.spec.country, spec.timezone or manifest.spec.timezone)
    return _Maker(
        record.name,
        record.schema_,
        part_prefix(spec) + record.name,
        mapping.condition(record.when, columns),
        mapping.identifier(record.id, columns, hints) if record.id else None,
        mapping.properties_of(record.schema_, record.properties, columns, hints),
        _roles(record, columns, hints),
        _marking(record, spec, manifest, columns),
        mapping.basis(record.basis or spec.basis or manifest.spec.basis, columns),
        mapping.grade(record.grade or spec.grade or manifest.spec.grade, columns),
        record.type_ or "",
    )


def _marking(
    record: RecordSpec, spec: FileSpec, manifest: Manifest, columns: mapping.Columns
) -> Callable[[Row], Marking]:
    column, constant = manifest.said(record, spec)
    return mapping.marking(column, constant, columns, manifest.spec.markings, manifest.agency)


def _roles(
    record: RecordSpec, columns: mapping.Columns, hints: mapping.Hints
) -> Callable[[Row, dict[str, str]], tuple[Role, ...]]:
    getters = [(name, _refs(spec, columns, hints)) for name, specs in sorted(record.roles.items()) for spec in specs]

    def roles(row: Row, ids: dict[str, str]) -> tuple[Role, ...]:
        return tuple(Role(name, ref) for name, get in getters for ref in get(row, ids))

    return roles


def _refs(
    spec: RoleSpec, columns: mapping.Columns, hints: mapping.Hints
) -> Callable[[Row, dict[str, str]], Sequence[str]]:
    """Who fills a role in a row: nobody where the record is not in it, or a cell of the id is empty."""
    if spec.record is not None:
        name = spec.record
        return lambda row, ids: (ids[name],) if name in ids else ()
    template = spec.id or ""
    if spec.split:
        several = mapping.identifiers(template, spec.split, columns, hints)
        return lambda row, ids: several(row)
    one = mapping.identifier(template, columns, hints)
    return lambda row, ids: (found,) if (found := one(row)) else ()
