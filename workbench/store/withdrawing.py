"""Withdraw one load: decide again what would stand without it, and publish the difference.

The records that the load touched are decided again from the accounts of all other loads that are not withdrawn, in
order. People's decisions on markings are not part of a load, and stay.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from workbench.errors import NotFound, StoreError, UsageError
from workbench.model.record import Dataset, from_content
from workbench.store.accounts import (
    Accounts,
    Brought,
    Delivered,
    Entry,
    Judged,
    Kept,
    Logged,
    Released,
    Saying,
    Unit,
    Whole,
    unpacked,
)
from workbench.store.evidence import Evidence
from workbench.store.loading import Changes, Mark
from workbench.store.records_known import LIVE, Complete, Standing
from workbench.store.repeating import RepeatingWriter
from workbench.store.rows import Row, row_of
from workbench.store.shadow import Ground, Origin, Shadow
from workbench.store.types import FileReport, Withdrawn, marking_of_unit

# The adapter in the log's entry for a withdrawal.
WITHDRAWAL = "withdrawal"

_AT_ONCE = 5_000


@dataclass(slots=True)
class TakenBack:
    """What a store changes in its accounts when it publishes a withdrawal.

    - `said`: the newest delivery of each record that goes on standing or stands again.
    - `parts`: the (dataset, prefix) that the load declared complete; `complete`: the newest other complete delivery of
      each.
    - `deliveries`: the deliveries that no other load brought.
    - `units`: units that stay in quarantine as an earlier load brought them, with their original bytes.
    """

    load: str
    why: str
    said: dict[int, str] = field(default_factory=dict)
    parts: list[tuple[int, str]] = field(default_factory=list)
    complete: list[tuple[int, str, str]] = field(default_factory=list)
    deliveries: list[tuple[int, str, str]] = field(default_factory=list)
    units: list[tuple[Unit, bytes]] = field(default_factory=list)


@dataclass(slots=True)
class _Difference:
    """The difference that the load makes: records to end, to begin again, and to re-mark."""

    ended: list[Kept] = field(default_factory=list)
    begun: list[tuple[Standing, Origin]] = field(default_factory=list)
    marks: dict[int, Mark] = field(default_factory=dict)
    said: dict[int, str] = field(default_factory=dict)


class WithdrawingWriter(RepeatingWriter):
    """A writer that can withdraw a load."""

    _taken_back: TakenBack | None = None

    def withdraw_load(self, load: str, why: str) -> Withdrawn:
        """Withdraw a load and publish that; see `Writer`."""
        accounts = self._accounts()
        entry = _entry(accounts, load)
        said = [unpacked(each) for each in accounts.of(load)]
        if not said:
            raise UsageError(_no_account(entry), "load")
        if _only_took_out(said):
            raise UsageError(
                f"load {load} only took units out of quarantine, and a discard can't be undone: load the file again",
                "load",
            )
        ground = _ground(accounts, said)
        if accounts.files_without(sorted({each.file for each in ground.kept.values()})):
            raise UsageError(_no_account(entry), "load")
        self._decide_again(accounts, load, ground)
        difference = _difference(ground)
        self._taken_back = _taken_back(accounts, load, why, said)
        self._write_all(accounts, ground, difference)
        self._taken_back.said = difference.said
        self._taken_back.units = _units_again(accounts, load)
        for unit, _ in self._taken_back.units:
            self._note_unit(entry.agency, marking_of_unit(entry.agency, json.loads(unit.context)))
        self._about |= {(ground.datasets.get(did) or accounts.datasets().get(did), vis) for did, vis in entry.about}
        self._unsaid = {each for entry in said if isinstance(entry, Judged) for each in entry.judgements}
        self._noted, self._kind = True, WITHDRAWAL
        files = [FileReport(f"load {load}", "", reasons={f"withdrawn: {why}": 1})]
        token = self.publish(dataset=entry.dataset, adapter=WITHDRAWAL, files=files)
        lost = sum(each.units for each in said if isinstance(each, Released))
        ended, begun = {each.key for each in difference.ended}, {each.key for each, _ in difference.begun}
        return Withdrawn(load, token, len(ended - begun), len(begun - ended), len(difference.marks), lost)

    def _decide_again(self, accounts: Accounts, load: str, ground: Ground) -> None:
        """Repeat on the ground the decisions of all loads except this one."""
        for rev, other in enumerate(accounts.loads(), 1):
            if other.id != load and not other.withdrawn:
                shadow = Shadow(self, ground, rev)
                for entry in accounts.of(other.id):
                    shadow.again(unpacked(entry))

    def _write_all(self, accounts: Accounts, ground: Ground, difference: _Difference) -> None:
        """Write the difference, some records at a time."""
        ended = [kept.rid for kept in difference.ended]
        for kept in difference.ended:
            self._changed[kept.vis] += 1
            self._about.add((ground.datasets[kept.did], kept.vis))
        for standing, origin in difference.begun:
            self._changed[standing.vis] += 1
            self._about.add((ground.datasets[ground.kept[origin.record].did], standing.vis))
        for start in range(0, len(ended), _AT_ONCE):
            self._write(Changes(0, "", set(), closed=ended[start : start + _AT_ONCE]))
        if difference.marks:
            self._write(Changes(0, "", set(), marks=difference.marks))
        first = self._first
        for changes, said in self._begun(accounts, ground, difference.begun):
            self._write(changes)
            difference.said |= {rid: date for rid, date in enumerate(said, first) if date > changes.delivered}
            first += len(said)

    def _begun(
        self, accounts: Accounts, ground: Ground, begun: Sequence[tuple[Standing, Origin]]
    ) -> Iterator[tuple[Changes, list[str]]]:
        """The records that stand again, grouped by the batch that brought them, with the newest delivery of each."""
        batches = defaultdict[tuple[int, str], list[tuple[Standing, Origin]]](list)
        for each in begun:
            batches[each[1].file, each[1].delivered].append(each)
        for (file, delivered), records in sorted(batches.items()):
            for start in range(0, len(records), _AT_ONCE):
                some = records[start : start + _AT_ONCE]
                said = accounts.contents([origin.record for _, origin in some])
                fresh = [self._row(ground, each, origin, *said[origin.record]) for each, origin in some]
                marks = [(each.vis, each.asked) for each, _ in some]
                changes = Changes(file, delivered, {row.source for row in fresh}, fresh=fresh, fresh_marks=marks)
                yield changes, [each.said for each, _ in some]

    def _evidence(self, files: Sequence[FileReport]) -> Evidence:
        """The evidence of the log's entry; a withdrawal has no units of its own."""
        return super()._evidence(() if self._taken_back else files)

    def _row(self, ground: Ground, standing: Standing, origin: Origin, body: str, locator: str) -> Row:
        """The row of a record as a load brought it; its locator is not known if that load only repeated the record."""
        kept = ground.kept[origin.record]
        place = locator if kept.file == origin.file else "place not kept"
        marking = self._marking_of(standing.vis)
        row = row_of(from_content(body, ground.datasets[kept.did], kept.source_id, marking, kept.part, place))
        if row.key != kept.key:
            raise StoreError(
                f"record {kept.key.hex()} is damaged: its content does not match its key; nothing was changed"
            )
        return row


def _entry(accounts: Accounts, load: str) -> Logged:
    """The log's entry of a load that may be withdrawn; UsageError or NotFound otherwise."""
    for entry in accounts.loads():
        if entry.id == load:
            if entry.withdrawn:
                raise UsageError(f"load {load} has already been withdrawn: see the log of loads", "load")
            if entry.adapter == WITHDRAWAL:
                raise UsageError(f"{load} is a withdrawal: load the files again instead", "load")
            return entry
    raise NotFound("load", load, "load")


def _no_account(entry: Logged) -> str:
    return (
        f"load {entry.id} can't be withdrawn: it, or another load of the same records, is from a version of the"
        " workbench that kept no accounts of loads; nothing was changed. Load a newer delivery"
    )


def _only_took_out(said: Sequence[Entry]) -> bool:
    """Whether a load only took units out of quarantine."""
    return all(isinstance(each, Released) for each in said) and any(
        isinstance(each, Released) and each.units for each in said
    )


def _ground(accounts: Accounts, said: Sequence[Entry]) -> Ground:
    """All records that a load touched, before any decision is repeated."""
    sources = set[int]()
    for entry in said:
        if isinstance(entry, Saying):
            sources |= accounts.sources_of(entry.records.tolist())
        elif isinstance(entry, Whole):
            sources |= accounts.sources_under(entry.did, entry.prefix)
    known, kept, ordered = accounts.datasets(), dict[int, Kept](), sorted(sources)
    for start in range(0, len(ordered), _AT_ONCE):
        kept.update((entry.rid, entry) for entry in accounts.kept(ordered[start : start + _AT_ONCE]))
    datasets: dict[int, Dataset] = {did: known[did] for did in {entry.did for entry in kept.values()}}
    return Ground(kept, datasets, Complete(accounts.complete_without()))


def _difference(ground: Ground) -> _Difference:
    """The difference between the ground and the store."""
    difference = _Difference()
    wanted = {each.key: each for each in ground.standing()}
    marks = {each.key: (each.vis, each.asked) for same in ground.by_source.values() for each in same}
    for kept in ground.kept.values():
        mark = marks.get(kept.key, (kept.vis, kept.asked))
        if mark != (kept.vis, kept.asked):
            difference.marks[kept.rid] = mark
        if kept.rev_to != LIVE:
            continue
        stays = wanted.get(kept.key)
        origin = ground.origins[stays.rid] if stays else None
        if stays is None or origin is None or (origin.file, origin.delivered) != (kept.file, kept.delivered):
            difference.ended.append(kept)
            continue
        del wanted[kept.key]
        if stays.said != kept.said:
            difference.said[kept.rid] = stays.said
    difference.begun = [(each, ground.origins[each.rid]) for each in wanted.values()]
    return difference


def _taken_back(accounts: Accounts, load: str, why: str, said: Sequence[Entry]) -> TakenBack:
    """Deliveries that only this load brought, and the newest other delivery of each part that it declared complete."""
    taken_back = TakenBack(load, why)
    parts = {(each.did, each.prefix) for each in said if isinstance(each, Whole)}
    deliveries = {each for each in said if isinstance(each, Delivered)}
    newest: dict[tuple[int, str], str] = {}
    for entry in _of_others(accounts, load) if parts or deliveries else ():
        if isinstance(entry, Whole) and (entry.did, entry.prefix) in parts:
            newest[entry.did, entry.prefix] = max(newest.get((entry.did, entry.prefix), ""), entry.delivered)
        elif isinstance(entry, Delivered):
            deliveries.discard(entry)
    taken_back.parts, taken_back.deliveries = sorted(parts), sorted(deliveries)
    taken_back.complete = [(did, prefix, delivered) for (did, prefix), delivered in sorted(newest.items())]
    return taken_back


def _units_again(accounts: Accounts, load: str) -> list[tuple[Unit, bytes]]:
    """Units in quarantine that this load was the last to bring, as the newest other load brought them."""
    order = {waiting.id: n for n, waiting in enumerate(accounts.loads())}
    said = dict[str, dict[str, Unit]]()
    units: list[tuple[Unit, bytes]] = []
    for waiting in accounts.waiting(load):
        *_, before, last = sorted(waiting.loads, key=lambda of: order.get(of, -1))
        if last != load:
            continue
        if before not in said:
            said[before] = _brought(accounts, before)
        unit = said[before].get(waiting.id)
        if unit is None or unit.came != sha256(waiting.came).hexdigest():
            raise UsageError(
                f"load {load} can't be withdrawn: the store did not keep unit {waiting.id} in quarantine as another"
                " load brought it; nothing was changed. Replay or discard that unit first",
                "load",
            )
        units.append((waiting.read_alike(unit), waiting.came))
    return units


def _brought(accounts: Accounts, load: str) -> dict[str, Unit]:
    """The units that a load left in quarantine, by id."""
    entries = [each for each in map(unpacked, accounts.of(load)) if isinstance(each, Brought)]
    return {unit.id: unit for entry in entries for unit in (Unit(*said) for said in entry.units)}


def _of_others(accounts: Accounts, load: str) -> Iterator[Entry]:
    """The account entries of all other loads that are not withdrawn."""
    for other in accounts.loads():
        if other.id != load and not other.withdrawn:
            yield from map(unpacked, accounts.of(other.id))
