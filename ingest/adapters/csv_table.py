"""Adapter `csv`: tables whose columns a manifest maps to records.

Each row is a unit: all of its records are read, or it is one reject.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from typing import NamedTuple

from ingest.account import Account, near
from ingest.adapters import mapping
from ingest.adapters.delimited import Table, check_names, form_of
from ingest.manifest import BadUnit, FileSpec, Left, Manifest, Readable, RecordSpec, Reject, RoleSpec, part_prefix
from ingest.units import tied
from workbench.errors import FileRefused
from workbench.model.grade import Grade
from workbench.model.marking import Marking, both_markings
from workbench.model.record import Basis, Dataset, Record, Role, Value

Row = Sequence[str]

_MOST_NAMED = 20
_LONGEST_SAID = 100


class _Maker(NamedTuple):
    """A record of each row, as functions of the row."""

    name: str
    asks: str
    otherwise: str | None
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


def read(path: Readable, manifest: Manifest, account: Account | None = None) -> Iterator[Record | Reject | Left]:
    """The records of each row, or its reject; FileRefused where the file can't be read at all."""
    spec = manifest.file(path.name)
    if spec is None or not spec.records:
        raise FileRefused(
            "no mapping", f"{path.name}: no [[files]] of {manifest.origin} with records fits its name: add one"
        )
    account = account or Account()
    table = Table(path, form_of(path, spec), account)
    columns = _named_columns(spec, manifest, table.names, path)
    makers = _compile(spec, manifest, columns)
    table.names = list(columns)
    account.names = tuple(maker.name for maker in makers)
    asked = _asked_columns(spec, columns)
    dataset = manifest.source

    def make(cells: list[str], locator: str) -> list[Record]:
        records, names = _unit(cells, makers, dataset, locator)
        if not records and not all(maker.otherwise for maker in makers):
            raise _not_asked_for(cells, makers, columns, asked)
        account.made[names] += 1
        for each in asked:
            each.tell(cells, account)
        return records

    yield from table.records(make, lambda cells: _asked(cells, makers, manifest.agency))


def _unit(row: Row, makers: Sequence[_Maker], dataset: Dataset, locator: str) -> tuple[list[Record], tuple[str, ...]]:
    """All records of a row, and their names in the manifest; BadUnit where one of them can't be made."""
    ids = {maker.name: _id(maker, row) for maker in makers if maker.present(row)}
    records = []
    for maker in makers:
        if maker.name not in ids:
            continue
        records.append(
            tied(
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
        )
    return records, tuple(ids)


class _Column(NamedTuple):
    """A column that `when` asks for values, all of which are to be foreseen."""

    name: str
    place: int
    foreseen: frozenset[str]

    def tell(self, row: Row, account: Account) -> None:
        """Count a row whose value nothing foresaw."""
        value = row[self.place].strip()
        if value not in self.foreseen:
            account.leave(self.name, value, self.foreseen)


def _asked_columns(spec: FileSpec, columns: mapping.Columns) -> list[_Column]:
    """The columns whose values are foreseen by name: some record wants values, says nothing of others, and no
    record takes whatever stands there."""
    foreseen = _foreseen(spec)
    wanting = {each.when.column for each in spec.records if each.when and each.when.equals and not each.otherwise}
    taken = {each.when.column for each in spec.records if each.when and not each.when.equals}
    return [_Column(name, columns[name], foreseen[name]) for name in sorted(wanting - taken)]


def _foreseen(spec: FileSpec) -> dict[str, frozenset[str]]:
    """By column, the values for which there is a record."""
    found: dict[str, frozenset[str]] = {}
    for each in spec.records:
        if each.when:
            found[each.when.column] = found.get(each.when.column, frozenset()).union(each.when.equals or ())
    return found


def _not_asked_for(row: Row, makers: Sequence[_Maker], columns: mapping.Columns, asked: Sequence[_Column]) -> BadUnit:
    """Why there is no record of a row: it is empty, or has nothing that any record asks for."""
    if not any(cell.strip() for cell in row):
        return BadUnit("empty row", "all cells of this row are empty: fill or delete it")
    names = sorted({maker.asks for maker in makers})
    foreseen = {each.name: each.foreseen for each in asked}
    said = [_said(name, row[columns[name]].strip(), foreseen.get(name, ())) for name in names]
    return BadUnit(
        f"no record applies: {', '.join(names)}",
        f"no record of the manifest applies to this row: {', '.join(said)}: correct the row, add a record, or say"
        ' `otherwise = "nothing"` on each record where nothing is meant to come of such rows',
    )


def _said(name: str, value: str, foreseen: Iterable[str]) -> str:
    like = near(value, foreseen)
    more = f", which differs from {like!r} by case or space only" if like else ""
    return f"{name} is {value[:_LONGEST_SAID]!r}{more}" if value else f"{name} is empty"


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
        record.when.column if record.when else "",
        record.otherwise,
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
