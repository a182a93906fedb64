"""Units as plain lists for JSON, and back: what many records have in common is written once."""

from collections.abc import Sequence
from itertools import islice, starmap
from typing import Any, TypeVar

from ingest.messages import Unit
from ingest.shapes import Left, Reject
from workbench.model.grade import Grade, parse_grade
from workbench.model.marking import parse_marking
from workbench.model.ontology import ontology
from workbench.model.record import Basis, Dataset, Record, Role, Value

_REJECT, _LEFT = -1, -2  # in place of the number of a unit's records
_Rows = TypeVar("_Rows", bound=Sequence[Any])
_BASES = {str(each): each for each in Basis}


def plain_units(units: Sequence[Unit]) -> list[Any]:
    """Units as lists, texts and numbers: how many records each has, then tables, then columns of records."""
    kinds, values, roles = dict[Any, int](), dict[Any, int](), dict[Any, int]()
    records = [record for unit in units if isinstance(unit, list) for record in unit]
    columns = [
        [kinds.setdefault(_kind(each), len(kinds)) for each in records],
        [each.source_id for each in records],
        [each.locator for each in records],
        [each.ordinal for each in records],
        [[values.setdefault(some, len(values)) for some in each.properties.values()] for each in records],
        [roles.setdefault(each.roles, len(roles)) for each in records],
    ]
    others = [_plain_other(unit) for unit in units if not isinstance(unit, list)]
    return [[*map(_size, units)], others, [*map(_plain_kind, kinds)], [*values], [*roles], columns]


def units_of(said: list[Any], dataset: Dataset) -> list[Unit]:
    """The units that `plain_units` made these lists of, in a dataset; ValueError or alike for other lists."""
    sizes, others, kinds, values, roles, columns = said
    of_kind = [_kind_of(*each) for each in kinds]
    filled = [_checked(tuple(starmap(Role, each)), str) for each in roles]
    said_of = [_checked(tuple(starmap(Value, each)), str, type(None)) for each in values].__getitem__
    _check_types(columns)

    def record(kind: int, source_id: str, locator: str, ordinal: int, told: list[int], role: int) -> Record:
        (schema, marking, basis, grade, part, tie_type, tie_ends), names = of_kind[kind]
        properties = dict(zip(names, map(said_of, told), strict=True))
        return Record(
            *(schema, dataset, source_id, properties, marking, filled[role], basis, grade, part, ordinal, locator),
            tie_type=tie_type,
            tie_ends=tie_ends,
        )

    records, rest = map(record, *columns), iter(others)
    return [_other(size, next(rest)) if size < 0 else list(islice(records, size)) for size in sizes]


def _size(unit: Unit) -> int:
    return len(unit) if isinstance(unit, list) else _REJECT if isinstance(unit, Reject) else _LEFT


def _kind(record: Record) -> tuple[Any, ...]:
    """What many records have in common, and the names of their properties."""
    same = (record.schema, record.marking, record.basis, record.grade, record.part, record.tie_type, record.tie_ends)
    return (same, *record.properties)


def _plain_kind(kind: tuple[Any, ...]) -> list[Any]:
    (schema, marking, basis, grade, *rest), *names = kind
    return [[schema, str(marking), basis, grade and [grade.scheme, grade.text], *rest], names]


def _kind_of(said: list[Any], names: list[str]) -> tuple[tuple[Any, ...], list[str]]:
    schema, marking, basis, grade, part, tie_type, tie_ends = said
    ends = None if tie_ends is None else tuple(tie_ends)
    _checked([(part, tie_type, *(ends or ()))], str)
    known = ontology().schemata[schema].name
    return (known, parse_marking(marking), _BASES[basis], _grade(grade), part, tie_type, ends), names


def _grade(said: list[str] | None) -> Grade | None:
    return parse_grade(*said) if said else None


def _check_types(columns: list[list[Any]]) -> None:
    for wanted, column in zip((int, str, str, int, list, int), columns, strict=True):
        _checked([column], wanted)


def _checked(rows: _Rows, *wanted: type) -> _Rows:
    """The rows; TypeError if anything in them is of another type."""
    for row in rows:
        if not set(map(type, row)) <= {*wanted}:
            raise TypeError
    return rows


def _plain_other(unit: Reject | Left) -> list[Any]:
    if isinstance(unit, Left):
        return [unit.locator]
    marking = None if unit.marking is None else str(unit.marking)
    octets = [each.decode("latin-1") for each in (unit.raw, unit.header, unit.footer)]
    texts = None if unit.texts is None else [*unit.texts]
    return [unit.locator, unit.reason, unit.message, unit.fields, *octets, marking, texts]


def _other(size: int, said: list[Any]) -> Reject | Left:
    if size == _LEFT:
        (place,) = _checked([said], str)[0]
        return Left(place)
    locator, reason, message, kept, raw, header, footer, marking, texts = said
    _checked([said[:7], texts or ()], str)
    octets = [each.encode("latin-1") for each in (raw, header, footer)]
    return Reject(
        *(locator, reason, message, octets[0], octets[1], octets[2]),
        marking=None if marking is None else parse_marking(marking),
        texts=texts,
        fields=kept,
    )
