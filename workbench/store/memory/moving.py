"""Copies of a store in memory: its tables are made of the rows that a copy moves."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from workbench.model.claims import NORMALISER
from workbench.store.dump_rows import PARTS, AnyRow, Batch, DocumentRow, EntityRow, LoadRow, RecordRow, RevisionRow
from workbench.store.leasing import Lease
from workbench.store.memory.tables import Tables
from workbench.store.moving import Incoming, Outgoing, Stamp, rows_of

_AT_ONCE = 10_000


def status(tables: Tables) -> tuple[str, str]:
    """See `Outgoing.status`."""
    return tables.notes.get("copying", ""), tables.notes.get("copy_of_viewer", "")


class MemoryOutgoing(Outgoing):
    """See `Outgoing`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def stamp(self, published: int | None = None) -> Stamp:
        revisions, loads = self._tables.rows(RevisionRow), self._tables.rows(LoadRow)
        newest = max((row.rev for row in revisions), default=0) if published is None else published
        return Stamp(
            origin=next(iter([*(row.lid for row in loads), *(row.token for row in revisions)]), ""),
            published=newest,
            token=next((row.token for row in revisions if row.rev == newest), ""),
            epoch=self._tables.notes["epoch"],
            normaliser=self._tables.notes["normaliser"],
            loads=len(loads),
            documents=len(self._tables.rows(DocumentRow)),
            records=self._tables.next(RecordRow) - 1,
            entities=self._tables.next(EntityRow) - 1,
        )

    def status(self) -> tuple[str, str]:
        return status(self._tables)

    def batches(self, part: str, after: int, stamp: Stamp, most: int | None = None) -> Iterator[Batch]:
        rows, most = list(self._tables.at(part, stamp)), most or _AT_ONCE
        for start in range(after, len(rows), most):
            yield rows[start : start + most], min(start + most, len(rows))


class MemoryIncoming(Incoming):
    """See `Incoming`."""

    def __init__(self, tables: Tables, show: Callable[[Tables], None], lease: Lease) -> None:
        self._tables, self._show, self._lease = tables, show, lease

    def is_empty(self) -> bool:
        parts = (rows for part, rows in self._tables.parts.items() if part != "secret")
        return not any(parts) and not {"copying", "copy_of_viewer", "demo"}.intersection(self._tables.notes)

    def put(self, part: str, rows: Sequence[AnyRow], kept: str) -> None:
        tables = self._tables.copy()
        if part == "records":
            _put_records(tables, [RecordRow._make(row) for row in rows])
        else:
            tables.put(PARTS[part], [PARTS[part](*row) for row in rows])
        tables.notes["copying"] = kept
        self._shown(tables)

    def _shown(self, tables: Tables) -> None:
        self._show(tables)
        self._tables = tables

    def land(self) -> None:
        """Do nothing: rows are written at once."""

    def group(self, canonical: Iterable[tuple[int, str]]) -> None:
        """Do nothing: the store has no use for canonical ids, which views compute."""

    def clear(self) -> None:
        self._shown(Tables())

    def finish(self, stamp: Stamp, whose: tuple[str, str] | None = None) -> None:
        tables = self._tables.copy()
        del tables.notes["copying"]
        tables.notes |= {"epoch": stamp.epoch, "normaliser": NORMALISER if stamp.normaliser else 0}
        if whose is not None:
            tables.notes["copy_of_viewer"], tables.notes["copy_purpose"] = whose
        self._shown(tables)

    def close(self) -> None:
        self._lease.give_back()


def _put_records(tables: Tables, records: Sequence[RecordRow]) -> None:
    """Write records, checked against their keys, with the later delivery that said each."""
    rows_of(records, tables.datasets(), tables.markings())
    tables.put(RecordRow, records)
    tables.said |= {row.rid: ((row.rev_from, row.said),) for row in records if row.said > row.delivered}
