"""The accounts of a store's loads, and the changes to them when a load is withdrawn."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

import orjson

from workbench.model.ids import source_number
from workbench.model.record import Dataset
from workbench.store.accounts import Accounts, Alone, Kept, Logged, OfFile, Waiting
from workbench.store.columns import Int64
from workbench.store.dump_rows import (
    AccountRow,
    CompleteRow,
    DeliveryRow,
    FileRow,
    LoadRow,
    QuarantineRow,
    RecordRow,
)
from workbench.store.memory.tables import Tables
from workbench.store.records_known import LIVE
from workbench.store.restating import Restated
from workbench.store.types import Withdrawal
from workbench.store.withdrawing import TakenBack

_HALF = 8  # octets of a key


class MemoryAccounts(Accounts):
    """See `Accounts`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def loads(self) -> list[Logged]:
        return [
            Logged(
                *(row.lid, row.agency, row.dataset, row.adapter, row.delivered, bool(row.withdrawn)),
                tuple(zip(row.datasets, row.classes, strict=True)),
            )
            for row in self._tables.rows(LoadRow)
        ]

    def of(self, load: str) -> Iterator[bytes]:
        return (row.body for row in self._tables.rows(AccountRow) if row.lid == load)

    def files_of(self, sha256: str) -> list[OfFile]:
        logged = {row.lid for row in self._tables.rows(LoadRow)}
        rows = (row for row in self._tables.rows(FileRow) if row.sha256 == sha256 and row.lid in logged)
        return sorted((OfFile(row.fid, row.lid, row.path) for row in rows), reverse=True)

    def waiting(self, load: str) -> list[Waiting]:
        units = (row for row in self._tables.rows(QuarantineRow) if load in row.loads and len(row.loads) > 1)
        return [Waiting(row.qid, row.loads, row.raw, row.context) for row in units]

    def datasets(self) -> dict[int, Dataset]:
        return self._tables.datasets()

    def sources_of(self, records: Sequence[int]) -> set[int]:
        return {_number(self._tables.row(RecordRow, rid).key) for rid in records}

    def sources_under(self, did: int, prefix: str) -> set[int]:
        rows = self._tables.rows(RecordRow)
        return {_number(row.key) for row in rows if row.did == did and row.part.startswith(prefix)}

    def kept(self, sources: Sequence[int]) -> list[Kept]:
        rows = self._tables.of_sources(source.to_bytes(_HALF, signed=True).hex() for source in sources)
        return [
            Kept(
                *(row.rid, _number(row.key), bytes.fromhex(row.key), row.did, row.source_id, row.part, row.vis),
                *(row.asked, row.rev_to, row.fid, row.delivered, self._tables.said_last(row)),
            )
            for row in sorted(rows)
        ]

    def alone(self, records: Int64, delivered: str) -> Alone:
        found = [self._tables.row(RecordRow, rid) for rid in records.tolist()]
        keys = [[row.key for row in self._tables.of_sources([each.key[: 2 * _HALF]])] for each in found]
        rows = [
            (row.rid, row.vis, row.asked, self._tables.said_last(row) < delivered)
            for row, same in zip(found, keys, strict=True)
            if row.rev_to == LIVE and same.count(row.key) == 1
        ]
        return Alone.of(rows)

    def contents(self, records: Sequence[int]) -> dict[int, tuple[str, str]]:
        return {rid: (row.body, row.locator) for rid in records for row in [self._tables.row(RecordRow, rid)]}

    def files_without(self, files: Sequence[int]) -> list[int]:
        return [fid for fid in files if not self._tables.row(FileRow, fid).lid]

    def complete_without(self) -> list[tuple[int, str, str]]:
        return [row[:3] for row in self._tables.rows(CompleteRow) if not row.lid]


def _number(key: str) -> int:
    return source_number(bytes.fromhex(key))


def restate(tables: Tables, of: Restated, load: str, rev: int) -> None:
    """Store the dates of records and of complete deliveries that were decided again, for a load."""
    for rid, last in of.said.items():
        tables.said[rid] = (*(each for each in tables.said.get(rid, ()) if each[1] <= last), (rev, last))
    for rid, last in of.gone.items():
        tables.said.pop(rid, None)
        tables.change([rid], delivered=last, said=last)
    tables.drop(CompleteRow, lambda row: row[:2] in of.parts and bool(row.lid))
    tables.put(CompleteRow, [CompleteRow(*each, rev, load) for each in of.complete])


def take_back(tables: Tables, of: TakenBack, withdrawal: Withdrawal) -> None:
    """Mark a load as withdrawn, and delete what only it said."""
    said = orjson.dumps(asdict(withdrawal)).decode()
    tables.put(LoadRow, [row._replace(withdrawn=said) for row in tables.rows(LoadRow) if row.lid == of.load])
    tables.drop(DeliveryRow, lambda row: tuple(row) in of.deliveries)
    tables.drop(QuarantineRow, lambda row: row.loads == (of.load,))
    again = {unit.id: (unit, raw) for unit, raw in of.units}
    for row in tables.rows(QuarantineRow):
        left = row._replace(loads=tuple(each for each in row.loads if each != of.load))
        if row.qid in again:
            unit, raw = again[row.qid]
            left = QuarantineRow(row.qid, row.agency, row.dataset, *unit[1:6], raw, unit.context, left.loads)
        tables.put(QuarantineRow, [left])
