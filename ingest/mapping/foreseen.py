"""What a manifest foresees of a file: its columns, its keys, and the values that its records name."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from ingest.account import near
from ingest.manifest import FileSpec, Manifest, When
from ingest.mapping.columns import Cells, Columns, Text
from ingest.shapes import PARENT, BadUnit, Column
from workbench.errors import FileRefused

_MOST_NAMED = 20
_LONGEST_SAID = 100


class Asked(NamedTuple):
    """A column that `when` tests, with the values that the manifest mentions."""

    name: str
    cell: Text
    foreseen: frozenset[str]


class Foreseen:
    """The field names that a manifest allows in units without a header.

    These are the names it maps, the names it ignores and all nested in those; and, if they are empty, the parents of
    names it maps. What stands around units has any names.
    """

    def __init__(self, spec: FileSpec, origin: str) -> None:
        self._names, self._origin = spec.used().union(spec.ignore), origin
        self._around = {name[:at] for name in self._names for at, each in enumerate(name) if each == "."}
        self._inside = tuple(f"{name}." for name in spec.ignore)

    def check(self, fields: Cells) -> None:
        """BadUnit for a field whose name the manifest does not mention."""
        unknown = [
            name
            for name in sorted(fields.keys() - self._names)
            if not name.startswith((*self._inside, PARENT)) and (fields[name] or name not in self._around)
        ]
        if unknown:
            named = ", ".join(repr(name[:_LONGEST_SAID]) for name in unknown[:_MOST_NAMED])
            more = f" and {len(unknown) - _MOST_NAMED} more" if len(unknown) > _MOST_NAMED else ""
            what = "it" if len(unknown) == 1 else "them"
            message = f"nothing in {self._origin} maps {named}{more}: map {what}, or add {what} to `ignore`"
            raise BadUnit(f"unknown key: {unknown[0][:_LONGEST_SAID]}", message)


def asked_columns(spec: FileSpec, columns: Columns) -> list[Asked]:
    """The columns whose unmentioned values are errors: a record tests them for values without `otherwise`, and no
    record accepts every value."""
    foreseen, wanting, taken = foreseen_values(spec), set[str](), set[str]()
    for record in spec.records:
        taken |= record.when.negated() if record.when and record.each is None else set()
        for leaf in record.when.leaves() if record.when and record.each is None else ():
            name = leaf.column or ""
            if leaf.equals is None:
                taken.add(name)
            elif not record.otherwise:
                wanting.add(name)
    single = (name for name in sorted(wanting - taken) if columns.several(name) is None)
    return [Asked(name, columns.one(name), foreseen[name]) for name in single]


def foreseen_values(spec: FileSpec) -> dict[str, frozenset[str]]:
    """By column, the values for which there is a record."""
    foreseen: dict[str, frozenset[str]] = {}
    for leaf in (leaf for record in spec.records if record.when for leaf in record.when.leaves()):
        name = leaf.column or ""
        foreseen[name] = foreseen.get(name, frozenset()).union(leaf.equals or ())
    return foreseen


def not_asked_for(row: Cells, columns: Columns, whens: Iterable[When], asked: Iterable[Asked]) -> BadUnit:
    """Why a unit has no record: it is empty, or no record's `when` applies."""
    if not any(True for _ in columns.rest(frozenset())(row)):
        return BadUnit("empty unit", "all fields of this unit are empty: fill one, or delete the unit")
    names = sorted({name for when in whens for name in when.columns()})
    foreseen = {each.name: each.foreseen for each in asked}
    said = [_said(name, _text(row, columns, name), foreseen.get(name, ())) for name in names]
    return BadUnit(
        f"no record applies: {', '.join(names)}"[:_LONGEST_SAID],
        f"no record of the manifest applies to this unit: {', '.join(said)}: correct the unit, add a record, or set"
        ' `otherwise = "nothing"` on each record if such units are meant to be skipped',
    )


def _text(row: Cells, columns: Columns, name: str) -> str:
    several = columns.several(name)
    return ", ".join(several(row)) if several else columns.one(name)(row).strip()


def _said(name: str, value: str, foreseen: Iterable[str]) -> str:
    like = near(value, foreseen)
    more = f", which differs from {like!r} by case or space only" if like else ""
    return f"{name} is {value[:_LONGEST_SAID]!r}{more}" if value else f"{name} is empty"


def checked(header: Sequence[Column], spec: FileSpec, manifest: Manifest, file: str) -> None:
    """FileRefused if header and manifest do not agree."""
    names, used = [each.name for each in header], spec.used()
    for name in sorted(used - set(names)):
        like = near(name, names) or next(iter(get_close_matches(name, names, 1)), "")
        meant = f"; did you mean {like!r}?" if like else ""
        message = f"{file}, cut at {spec.delimiter!r}, has no column {name!r}, which {manifest.origin} maps{meant}: "
        raise FileRefused("missing column", f"{message}it has {_listed(names)}", 1)
    known = used.union(spec.ignore)
    unknown = [] if spec.keeps_rest else [name for name in names if name not in known]
    if unknown:
        named = ", ".join(repr(name) for name in unknown[:_MOST_NAMED])
        more = f" and {len(unknown) - _MOST_NAMED} more" if len(unknown) > _MOST_NAMED else ""
        message = (
            f"{file} line 1: nothing in {manifest.origin} maps column {named}{more}: map it, or add it to `ignore`"
        )
        raise FileRefused("unknown column", message, 1)


def _listed(names: Sequence[str]) -> str:
    """Names for a message, cut so that it does not grow with the width of a table."""
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
