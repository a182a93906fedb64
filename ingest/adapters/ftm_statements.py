"""Adapter `ftm-statements`: a table of FollowTheMoney statements, each of which gives one value of one entity.

All statements of an entity (`entity_id`) are a unit. Its id is its `canonical_id`, if there is one: that is what other
statements refer to. `original_value` is kept beside the value. The schema is the narrowest that the statements name.

Left out are `prop_type`, `dataset`, `origin`, `lang`, `first_seen`, `last_seen`, the statement's own `id`, and the
property `id`, which is a checksum. A statement that is `external` is a candidate of an enrichment, which nobody
accepted yet: its entity is quarantined unless the manifest says `ignore = ["external"]`.

The file need not be sorted. If it is not in the order of canonical ids, it is sorted first, on disk.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from ingest.account import Account
from ingest.adapters.delimited import Table, check_names
from ingest.adapters.sorting import in_order
from ingest.shapes import BadUnit, Entity, Frame, Readable, Reject, Row
from ingest.specs import Written
from workbench.errors import FileRefused

_WANTED = ("entity_id", "prop", "value")
_LEFT_OUT = frozenset({"prop_type", "dataset", "origin", "lang", "first_seen", "last_seen", "id", "target"})
_READ = frozenset({*_WANTED, "canonical_id", "schema", "original_value", "external"})
_TRUE = frozenset({"t", "true", "1", "yes", "y"})
_CHECKSUM = "id"
_MOST = 100_000
_WRITTEN = Written(line_breaks=1 << 20, line_breaks_checked=True)


class _Said(NamedTuple):
    """A statement; `line` is where it stands, `others` are columns that say more."""

    about: str
    entity: str
    line: int
    schema: str
    prop: str
    value: str
    original: str
    others: tuple[str, ...]
    raw: bytes


def read(path: Readable, written: Written, account: Account) -> Iterator[Frame | Entity | Reject]:
    """Yield each entity, and a reject for each row that can't be read; FileRefused if it is no such table."""
    table = Table(path, _WRITTEN, account)
    _check_names(path, table.names)
    is_sorted = _is_sorted(path)
    rejects = list[Reject]()
    yield Frame(table.raw_header, b"")
    statements: Iterable[_Said] = _statements(table, rejects)
    if not is_sorted:
        statements = in_order(statements, lambda said: said.about)
    for _, some in groupby(statements, lambda said: said.about):
        yield from _taken(rejects)
        yield from _entities(path.name, some)
    yield from _taken(rejects)


def _taken(rejects: list[Reject]) -> list[Reject]:
    taken = [*rejects]
    rejects.clear()
    return taken


def _check_names(path: Readable, names: list[str]) -> None:
    check_names(names, path)
    missing = [name for name in _WANTED if name not in names]
    if missing:
        message = f"{path.name} has no column {missing[0]!r}: is it a table of statements?"
        raise FileRefused("not statements", message, 1)


def _is_sorted(path: Readable) -> bool:
    """Whether the statements are in the order of what they are about; FileRefused for too many about one."""
    last, times, found = "", 0, True
    for said in _statements(Table(path, _WRITTEN, Account()), []):
        times = times + 1 if said.about == last else 1
        if times > _MOST:
            message = f"{path.name} line {said.line}: {said.about[:100]!r} has more than {_MOST} statements"
            raise FileRefused("too many statements", f"{message}: leave it out, and load it apart")
        found = found and said.about >= last
        last = said.about
    return found


def _statements(table: Table, rejects: list[Reject]) -> Iterator[_Said]:
    """The statements in the order of the file; what can't be read goes to `rejects`."""
    places = {name: place for place, name in enumerate(table.names)}
    others = [name for name in table.names if name not in _READ and name not in _LEFT_OUT]
    for row in table.rows(table.names):
        if isinstance(row, Reject):
            rejects.append(row)
            continue
        try:
            yield _statement(row, places, others)
        except BadUnit as bad:
            rejects.append(Reject(row.locator, bad.reason, str(bad), row.raw, table.raw_header))


def _statement(row: Row, places: dict[str, int], others: Sequence[str]) -> _Said:
    cells: Sequence[str] = list(row.fields)

    def cell(name: str) -> str:
        return cells[places[name]].strip() if name in places else ""

    entity, prop, schema = cell("entity_id"), cell("prop"), cell("schema")
    before, colon, after = prop.partition(":")
    if colon:  # as packed files have it
        schema, prop = schema or before, after
    for name, said in (("entity_id", entity), ("prop", prop), ("schema", schema)):
        if not said:
            raise BadUnit(f"no {name}", f"the statement has no {name}: every one needs it")
    extra = [name for name in others if cell(name)] + (["external"] if cell("external").lower() in _TRUE else [])
    line = int(row.locator.rpartition(":")[2])
    about = cell("canonical_id") or entity
    return _Said(about, entity, line, schema, prop, cell("value"), cell("original_value"), tuple(extra), row.raw)


def _entities(name: str, statements: Iterable[_Said]) -> Iterator[Entity]:
    """The entities of some statements about one thing, one for each of its own ids."""
    found = dict[str, list[_Said]]()
    for said in statements:
        found.setdefault(said.entity, []).append(said)
    for some in found.values():
        yield _entity(name, some)


def _entity(name: str, some: Sequence[_Said]) -> Entity:
    properties, originals = dict[str, list[str]](), dict[str, dict[str, str]]()
    for said in some:
        if said.prop == _CHECKSUM or not said.value:
            continue
        properties.setdefault(said.prop, []).append(said.value)
        if said.original:
            originals.setdefault(said.prop, {})[said.value] = said.original
    schemata = list(dict.fromkeys(said.schema for said in some))
    others = list(dict.fromkeys(each for said in some for each in said.others))
    first = some[0]
    raw, place = b"".join(_ended(said.raw) for said in some), f"{name}:{first.line}"
    return Entity(schemata, first.about, properties, others, place, raw, originals=originals)


def _ended(raw: bytes) -> bytes:
    return raw if raw.endswith((b"\n", b"\r")) else raw + b"\n"
