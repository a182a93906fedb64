"""Whether all rows of a store can be read, and whether records are what was loaded: checks for every kind of store.

A record's key is made from its content, so it shows whether anything but the workbench changed the content.
"""

from collections.abc import Callable, Iterator, Sequence

from workbench.errors import StoreError, WorkbenchError
from workbench.model.claims import NORMALISER
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Dataset
from workbench.store.columns import Columns
from workbench.store.dump_rows import PARTS, AnyRow, ClassRow, DatasetRow, RecordRow
from workbench.store.health import Check
from workbench.store.moving import Outgoing, Stamp, row_of_kept
from workbench.store.rows import Row, claims
from workbench.store.score_checks import ScoreChecks

RESTORE = "restore the newest backup that is intact, and check the disk"
_KEYS_SHOWN = 5

# (kind, value, scope) of the claims of a record.
_Claims = frozenset[tuple[str, str, str]]
_NONE: _Claims = frozenset()


def examine_contents(outgoing: Outgoing, columns: Callable[[int], Columns]) -> Iterator[Check]:
    """Read everything as a copy does, and make the key and the identifiers of each record anew.

    `columns` returns the base columns of a revision. Records are reported by key, never by content.
    """
    stamp = outgoing.stamp()
    kept = _identifiers(columns, stamp)
    contents = _Contents(stamp, kept if isinstance(kept, dict) else None)
    unreadable = [part for part in PARTS if not contents.read(outgoing, part)]
    if unreadable:
        yield Check("rows", "failed", f"can't be read: {', '.join(unreadable)}", RESTORE)
    else:
        yield Check("rows", "ok", "all can be read")
    yield contents.scores.check(unreadable)
    yield _told("contents", contents.changed, "content is not that of the key", f"as loaded: {contents.n} records")
    if isinstance(kept, dict):
        kept = _told("identifiers", contents.unlike, "identifiers are not those of the content", "as in the records")
    yield kept


def _told(name: str, keys: Sequence[str], wrong: str, well: str) -> Check:
    if not keys:
        return Check(name, "ok", well)
    more = ", ..." if len(keys) > _KEYS_SHOWN else ""
    found = f"{len(keys)} records whose {wrong}: {', '.join(keys[:_KEYS_SHOWN])}{more}"
    return Check(name, "failed", found, RESTORE)


def _identifiers(columns: Callable[[int], Columns], stamp: Stamp) -> dict[int, _Claims] | Check:
    """The claims that are kept, by the store's number of their record; a check if they can't be compared."""
    if stamp.normaliser not in (0, NORMALISER):
        found = "computed by another version, so they can't be compared"
        return Check("identifiers", "unknown", found, "run `workbench resolve`, which computes them again")
    try:
        return _claims_in(columns(stamp.published))
    except (StoreError, UnicodeEncodeError):
        return Check("identifiers", "failed", "can't be read", RESTORE)


def _claims_in(columns: Columns) -> dict[int, _Claims]:
    rows = columns.claims
    records, found = columns.records[rows.record], dict[int, set[tuple[str, str, str]]]()
    fields = (each.tolist() for each in (records, rows.kind, rows.value, rows.scope))
    for record, kind, value, scope in zip(*fields, strict=True):
        found.setdefault(record, set()).add((columns.names[kind], columns.values[value], columns.values[scope]))
    return {record: frozenset(said) for record, said in found.items()}


class _Contents:
    """The rows read so far, and the keys of records that are not as they were written."""

    def __init__(self, stamp: Stamp, identifiers: dict[int, _Claims] | None) -> None:
        self._stamp, self._identifiers = stamp, identifiers
        self._datasets: dict[int, Dataset] = {}
        self._markings: dict[int, Marking] = {}
        self.scores = ScoreChecks()
        self.n = 0
        self.changed: list[str] = []
        self.unlike: list[str] = []

    def read(self, outgoing: Outgoing, part: str) -> bool:
        """Read all rows of a part; returns whether they can be read."""
        try:
            for rows, _ in outgoing.batches(part, 0, self._stamp):
                for row in rows:
                    self._look(row)
        except WorkbenchError:
            return False
        return True

    def _look(self, row: AnyRow) -> None:
        self.scores.look(row)
        if isinstance(row, RecordRow):
            self._look_at_record(row)
        elif isinstance(row, DatasetRow):
            self._datasets[row.did] = Dataset(row.agency, row.name)
        elif isinstance(row, ClassRow) and row.marking:
            self._markings[row.vis] = parse_marking(row.marking)

    def _look_at_record(self, kept: RecordRow) -> None:
        self.n += 1
        dataset, marking = self._datasets.get(kept.did), self._markings.get(kept.vis)
        try:
            row = row_of_kept(kept, dataset, marking) if dataset and marking else None
        except (StoreError, UnicodeEncodeError):
            row = None
        if row is None:
            self.changed.append(kept.key)
        elif self._identifiers is not None and kept.rev_from <= self._stamp.published < kept.rev_to:
            self._look_at_claims(kept, row, self._identifiers.get(kept.rid, _NONE))

    def _look_at_claims(self, kept: RecordRow, row: Row, identifiers: _Claims) -> None:
        if identifiers != {(each.kind, each.value, each.scope) for each in claims(row)}:
            self.unlike.append(kept.key)
