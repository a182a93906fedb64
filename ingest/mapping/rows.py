"""Map rows to records by the `[[files]]` of a manifest: a row gives all its records, or one reject."""

from functools import reduce
from pathlib import Path

from ingest.account import Account
from ingest.manifest import FileSpec, Manifest
from ingest.mapping.columns import Cells, Columns, Named, Placed
from ingest.mapping.conditions import always
from ingest.mapping.foreseen import Foreseen, asked_columns, checked, not_asked_for
from ingest.mapping.makers import compiled
from ingest.mapping.nested import Nested
from ingest.mapping.outcomes import Begin
from ingest.shapes import BadUnit, Fields, Header, Row
from workbench.errors import FileRefused
from workbench.model.marking import Marking, both_markings
from workbench.model.record import Record

_MOST_NAMED = 5


def begin_rows(name: str, manifest: Manifest, account: Account, defaults: Path | None) -> Begin:
    """The mapper for a file of rows; FileRefused if the manifest does not map them."""
    spec = manifest.file(name)
    if spec is None or not spec.records:
        raise FileRefused("no mapping", f"{name}: {_unfit(manifest)}")
    account.names = tuple(record.name for record in spec.records)

    def begin(header: Header | None) -> _Rows:
        if header is None:
            named = next((value for value, made in spec.values.items() if made.named is not None), None)
            if named is not None:
                message = f"{name}: {manifest.origin}: {named!r} is made of `named` columns, and this has no header"
                raise FileRefused("bad manifest", f"{message}: give `column` or `first`")
            foreseen = None if spec.keeps_rest else Foreseen(spec, manifest.origin)
            return _Rows(spec, manifest, Named(), account, foreseen)
        mine = spec.among([each.name for each in header.columns])
        checked(header.columns, mine, manifest, name)
        return _Rows(mine, manifest, Placed(header.columns), account, None)

    return begin


def _unfit(manifest: Manifest) -> str:
    """Why no entry of a manifest reads a file, by its name."""
    said = f"no [[files]] of {manifest.origin} with records fits its name"
    patterns = [repr(each.pattern) for each in manifest.spec.files if each.records]
    more = f" and {len(patterns) - _MOST_NAMED} more" if len(patterns) > _MOST_NAMED else ""
    known = f"; it has {', '.join(patterns[:_MOST_NAMED])}{more}" if patterns else ""
    return f"{said}{known}: add one, or correct its `pattern`"


class _Rows:
    """Makes the records of rows under one header, or of rows without one, whose names are checked."""

    def __init__(
        self, spec: FileSpec, manifest: Manifest, columns: Columns, account: Account, foreseen: Foreseen | None
    ) -> None:
        self._columns, self._account, self._agency = columns, account, manifest.agency
        self._makers = compiled(spec, manifest, columns)
        self._named = [(each.spec.name, each.present, each.source_id) for each in self._makers]
        self._recorded = [(each.spec.name, each.record) for each in self._makers]
        self._nested = Nested(self._makers) if any(each.elements for each in self._makers) else None
        self._asked = asked_columns(spec, columns)
        self._is_total = all(each.otherwise for each in spec.records)
        self._whens = [each.when for each in spec.records if each.when and each.each is None]
        self._foreseen = foreseen
        self._ignored = frozenset(spec.ignore)

    def records(self, unit: Row) -> list[Record]:
        """The records of a row."""
        for column in unit.faults:
            if column not in self._ignored:
                raise _faulty(column, unit.faults[column])
        row = self._columns.cells(unit.fields)
        if self._foreseen:
            self._foreseen.check(row)
        records, names = self._unit(row, unit.fields, unit.locator)
        if not records and not self._is_total:
            raise not_asked_for(row, self._columns, self._whens, self._asked)
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
            if self._nested:
                markings = self._nested.markings(row, unit.fields)
            else:
                markings = [maker.marking(row) for maker in self._makers]
        except BadUnit:
            return None
        if not markings:
            return None
        return reduce(lambda a, b: both_markings(a, b, self._agency), markings)

    def _unit(self, row: Cells, fields: Fields, locator: str) -> tuple[list[Record], tuple[str, ...]]:
        """All records of a row, and their names in the manifest; BadUnit if any can't be made."""
        if self._nested:
            return self._nested.unit(row, fields, locator)
        ids: dict[str, tuple[str, ...]] = {}
        for name, present, source_id in self._named:
            if present is always or present(row):
                ids[name] = (source_id(row) if source_id else "",)
        return [record(row, ids[name][0], ids, locator) for name, record in self._recorded if name in ids], tuple(ids)


def _faulty(column: str, fault: str) -> BadUnit:
    """The reject of a unit with a cell that could not be read."""
    return BadUnit(f"{fault.partition(':')[0]}: {column}", f"{column} has {fault}")
